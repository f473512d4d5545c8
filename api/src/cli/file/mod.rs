//! `takedown file`: one filing from flags, or many from a file.

mod build;
mod check;
mod notices;
mod report;
mod rows;
mod send;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::signing::SignArgs;
use super::texts::SavedArgs;
use super::{CliError, ConnectionArgs, Exit};
use build::FilingArgs;
use rows::Source;

/// `takedown file`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 everything was filed, 1 at least one filing was refused or its fate is unknown, 2 wrong command line.

A filing whose links lie on several platforms becomes one request for each, under one operation: all or none.
Many filings go out in batches; each result names its line, none is skipped silently. Give every filing an
agency_reference: the exchange keeps it unique, so that a file that is sent again is not filed again.")]
pub struct FileArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    filing: FilingArgs,
    #[command(flatten)]
    saved: SavedArgs,
    #[command(flatten)]
    signature: SignArgs,
    /// A host of the platform that a signed filing is addressed to; the host of its first item unless given
    #[arg(
        long,
        value_name = "HOST",
        requires = "sign",
        help_heading = "Signature"
    )]
    audience: Option<String>,
    /// File what is in this JSON file: one filing or an array (- for standard input)
    #[arg(long, value_name = "FILE", help_heading = "Many at once", conflicts_with_all = ["ndjson", "import", "FilingArgs", "SavedArgs"])]
    json: Option<PathBuf>,
    /// File every line of this file, one JSON filing a line (- for standard input)
    #[arg(long, value_name = "FILE", help_heading = "Many at once", conflicts_with_all = ["import", "FilingArgs", "SavedArgs"])]
    ndjson: Option<PathBuf>,
    /// Read a file of another form; `notices`: one public government notice a line
    #[arg(
        long,
        value_name = "FORM",
        help_heading = "Many at once",
        requires = "file",
        conflicts_with_all = ["FilingArgs", "SavedArgs"]
    )]
    import: Option<ImportForm>,
    /// The file to import (- for standard input)
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Many at once",
        requires = "import",
        conflicts_with = "FilingArgs"
    )]
    file: Option<PathBuf>,
    /// How an imported row becomes a filing (TOML; see docs/guides/cli.md)
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Many at once",
        requires = "import",
        conflicts_with = "FilingArgs"
    )]
    mapping: Option<PathBuf>,
    /// Filings in one call, at most 500
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=500), help_heading = "Many at once")]
    batch: u16,
    /// Have a filing whose links lie on several platforms refused instead of filed as one request for each
    #[arg(long)]
    no_split: bool,
    /// Check here what can be checked and print what would be sent; nothing is sent
    #[arg(long)]
    dry_run: bool,
    /// How results are printed: lines for people, or one JSON object per filing
    #[arg(long, value_enum, default_value_t = OutputForm::Text)]
    output: OutputForm,
}

/// Foreign forms that can be imported.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ImportForm {
    /// {source, country, agency, date, language, urls, text}, one a line.
    Notices,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputForm {
    /// Lines for people.
    Text,
    /// One JSON object per filing.
    Json,
}

pub(super) use build::text_of;

pub(super) async fn run(mut args: FileArgs) -> Result<Exit, CliError> {
    if args.saved.is_given() {
        let client = args.connection.connect()?;
        if let Some(reasons) = args.saved.words(&client).await? {
            args.filing.take(reasons)?;
        }
    }
    let source = source(&args)?;
    if args.dry_run {
        return check::dry_run(source, args.output);
    }
    let client = args.connection.connect()?;
    let options = send::Options {
        // What is signed goes out by itself.
        batch: if args.signature.is_given() {
            1
        } else {
            usize::from(args.batch)
        },
        strict: args.no_split,
        output: args.output,
        signer: args.signature.signer(&client).await?,
        audience: args.audience.clone(),
    };
    send::send(&client, source, &options).await
}

fn source(args: &FileArgs) -> Result<Source, CliError> {
    if let Some(path) = &args.json {
        rows::json(path)
    } else if let Some(path) = &args.ndjson {
        rows::ndjson(path)
    } else if let (Some(ImportForm::Notices), Some(path)) = (args.import, &args.file) {
        let mapping = notices::Mapping::read(args.mapping.as_deref())?;
        rows::notices(path, mapping)
    } else {
        Ok(rows::single(args.filing.filing()?))
    }
}
