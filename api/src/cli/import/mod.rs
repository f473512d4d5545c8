//! `takedown import`: a list of past mails becomes imported records.

mod convert;
mod days;
mod headings;
mod mapping;
mod report;
mod send;
mod table;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::Args;
use takedown_core::text::visible;

use self::convert::{Converter, Source};
use self::headings::{Found, NotFound, headings};
use self::mapping::Mapping;
use self::report::Report;
use self::send::Sender;
use self::table::{Size, Table};
use super::progress::Progress;
use super::{CliError, ConnectionArgs, Exit, output};

/// The headings stand in one of so many rows.
const HEADINGS_WITHIN: usize = 50;

/// `takedown import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 every row is a record, 1 at least one row was refused or its fate is unknown, 2 wrong command line.

Reads XLSX, and CSV in UTF-8, UTF-16 or Windows-1252. Each link of each row becomes a record, marked as imported: no platform
is told, and the exchange does not vouch for it. A row that cannot be read is named with row and column, and the others go
in. Nothing is imported twice, so a list can be imported again: after a correction, or when it broke off.
The whole way, with an example: docs/guides/old-records.md.")]
pub struct ImportArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The list: XLSX or CSV
    #[arg(value_name = "FILE", required_unless_present = "example_mapping")]
    file: Option<PathBuf>,
    /// Which column holds what (TOML)
    #[arg(long, value_name = "FILE", required_unless_present = "example_mapping")]
    mapping: Option<PathBuf>,
    /// The sheet to read; the first visible one unless said
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Say what would become of each row; nothing is stored
    #[arg(long)]
    dry_run: bool,
    /// Write what became of each row into this CSV file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print a mapping file with remarks, to be adapted
    #[arg(long, exclusive = true)]
    example_mapping: bool,
}

/// The report replaces what stands in its place, so it must not be one of the files that are read.
fn spare(report: &Path, read: [&Path; 2]) -> Result<(), CliError> {
    let Ok(there) = report.canonicalize() else {
        return Ok(());
    };
    for file in read {
        if file.canonicalize().is_ok_and(|same| same == there) {
            return Err(CliError::input(format!(
                "{} is read by this import; write the report to another file",
                report.display()
            )));
        }
    }
    Ok(())
}

pub(super) async fn run(args: ImportArgs) -> Result<Exit, CliError> {
    let (Some(path), Some(mapping)) = (&args.file, &args.mapping) else {
        output::exact(include_str!("example.toml"))?;
        return Ok(Exit::Done);
    };
    if let Some(report) = &args.report {
        spare(report, [path, mapping])?;
    }
    let mapping = Mapping::read(mapping)?;
    let mut table = table::open(path, &mapping, args.sheet.as_deref())?;
    for remark in &table.remarks {
        eprintln!("{}: {remark}", path.display());
    }
    let Found { places, remarks } = find_headings(&mapping, &mut table, path).await?;
    for remark in remarks {
        eprintln!("{}: {}", path.display(), visible(&remark));
    }
    let source = Source {
        file: name_of(path),
        sha256: table.digest,
        sheet: table.sheet.clone(),
        row: 0,
    };
    let mut converter = Converter::new(&mapping, source, places);
    let client = args.connection.connect()?;
    let progress = match table.size {
        Size::Bytes(total) => Progress::of_bytes(total),
        Size::Rows(total) => Progress::of_pieces(total),
    };
    let report = Report::new(args.report.as_deref(), Some(progress), args.dry_run)?;
    let mut sender = Sender::new(&client, &mapping, report, args.dry_run);
    let mut unread = None;
    while let Some(row) = table.next().await {
        match row {
            Err(error) => unread = Some(error),
            Ok(row) => {
                for made in converter.records(&row) {
                    sender.take(made).await?;
                }
                sender.reach(row.read);
            }
        }
        if sender.stopped() {
            break;
        }
    }
    let (report, stopped) = sender.finish().await?;
    let (exit, counts, remark) = report.finish()?;
    eprintln!("{counts}");
    if let Some(remark) = remark {
        eprintln!("{remark}");
    }
    if args.dry_run {
        eprintln!("nothing was stored");
    }
    match (stopped, unread) {
        (Some(error), _) => {
            eprintln!("the rest was not sent; import the list again to go on where it broke off");
            Err(error.into())
        }
        (None, Some(error)) => Err(error),
        (None, None) => Ok(exit),
    }
}

async fn find_headings(
    mapping: &Mapping,
    table: &mut Table,
    path: &Path,
) -> Result<Found, CliError> {
    let mut least: Option<Vec<String>> = None;
    for _ in 0..HEADINGS_WITHIN {
        let Some(row) = table.next().await else { break };
        let row = row?;
        match headings(mapping, &row) {
            Ok(found) => return Ok(found),
            Err(NotFound::Twice(twice)) => {
                return Err(CliError::input(format!(
                    "{}: row {} has the same heading more than once: {}; which one the mapping means cannot be known, so give each a name of its own",
                    path.display(),
                    row.number,
                    visible(&twice.join("; "))
                )));
            }
            Err(NotFound::Missing(missing)) => {
                if least
                    .as_ref()
                    .is_none_or(|least| missing.len() < least.len())
                {
                    least = Some(missing);
                }
            }
        }
    }
    let missing: Vec<String> = least
        .unwrap_or_default()
        .iter()
        .map(|heading| format!("{:?}", visible(heading)))
        .collect();
    Err(CliError::input(format!(
        "{}: none of its first {HEADINGS_WITHIN} rows has the headings of the mapping; the one that comes nearest lacks {}",
        path.display(),
        missing.join(", ")
    )))
}

/// Records name the file without its folder.
fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    visible(&name.to_string_lossy()).chars().take(255).collect()
}
