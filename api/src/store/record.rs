//! What an agency's requests came to: counted when it is asked while they are few, else now and then and kept.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::schema::{agency_records, items, requests};
use super::{Conn, StoreError};

/// An agency with more requests, or with more items in them, is not counted while somebody waits.
pub const FEW: (usize, i64) = (1_000, 10_000);
/// So many requests are counted by one statement.
pub const AT_ONCE: i64 = 1_000;

/// What was counted, of which kind, how many.
pub type Counts = BTreeMap<String, BTreeMap<String, i64>>;

/// Whether an agency has so few requests that counting them costs little, whatever they are.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn is_small(conn: &mut Conn, agency: &str) -> Result<bool, StoreError> {
    let (most, most_items) = FEW;
    let sizes: Vec<i32> = requests::table
        .filter(requests::agency_id.eq(agency))
        .limit(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1))
        .select(requests::items_count)
        .load(conn)?;
    let all: i64 = sizes.iter().copied().map(i64::from).sum();
    Ok(sizes.len() <= most && all <= most_items)
}

/// Counts the next requests of an agency, at most [`AT_ONCE`], in the order of their identifiers after `after`. Gives the
/// last one back while more may follow.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(
    conn: &mut Conn,
    agency: &str,
    after: &str,
    counts: &mut Counts,
) -> Result<Option<String>, StoreError> {
    let own = requests::agency_id.eq(agency);
    let ids: Vec<String> = requests::table
        .filter(own.and(requests::id.gt(after)))
        .order(requests::id)
        .limit(AT_ONCE)
        .select(requests::id)
        .load(conn)?;
    if ids.is_empty() {
        return Ok(None);
    }
    // By their names and not by a range: for a range whose ends it does not know PostgreSQL reads all items there are.
    let mut add = |what: &str, which: &str, count: i64| {
        let of = counts.entry(what.to_owned()).or_default();
        *of.entry(which.to_owned()).or_default() += count;
    };
    let of_requests: Vec<(Option<String>, Option<String>, i32, i64)> = requests::table
        .filter(requests::id.eq_any(&ids))
        .group_by((
            requests::withdrawal,
            requests::restoration,
            requests::corrections,
        ))
        .select((
            requests::withdrawal,
            requests::restoration,
            requests::corrections,
            count_star(),
        ))
        .load(conn)?;
    for (withdrawal, restoration, corrections, count) in of_requests {
        add("requests", "filed", count);
        if corrections > 0 {
            add("requests", "corrected", count);
            add("requests", "corrections", count * i64::from(corrections));
        }
        if let Some(withdrawal) = withdrawal {
            add("withdrawn", &withdrawal, count);
        }
        if let Some(restoration) = restoration {
            add("restorations", &restoration, count);
        }
    }
    type OfItems = (
        Option<String>,
        Option<String>,
        Option<String>,
        Option<String>,
        i64,
    );
    let of_items: Vec<OfItems> = items::table
        .inner_join(requests::table)
        .filter(requests::id.eq_any(&ids))
        .group_by((
            requests::withdrawal,
            items::outcome,
            items::withdrawal,
            items::restoration_outcome,
        ))
        .select((
            requests::withdrawal,
            items::outcome,
            items::withdrawal,
            items::restoration_outcome,
            count_star(),
        ))
        .load(conn)?;
    for (whole, outcome, withdrawal, answer, count) in of_items {
        add("outcomes", outcome.as_deref().unwrap_or("undecided"), count);
        if let Some(withdrawal) = &withdrawal {
            add("items_withdrawn", withdrawal, count);
        }
        if let Some(reason) = withdrawal.or(whole) {
            add("items_taken_back", &reason, count);
        }
        if let Some(answer) = answer {
            add("restoration_answers", &answer, count);
        }
    }
    let full = i64::try_from(ids.len()).unwrap_or(i64::MAX) >= AT_ONCE;
    Ok(ids.into_iter().next_back().filter(|_| full))
}

/// Counts that were kept. `counts` is JSON, and nothing before the first time.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = agency_records, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct RecordRow {
    pub agency_id: String,
    pub counts: Option<String>,
    pub counted_at: i64,
    pub wanted: bool,
    pub claimed_until: i64,
}

/// What was kept of an agency.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn kept(conn: &mut Conn, agency: &str) -> Result<Option<RecordRow>, StoreError> {
    Ok(agency_records::table
        .find(agency)
        .select(RecordRow::as_select())
        .first(conn)
        .optional()?)
}

/// Notes that somebody wants to know.
///
/// # Errors
/// [`StoreError::Exists`] when somebody else noted it just now for the first time.
pub fn want(conn: &mut Conn, agency: &str) -> Result<(), StoreError> {
    let changed = diesel::update(agency_records::table.find(agency))
        .set(agency_records::wanted.eq(true))
        .execute(conn)?;
    if changed == 0 {
        let row = RecordRow {
            agency_id: agency.to_owned(),
            counts: None,
            counted_at: 0,
            wanted: true,
            claimed_until: 0,
        };
        diesel::insert_into(agency_records::table)
            .values(&row)
            .execute(conn)?;
    }
    Ok(())
}

/// An agency whose counts are wanted and were made before `fresh`, or were made before `old`, and which nobody counts now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn due(
    conn: &mut Conn,
    now: i64,
    (fresh, old): (i64, i64),
) -> Result<Option<String>, StoreError> {
    let wanted = agency_records::wanted.eq(true);
    let wanted = wanted.and(agency_records::counted_at.le(fresh));
    Ok(agency_records::table
        .filter(wanted.or(agency_records::counted_at.le(old)))
        .filter(agency_records::claimed_until.le(now))
        .order(agency_records::counted_at)
        .select(agency_records::agency_id)
        .first(conn)
        .optional()?)
}

/// Takes the counting of an agency upon this node until then; false when another one has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn claim(conn: &mut Conn, agency: &str, now: i64, until: i64) -> Result<bool, StoreError> {
    let free = agency_records::table
        .find(agency)
        .filter(agency_records::claimed_until.le(now));
    let changed = diesel::update(free)
        .set(agency_records::claimed_until.eq(until))
        .execute(conn)?;
    Ok(changed == 1)
}

/// Keeps what was counted, as of then.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep(conn: &mut Conn, agency: &str, counts: &Counts, at: i64) -> Result<(), StoreError> {
    diesel::update(agency_records::table.find(agency))
        .set((
            agency_records::counts.eq(Some(serde_json::to_string(counts)?)),
            agency_records::counted_at.eq(at),
            agency_records::wanted.eq(false),
            agency_records::claimed_until.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}
