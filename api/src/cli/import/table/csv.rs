//! CSV as spreadsheets write it (RFC 4180, with other separators and line ends).
//!
//! Ours rather than a library's: rows are counted as a spreadsheet shows them, blank ones included, and a quotation mark that
//! never ends is found in its row instead of taking the rest of the file into one cell.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use takedown_core::history::Digest;

use super::chars::{Chars, encoding};
use super::{Cell, Look, MAX_CELL, MAX_COLUMNS, SheetRow, Size, Table, named, spawn};
use crate::cli::CliError;
use crate::cli::import::mapping::Mapping;

/// What separates cells, by how common it is.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// Opens a text file.
pub(super) fn open(
    path: PathBuf,
    file: File,
    digest: Digest,
    look: &Look,
    mapping: &Mapping,
) -> Result<Table, CliError> {
    let (encoding, why) = encoding(look, mapping.encoding);
    let mut head = Chars::new(look.head.as_slice(), encoding);
    let delimiter = match mapping.delimiter {
        Some(delimiter) => delimiter,
        None => delimiter(&mut head).map_err(|e| CliError::file(path.display(), e))?,
    };
    let shown = match delimiter {
        '\t' => "tab".to_owned(),
        sign => format!("{sign:?}"),
    };
    let remark = format!(
        "read as {} ({why}), cells separated by {shown}",
        encoding.name()
    );
    let size = Size::Bytes(look.length);
    Ok(spawn(digest, (None, vec![remark], size), move |say| {
        let mut rows = Rows {
            chars: Chars::new(BufReader::new(file), encoding),
            delimiter,
            number: 0,
        };
        while let Some(row) = rows.next().map_err(|why| match why {
            Wrong::Input(e) => CliError::file(path.display(), e),
            Wrong::Text(why) => named(&path, why),
        })? {
            if row.cells.iter().any(|cell| *cell != Cell::Empty) && !say(row) {
                return Ok(());
            }
        }
        if rows.chars.broken {
            let name = encoding.name();
            return Err(named(
                &path,
                format!("some of it is not {name}; set `encoding` in the mapping"),
            ));
        }
        Ok(())
    }))
}

/// The sign that the first line has most often outside quotation marks; `sep=;` says it itself.
fn delimiter(head: &mut Chars<impl Read>) -> std::io::Result<char> {
    let mut line = String::new();
    let mut quoted = false;
    while let Some(sign) = head.next()? {
        match sign {
            '"' => quoted = !quoted,
            // Blank lines before the headings.
            '\n' | '\r' if !quoted && line.trim().is_empty() => {}
            '\n' | '\r' if !quoted => break,
            _ if !quoted => line.push(sign),
            _ => {}
        }
    }
    if let Some(said) = line
        .strip_prefix("sep=")
        .and_then(|rest| rest.chars().next())
    {
        return Ok(said);
    }
    let count = |sign: &char| line.matches(*sign).count();
    let most = DELIMITERS.iter().map(count).max().unwrap_or(0);
    let found = DELIMITERS
        .iter()
        .find(|sign| most > 0 && count(sign) == most);
    Ok(found.copied().unwrap_or(','))
}

enum Wrong {
    Input(std::io::Error),
    Text(String),
}

impl From<std::io::Error> for Wrong {
    fn from(error: std::io::Error) -> Self {
        Self::Input(error)
    }
}

struct Rows<R> {
    chars: Chars<R>,
    delimiter: char,
    number: u32,
}

impl<R: Read> Rows<R> {
    /// The next row, blank or not.
    fn next(&mut self) -> Result<Option<SheetRow>, Wrong> {
        if self.chars.peek()?.is_none() {
            return Ok(None);
        }
        self.number += 1;
        let mut cells = Vec::new();
        loop {
            let (text, more) = self.cell()?;
            if cells.len() == MAX_COLUMNS {
                return Err(Wrong::Text(format!(
                    "row {} has more than {MAX_COLUMNS} cells",
                    self.number
                )));
            }
            cells.push(if text.trim().is_empty() {
                Cell::Empty
            } else {
                Cell::Text(text)
            });
            if !more {
                break;
            }
        }
        if self.number == 1
            && matches!(cells.as_slice(), [Cell::Text(only), ..] if only.starts_with("sep="))
        {
            cells.clear();
        }
        Ok(Some(SheetRow {
            number: self.number,
            cells,
            read: self.chars.read,
        }))
    }

    /// A cell, and whether another one follows in the row.
    fn cell(&mut self) -> Result<(String, bool), Wrong> {
        let mut text = String::new();
        let mut count = 0;
        let mut quoted = false;
        if self.chars.peek()? == Some('"') {
            self.chars.next()?;
            quoted = true;
        }
        while let Some(sign) = self.chars.next()? {
            if quoted {
                if sign != '"' {
                    text.push(sign);
                } else if self.chars.peek()? == Some('"') {
                    self.chars.next()?;
                    text.push('"');
                } else {
                    quoted = false;
                }
            } else if sign == self.delimiter {
                return Ok((text, true));
            } else if sign == '\n' {
                return Ok((text, false));
            } else if sign == '\r' {
                if self.chars.peek()? == Some('\n') {
                    self.chars.next()?;
                }
                return Ok((text, false));
            } else {
                text.push(sign);
            }
            count += 1;
            if count > MAX_CELL {
                return Err(Wrong::Text(format!(
                    "row {}: a cell has more than {MAX_CELL} characters; does a quotation mark in it never end? What comes after it was not read",
                    self.number
                )));
            }
        }
        if quoted {
            return Err(Wrong::Text(format!(
                "row {}: a quotation mark never ends; what comes after it was not read",
                self.number
            )));
        }
        Ok((text, false))
    }
}
