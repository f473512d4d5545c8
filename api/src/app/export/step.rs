//! Writing the rows of one step.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use takedown_core::export::{Column, Viewer};

use super::Format;
use super::form::Form;
use super::row::with_row;
use crate::app::Error;
use crate::app::parties::{Agency, Platform};
use crate::store::Conn;
use crate::store::export::{self, ExportRow, Place, Row, Selection, Step};

/// A step ends with the row that takes its chunk past this. Large enough that a step costs little besides its rows,
/// small enough that an export holds little memory and takes turns with others.
pub(super) const CHUNK: usize = 512 * 1024;
/// The rows of the first step: the first byte should not wait for more.
const FIRST: usize = 100;
/// The rows of a step at the most.
const MOST: usize = 2_000;
/// So many parties of a kind are kept at the most.
const ROOM: usize = 20_000;

/// The parties whose names the rows show.
#[derive(Default)]
pub(super) struct Parties {
    pub(super) agencies: HashMap<String, Arc<Agency>>,
    pub(super) platforms: HashMap<String, Arc<Platform>>,
}

/// What came of a step.
pub(super) struct Stepped {
    pub(super) chunk: Bytes,
    pub(super) rows: u64,
    pub(super) requests: Vec<(String, i32)>,
    pub(super) step: Step,
    /// The agencies without whose names the next step cannot go on.
    pub(super) agencies: HashSet<String>,
    /// The platforms likewise.
    pub(super) platforms: HashSet<String>,
}

/// Writes rows; lives as long as its export.
pub(super) struct Writer {
    form: Form,
    columns: Vec<&'static Column>,
    pub(super) parties: Parties,
    /// The requests of the rows of this step, each with the version that its last row shows, where somebody wants to know.
    requests: Option<Vec<(String, i32)>>,
    /// How many rows the next step asks for. PostgreSQL's driver holds the whole answer in memory, so a step must not
    /// ask for more than it can use.
    limit: usize,
}

impl Writer {
    pub(super) fn new(format: Format, viewer: Viewer) -> Self {
        Self {
            form: Form::new(format, viewer.columns().map(|column| column.name)),
            columns: viewer.columns().collect(),
            parties: Parties::default(),
            requests: None,
            limit: FIRST,
        }
    }

    /// Notes the requests of its rows as well from now on.
    pub(super) fn noting(&mut self) {
        self.requests = Some(Vec::new());
    }

    /// What stands before the first row.
    pub(super) fn heading(&self) -> Option<Bytes> {
        self.form.heading()
    }

    /// Reads and writes on from a place.
    pub(super) fn step(
        &mut self,
        conn: &mut Conn,
        selection: &Selection,
        from: &Place,
    ) -> Result<Stepped, Error> {
        let Self {
            form,
            columns,
            parties,
            requests,
            limit,
        } = self;
        let ground = selection.items.ground.as_deref();
        // A step that was tried before may have left rows behind.
        form.clear();
        if let Some(requests) = requests {
            requests.clear();
        }
        let (mut agencies, mut platforms) = (HashSet::new(), HashSet::new());
        let mut rows: usize = 0;
        let asked = i64::try_from(*limit).unwrap_or(i64::MAX);
        let step = export::step(conn, selection, from, asked, |raw: &ExportRow| {
            let agency = parties.agencies.get(&raw.agency_id);
            let platform = parties.platforms.get(&raw.platform_id);
            let (Some(agency), Some(platform)) = (agency, platform) else {
                if agency.is_none() {
                    agencies.insert(raw.agency_id.clone());
                }
                if platform.is_none() {
                    platforms.insert(raw.platform_id.clone());
                }
                return Ok(Row::Left);
            };
            if !agencies.is_empty() || !platforms.is_empty() {
                return Ok(Row::Left);
            }
            if form.len() >= CHUNK {
                return Ok(Row::Enough);
            }
            let mut written = false;
            with_row(raw, agency, platform, |row| {
                written = ground.is_none_or(|ground| row.grounds.iter().any(|g| g == ground));
                if written {
                    form.write(columns.iter().map(|column| (column.value)(row)));
                }
            })?;
            if written {
                rows += 1;
                note(requests, &raw.request_id, raw.version);
            }
            Ok::<_, Error>(Row::Taken)
        })?;
        let chunk = Bytes::from(form.take());
        if rows > 0 {
            let fitting = CHUNK.saturating_mul(rows) / chunk.len().max(1) + 1;
            *limit = fitting.clamp(1, MOST);
        } else if ground.is_some() {
            *limit = limit.saturating_mul(2).min(MOST);
        }
        if parties.agencies.len() >= ROOM {
            parties.agencies.clear();
        }
        if parties.platforms.len() >= ROOM {
            parties.platforms.clear();
        }
        Ok(Stepped {
            chunk,
            rows: u64::try_from(rows).unwrap_or(u64::MAX),
            requests: requests.as_mut().map(std::mem::take).unwrap_or_default(),
            step,
            agencies,
            platforms,
        })
    }
}

/// Notes the request of a row; of several rows in a row the last version.
fn note(requests: &mut Option<Vec<(String, i32)>>, request: &str, version: i32) {
    let Some(requests) = requests else { return };
    match requests.last_mut() {
        Some((last, noted)) if last == request => *noted = version,
        _ => requests.push((request.to_owned(), version)),
    }
}
