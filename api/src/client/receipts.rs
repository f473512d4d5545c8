//! The book of receipts: what the exchange promised with each change, one JSON object a line in a file that only grows.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use takedown_core::time::rfc3339;

use super::header;

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// When the answer came, by the clock of this machine.
    pub at: String,
    /// The exchange.
    pub server: String,
    /// What was called, such as `POST /v1/requests`.
    pub call: String,
    /// The receipt as it came: base64 of a signed text.
    pub receipt: String,
    /// The entries it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<String>,
    /// Of many entries: by what their names can be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
}

impl Promised {
    /// What an answer promises, if it does.
    pub(super) fn of(server: &str, call: String, headers: &HeaderMap) -> Option<Self> {
        let entries = header(headers, "takedown-entries").unwrap_or_default();
        Some(Self {
            at: rfc3339(chrono::Utc::now()),
            server: server.to_owned(),
            call,
            receipt: header(headers, "takedown-receipt")?,
            entries: entries
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            root: header(headers, "takedown-receipt-root"),
        })
    }
}

/// Where receipts are kept.
#[derive(Debug, Clone)]
pub struct Book(PathBuf);

impl Book {
    /// The book in this file, which is made with its first receipt.
    #[must_use]
    pub const fn at(place: PathBuf) -> Self {
        Self(place)
    }

    /// Its file.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.0
    }

    /// Adds a receipt, and waits until it is on the disk.
    ///
    /// # Errors
    /// Those of the file.
    pub fn keep(&self, promised: &Promised) -> io::Result<()> {
        append(&self.0, &serde_json::to_string(promised)?)
    }

    /// Every receipt, in the order in which they came. One that came twice, because an answer was given again, is there once.
    ///
    /// # Errors
    /// Those of the file, and the number of the first line that is no receipt.
    pub fn read(&self) -> io::Result<Vec<Promised>> {
        let mut seen = std::collections::HashSet::new();
        let all: Vec<Promised> = lines(&self.0)?;
        Ok(all
            .into_iter()
            .filter(|one| seen.insert(one.receipt.clone()))
            .collect())
    }
}

/// Adds a line to a file that only its owner reads, and waits until it is on the disk.
///
/// # Errors
/// Those of the file.
pub fn append(place: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = place.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(place)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}

/// The lines of such a file; none while it is not there.
///
/// # Errors
/// Those of the file, and the number of the first line that cannot be read.
pub fn lines<T: serde::de::DeserializeOwned>(place: &Path) -> io::Result<Vec<T>> {
    let text = match std::fs::read_to_string(place) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let lines = text.lines().zip(1..);
    lines
        .filter(|(line, _)| !line.trim().is_empty())
        .map(|(line, number)| {
            serde_json::from_str(line)
                .map_err(|why| io::Error::other(format!("line {number}: {why}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = of.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        pairs.collect()
    }

    #[test]
    fn an_answer_with_a_receipt_is_kept_once_with_the_names_it_gives() {
        let call = || "POST /v1/requests".to_owned();
        let of = |headers| Promised::of("https://exchange.example/", call(), &headers);
        assert_eq!(of(headers(&[("takedown-entries", "evt_1")])), None);
        let two = headers(&[
            ("takedown-receipt", "cg=="),
            ("takedown-entries", "evt_1, evt_2"),
        ]);
        let two = of(two).unwrap();
        assert_eq!(two.entries, ["evt_1", "evt_2"]);
        let many = headers(&[
            ("takedown-receipt", "bQ=="),
            ("takedown-receipt-root", "ab"),
        ]);
        let many = of(many).unwrap();
        assert_eq!((many.entries.len(), many.root.as_deref()), (0, Some("ab")));

        let folder = std::env::temp_dir().join(format!("takedown-book-{}", uuid::Uuid::now_v7()));
        let book = Book::at(folder.join("deeper/receipts.jsonl"));
        assert_eq!(book.read().unwrap(), []);
        for promised in [&two, &many, &two] {
            book.keep(promised).unwrap();
        }
        assert_eq!(book.read().unwrap(), [two, many]);
        append(book.place(), "{").unwrap();
        let why = book.read().unwrap_err().to_string();
        assert!(why.starts_with("line 4: "), "{why}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
