//! A promise that entries will be in the log, given with the answer to the change that made them.
//!
//! It is signed before the entries have their places, so that nobody waits for them. A promise that is not kept within
//! [`WITHIN_SECONDS`] is evidence: the log signed that it has what it does not show.

use std::fmt;

use super::note::{NoteError, SignatureError, SignedNote};
use super::{Hash, MAX_SIZE, SigningKey, VerifierKey, decimal, found};
use std::str::FromStr;
use thiserror::Error;

/// The first line of a receipt's text.
pub const HEADER: &str = "takedown-exchange/receipt/v1";

/// How long after the receipt the entries are in the log at the latest (the maximum merge delay of RFC 6962, section 3).
pub const WITHIN_SECONDS: u64 = 60;

/// What is promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Which log.
    pub origin: String,
    /// How many entries.
    pub entries: u64,
    /// The root of the tree over the hashes of their leaves, in the order they were written: of one entry just that hash.
    pub root: Hash,
    /// When, in milliseconds since 1970, by the clock of the exchange.
    pub at_millis: i64,
}

/// A receipt. It is worth nothing before it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReceipt {
    promise: Promise,
    note: SignedNote,
}

/// Why a text is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// Not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not the lines of a receipt.
    #[error("line {line} of the receipt is \"{found}\"; here belongs {wanted}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What it is.
        found: String,
        /// What belongs there.
        wanted: &'static str,
    },
}

const LINES: [&str; 6] = [
    HEADER,
    "the name of the log",
    "\"entries \" and how many",
    "\"root \" and their hash in base64",
    "\"time \" and milliseconds since 1970",
    "\"within 60\"",
];

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{HEADER}\n{}\nentries {}\nroot {}\ntime {}\nwithin {WITHIN_SECONDS}",
            self.origin, self.entries, self.root, self.at_millis
        )
    }
}

impl SignedReceipt {
    /// Promises it. Only what is stored may be promised.
    ///
    /// # Errors
    /// [`NoteError`] when the name of the key cannot stand in a note.
    pub fn sign(
        entries: u64,
        root: Hash,
        at_millis: i64,
        key: &SigningKey,
    ) -> Result<Self, NoteError> {
        let promise = Promise {
            origin: key.verifier().name().as_str().to_owned(),
            entries,
            root,
            at_millis,
        };
        let note = SignedNote::sign(&promise.to_string(), &[key])?;
        Ok(Self { promise, note })
    }

    /// What is promised, if the log with this key signed it.
    ///
    /// # Errors
    /// [`SignatureError`] when it did not.
    pub fn verify(&self, key: &VerifierKey) -> Result<&Promise, SignatureError> {
        self.note.verify([key])?;
        Ok(&self.promise)
    }
}

impl fmt::Display for SignedReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

impl FromStr for SignedReceipt {
    type Err = ReceiptError;

    fn from_str(text: &str) -> Result<Self, ReceiptError> {
        let note: SignedNote = text.parse()?;
        let lines: Vec<&str> = note.text().split_terminator('\n').collect();
        let wrong = |at: usize| ReceiptError::Line {
            line: at + 1,
            found: found(lines.get(at).copied().unwrap_or_default()),
            wanted: LINES[at.min(LINES.len() - 1)],
        };
        let line = |at: usize| lines.get(at).copied().ok_or_else(|| wrong(at));
        let after = |at: usize, word: &str| line(at)?.strip_prefix(word).ok_or_else(|| wrong(at));
        if line(0)? != HEADER {
            return Err(wrong(0));
        }
        let origin = line(1)?.to_owned();
        let entries = decimal(after(2, "entries ")?).ok_or_else(|| wrong(2))?;
        let root = after(3, "root ")?.parse().map_err(|_| wrong(3))?;
        let time = decimal(after(4, "time ")?).ok_or_else(|| wrong(4))?;
        let within = decimal(after(5, "within ")?).ok_or_else(|| wrong(5))?;
        if within != WITHIN_SECONDS || lines.len() != LINES.len() {
            return Err(wrong(lines.len().min(5)));
        }
        let at_millis = i64::try_from(time.min(MAX_SIZE)).map_err(|_| wrong(4))?;
        let promise = Promise {
            origin,
            entries,
            root,
            at_millis,
        };
        Ok(Self { promise, note })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::note::{KeyName, SignatureType};
    use super::*;

    fn key(name: &str, seed: u8) -> SigningKey {
        let name: KeyName = name.parse().unwrap();
        SigningKey::from_seed(name, SignatureType::Ed25519, &[seed; 32]).unwrap()
    }

    #[test]
    fn a_receipt_says_what_is_promised_and_by_whom() {
        let key_of_log = key("takedown.example/log", 1);
        let root = Hash::leaf(b"entry");
        let receipt = SignedReceipt::sign(1, root, 1_700_000_000_123, &key_of_log).unwrap();
        let read: SignedReceipt = receipt.to_string().parse().unwrap();
        assert_eq!(read, receipt);
        let promise = read.verify(key_of_log.verifier()).unwrap();
        assert_eq!((promise.entries, promise.root), (1, root));
        assert!(
            read.verify(key("takedown.example/log", 2).verifier())
                .is_err()
        );
        assert!(read.verify(key("other.example/log", 1).verifier()).is_err());
    }

    #[test]
    fn what_was_changed_is_noticed_or_named() {
        let key = key("takedown.example/log", 1);
        let text = SignedReceipt::sign(2, Hash::EMPTY, 5, &key)
            .unwrap()
            .to_string();
        let changed: SignedReceipt = text.replace("entries 2", "entries 3").parse().unwrap();
        assert!(changed.verify(key.verifier()).is_err());
        let named = |from: &str, to: &str| {
            let wrong = text.replace(from, to).parse::<SignedReceipt>();
            wrong.unwrap_err().to_string()
        };
        assert!(named("receipt/v1", "receipt/v2").starts_with("line 1 "));
        assert!(named("entries 2", "entries two").starts_with("line 3 "));
        assert!(named("within 60", "within 61").starts_with("line 6 "));
        assert!(named("within 60", "within 60\nmore").starts_with("line 6 "));
    }
}
