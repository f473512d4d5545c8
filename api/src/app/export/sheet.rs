//! CSV (RFC 4180) for spreadsheets, written straight into the chunk.
//!
//! Ours rather than a library's: the few lines below cannot fail and write into the chunk itself. The tests read them
//! back with a library.

use std::io::Write as _;

use takedown_core::export::{Value, csv_cell};

use super::instant::write_instant;
use super::lines::write_number;

/// Writes a row as a record. No cell can act as a formula.
pub(super) struct Sheet {
    names: Vec<&'static str>,
    chunk: Vec<u8>,
}

impl Sheet {
    pub(super) fn new(names: impl Iterator<Item = &'static str>) -> Self {
        Self {
            names: names.collect(),
            chunk: Vec::new(),
        }
    }

    /// The record of the names.
    pub(super) fn heading(&self) -> Vec<u8> {
        (self.names.join(",") + "\r\n").into_bytes()
    }

    /// A row: a value for each name.
    pub(super) fn write<'v>(&mut self, values: impl Iterator<Item = Value<'v>>) {
        for (position, value) in values.enumerate() {
            if position > 0 {
                self.chunk.push(b',');
            }
            write_cell(&mut self.chunk, value);
        }
        self.chunk.extend_from_slice(b"\r\n");
    }

    pub(super) fn len(&self) -> usize {
        self.chunk.len()
    }

    pub(super) fn clear(&mut self) {
        self.chunk.clear();
    }

    /// The chunk; the next one is made as large from the beginning.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let next = Vec::with_capacity(self.chunk.capacity());
        std::mem::replace(&mut self.chunk, next)
    }
}

fn write_cell(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Null => {}
        Value::Text(text) => write_text(out, text),
        Value::Number(number) => write_number(out, number),
        Value::Flag(true) => out.extend_from_slice(b"true"),
        Value::Flag(false) => out.extend_from_slice(b"false"),
        Value::Instant(at) => write_instant(out, at),
        Value::Day(day) => {
            // Writing to a vector cannot fail.
            let _ = write!(out, "{day}");
        }
        Value::List([]) => {}
        Value::List([only]) => write_text(out, only),
        Value::List(texts) => write_text(out, &texts.join(" ")),
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    let text = csv_cell(text);
    let bytes = text.as_bytes();
    let plain = bytes.iter().fold(true, |plain, byte| {
        plain & (*byte != b'"') & (*byte != b',') & (*byte != b'\r') & (*byte != b'\n')
    });
    if plain {
        return out.extend_from_slice(bytes);
    }
    out.push(b'"');
    for byte in bytes {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    /// One record of these cells and a number, as a library reads it.
    fn read(texts: &[String]) -> Vec<String> {
        let mut out = Vec::new();
        for text in texts {
            write_cell(&mut out, Value::Text(text));
            out.push(b',');
        }
        write_cell(&mut out, Value::Number(-7));
        out.extend_from_slice(b"\r\n");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(out.as_slice());
        let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(records.len(), 1);
        records[0].iter().map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn a_library_reads_every_cell_back_disarmed(
            texts in prop::collection::vec(prop_oneof![any::<String>(), "[ =@,\"\\r\\n\\ta]{0,9}"], 1..5),
        ) {
            let cells = read(&texts);
            prop_assert_eq!(cells.len(), texts.len() + 1);
            for (cell, text) in cells.iter().zip(&texts) {
                prop_assert_eq!(cell, &*csv_cell(text));
            }
            prop_assert_eq!(&cells[texts.len()], "-7");
        }
    }

    #[test]
    fn lists_and_nothing() {
        let cell = |value: Value<'_>| {
            let mut out = Vec::new();
            write_cell(&mut out, value);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(cell(Value::Null), "");
        assert_eq!(cell(Value::List(&[])), "");
        assert_eq!(cell(Value::List(&["tco:a".into(), "x".into()])), "tco:a x");
        assert_eq!(cell(Value::List(&["=1".into(), "x".into()])), "'=1 x");
        assert_eq!(cell(Value::Flag(true)), "true");
    }
}
