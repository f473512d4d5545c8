//! What became of each row: a line for people, a row of the report.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use takedown_core::export::csv_cell;
use takedown_core::text::visible;

use super::convert::{Made, Slip};
use crate::cli::output;
use crate::cli::progress::Progress;
use crate::cli::{CliError, Exit};

/// What became of one link.
pub(super) enum Fate {
    Imported(String),
    Would,
    Already {
        id: Option<String>,
        differs: Vec<String>,
    },
    Refused(Vec<Slip>),
    /// It may or may not be in.
    Unknown(String),
}

/// Counts, prints, writes.
pub(super) struct Report {
    file: Option<(PathBuf, BufWriter<File>)>,
    progress: Option<Progress>,
    dry_run: bool,
    imported: u64,
    would: u64,
    already: u64,
    differing: u64,
    refused: u64,
    unknown: u64,
    /// Rows of which something was left out, and the last of them.
    remarked: u64,
    last_remarked: u32,
}

impl Report {
    pub(super) fn new(
        path: Option<&Path>,
        progress: Option<Progress>,
        dry_run: bool,
    ) -> Result<Self, CliError> {
        let mut report = Self {
            file: path.map(open).transpose()?,
            progress,
            dry_run,
            imported: 0,
            would: 0,
            already: 0,
            differing: 0,
            refused: 0,
            unknown: 0,
            remarked: 0,
            last_remarked: 0,
        };
        let heading = ["row", "link", "result", "id", "column", "reason"];
        report.write(&heading.map(str::to_owned))?;
        Ok(report)
    }

    pub(super) fn reach(&self, read: u64) {
        if let Some(progress) = &self.progress {
            progress.reach(read);
            progress.message(self.counts());
        }
    }

    /// Tells what became of one link.
    pub(super) fn tell(&mut self, made: &Made, fate: &Fate) -> Result<(), CliError> {
        let label = match made.link {
            0 => format!("row {}", made.row),
            link => format!("row {}, link {link}", made.row),
        };
        self.remark(made, fate)?;
        let (column, left_out) = left_out(made);
        match fate {
            Fate::Imported(id) => {
                self.imported += 1;
                self.line(made, "imported", Some(id), (column, left_out))
            }
            Fate::Would => {
                self.would += 1;
                self.say(&format!("{label}: would be imported"))?;
                self.line(made, "would_be_imported", None, (column, left_out))
            }
            Fate::Already { id, differs } => {
                self.already += 1;
                let known = id.as_deref().unwrap_or("by a row above");
                let mut says = String::new();
                if !differs.is_empty() {
                    self.differing += 1;
                    says = format!(
                        "says something else in {}; the record stays as it is",
                        differs.join(", ")
                    );
                }
                if self.dry_run || !says.is_empty() {
                    let says = if says.is_empty() {
                        String::new()
                    } else {
                        format!("; {says}")
                    };
                    self.say(&format!("{label}: already imported ({known}){says}"))?;
                }
                let parts = [left_out, says].into_iter().filter(|part| !part.is_empty());
                let says = parts.collect::<Vec<_>>().join("; ");
                self.line(made, "already_imported", id.as_deref(), (column, says))
            }
            Fate::Refused(slips) => {
                self.refused += 1;
                for slip in slips {
                    let column = slip.column.as_deref();
                    let place =
                        column.map_or_else(String::new, |name| format!(", column {name:?}"));
                    self.say(&format!("{label}{place}: {}", slip.reason))?;
                    self.line(made, "refused", None, (column, slip.reason.clone()))?;
                }
                Ok(())
            }
            Fate::Unknown(why) => {
                self.unknown += 1;
                self.say(&format!(
                    "{label}: not known whether it was imported: {why}"
                ))?;
                self.line(made, "unknown", None, (None, why.clone()))
            }
        }
    }

    /// Says once for each row what of it was left out; of a row that is refused nothing was taken.
    fn remark(&mut self, made: &Made, fate: &Fate) -> Result<(), CliError> {
        if matches!(fate, Fate::Refused(_)) || self.last_remarked == made.row {
            return Ok(());
        }
        for remark in &made.remarks {
            self.last_remarked = made.row;
            let column = remark.column.as_deref().unwrap_or_default();
            self.say(&format!(
                "row {}, column {column:?}: {}",
                made.row, remark.reason
            ))?;
        }
        self.remarked += u64::from(!made.remarks.is_empty());
        Ok(())
    }

    fn say(&self, text: &str) -> Result<(), CliError> {
        let text = visible(text);
        match &self.progress {
            Some(progress) => progress.say(&text),
            None => output::line(&text),
        }
    }

    fn line(
        &mut self,
        made: &Made,
        result: &str,
        id: Option<&str>,
        (column, reason): (Option<&str>, String),
    ) -> Result<(), CliError> {
        let link = made.link.max(1).to_string();
        let cells = [
            made.row.to_string(),
            link,
            result.to_owned(),
            id.unwrap_or_default().to_owned(),
            column.unwrap_or_default().to_owned(),
            reason,
        ];
        self.write(&cells)
    }

    fn write(&mut self, cells: &[String]) -> Result<(), CliError> {
        let Some((path, file)) = &mut self.file else {
            return Ok(());
        };
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        file.write_all((cells.join(",") + "\r\n").as_bytes())
            .map_err(|e| CliError::file(path.display(), e))
    }

    /// Counts so far, in words.
    pub(super) fn counts(&self) -> String {
        let mut parts = Vec::new();
        if self.dry_run {
            parts.push(format!("{} would be imported", self.would));
        } else {
            parts.push(format!("{} imported", self.imported));
        }
        parts.push(format!("{} already imported", self.already));
        if self.differing > 0 {
            parts.push(format!(
                "of which {} say something else now",
                self.differing
            ));
        }
        parts.push(format!("{} refused", self.refused));
        if self.unknown > 0 {
            parts.push(format!("{} not known", self.unknown));
        }
        parts.join(", ")
    }

    /// Ends the report: how it went, the counts, and what was left out of some rows.
    pub(super) fn finish(mut self) -> Result<(Exit, String, Option<String>), CliError> {
        let counts = self.counts();
        let remark = match self.remarked {
            0 => None,
            1 => Some("1 row has a time of day that the clocks did not show, or showed twice; its day counts".to_owned()),
            rows => Some(format!(
                "{rows} rows have a time of day that the clocks did not show, or showed twice; their days count"
            )),
        };
        if let Some((path, mut file)) = self.file.take() {
            file.flush()
                .map_err(|e| CliError::file(path.display(), e))?;
        }
        let whole = self.refused == 0 && self.unknown == 0;
        let exit = if whole { Exit::Done } else { Exit::Refused };
        Ok((exit, counts, remark))
    }
}

/// The column and the words of what was left out of a row that is taken.
fn left_out(made: &Made) -> (Option<&str>, String) {
    let words: Vec<&str> = made.remarks.iter().map(|r| r.reason.as_str()).collect();
    let column = made.remarks.first().and_then(|r| r.column.as_deref());
    (column, words.join("; "))
}

fn open(path: &Path) -> Result<(PathBuf, BufWriter<File>), CliError> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // It repeats what the list says: for its owner's eyes.
        options.mode(0o600);
    }
    let file = options
        .open(path)
        .map_err(|e| CliError::file(path.display(), e))?;
    Ok((path.to_path_buf(), BufWriter::new(file)))
}

/// A cell that cannot act as a formula.
fn quoted(text: &str) -> String {
    let text = csv_cell(text);
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}
