//! Lists as rows of cells, whatever the file is. They are read as they are needed: by a thread of its own that waits while a
//! few rows are ahead, so that a list of any length takes the same memory.

mod chars;
mod csv;
mod markup;
mod xlsx;

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;

use chrono::NaiveDateTime;
use sha2::{Digest as _, Sha256};
use takedown_core::history::Digest;
use tokio::sync::mpsc;

use super::mapping::Mapping;
use crate::cli::CliError;

/// So many rows may be read ahead.
const AHEAD: usize = 256;
/// The longest cell, in characters; spreadsheets take 32,767.
const MAX_CELL: usize = 65_536;
/// The most cells of a row.
const MAX_COLUMNS: usize = 1_000;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// A true date of a spreadsheet, in nobody's zone.
    Moment(NaiveDateTime),
    /// An error of a formula.
    Failed(String),
}

/// A row that is not blank.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SheetRow {
    /// As a spreadsheet numbers it, from 1.
    pub(super) number: u32,
    pub(super) cells: Vec<Cell>,
    /// How far the file was read, in the unit of [`Table::size`].
    pub(super) read: u64,
}

/// How large a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Bytes(u64),
    Rows(u64),
}

/// What a reading thread says.
enum Said {
    Row(SheetRow),
    Wrong(CliError),
    End,
}

/// A list that is being read.
pub(super) struct Table {
    /// Of the whole file.
    pub(super) digest: Digest,
    pub(super) sheet: Option<String>,
    /// What was taken for granted, to be told.
    pub(super) remarks: Vec<String>,
    pub(super) size: Size,
    rows: mpsc::Receiver<Said>,
    done: bool,
}

impl Table {
    /// The next row that is not blank.
    pub(super) async fn next(&mut self) -> Option<Result<SheetRow, CliError>> {
        if self.done {
            return None;
        }
        match self.rows.recv().await {
            Some(Said::Row(row)) => Some(Ok(row)),
            Some(Said::Wrong(error)) => {
                self.done = true;
                Some(Err(error))
            }
            Some(Said::End) => {
                self.done = true;
                None
            }
            None => {
                self.done = true;
                Some(Err(CliError::input(
                    "the file could not be read to its end; is it damaged? Save it anew and import it again",
                )))
            }
        }
    }
}

/// Opens a list. `sheet` is one that was asked for.
pub(super) fn open(path: &Path, mapping: &Mapping, sheet: Option<&str>) -> Result<Table, CliError> {
    let fail = |e| CliError::file(path.display(), e);
    let mut file = File::open(path).map_err(fail)?;
    if file.metadata().map_err(fail)?.is_dir() {
        return Err(CliError::input(format!(
            "{} is a directory",
            path.display()
        )));
    }
    let mut look = Look::default();
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer).map_err(fail)?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        look.at(&buffer[..count]);
    }
    file.rewind().map_err(fail)?;
    let digest: [u8; 32] = hash.finalize().into();
    let mut hex = String::with_capacity(64);
    for byte in digest {
        hex.push_str(&format!("{byte:02x}"));
    }
    let digest = hex.parse().map_err(|e| CliError::input(format!("{e}")))?;
    let place = path.to_path_buf();
    if look.head.starts_with(b"PK\x03\x04") {
        let sheet = sheet.or(mapping.sheet.as_deref());
        return xlsx::open(place, file, digest, sheet.map(str::to_owned));
    }
    if look.head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(CliError::input(format!(
            "{} is an old .xls file, or one with a password: open it, and save it as .xlsx or as CSV",
            path.display()
        )));
    }
    if let Some(sheet) = sheet {
        return Err(CliError::usage(format!(
            "--sheet {sheet}: {} is text, and has no sheets",
            path.display()
        )));
    }
    csv::open(place, file, digest, &look, mapping)
}

/// What a first look at the bytes tells.
#[derive(Default)]
pub(super) struct Look {
    head: Vec<u8>,
    length: u64,
    /// Bytes of a character that the last piece broke off.
    rest: Vec<u8>,
    not_utf8: bool,
}

impl Look {
    fn at(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        if self.head.len() < 1 << 16 {
            self.head.extend_from_slice(bytes);
        }
        self.rest.extend_from_slice(bytes);
        let left = match std::str::from_utf8(&self.rest) {
            Ok(_) => 0,
            Err(error) if error.error_len().is_none() => self.rest.len() - error.valid_up_to(),
            Err(_) => {
                self.not_utf8 = true;
                0
            }
        };
        self.rest.drain(..self.rest.len() - left);
    }

    fn is_utf8(&self) -> bool {
        !self.not_utf8 && self.rest.is_empty()
    }
}

/// Runs `read` on a thread of its own; it says rows through the function it is given, which fails when nobody listens.
fn spawn(
    digest: Digest,
    (sheet, remarks, size): (Option<String>, Vec<String>, Size),
    read: impl FnOnce(&mut dyn FnMut(SheetRow) -> bool) -> Result<(), CliError> + Send + 'static,
) -> Table {
    let (said, rows) = mpsc::channel(AHEAD);
    std::thread::spawn(move || {
        let mut say = |row| said.blocking_send(Said::Row(row)).is_ok();
        let end = match read(&mut say) {
            Ok(()) => Said::End,
            Err(error) => Said::Wrong(error),
        };
        // Whoever does not listen any more does not want to know.
        let _ = said.blocking_send(end);
    });
    Table {
        digest,
        sheet,
        remarks,
        size,
        rows,
        done: false,
    }
}

fn named(path: &Path, why: impl std::fmt::Display) -> CliError {
    CliError::input(format!("{}: {why}", path.display()))
}
