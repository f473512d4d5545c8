//! A writer through which no log line can be forged: whatever would end a line, move the cursor or turn the direction
//! of reading is written out.

use std::fmt::Write as _;
use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;

/// How a dangerous character is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As `<U+202E>`.
    Text,
    /// As `\u202e`; what JSON itself must escape is escaped already, and such characters occur in strings only.
    Json,
}

pub(super) struct Escaping<M> {
    inner: M,
    style: Style,
}

impl<M> Escaping<M> {
    pub(super) fn new(inner: M, style: Style) -> Self {
        Self { inner, style }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Escaping<M> {
    type Writer = EscapingWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        EscapingWriter {
            inner: self.inner.make_writer(),
            style: self.style,
        }
    }
}

pub(super) struct EscapingWriter<W> {
    inner: W,
    style: Style,
}

impl<W: Write> Write for EscapingWriter<W> {
    /// The subscriber hands over one whole event at a time, with one line feed at its end.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = text.strip_suffix('\n').unwrap_or(&text);
        if line.chars().any(is_dangerous) {
            let mut escaped = escape(line, self.style);
            escaped.push('\n');
            self.inner.write_all(escaped.as_bytes())?;
        } else {
            self.inner.write_all(event)?;
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Control characters of both sets, and the characters that reorder, hide or break lines (Unicode TR 36).
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

fn escape(line: &str, style: Style) -> String {
    let mut out = String::with_capacity(line.len() + 16);
    for character in line.chars() {
        if is_dangerous(character) {
            let code = u32::from(character);
            let _ = match style {
                Style::Text => write!(out, "<U+{code:04X}>"),
                Style::Json => write!(out, "\\u{code:04x}"),
            };
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(style: Style, event: &str) -> String {
        let mut writer = EscapingWriter {
            inner: Vec::new(),
            style,
        };
        writer.write_all(event.as_bytes()).unwrap();
        String::from_utf8(writer.inner).unwrap()
    }

    #[test]
    fn an_event_stays_one_line_and_reads_as_it_is() {
        assert_eq!(
            written(Style::Text, "a\nINFO forged\r\u{202e}txt\u{1b}[2J\u{85}\n"),
            "a<U+000A>INFO forged<U+000D><U+202E>txt<U+001B>[2J<U+0085>\n"
        );
        let json = written(Style::Json, "{\"m\":\"a\u{202e}\u{2028}\u{9b}b\"}\n");
        assert_eq!(json, "{\"m\":\"a\\u202e\\u2028\\u009bb\"}\n");
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["m"], "a\u{202e}\u{2028}\u{9b}b");
        assert_eq!(written(Style::Text, "عربي żółć\n"), "عربي żółć\n");
    }
}
