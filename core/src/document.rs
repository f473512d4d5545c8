//! Documents that go with a message: orders, letters and court decisions as PDF.
//!
//! A document is checked on its bytes alone: that it says at its first byte what it is, that it has an end, and that it
//! is not encrypted. It is never parsed further, on purpose. A parser of hostile files is more to attack than it would
//! protect: nothing is rendered here, no text is taken out of it, and what lies inside is between the two sides, who
//! get exactly these bytes, as a download, with their SHA-256 digest.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::text::{acts_unseen, visible};

/// The largest document, in bytes: 5 MiB.
pub const MAX_BYTES: usize = 5 << 20;

/// Longest name, in characters.
pub const MAX_NAME: usize = 100;

/// How far from the end readers of PDF look for its trailer, in bytes.
const TAIL: usize = 1024;

/// Why bytes are not taken as a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotTaken {
    /// More bytes than a document has.
    #[error("it has {bytes} bytes; a document has at most {MAX_BYTES}")]
    TooLarge {
        /// Bytes given.
        bytes: usize,
    },
    /// Something else, or a PDF with something in front of it: a file that is two things at once is refused.
    #[error(
        "it is no PDF: one begins, at its very first byte, with %PDF- and its version (ISO 32000-2, 7.5.2)"
    )]
    NoHeader,
    /// Cut off, or never a whole file.
    #[error(
        "it is no whole PDF: within its last 1,024 bytes one has startxref and, after that, %%EOF (ISO 32000-2, 7.5.5)"
    )]
    NoEnd,
    /// Needs a password, or carries a protection that a reader has to obey.
    #[error(
        "it is encrypted: it has an /Encrypt entry (ISO 32000-2, 7.6); send it without password and protection, so that whoever gets it can read and keep it"
    )]
    Encrypted,
}

impl NotTaken {
    /// The rule that is broken, as a code.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "document.size",
            Self::NoHeader => "document.header",
            Self::NoEnd => "document.end",
            Self::Encrypted => "document.encrypted",
        }
    }
}

/// Checks that bytes can be taken as a document.
///
/// # Errors
/// [`NotTaken`], the first rule that is broken.
pub fn check(bytes: &[u8]) -> Result<(), NotTaken> {
    if bytes.len() > MAX_BYTES {
        return Err(NotTaken::TooLarge { bytes: bytes.len() });
    }
    match bytes.strip_prefix(b"%PDF-") {
        Some([major, b'.', minor, ..]) if major.is_ascii_digit() && minor.is_ascii_digit() => {}
        _ => return Err(NotTaken::NoHeader),
    }
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let start = last(tail, b"startxref").ok_or(NotTaken::NoEnd)?;
    last(&tail[start..], b"%%EOF").ok_or(NotTaken::NoEnd)?;
    if has_name(bytes, b"Encrypt") {
        return Err(NotTaken::Encrypted);
    }
    Ok(())
}

/// Where a word begins for the last time.
fn last(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}

/// Whether a PDF name stands anywhere. The trailer, and the dictionary of a stream that takes its place, are never
/// compressed, so an entry that every reader finds is found here too.
fn has_name(bytes: &[u8], name: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'/') {
        rest = &rest[at + 1..];
        if is_name(rest, name) {
            return true;
        }
    }
    false
}

/// Whether this name stands at the beginning; any of its characters may be written `#xx` (ISO 32000-2, 7.3.5).
fn is_name(mut bytes: &[u8], name: &[u8]) -> bool {
    for wanted in name {
        let (found, rest) = match bytes {
            [b'#', high, low, rest @ ..] => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, rest),
                _ => return false,
            },
            [byte, rest @ ..] => (*byte, rest),
            [] => return false,
        };
        if found != *wanted {
            return false;
        }
        bytes = rest;
    }
    bytes.first().is_none_or(|byte| ends_name(*byte))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// White space and delimiters (ISO 32000-2, 7.2.3).
fn ends_name(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ') || b"()<>[]{}/%".contains(&byte)
}

/// What a document is called: one to a hundred characters that end in `.pdf`, without path separators and without
/// characters that act unseen, so that the name can be shown, and saved under, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// A text that is no name of a document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// Too long.
    #[error("the name has {0} characters; it takes at most {MAX_NAME}")]
    TooLong(usize),
    /// Another kind of file, or nothing before the ending.
    #[error("the name ends in .pdf and has something before that, for instance order.pdf")]
    Ending,
    /// A separator of paths on some system.
    #[error("the name holds {0:?}; it is the name of a file, without a folder")]
    Separator(char),
    /// A control, bidirectional or invisible character.
    #[error("the name holds {0}, which is not seen but changes what is")]
    Unseen(String),
}

