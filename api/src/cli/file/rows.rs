//! Where filings come from: flags, JSON, one JSON a line, foreign forms. Lines are read as they are needed, so that a
//! file of any size is filed in the same memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde_json::value::RawValue;

use super::CliError;
use super::notices::{Mapping, Notice};
use crate::client::wire::Filing;

/// One filing before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What a person finds it by: `line 12`, `line 12 (Country/2016/x.md)`.
    pub(super) label: String,
    /// Line or place in the array, from 1; 0 when there is only this one.
    pub(super) line: u64,
    /// The filing as JSON, exactly as given, or why there is none.
    pub(super) filing: Result<String, String>,
    /// How far the input was read when this row ended.
    pub(super) read: u64,
}

/// Size of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Bytes(u64),
    Filings(u64),
    Unknown,
}

/// Filings in order.
pub(super) struct Source {
    pub(super) rows: Box<dyn Iterator<Item = Result<Row, CliError>>>,
    /// Size of the input, in the unit of [`Row::read`].
    pub(super) size: Size,
    /// Whether there can be more than one.
    pub(super) many: bool,
}

/// One filing from flags.
pub(super) fn single(filing: Filing) -> Source {
    let row = encode(&filing).map(|json| Row {
        label: "the filing".into(),
        line: 0,
        filing: Ok(json),
        read: 0,
    });
    Source {
        rows: Box::new(std::iter::once(row)),
        size: Size::Filings(1),
        many: false,
    }
}

/// A JSON file: one filing, or an array of them.
pub(super) fn json(path: &Path) -> Result<Source, CliError> {
    let place = path.display().to_string();
    let mut text = String::new();
    open(path)?
        .0
        .read_to_string(&mut text)
        .map_err(|e| CliError::file(&place, e))?;
    let text = text.trim_start_matches('\u{feff}');
    let wrong = |e: serde_json::Error| CliError::input(format!("{place}: {e}"));
    let array = text.trim_start().starts_with('[');
    let filings: Vec<Box<RawValue>> = if array {
        serde_json::from_str(text).map_err(wrong)?
    } else {
        vec![serde_json::from_str(text).map_err(wrong)?]
    };
    let size = Size::Filings(filings.len() as u64);
    let rows = filings.into_iter().zip(1..).map(move |(filing, line)| {
        Ok(Row {
            label: if array {
                format!("filing {line}")
            } else {
                "the filing".into()
            },
            line,
            filing: object(filing.get()),
            read: line,
        })
    });
    Ok(Source {
        rows: Box::new(rows),
        size,
        many: array,
    })
}

/// One filing a line.
pub(super) fn ndjson(path: &Path) -> Result<Source, CliError> {
    let (reader, size) = open(path)?;
    let rows = lines(reader, path).map(|line| {
        line.map(|(line, text, read)| Row {
            label: format!("line {line}"),
            line,
            filing: text.and_then(|text| object(&text)),
            read,
        })
    });
    Ok(Source {
        rows: Box::new(rows),
        size,
        many: true,
    })
}

/// One public government notice a line; a notice can become several filings.
pub(super) fn notices(path: &Path, mapping: Mapping) -> Result<Source, CliError> {
    let (reader, size) = open(path)?;
    let rows = lines(reader, path).flat_map(move |line| match line {
        Err(error) => vec![Err(error)],
        Ok((line, text, read)) => {
            let row = |label: String, filing| Row {
                label,
                line,
                filing,
                read,
            };
            let notice = text.and_then(|text| {
                serde_json::from_str::<Notice>(&text).map_err(|e| format!("not a notice: {e}"))
            });
            match notice {
                Err(why) => vec![Ok(row(format!("line {line}"), Err(why)))],
                Ok(notice) => {
                    let label = format!("line {line} ({})", notice.source);
                    match mapping.filings(&notice) {
                        Err(why) => vec![Ok(row(label, Err(why)))],
                        Ok(filings) => filings
                            .iter()
                            .map(|filing| encode(filing).map(|json| row(label.clone(), Ok(json))))
                            .collect(),
                    }
                }
            }
        }
    });
    Ok(Source {
        rows: Box::new(rows),
        size,
        many: true,
    })
}

fn encode(filing: &Filing) -> Result<String, CliError> {
    serde_json::to_string(filing).map_err(|e| CliError::input(e.to_string()))
}

/// The row itself, once it is known to be a JSON object: anything else would spoil the batch it travels in.
fn object(text: &str) -> Result<String, String> {
    let text = text.trim();
    match serde_json::from_str::<&RawValue>(text) {
        Err(e) => Err(format!("not JSON: {e}")),
        Ok(_) if !text.starts_with('{') => Err("not a JSON object".into()),
        Ok(_) => Ok(text.to_owned()),
    }
}

/// Line number, text or why it is none, bytes read so far.
type Line = (u64, Result<String, String>, u64);

/// Lines that are not blank.
fn lines(
    mut reader: Box<dyn BufRead>,
    path: &Path,
) -> impl Iterator<Item = Result<Line, CliError>> + use<> {
    let place = path.display().to_string();
    let (mut number, mut read) = (0u64, 0u64);
    std::iter::from_fn(move || {
        loop {
            let mut bytes = Vec::new();
            match reader.read_until(b'\n', &mut bytes) {
                Err(e) => return Some(Err(CliError::file(&place, e))),
                Ok(0) => return None,
                Ok(count) => {
                    number += 1;
                    read += count as u64;
                    let text = String::from_utf8(bytes)
                        .map(|text| text.trim_start_matches('\u{feff}').to_owned())
                        .map_err(|_| "not UTF-8".to_owned());
                    if text.as_deref().is_ok_and(|text| text.trim().is_empty()) {
                        continue;
                    }
                    return Some(Ok((number, text, read)));
                }
            }
        }
    })
}

/// Opens a file, or standard input for `-`; with its size when it is known.
pub(super) fn open(path: &Path) -> Result<(Box<dyn BufRead>, Size), CliError> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(io::stdin())), Size::Unknown));
    }
    let fail = |e| CliError::file(path.display(), e);
    let file = File::open(path).map_err(fail)?;
    let data = file.metadata().map_err(fail)?;
    if data.is_dir() {
        return Err(CliError::input(format!(
            "{} is a directory",
            path.display()
        )));
    }
    let size = if data.is_file() {
        Size::Bytes(data.len())
    } else {
        Size::Unknown
    };
    Ok((Box::new(BufReader::new(file)), size))
}
