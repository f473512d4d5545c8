//! An export that is made as a file: asked for, waited for, downloaded in as many goes as it takes, and compared with its digest.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use data_encoding::HEXLOWER;
use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::super::progress::Progress;
use super::super::{CliError, Exit};
use crate::client::wire::ExportFile;
use crate::client::{Client, ClientError, Filters};

/// How long it waits before a download that broke off is begun again.
const BETWEEN: Duration = Duration::from_millis(500);
/// How often a download that brings nothing more is begun again.
const GOES: u32 = 5;

/// Which file.
pub(super) enum Asked<'a> {
    /// A new one, in this form, of these rows, for this recipient of age.
    New(&'a str, &'a Filters, Option<&'a str>),
    /// One that was asked for before.
    Before(&'a str),
}

/// Gets a file and puts it there.
pub(super) async fn get(client: &Client, asked: Asked<'_>, out: &Path) -> Result<Exit, CliError> {
    let id = match asked {
        Asked::Before(id) => id.to_owned(),
        Asked::New(format, filters, recipient) => {
            let filter: Map<String, Value> = filters
                .0
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().into()))
                .collect();
            let mut body = json!({ "format": format, "filter": filter });
            if let Some(recipient) = recipient {
                body["encrypt_to"] = recipient.into();
            }
            client.make_export(&body).await?.body.id
        }
    };
    eprintln!(
        "{id} is being made; if this is interrupted, go on with: takedown export --resume {id} --out {}",
        out.display()
    );
    let file = made(client, &id).await?;
    let sha256 = file.sha256.clone().unwrap_or_default();
    let rows = file.rows;
    download(client, &file, &sha256, out).await?;
    eprintln!("{rows} rows in {}, SHA-256 {sha256}", out.display());
    Ok(Exit::Done)
}

/// Waits until it is made.
async fn made(client: &Client, id: &str) -> Result<ExportFile, CliError> {
    let mut progress: Option<Progress> = None;
    loop {
        let file = client.export_file(id).await?.body;
        match file.state.as_str() {
            "done" => return Ok(file),
            "failed" => {
                let why = file.reason.as_deref().unwrap_or("internal");
                return Err(CliError::input(format!(
                    "{id} could not be made: {why}. Have it made again with: takedown export --retry {id} --out FILE"
                )));
            }
            "expired" => {
                return Err(CliError::input(format!(
                    "the time of {id} is over; ask for it anew"
                )));
            }
            _ => {
                let shown = progress.get_or_insert_with(|| match file.rows_estimated {
                    Some(rows) => Progress::of_pieces(rows),
                    None => Progress::of_unknown_size(),
                });
                match file.rows_estimated {
                    Some(_) => shown.reach(file.rows),
                    None => shown.reach(file.bytes),
                }
                shown.message(format!("{} rows, {}", file.rows, file.state));
            }
        }
    }
}

/// What there is of a download. It stays when it breaks off, and the next one goes on behind it.
struct Begun {
    path: PathBuf,
    file: File,
    digest: Sha256,
    bytes: u64,
}

impl Begun {
    /// Beside the file that it will be, under the name of what is in it: of another file there is nothing to go on with.
    fn beside(out: &Path, sha256: &str) -> Result<Self, CliError> {
        let mut name = out.as_os_str().to_owned();
        name.push(format!(".partial-{}", sha256.get(..16).unwrap_or(sha256)));
        let path = PathBuf::from(name);
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Exports hold locators and reasons: for their owner's eyes.
            options.mode(0o600);
        }
        let fail = |e| CliError::file(path.display(), e);
        let mut file = options.open(&path).map_err(fail)?;
        let (mut digest, mut bytes) = (Sha256::new(), 0);
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = file.read(&mut piece).map_err(fail)?;
            if read == 0 {
                break;
            }
            digest.update(&piece[..read]);
            bytes += read as u64;
        }
        Ok(Self {
            path,
            file,
            digest,
            bytes,
        })
    }

    fn take(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.file.write_all(chunk)?;
        self.digest.update(chunk);
        self.bytes += chunk.len() as u64;
        Ok(())
    }

    fn begin_again(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.digest = Sha256::new();
        self.bytes = 0;
        Ok(())
    }
}

async fn download(
    client: &Client,
    file: &ExportFile,
    sha256: &str,
    out: &Path,
) -> Result<(), CliError> {
    let mut begun = Begun::beside(out, sha256)?;
    let path = begun.path.clone();
    let fail = |e| CliError::file(path.display(), e);
    if begun.bytes > file.bytes {
        begun.begin_again().map_err(fail)?;
    }
    let progress = Progress::of_bytes(file.bytes);
    let mut goes = 0;
    while begun.bytes < file.bytes {
        let before = begun.bytes;
        if let Err(error) = some(client, file, sha256, &mut begun, &progress).await? {
            goes = if begun.bytes > before { 0 } else { goes + 1 };
            if goes >= GOES {
                return Err(error.into());
            }
            tokio::time::sleep(BETWEEN).await;
        }
    }
    let found = HEXLOWER.encode(&begun.digest.clone().finalize());
    if found != sha256 {
        // Nothing of it is of any use.
        fs::remove_file(&begun.path).map_err(fail)?;
        return Err(CliError::input(format!(
            "what was downloaded has the SHA-256 digest {found}, {} has {sha256}; it was removed, download it anew",
            file.id
        )));
    }
    begun.file.sync_all().map_err(fail)?;
    fs::rename(&begun.path, out).map_err(fail)
}

/// Downloads until the end, or until it breaks off.
async fn some(
    client: &Client,
    file: &ExportFile,
    sha256: &str,
    begun: &mut Begun,
    progress: &Progress,
) -> Result<Result<(), ClientError>, CliError> {
    let path = begun.path.clone();
    let fail = |e| CliError::file(path.display(), e);
    let mut response = match client.export_content(&file.id, begun.bytes, sha256).await {
        Ok(response) => response,
        Err(error @ (ClientError::Lost { .. } | ClientError::Unreachable { .. })) => {
            return Ok(Err(error));
        }
        Err(error) => return Err(error.into()),
    };
    if response.status() != StatusCode::PARTIAL_CONTENT {
        begun.begin_again().map_err(fail)?;
    }
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => begun.take(&chunk).map_err(fail)?,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(ClientError::lost(client.server(), &error))),
        }
        progress.reach(begun.bytes);
    }
}
