//! `takedown document`: PDFs that go with messages. They are saved, never opened.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::{Args, Subcommand};
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};
use takedown_core::document::{self, Name};
use takedown_core::text::visible;

use super::{CliError, ConnectionArgs, Exit, output, show};
use crate::client::wire::Text;
use crate::client::{Attachment, ClientError, Downloaded};

/// `takedown document`.
#[derive(Debug, Subcommand)]
pub enum DocumentCommand {
    /// Send a PDF of at most 5 MiB; the other side is told its name and digest.
    Attach(AttachArgs),
    /// Save the document of a message, after comparing its digest.
    Download(DownloadArgs),
}

/// `takedown document attach`.
#[derive(Debug, Args)]
pub struct AttachArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// The PDF
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What it is, in a few words
    #[arg(long, value_name = "TEXT")]
    text: String,
    /// Language of these words (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// What it does to the request: note, question, answer, obstacle or obstacle_over
    #[arg(long, value_name = "KIND", default_value = "note")]
    kind: String,
    /// For an obstacle: force_majeure, manifest_error or insufficient_information
    #[arg(long, value_name = "CODE")]
    obstacle: Option<String>,
    /// The message it replies to (msg_…)
    #[arg(long, value_name = "ID")]
    reply_to: Option<String>,
    /// What it is called; the name of the file unless said
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Print the JSON as the exchange sends it
    #[arg(long)]
    json: bool,
}

/// `takedown document download`.
#[derive(Debug, Args)]
pub struct DownloadArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Id (req_…) or speakable reference
    #[arg(value_name = "REQUEST")]
    request: String,
    /// The message that it came with (msg_…; see `takedown messages`)
    #[arg(value_name = "MESSAGE")]
    message: String,
    /// Where to save it, a file that does not exist yet; here, under the name that its sender gave it, unless said
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn run(command: DocumentCommand) -> Result<Exit, CliError> {
    match command {
        DocumentCommand::Attach(args) => attach(args).await,
        DocumentCommand::Download(args) => download(args).await,
    }
}

async fn attach(args: AttachArgs) -> Result<Exit, CliError> {
    let place = args.file.display().to_string();
    let bytes = read(&args.file)?;
    document::check(&bytes)
        .map_err(|why| CliError::input(format!("{}: {why} ({})", visible(&place), why.rule())))?;
    let own = args.file.file_name().map(|name| name.to_string_lossy());
    let name = args.name.or_else(|| own.map(|name| name.into_owned()));
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let attachment = Attachment {
        name: name.unwrap_or_default(),
        text: Text {
            text: args.text,
            language: args.language,
        },
        kind: args.kind.replace('-', "_"),
        obstacle: args.obstacle.map(|code| code.replace('-', "_")),
        in_reply_to: args.reply_to,
        bytes,
    };
    let reply = client.attach(&id, &attachment).await?;
    if args.json {
        output::exact(&reply.text)?;
    } else {
        let sent = &reply.body;
        output::line(&format!(
            "{}: sent with {}, SHA-256 {}",
            visible(&id),
            visible(sent["id"].as_str().unwrap_or_default()),
            visible(sent["document"]["sha256"].as_str().unwrap_or_default()),
        ))?;
    }
    Ok(Exit::Done)
}

/// A file, or as much of it as shows that it is too large.
fn read(path: &Path) -> Result<Bytes, CliError> {
    let most = u64::try_from(document::MAX_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(most + 1).read_to_end(&mut bytes))
        .map_err(|e| CliError::file(path.display(), e))?;
    Ok(bytes.into())
}

async fn download(args: DownloadArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let id = show::id_of(&client, &args.request).await?;
    let document = client.document(&id, &args.message).await?;
    let given = document.disposition.as_deref().and_then(name_of);
    let path = args.out.unwrap_or_else(|| {
        let name = given.map_or_else(|| format!("{}.pdf", args.message), |name| name.to_string());
        PathBuf::from(name)
    });
    let failed = |e| CliError::file(path.display(), e);
    let mut file = File::create_new(&path).map_err(failed)?;
    let saved = save(document, &mut file, &path).await;
    if saved.is_err() {
        // Half a document, or another one, is none.
        drop(file);
        let _ = std::fs::remove_file(&path);
    }
    let digest = saved?;
    output::line(&format!(
        "{}: saved, SHA-256 {digest}",
        visible(&path.display().to_string())
    ))?;
    Ok(Exit::Done)
}

/// Writes the document and gives the digest that it was sent with, in hexadecimal digits.
async fn save(document: Downloaded, file: &mut File, path: &Path) -> Result<String, CliError> {
    let failed = |e| CliError::file(path.display(), e);
    let Downloaded {
        digest,
        mut response,
        ..
    } = document;
    let mut hash = Sha256::new();
    while let Some(piece) = response.chunk().await.map_err(broken_off)? {
        hash.update(&piece);
        file.write_all(&piece).map_err(failed)?;
    }
    file.sync_all().map_err(failed)?;
    let found = hash.finalize();
    let told = format!("sha-256=:{}:", BASE64.encode(&found));
    if digest.as_deref() != Some(told.as_str()) {
        return Err(CliError::input(
            "what arrived is not what was sent: the digests differ; nothing was kept",
        ));
    }
    Ok(found.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn broken_off(error: reqwest::Error) -> CliError {
    let why = error.without_url().to_string();
    CliError::Client(ClientError::Lost {
        server: "the exchange".into(),
        why,
    })
}

/// The name in `Content-Disposition: attachment; filename*=UTF-8''…`, if it is one to save under.
fn name_of(disposition: &str) -> Option<Name> {
    let (_, encoded) = disposition.split_once("filename*=UTF-8''")?;
    let encoded = encoded.split(';').next()?.trim();
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? << 4 | digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_without_a_folder_is_saved_under() {
        let name = |encoded: &str| {
            let header =
                format!("attachment; filename=\"document.pdf\"; filename*=UTF-8''{encoded}");
            name_of(&header).map(|name| name.to_string())
        };
        assert_eq!(
            name("Beschlu%C3%9F%201.pdf").as_deref(),
            Some("Beschluß 1.pdf")
        );
        for other in [
            "..%2Forder.pdf",
            "%2Fetc%2Fx.pdf",
            "a%0Ab.pdf",
            "a%.pdf",
            "run.sh",
        ] {
            assert_eq!(name(other), None, "{other}");
        }
        assert_eq!(name_of("attachment"), None);
    }
}
