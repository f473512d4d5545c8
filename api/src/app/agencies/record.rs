//! How an agency's requests fared.
//!
//! Whoever may read that may ask as often as he likes, so it must not cost more the more an agency has filed: many requests
//! are counted by the worker, at most once a minute, and what is told says as of when.

use chrono::TimeDelta;
use takedown_core::policy::Action;
use takedown_core::time::At;

use super::permitted;
use crate::app::parties::{Agency, instant};
use crate::app::registry::load_agency;
use crate::app::{Caller, Cx, Error};
use crate::store::record::{self, Counts, RecordRow};
use crate::store::{Conn, StoreError};

/// Counts that were made this long ago are made anew when somebody asks.
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// Counts that were made this long ago are made anew although nobody asked.
const OLD: TimeDelta = TimeDelta::hours(1);
/// A node that counts and dies leaves the counting to others after this long.
const CLAIM: TimeDelta = TimeDelta::minutes(10);

/// How an agency's requests fared.
#[derive(Debug, Clone)]
pub struct Record {
    /// Which agency.
    pub agency: Agency,
    /// Its counts, by what and which.
    pub counts: Counts,
    /// Everything until then was counted.
    pub as_of: At,
}

enum Found {
    Now(Counts),
    Kept(Option<RecordRow>),
}

/// How often an agency filed, withdrew, corrected, and how its items were answered: as it is now, or as of the last
/// counting where there is much to count.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may know of, [`Error::Later`] while much is counted for the first
/// time, and those of the policy and the store.
pub async fn record_of(cx: &Cx, caller: &Caller, id: &str) -> Result<Record, Error> {
    let id = permitted(caller, Action::ReadAgencyRecord, id)?.to_string();
    let now = cx.now();
    let wanted = id.clone();
    let (agency, found) = cx
        .store
        .read(move |conn| {
            let agency = load_agency(conn, &wanted)?.ok_or(Error::NotFound)?;
            let found = if record::is_small(conn, &wanted)? {
                Found::Now(few(conn, &wanted)?)
            } else {
                Found::Kept(record::kept(conn, &wanted)?)
            };
            Ok::<_, Error>((agency, found))
        })
        .await?;
    let row = match found {
        Found::Now(counts) => {
            return Ok(Record {
                agency,
                counts,
                as_of: now,
            });
        }
        Found::Kept(row) => row,
    };
    let fresh = (now - FRESH).timestamp_millis();
    let asks = |row: &RecordRow| row.wanted || row.counted_at > fresh;
    if !row.as_ref().is_some_and(asks) {
        want(cx, id).await?;
    }
    match row.and_then(|row| Some((row.counts?, row.counted_at))) {
        Some((counts, at)) => Ok(Record {
            agency,
            counts: serde_json::from_str(&counts).map_err(StoreError::from)?,
            as_of: instant(at)?,
        }),
        None => Err(Error::Later(
            "This agency has filed so much that it is counted now and then, and that is being done for the first time.",
        )),
    }
}

/// All of them: no more than a few statements count at once.
fn few(conn: &mut Conn, agency: &str) -> Result<Counts, StoreError> {
    let mut counts = Counts::new();
    let mut after = Some(String::new());
    while let Some(from) = after {
        after = record::count(conn, agency, &from, &mut counts)?;
    }
    Ok(counts)
}

async fn want(cx: &Cx, agency: String) -> Result<(), Error> {
    let noted = cx
        .store
        .write(move |conn| record::want(conn, &agency))
        .await;
    match noted {
        // Two who asked first at the same moment.
        Err(StoreError::Exists(_)) => Ok(()),
        noted => noted.map_err(Error::Store),
    }
}

/// Counts for one agency whose counts are wanted or old; false when there is none. `stop` says that this node is stopping:
/// then what was begun is begun anew by another.
///
/// # Errors
/// Those of the store.
pub async fn count_next(cx: &Cx, stop: impl Fn() -> bool) -> Result<bool, Error> {
    let now = cx.now();
    let millis = |at: At| at.timestamp_millis();
    let limits = (millis(now - FRESH), millis(now - OLD));
    let due = cx
        .store
        .read(move |conn| record::due(conn, millis(now), limits))
        .await;
    let Some(agency) = due.map_err(Error::Store)? else {
        return Ok(false);
    };
    let claimed = agency.clone();
    let until = millis(now + CLAIM);
    let ours = cx
        .store
        .write(move |conn| record::claim(conn, &claimed, millis(now), until))
        .await;
    if !ours.map_err(Error::Store)? {
        return Ok(true);
    }
    let (mut counts, mut after) = (Counts::new(), Some(String::new()));
    // In pieces, so that nobody else waits long for the connection.
    while let Some(from) = after {
        if stop() {
            return Ok(false);
        }
        let (agency, mut so_far) = (agency.clone(), std::mem::take(&mut counts));
        let counted = cx
            .store
            .read(move |conn| {
                let next = record::count(conn, &agency, &from, &mut so_far)?;
                Ok::<_, StoreError>((next, std::mem::take(&mut so_far)))
            })
            .await;
        (after, counts) = counted.map_err(Error::Store)?;
    }
    cx.store
        .write(move |conn| record::keep(conn, &agency, &counts, millis(now)))
        .await
        .map_err(Error::Store)?;
    Ok(true)
}
