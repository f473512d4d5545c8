//! Items with their requests, read step by step for an export.
//!
//! A step is one job on one thread: it reads a bounded number of rows and looks at a bounded number of requests, so
//! that a long export takes turns with everybody else, and nobody holds a thread while a client reads slowly.

mod row;

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::DefaultLoadingMode;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

pub use row::ExportRow;
use row::columns;

use super::repeats::AskedRow;
use super::requests::{Filter, Scope, matching};
use super::schema::{asked, items, requests};
use super::{Conn, StoreError};

/// How many requests a step looks at when its filter cannot follow an index, and how many items of a host.
const WINDOW: i64 = 4_000;
/// In so many requests at the most something is looked for by their names.
const MOST_NAMED: usize = 400;

/// How far an export has come: after this item of this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    request: String,
    position: i32,
}

impl Place {
    /// Before everything.
    #[must_use]
    pub fn start() -> Self {
        Self {
            request: String::new(),
            position: 0,
        }
    }

    /// Before this request.
    #[must_use]
    pub fn before(request: String) -> Self {
        Self {
            request,
            position: 0,
        }
    }

    fn after(row: ExportRow) -> Self {
        Self {
            request: row.request_id,
            position: row.position,
        }
    }

    fn after_request(request: String) -> Self {
        Self {
            request,
            position: i32::MAX,
        }
    }
}

/// What a step left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// More may follow after this place.
    To(Place),
    /// Nothing follows.
    Done,
}

/// Which items of the requests that match. Everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Items {
    /// What became of them.
    pub outcome: Option<String>,
    /// One of these digests is what they are compared by; none for any.
    pub comparisons: Vec<Vec<u8>>,
    /// The only requests that have such items, where that is known ([`asked_in`]).
    pub requests: Option<Vec<String>>,
    /// The host they lie on.
    pub host: Option<String>,
    /// On which ground their request was filed. It stands within what was filed, so whoever shows a row looks at it.
    pub ground: Option<String>,
}

/// What to read.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Whose requests.
    pub scope: Scope,
    /// Which of them.
    pub filter: Filter,
    /// Which items of these.
    pub items: Items,
    /// The last request of the export.
    pub last: String,
}

impl Selection {
    /// Whether the rows come along an index on a party, in the order of the requests.
    fn of_party(&self) -> bool {
        !matches!(self.scope, Scope::All)
            || self.filter.agency.is_some()
            || self.filter.platform.is_some()
    }

    /// Whether an index leads to the few that can match.
    fn few(&self) -> bool {
        self.filter.reference.is_some()
            || self.filter.agency_reference.is_some()
            || self.items.requests.is_some()
    }

    /// The host along whose index the rows come, in the order of the requests.
    fn along_host(&self) -> Option<&String> {
        self.items.host.as_ref().filter(|_| !self.of_party())
    }

    /// Whether requests that do not match have to be looked at to find those that do.
    fn searches(&self) -> bool {
        let filter = &self.filter;
        let unindexed = filter.instrument.is_some()
            || filter.filed_from.is_some()
            || filter.filed_to.is_some()
            || (filter.status.is_some() && !self.of_party());
        let of_items = self.items.outcome.is_some()
            || !self.items.comparisons.is_empty()
            || self.items.host.is_some();
        (unindexed || of_items) && !self.few()
    }
}

/// The newest request there is: where an export that starts now ends. Identifiers grow with time, so what is filed
/// later lies behind it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn newest(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    Ok(requests::table
        .select(requests::id)
        .order(requests::id.desc())
        .first(conn)
        .optional()?)
}

/// How many items the next requests after a place have that match, and where to go on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(
    conn: &mut Conn,
    selection: &Selection,
    from: &Place,
) -> Result<(i64, Step), StoreError> {
    let until = match selection.few() {
        true => selection.last.clone(),
        false => ahead(conn, selection, from)?,
    };
    let items: Option<i64> = matching(&selection.scope, &selection.filter)
        .filter(requests::id.gt(&from.request).and(requests::id.le(&until)))
        .select(diesel::dsl::sum(requests::items_count))
        .first(conn)?;
    let step = match until == selection.last {
        true => Step::Done,
        false => Step::To(Place::after_request(until)),
    };
    Ok((items.unwrap_or_default(), step))
}

/// Whether any request was filed under an instrument of this name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn is_claimed(conn: &mut Conn, instrument: &str) -> Result<bool, StoreError> {
    let one: Option<String> = requests::table
        .filter(requests::instrument.eq(instrument))
        .select(requests::id)
        .first(conn)
        .optional()?;
    Ok(one.is_some())
}

