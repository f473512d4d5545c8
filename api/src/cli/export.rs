//! `takedown export`: requests and outcomes, one row per item, or imported records, streamed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::progress::Progress;
use super::{CliError, ConnectionArgs, Exit};
use crate::client::{Client, ClientError, Filters};

/// `takedown export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// requests (what was filed and answered here), or imports (old records, which nobody witnessed)
    #[arg(long, value_enum, default_value_t = What::Requests)]
    what: What,
    /// ndjson (one JSON object a line) or csv (for spreadsheets; cells cannot act as formulas)
    #[arg(long, value_enum, default_value_t = Format::Ndjson)]
    format: Format,
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
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
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
            .with("filed_from", self.filed_from.as_deref())
            .with("filed_to", self.filed_to.as_deref())
    }
}

pub(super) async fn run(args: ExportArgs) -> Result<Exit, CliError> {
    let client = args.connection.connect()?;
    let what = match args.what {
        What::Requests => "requests",
        What::Imports => "imports",
    };
    let response = client
        .export(what, args.format.name(), &args.filters.filters())
        .await?;
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
