//! JSON Lines, written straight into the chunk.

use std::io::Write as _;

use takedown_core::export::Value;

use super::instant::write_instant;

/// Writes a row as a JSON object on a line of its own. Locators and texts come out exactly as they were filed.
pub(super) struct Lines {
    /// What stands before each value: `{"a":` for the first, `,"b":` for the others.
    names: Vec<Vec<u8>>,
    chunk: Vec<u8>,
}

impl Lines {
    pub(super) fn new(names: impl Iterator<Item = &'static str>) -> Self {
        let opening = std::iter::once('{').chain(std::iter::repeat(','));
        let names = opening
            .zip(names)
            .map(|(sign, name)| format!("{sign}\"{name}\":").into_bytes())
            .collect();
        Self {
            names,
            chunk: Vec::new(),
        }
    }

    /// A row: a value for each name.
    pub(super) fn write<'v>(&mut self, values: impl Iterator<Item = Value<'v>>) {
        for (before, value) in self.names.iter().zip(values) {
            self.chunk.extend_from_slice(before);
            write_value(&mut self.chunk, value);
        }
        self.chunk.extend_from_slice(b"}\n");
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

fn write_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Text(text) => write_text(out, text),
        Value::Number(number) => write_number(out, number),
        Value::Flag(true) => out.extend_from_slice(b"true"),
        Value::Flag(false) => out.extend_from_slice(b"false"),
        Value::Instant(at) => {
            out.push(b'"');
            write_instant(out, at);
            out.push(b'"');
        }
        Value::Day(day) => {
            // Writing to a vector cannot fail.
            let _ = write!(out, "\"{day}\"");
        }
        Value::List(texts) => {
            out.push(b'[');
            for (position, text) in texts.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write_text(out, text);
            }
            out.push(b']');
        }
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    // Without an early end the compiler looks at many bytes at once; most texts need no escape.
    let plain = text.bytes().fold(true, |plain, byte| {
        plain & (byte >= 0x20) & (byte != b'"') & (byte != b'\\')
    });
    out.push(b'"');
    if plain {
        out.extend_from_slice(text.as_bytes());
    } else {
        escape(out, text.as_bytes());
    }
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, text: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut rest = text;
    while let Some(found) = rest
        .iter()
        .position(|byte| matches!(byte, 0..=0x1f | b'"' | b'\\'))
    {
        let (plain, from) = rest.split_at(found);
        out.extend_from_slice(plain);
        match from[0] {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            sign @ (b'"' | b'\\') => out.extend_from_slice(&[b'\\', sign]),
            control => out.extend_from_slice(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                HEX[usize::from(control >> 4)],
                HEX[usize::from(control & 15)],
            ]),
        }
        rest = &from[1..];
    }
    out.extend_from_slice(rest);
}

/// Appends a number in decimal.
pub(super) fn write_number(out: &mut Vec<u8>, number: i64) {
    match u8::try_from(number) {
        Ok(digit @ 0..=9) => out.push(b'0' + digit),
        _ => out.extend_from_slice(number.to_string().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use takedown_core::time::{from_millis, rfc3339};

    use super::*;

    fn read(value: Value<'_>) -> serde_json::Value {
        let mut out = Vec::new();
        write_value(&mut out, value);
        assert!(!out.contains(&b'\n'), "a value stays on its line");
        serde_json::from_slice(&out).unwrap()
    }

    proptest! {
        #[test]
        fn every_text_comes_back(
            text in prop_oneof![any::<String>(), "[\\x00-\\x22\\\\a\u{2028}]{0,40}"],
            number in any::<i64>(),
        ) {
            prop_assert_eq!(read(Value::Text(&text)), serde_json::json!(text));
            prop_assert_eq!(read(Value::Number(number)), serde_json::json!(number));
            let list = [text.clone(), String::new(), text];
            prop_assert_eq!(read(Value::List(&list)), serde_json::json!(list));
        }
    }

    #[test]
    fn the_other_values() {
        assert_eq!(read(Value::Null), serde_json::Value::Null);
        assert_eq!(read(Value::Flag(true)), true);
        assert_eq!(read(Value::Flag(false)), false);
        assert_eq!(read(Value::List(&[])), serde_json::json!([]));
        let at = from_millis(1_700_000_000_123).unwrap();
        assert_eq!(read(Value::Instant(at)), rfc3339(at));
    }
}
