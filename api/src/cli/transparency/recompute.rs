//! The report from an export, without an exchange. Row by row: memory grows with the number of tables and of different
//! durations, not with the size of the file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use takedown_core::text::visible;
use takedown_core::time::from_millis;
use takedown_core::transparency::{Counted, Fold, Of, Period, Report};

use super::TransparencyArgs;
use crate::cli::CliError;
use crate::cli::progress::Progress;

/// A longer line is none of an export.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

pub(super) fn run(path: &Path, args: &TransparencyArgs) -> Result<Report, CliError> {
    let period = args.time.period()?.ok_or_else(|| {
        CliError::usage("which time? give --period, such as 2026, or --from and --to")
    })?;
    let now = || from_millis(chrono::Utc::now().timestamp_millis());
    let as_of = match args.recompute.as_of {
        Some(at) => at,
        None => now().map_err(|error| CliError::input(error.to_string()))?,
    };
    let only = args.of.only();
    if !args.recompute.published {
        let mut fold = Fold::of_own(period, only);
        count(path, &mut fold)?;
        let report = fold.finish().report(as_of);
        return report.ok_or_else(|| CliError::input("nothing was counted"));
    }
    let year = period.year().ok_or_else(|| {
        CliError::usage("years, quarters and months are published, no spans of days")
    })?;
    let mut fold = Fold::to_publish(year, as_of);
    count(path, &mut fold)?;
    let reports = fold.finish().publish(as_of, args.recompute.open_periods);
    pick(reports, period, &only)
}

fn pick(reports: Vec<Report>, period: Period, only: &Of) -> Result<Report, CliError> {
    let name = period.to_string();
    let report = reports
        .into_iter()
        .find(|report| report.period.name == name);
    let report = report.ok_or_else(|| {
        CliError::input(format!("{period} was not over then; see --open-periods"))
    })?;
    report
        .about(only)
        .map_err(|not_published| CliError::input(not_published.to_string()))
}

fn count(path: &Path, fold: &mut Fold) -> Result<(), CliError> {
    if path == Path::new("-") {
        let progress = Progress::of_unknown_size();
        return lines(io::stdin().lock(), fold, &progress, "standard input");
    }
    let what = path.display().to_string();
    let file = File::open(path).map_err(|e| CliError::file(&what, e))?;
    let size = file.metadata().map_err(|e| CliError::file(&what, e))?.len();
    let progress = Progress::of_bytes(size);
    lines(
        BufReader::with_capacity(1 << 16, file),
        fold,
        &progress,
        &what,
    )
}

fn lines(
    mut input: impl BufRead,
    fold: &mut Fold,
    progress: &Progress,
    what: &str,
) -> Result<(), CliError> {
    let (mut line, mut number, mut bytes) = (Vec::new(), 0_u64, 0_u64);
    loop {
        line.clear();
        let read = input
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line);
        let read = read.map_err(|e| CliError::file(what, e))?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        let refused = |why: &dyn std::fmt::Display| {
            let why = visible(&why.to_string()).into_owned();
            CliError::input(format!("{what}, line {number}: {why}"))
        };
        if line.last() != Some(&b'\n') {
            // An export ends with its last line; one that broke off does not.
            return Err(refused(
                &"the file ends in the middle of a line, or is no export",
            ));
        }
        let row: Counted<'_> = serde_json::from_slice(&line).map_err(|e| refused(&e))?;
        fold.take(&row).map_err(|e| refused(&e))?;
        bytes += read as u64;
        if number % 1_000 == 0 {
            progress.reach(bytes);
            progress.message(format!("{number} lines"));
        }
    }
}
