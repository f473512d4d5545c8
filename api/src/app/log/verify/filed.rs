//! The stored requests beside the entries that filed them: both are read once, in their order, and meet on the way.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use data_encoding::HEXLOWER;

use super::said::{Cursor, Filed};
use crate::store::log::whole::{self, FiledRow, WholeRow};
use crate::store::{Conn, StoreError};

/// How many requests are read at a time.
const AT_ONCE: i64 = 2_000;
/// A request has no more entries than this; a larger version is a fault and not worth counting up to.
const MOST: i32 = 1_000_000;

/// Requests are read in the order of their identifiers, which is nearly that of their filing: so few of them wait for the entry
/// that filed them. To look up each by its entry took four times as long.
pub(super) struct Filings {
    waiting: HashMap<String, FiledRow>,
    /// The last one that was read; nothing once there are no more.
    read: Option<String>,
    versions: Sum,
}

/// A sum over a set, which is the same for the same set whatever its order, and by chance for no other: its summands follow
/// from a key that is drawn for each run. So two sets are compared without holding or sorting them.
#[derive(Default)]
struct Sum {
    key: RandomState,
    entries: u64,
    requests: u64,
}

impl Default for Filings {
    fn default() -> Self {
        Self {
            waiting: HashMap::new(),
            read: Some(String::new()),
            versions: Sum::default(),
        }
    }
}

impl Filings {
    /// Counts an entry of a request.
    pub(super) fn count(&mut self, row: &WholeRow) {
        let Some(request) = &row.request_id else {
            return;
        };
        let summand = self.versions.key.hash_one((request.as_str(), row.version));
        self.versions.entries = self.versions.entries.wrapping_add(summand);
        // Nothing is left to compare it with; else it would wait for ever.
        if row.salt.is_none() && row.event == "request.filed" {
            self.waiting.remove(request);
        }
    }

    /// Compares the request that an entry filed with what it says; `data` are its bytes.
    pub(super) fn look(
        &mut self,
        conn: &mut Conn,
        row: &WholeRow,
        data: &str,
        fault: &mut dyn FnMut(&WholeRow, String),
    ) -> Result<(), StoreError> {
        let id = row.request_id.as_deref().unwrap_or_default();
        while self.read.as_deref().is_some_and(|read| read < id) {
            self.more(conn)?;
        }
        let stored = match self.waiting.remove(id) {
            // Databases may order what is no identifier in another way.
            None => whole::filed(conn, id)?,
            found => found,
        };
        let Some(stored) = stored else {
            fault(row, "the request it filed is not there".to_owned());
            return Ok(());
        };
        if as_filed(&stored, data).is_none() {
            let said = Filed::of(data);
            differing(&stored, &said)
                .into_iter()
                .for_each(|what| fault(row, what));
        }
        if stored.filed_at != row.at {
            let what = format!(
                "the column filed_at of its request has {}, it was filed at {}",
                stored.filed_at, row.at
            );
            fault(row, what);
        }
        Ok(())
    }

    fn more(&mut self, conn: &mut Conn) -> Result<(), StoreError> {
        let Some(after) = &self.read else {
            return Ok(());
        };
        let some = whole::filed_after(conn, after, AT_ONCE)?;
        self.read = some.last().map(|last| last.id.clone());
        for row in some {
            let (sum, key) = (&mut self.versions.requests, &self.versions.key);
            let versions = match row.version {
                0..=MOST => 1..=row.version,
                _ => 0..=0,
            };
            for version in versions {
                *sum = sum.wrapping_add(key.hash_one((row.id.as_str(), Some(version))));
            }
            self.waiting.insert(row.id.clone(), row);
        }
        Ok(())
    }

    /// Whether each change of a request is an entry and each entry a change: none is missing and none is too many.
    pub(super) fn complete(mut self, conn: &mut Conn) -> Result<bool, StoreError> {
        while self.read.is_some() {
            self.more(conn)?;
            self.waiting.clear();
        }
        Ok(self.versions.entries == self.versions.requests)
    }
}

/// Passes when a request is what the bytes of its entry say, in the form in which the exchange writes them.
fn as_filed(stored: &FiledRow, data: &str) -> Option<()> {
    let mut digest = [0; 64];
    let bytes: &[u8; 32] = stored.filing_digest.as_slice().try_into().ok()?;
    HEXLOWER.encode_mut(bytes, &mut digest);
    let mut cursor = Cursor::of(data);
    cursor.word("{\"filing\":\"", std::str::from_utf8(&digest).ok()?)?;
    cursor.word(",\"agency\":\"", &stored.agency_id)?;
    cursor.word(",\"platform\":\"", &stored.platform_id)?;
    cursor.word(",\"kind\":\"", &stored.kind)?;
    cursor.word(",\"instrument\":\"", &stored.instrument)
}

/// What of a request is not as it was filed.
fn differing(stored: &FiledRow, said: &Filed<'_>) -> Vec<String> {
    let digest = HEXLOWER.encode(&stored.filing_digest);
    let columns = [
        ("agency_id", stored.agency_id.as_str(), said.agency),
        ("platform_id", &stored.platform_id, said.platform),
        ("instrument", &stored.instrument, said.instrument),
        ("kind", &stored.kind, said.kind),
        ("filing_digest", &digest, said.filing),
    ];
    columns
        .into_iter()
        .filter(|(_, stored, said)| *said != Some(*stored))
        .map(|(column, stored, said)| {
            let said = said.unwrap_or("nothing");
            format!("the column {column} of its request has {stored}, it was filed with {said}")
        })
        .collect()
}
