//! Entries as lines of a package.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use takedown_core::export::Viewer;
use takedown_core::id::RequestId;
use takedown_core::package::{Line, Withheld, withheld};

use super::super::bits::Bits;
use crate::app::parties::parsed;
use crate::store::StoreError;
use crate::store::log::packed::PackedRow;

/// Lines, and what is counted of them.
pub(super) struct Lines {
    viewer: Viewer,
    everything: bool,
    /// The entries that have a line.
    pub(super) shown: Bits,
    size: u64,
    pub(super) entries: u64,
    pub(super) withheld: BTreeMap<Withheld, u64>,
}

impl Lines {
    /// For a viewer, of a log of `size` entries.
    pub(super) fn new(viewer: Viewer, everything: bool, size: u64) -> Self {
        Self {
            viewer,
            everything,
            shown: Bits::below(size),
            size,
            entries: 0,
            withheld: BTreeMap::new(),
        }
    }

    /// The lines of requests, whose rows show these versions.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when an entry is missing.
    pub(super) fn of_requests(
        &mut self,
        wanted: &[(RequestId, i32)],
        rows: &[PackedRow],
        out: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        let mut rows = rows.iter().peekable();
        for (request, last) in wanted {
            let id = request.to_string();
            for version in 1..=*last {
                let row = rows.next_if(|row| {
                    row.request_id.as_deref() == Some(&id) && row.version == Some(version)
                });
                let row = row.ok_or_else(|| {
                    StoreError::Inconsistent(format!(
                        "{request} has no entry of version {version}, and its rows are of version {last}"
                    ))
                })?;
                self.line(row, out)?;
            }
            // What was written after its rows were read.
            while rows
                .next_if(|row| row.request_id.as_deref() == Some(&id))
                .is_some()
            {}
        }
        Ok(())
    }

    /// The lines of entries that belong to no row.
    pub(super) fn others(
        &mut self,
        rows: &[PackedRow],
        out: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        for row in rows {
            let index = row.log_index.and_then(|index| u64::try_from(index).ok());
            if !index.is_some_and(|index| self.shown.has(index)) {
                self.line(row, out)?;
            }
        }
        Ok(())
    }

    fn line(&mut self, row: &PackedRow, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let index = row.log_index.and_then(|index| u64::try_from(index).ok());
        let index = index.filter(|index| *index < self.size).ok_or_else(|| {
            StoreError::Inconsistent(format!("the checkpoint does not cover {}", row.id))
        })?;
        self.shown.put(index);
        let why = match row.salt {
            None => Some(Withheld::Erased),
            Some(_) => withheld(&row.event, self.viewer, self.everything),
        };
        let mut line = Line {
            index,
            salt: None,
            entry: None,
            withheld: why,
            request: None,
            version: None,
        };
        match (why, &row.salt) {
            (None, Some(salt)) => {
                line.salt = Some(HEXLOWER.encode(salt));
                line.entry = Some(row.data.clone());
                self.entries += 1;
            }
            (why, _) => {
                let request = row.request_id.as_deref();
                line.request = request.map(|id| parsed("request id", id)).transpose()?;
                line.version = row.version;
                *self
                    .withheld
                    .entry(why.unwrap_or(Withheld::Erased))
                    .or_default() += 1;
            }
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.push(b'\n');
        Ok(())
    }
}
