//! `takedown export`: requests and outcomes, one row per item, or imported records, streamed; or requests as a file that the
//! exchange makes first.

mod file;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use self::file::Asked;
use super::progress::Progress;
use super::{CliError, ConnectionArgs, Exit};
use crate::client::{Client, ClientError, Filters};

/// `takedown export`.
#[derive(Debug, Args)]
#[command(after_help = "\
  takedown export --format csv --out requests.csv
  takedown export --format package --out requests.zip     with the entries of the history that prove it; check it with
  takedown verify requests.zip --vkey VKEY                on any machine, offline")]
pub struct ExportArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// requests (what was filed and answered here), or imports (old records, which nobody witnessed)
    #[arg(long, value_enum, default_value_t = What::Requests)]
    what: What,
    /// ndjson (one JSON object a line), csv or xlsx (for spreadsheets; cells cannot act as formulas), parquet (for programs that
    /// compute; columns have types), or package (a zip with what proves the rows); the last three need --out
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
    /// Encrypt it to this recipient of age, age1…; needs --out
    #[arg(long, value_name = "RECIPIENT", requires = "out")]
    encrypt_to: Option<String>,
    /// Go on with an export that was asked for before, exp_…
    #[arg(long, value_name = "ID", requires = "out", conflicts_with_all = ["format", "encrypt_to", "retry"])]
    resume: Option<String>,
    /// Have an export that failed made again
    #[arg(long, value_name = "ID", requires = "out", conflicts_with_all = ["format", "encrypt_to"])]
    retry: Option<String>,
    /// Write to this file, complete or not at all; otherwise to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    filters: FilterArgs,
}

/// Which requests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which requests")]
struct FilterArgs {
    /// filed, fetched, acknowledged, needs_information, closed, withdrawn
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Those of one agency
    #[arg(long, value_name = "ID")]
    agency: Option<String>,
    /// Those to one platform
    #[arg(long, value_name = "ID")]
    platform: Option<String>,
    /// Those under one instrument
    #[arg(long, value_name = "ID")]
    instrument: Option<String>,
    /// Those on one ground, alone or among others, such as tco:a
    #[arg(long, value_name = "CODE")]
    ground: Option<String>,
    /// Items with this outcome, such as removed
    #[arg(long, value_name = "CODE")]
    outcome: Option<String>,
    /// The one with this short reference
    #[arg(long, value_name = "REFERENCE")]
    reference: Option<String>,
    /// Those under this file number of the agency
    #[arg(long, value_name = "TEXT")]
    agency_reference: Option<String>,
    /// This very item, in any writing that means the same
    #[arg(long, value_name = "LINK")]
    locator: Option<String>,
    /// Items on this host, without those below it
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// Filed at or after (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    filed_from: Option<String>,
    /// Filed before (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    filed_to: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Requests,
    Imports,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Ndjson,
    Csv,
    Xlsx,
    Parquet,
    Package,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::Package => "package",
        }
    }
}

impl FilterArgs {
    fn filters(&self) -> Filters {
        Filters::default()
            .with("status", self.status.as_deref())
            .with("agency", self.agency.as_deref())
            .with("platform", self.platform.as_deref())
            .with("instrument", self.instrument.as_deref())
            .with("ground", self.ground.as_deref())
            .with("outcome", self.outcome.as_deref())
            .with("reference", self.reference.as_deref())
            .with("agency_reference", self.agency_reference.as_deref())
            .with("locator", self.locator.as_deref())
            .with("host", self.host.as_deref())
            .with("filed_from", self.filed_from.as_deref())
            .with("filed_to", self.filed_to.as_deref())
    }
}

impl ExportArgs {
    /// Which file, where one is made first.
    fn as_file<'a>(&'a self, filters: &'a Filters) -> Result<Option<Asked<'a>>, CliError> {
        if let Some(id) = self.resume.as_deref().or(self.retry.as_deref()) {
            return Ok(Some(Asked::Before(id)));
        }
        if matches!(self.format, Format::Ndjson | Format::Csv) && self.encrypt_to.is_none() {
            return Ok(None);
        }
        if !matches!(self.what, What::Requests) {
            return Err(CliError::usage(
                "files are made of requests; imported records come as ndjson or csv, not encrypted",
            ));
        }
        let recipient = self.encrypt_to.as_deref();
        Ok(Some(Asked::New(self.format.name(), filters, recipient)))
    }
}

pub(super) async fn run(args: ExportArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let filters = args.filters.filters();
    if let Some(asked) = args.as_file(&filters)? {
        let Some(out) = &args.out else {
            return Err(CliError::usage(
                "this is made as a file first: say where it shall be with --out",
            ));
        };
        if let Some(id) = &args.retry {
            client.retry_export(id).await?;
        }
        return file::get(&client, asked, out).await;
    }
    let what = match args.what {
        What::Requests => "requests",
        What::Imports => "imports",
    };
    let response = client.export(what, args.format.name(), &filters).await?;
    let Some(path) = &args.out else {
        let mut out = BufWriter::new(io::stdout().lock());
        copy(&client, response, &mut out, CliError::Output).await?;
        return Ok(Exit::Done);
    };
    let mut partial = Partial::beside(path)?;
    let fail = |e| CliError::file(path.display(), e);
    let rows = copy(&client, response, &mut partial.file, fail).await?;
    partial.keep(path).map_err(fail)?;
    eprintln!("{rows} lines in {}", path.display());
    Ok(Exit::Done)
}

/// Copies as it comes; gives back the number of lines.
async fn copy(
    client: &Client,
    mut response: reqwest::Response,
    out: &mut impl Write,
    fail: impl Fn(io::Error) -> CliError,
) -> Result<u64, CliError> {
    let progress = match response.content_length() {
        Some(total) => Progress::of_bytes(total),
        None => Progress::of_unknown_size(),
    };
    let (mut rows, mut bytes) = (0u64, 0u64);
    loop {
        // A body that breaks off is an error here, never a shorter export.
        let chunk = response
            .chunk()
            .await
            .map_err(|e| ClientError::lost(client.server(), &e))?;
        let Some(chunk) = chunk else { break };
        out.write_all(&chunk).map_err(&fail)?;
        rows += chunk.iter().filter(|byte| **byte == b'\n').count() as u64;
        bytes += chunk.len() as u64;
        progress.reach(bytes);
        progress.message(format!("{rows} lines"));
    }
    out.flush().map_err(&fail)?;
    Ok(rows)
}

/// A file that is removed unless it was finished.
struct Partial {
    path: PathBuf,
    file: BufWriter<File>,
    kept: bool,
}

impl Partial {
    fn beside(path: &Path) -> Result<Self, CliError> {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".partial-{}", std::process::id()));
        let partial = PathBuf::from(name);
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            // Exports hold locators and reasons: for their owner's eyes.
            options.mode(0o600);
        }
        let file = options
            .open(&partial)
            .map_err(|e| CliError::file(partial.display(), e))?;
        Ok(Self {
            path: partial,
            file: BufWriter::with_capacity(1 << 16, file),
            kept: false,
        })
    }

    fn keep(mut self, path: &Path) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        fs::rename(&self.path, path)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing more can be done when removing fails; the name says that it is partial.
            let _ = fs::remove_file(&self.path);
        }
    }
}