/// The requests with an item that one of these digests is compared by, where they are few: then what was asked about before
/// names them all.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn asked_in(
    conn: &mut Conn,
    comparisons: &[Vec<u8>],
) -> Result<Option<Vec<String>>, StoreError> {
    let rows: Vec<AskedRow> = asked::table
        .filter(asked::comparison_digest.eq_any(comparisons.to_vec()))
        .select(AskedRow::as_select())
        .load(conn)?;
    let named: Vec<&str> = rows.iter().flat_map(AskedRow::recent).collect();
    if named.len() > MOST_NAMED {
        return Ok(None);
    }
    let found: Vec<(String, String)> = items::table
        .filter(items::id.eq_any(named))
        .select((items::id, items::request_id))
        .load(conn)?;
    let of: BTreeMap<String, String> = found.into_iter().collect();
    // Each row by itself: of two agencies the one may be named more often than is needed, and the other not often enough.
    let older = |row: &AskedRow| {
        let requests: BTreeSet<&String> = row.recent().filter_map(|item| of.get(item)).collect();
        row.has_older(requests.len())
    };
    if rows.iter().any(older) {
        return Ok(None);
    }
    let requests: BTreeSet<String> = of.into_values().collect();
    Ok(Some(requests.into_iter().collect()))
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// It was used; the next step goes on after it.
    Taken,
    /// It could not be used yet, so the next step begins with it. Those that follow are still shown.
    Left,
    /// As `Left`, and no more are wanted.
    Enough,
}

/// Reads at most `limit` rows after a place, in the order of requests and positions, and shows each to `row`.
///
/// One statement reads both tables, so that a row shows its request and its item at one and the same moment.
///
/// # Errors
/// Those of `row`, and [`StoreError`] when the database fails.
pub fn step<E: From<StoreError>>(
    conn: &mut Conn,
    selection: &Selection,
    from: &Place,
    limit: i64,
    mut row: impl FnMut(&ExportRow) -> Result<Row, E>,
) -> Result<Step, E> {
    let until = window(conn, selection, from)?;
    let mut query = matching(&selection.scope, &selection.filter)
        .inner_join(items::table)
        .filter(
            requests::id
                .gt(&from.request)
                .or(items::position.gt(from.position)),
        )
        // Said of both tables: PostgreSQL does not conclude one from the other, and would read the items from the
        // beginning at every step.
        .filter(requests::id.ge(&from.request).and(requests::id.le(&until)))
        .filter(
            items::request_id
                .ge(&from.request)
                .and(items::request_id.le(&until)),
        )
        .select(columns!())
        .limit(limit);
    let chosen = &selection.items;
    if let Some(outcome) = &chosen.outcome {
        query = query.filter(items::outcome.eq(outcome.clone()));
    }
    if !chosen.comparisons.is_empty() {
        query = query.filter(items::comparison_digest.eq_any(chosen.comparisons.clone()));
    }
    if let Some(named) = &chosen.requests {
        let of_items = items::request_id.eq_any(named.clone());
        query = query.filter(requests::id.eq_any(named.clone()).and(of_items));
    }
    if let Some(host) = &chosen.host {
        query = match selection.along_host() {
            Some(host) => query.filter(items::host.eq(host.clone())),
            // Not along the index of hosts: the party's own order would have to be sorted then.
            None => query.filter(sql::<Text>("items.host || ''").eq(host.clone())),
        };
    }
    // The same order twice: SQLite sees only in one of them that its walk is sorted already.
    let query = if selection.of_party() {
        query.order((requests::id, items::position))
    } else {
        query.order((items::request_id, items::position))
    };
    let (mut last, mut taken, mut left) = (None, 0, false);
    let rows = query
        .load_iter::<ExportRow, DefaultLoadingMode>(conn)
        .map_err(StoreError::from)?;
    for found in rows {
        let found = found.map_err(StoreError::from)?;
        match row(&found)? {
            Row::Taken if !left => {
                last = Some(found);
                taken += 1;
            }
            Row::Taken | Row::Left => left = true,
            Row::Enough => {
                left = true;
                break;
            }
        }
    }
    let full = left || taken == limit;
    Ok(match last {
        Some(row) if full => Step::To(Place::after(row)),
        None if full => Step::To(from.clone()),
        _ if until == selection.last => Step::Done,
        _ => Step::To(Place::after_request(until)),
    })
}

/// The last request that this step looks at.
fn window(conn: &mut Conn, selection: &Selection, from: &Place) -> Result<String, StoreError> {
    match selection.searches() {
        true => ahead(conn, selection, from),
        false => Ok(selection.last.clone()),
    }
}

/// The last request of as many as a step looks at: of all, of the party's, or of those with something on the host.
fn ahead(conn: &mut Conn, selection: &Selection, from: &Place) -> Result<String, StoreError> {
    let last = &selection.last;
    if let Some(host) = selection.along_host() {
        let after = items::request_id
            .gt(&from.request)
            .or(items::position.gt(from.position));
        let end: Option<String> = items::table
            .filter(items::host.eq(host))
            .filter(
                items::request_id
                    .ge(&from.request)
                    .and(items::request_id.le(last)),
            )
            .filter(after)
            .select(items::request_id)
            .order((items::request_id, items::position))
            .offset(WINDOW)
            .first(conn)
            .optional()?;
        return Ok(end.unwrap_or_else(|| last.clone()));
    }
    let along = Filter {
        agency: selection.filter.agency.clone(),
        platform: selection.filter.platform.clone(),
        ..Filter::default()
    };
    let end: Option<String> = matching(&selection.scope, &along)
        .filter(requests::id.ge(&from.request).and(requests::id.le(last)))
        .select(requests::id)
        .order(requests::id)
        .offset(WINDOW)
        .first(conn)
        .optional()?;
    Ok(end.unwrap_or_else(|| last.clone()))
}

#[cfg(test)]
mod tests;