impl Name {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let chars = text.chars().count();
        if chars > MAX_NAME {
            return Err(NameError::TooLong(chars));
        }
        for c in text.chars() {
            if matches!(c, '/' | '\\' | ':') {
                return Err(NameError::Separator(c));
            }
            if acts_unseen(c) {
                return Err(NameError::Unseen(visible(&c.to_string()).into_owned()));
            }
        }
        let stem = text
            .len()
            .checked_sub(4)
            .and_then(|at| text.split_at_checked(at));
        match stem {
            Some((stem, ending))
                if ending.eq_ignore_ascii_case(".pdf") && !stem.trim().is_empty() =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(NameError::Ending),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    const END: &str = "\nstartxref\n9\n%%EOF\n";

    fn pdf(body: &str) -> Vec<u8> {
        format!("%PDF-1.7\n{body}{END}").into_bytes()
    }

    #[test]
    fn a_whole_open_pdf_is_taken() {
        assert_eq!(check(&pdf("1 0 obj << /Type /Catalog >> endobj")), Ok(()));
        assert_eq!(check(&pdf("<< /EncryptMetadata true >>")), Ok(()));
        assert_eq!(check(&pdf("(the word Encrypt)")), Ok(()));
        let largest = pdf(&" ".repeat(MAX_BYTES - pdf("").len()));
        assert_eq!((largest.len(), check(&largest)), (MAX_BYTES, Ok(())));
    }

    #[test]
    fn what_is_none_is_refused_by_the_rule_it_breaks() {
        let mut large = pdf("");
        large.resize(MAX_BYTES + 1, b' ');
        let far = [pdf(""), vec![b' '; TAIL]].concat();
        let (behind, swapped) = (" %PDF-1.7 startxref 9 %%EOF", "%PDF-1.7 %%EOF startxref");
        for (bytes, rule) in [
            (large.as_slice(), "document.size"),
            (b"", "document.header"),
            (b"%PDF-", "document.header"),
            (
                b"<!DOCTYPE html><title>order.pdf</title>",
                "document.header",
            ),
            (b"PK\x03\x04", "document.header"),
            (behind.as_bytes(), "document.header"),
            (b"%PDF-1.7\n%%EOF", "document.end"),
            (b"%PDF-1.7\nstartxref\n9\n", "document.end"),
            (swapped.as_bytes(), "document.end"),
            (&far, "document.end"),
            (&pdf("trailer << /Encrypt 5 0 R >>"), "document.encrypted"),
            (&pdf("trailer <</Encrypt<</V 4>>>>"), "document.encrypted"),
            (&pdf("<< /#45ncr#79pt 5 0 R >>"), "document.encrypted"),
        ] {
            let refused = check(bytes).unwrap_err();
            assert_eq!(refused.rule(), rule, "{refused}");
        }
    }

    #[test]
    fn a_name_is_the_name_of_a_file() {
        for good in ["order.pdf", "Beschluss 12 Ps 3.26.PDF", "أمر.pdf", "a.pdf"] {
            assert_eq!(good.parse::<Name>().unwrap().as_str(), good);
        }
        let said = |name: &str| name.parse::<Name>().unwrap_err().to_string();
        for other in ["", "pdf", ".pdf", " .pdf", "order.pdf.exe", "order"] {
            assert!(said(other).contains("ends in .pdf"), "{other}");
        }
        for path in ["../order.pdf", "..\\order.pdf", "c:order.pdf"] {
            assert!(said(path).contains("without a folder"), "{path}");
        }
        assert!(said("a\u{202e}fdp.pdf").contains("<U+202E>"));
        assert!(said("a\r\nb.pdf").contains("<U+000D>"));
        assert!(said(&format!("{}.pdf", "a".repeat(97))).contains("101 characters"));
    }

    proptest! {
        #[test]
        fn whatever_is_taken_says_so_at_both_ends(bytes in prop::collection::vec(any::<u8>(), 0..300), whole in any::<bool>()) {
            let bytes = if whole { [b"%PDF-1.4\n", bytes.as_slice(), END.as_bytes()].concat() } else { bytes };
            if check(&bytes).is_ok() {
                prop_assert!(bytes.starts_with(b"%PDF-"));
                prop_assert!(last(&bytes, b"%%EOF") > last(&bytes, b"startxref"));
                prop_assert!(!has_name(&bytes, b"Encrypt"));
            }
        }

        #[test]
        fn an_encrypt_entry_is_found_wherever_it_stands_and_however_it_is_written(
            before in prop::collection::vec(any::<u8>(), 0..100),
            after in prop::collection::vec(any::<u8>(), 0..100),
            escaped in prop::collection::vec(any::<bool>(), 7),
        ) {
            let mut name = String::from("/");
            for (c, escaped) in "Encrypt".chars().zip(escaped) {
                name += &if escaped { format!("#{:02x}", u32::from(c)) } else { c.to_string() };
            }
            let bytes = [b"%PDF-2.0 ", before.as_slice(), name.as_bytes(), b" ", &after, END.as_bytes()].concat();
            prop_assert_eq!(check(&bytes), Err(NotTaken::Encrypted));
        }

        #[test]
        fn a_name_can_be_saved_under_and_shown(text in "\\PC{0,20}(\\.pdf)?") {
            if let Ok(name) = text.parse::<Name>() {
                prop_assert_eq!(visible(name.as_str()), name.as_str());
                prop_assert!(!name.as_str().contains(['/', '\\', ':', '\0', '\n']));
            }
        }
    }
}
