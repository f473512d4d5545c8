//! Entries as lines of a package.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use takedown_core::export::Viewer;
use takedown_core::id::RequestId;
use takedown_core::package::{Line, Withheld, withheld};

use super::super::bits::Bits;
use crate::app::parties::parsed;
use crate::store::StoreError;
use crate::store::log::packed::PackedRow;

/// The entry that says which others of its request were destroyed.
const ERASED: &str = "request.erased";

/// Lines, and what is counted of them.
pub(super) struct Lines {
    viewer: Viewer,
    everything: bool,
    /// The entries that have a line.
    pub(super) shown: Bits,
    size: u64,
    /// Requests of which an entry is gone, and none was written by now that says so; of those that belong to no row.
    unexplained: BTreeSet<String>,
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
            unexplained: BTreeSet::new(),
            entries: 0,
            withheld: BTreeMap::new(),
        }
    }

    /// How many entries of the log there are.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// Goes on with a larger tree of the same log.
    pub(super) fn grow(&mut self, size: u64) {
        self.shown.grow(size);
        self.size = size;
    }

    /// Whether all of these are in the tree.
    pub(super) fn covers(&self, rows: &[&PackedRow]) -> bool {
        rows.iter()
            .all(|row| place(row).is_some_and(|index| index < self.size))
    }

    /// The lines of requests that have rows.
    pub(super) fn of_requests(
        &mut self,
        rows: &[&PackedRow],
        out: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        rows.iter().try_for_each(|row| self.line(row, out))
    }

    /// The lines of entries that belong to no row.
    pub(super) fn others(
        &mut self,
        rows: &[PackedRow],
        out: &mut Vec<u8>,
    ) -> Result<(), StoreError> {
        for row in rows {
            if place(row).is_some_and(|index| self.shown.has(index)) {
                continue;
            }
            if let Some(request) = &row.request_id {
                if row.event == ERASED {
                    self.unexplained.remove(request);
                } else if row.salt.is_none() {
                    self.unexplained.insert(request.clone());
                }
            }
            self.line(row, out)?;
        }
        Ok(())
    }

    /// Whether an entry is gone, and the one that says so was not written by now.
    pub(super) fn unexplained(&self) -> bool {
        !self.unexplained.is_empty()
    }

    fn line(&mut self, row: &PackedRow, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let index = place(row).filter(|index| *index < self.size);
        let index = index.ok_or_else(|| {
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

fn place(row: &PackedRow) -> Option<u64> {
    row.log_index.and_then(|index| u64::try_from(index).ok())
}

/// Of the entries of requests, those up to the versions that their rows show. Of one that was erased after its rows were read,
/// those up to the entry that says so: without it nobody could tell what is erased from what was left out.
///
/// # Errors
/// [`StoreError::Inconsistent`] when an entry is missing.
pub(super) fn chosen<'r>(
    wanted: &[(RequestId, i32)],
    rows: &'r [PackedRow],
) -> Result<Vec<&'r PackedRow>, StoreError> {
    let (mut rows, mut chosen) = (rows.iter().peekable(), Vec::new());
    for (request, last) in wanted {
        let id = request.to_string();
        let mut unexplained = false;
        for version in 1..=*last {
            let row = rows.next_if(|row| {
                row.request_id.as_deref() == Some(&id) && row.version == Some(version)
            });
            let row = row.ok_or_else(|| {
                StoreError::Inconsistent(format!(
                    "{request} has no entry of version {version}, and its rows are of version {last}"
                ))
            })?;
            unexplained = row.event != ERASED && (unexplained || row.salt.is_none());
            chosen.push(row);
        }
        // What was written after its rows were read.
        while let Some(row) = rows.next_if(|row| row.request_id.as_deref() == Some(&id)) {
            if unexplained {
                chosen.push(row);
                unexplained = row.event != ERASED;
            }
        }
    }
    Ok(chosen)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(version: i32, event: &str, gone: bool) -> PackedRow {
        PackedRow {
            id: format!("evt_{version}"),
            request_id: Some("req_01h455vb4pex5vsknk084sn021".to_owned()),
            version: Some(version),
            event: event.to_owned(),
            data: String::new(),
            salt: (!gone).then(|| vec![0; 32]),
            log_index: Some(i64::from(version)),
        }
    }

    fn versions(rows: &[PackedRow], last: i32) -> Vec<i32> {
        let request = "req_01h455vb4pex5vsknk084sn021".parse().unwrap();
        let chosen = chosen(&[(request, last)], rows).unwrap();
        chosen.into_iter().filter_map(|row| row.version).collect()
    }

    #[test]
    fn of_a_request_that_was_erased_meanwhile_come_further_entries() {
        let of = |gone| {
            [
                row(1, "request.filed", gone),
                row(2, "request.fetched", false),
                row(3, "request.closed", gone),
                row(4, ERASED, false),
                row(5, "request.fetched", false),
            ]
        };
        assert_eq!(versions(&of(false), 2), [1, 2]);
        assert_eq!(versions(&of(true), 2), [1, 2, 3, 4]);
        assert_eq!(versions(&of(true), 4), [1, 2, 3, 4]);
    }

    #[test]
    fn a_tree_grows_until_it_says_what_was_erased() {
        let mut lines = Lines::new(Viewer::Auditor, true, 4);
        let late = [row(3, "request.closed", true), row(4, ERASED, false)];
        let all: Vec<&PackedRow> = late.iter().collect();
        assert!(lines.covers(&all[..1]) && !lines.covers(&all));
        let mut out = Vec::new();
        lines.others(&late[..1], &mut out).unwrap();
        assert!(lines.unexplained());
        lines.grow(5);
        assert!(lines.covers(&all));
        lines.others(&late, &mut out).unwrap();
        assert!(!lines.unexplained());
        assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 2);
    }
}
