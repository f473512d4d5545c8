//! Imported records, and how often each link is among them. Every query says whose they are.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use super::backend::imports::{count_more, keep_new};
use super::repeats::Key;
use super::schema::{import_counts, imports};
use super::{Conn, StoreError};

/// So many values stand in one statement.
const SOME: usize = 200;

/// An imported record. `facts` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = imports, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ImportRow {
    pub id: String,
    pub agency_id: String,
    pub platform_id: Option<String>,
    pub platform_name: Option<String>,
    pub host: Option<String>,
    pub agency_reference: Option<String>,
    pub item_kind: String,
    pub locator: String,
    pub comparison_digest: Vec<u8>,
    pub within: String,
    pub identity: Vec<u8>,
    pub sent_on: i64,
    pub facts: String,
    pub source_file: String,
    pub source_digest: String,
    pub source_sheet: Option<String>,
    pub source_row: i32,
    pub client_id: String,
    pub imported_at: i64,
    pub withdrawn_at: Option<i64>,
    pub withdrawal: Option<String>,
}

/// How often an agency has an item in its records, and from when until when.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_counts, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct CountRow {
    pub agency_id: String,
    pub comparison_digest: Vec<u8>,
    pub within: String,
    pub times: i32,
    pub first_on: i64,
    pub last_on: i64,
}

/// Whose records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's: an auditor's.
    All,
    /// One agency's.
    Agency(String),
}

/// Which records. Everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this agency.
    pub agency: Option<String>,
    /// Under this file number of the agency.
    pub agency_reference: Option<String>,
    /// From the file with this SHA-256 digest.
    pub file: Option<String>,
    /// Whether they were taken back.
    pub withdrawn: Option<bool>,
}

impl ImportRow {
    /// What makes its item the same as another.
    fn key(&self) -> Key {
        Key {
            digest: self.comparison_digest.clone(),
            within: self.within.clone(),
        }
    }
}

type Query<'a> = imports::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

fn matching(whose: &Whose, filter: &Filter) -> Query<'static> {
    let mut query = imports::table.into_boxed();
    if let Whose::Agency(own) = whose {
        query = query.filter(imports::agency_id.eq(own.clone()));
    }
    if let Some(agency) = &filter.agency {
        query = query.filter(imports::agency_id.eq(agency.clone()));
    }
    if let Some(reference) = &filter.agency_reference {
        query = query.filter(imports::agency_reference.eq(reference.clone()));
    }
    if let Some(file) = &filter.file {
        query = query.filter(imports::source_digest.eq(file.clone()));
    }
    match filter.withdrawn {
        Some(true) => query.filter(imports::withdrawn_at.is_not_null()),
        Some(false) => query.filter(imports::withdrawn_at.is_null()),
        None => query,
    }
}

/// The newest records first, older than `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    whose: &Whose,
    filter: &Filter,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<ImportRow>, StoreError> {
    let mut query = matching(whose, filter);
    if let Some(before) = before {
        query = query.filter(imports::id.lt(before.to_owned()));
    }
    Ok(query
        .order(imports::id.desc())
        .limit(limit)
        .select(ImportRow::as_select())
        .load(conn)?)
}

/// The oldest records first, after `after` and up to `last`: the steps of an export.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn step(
    conn: &mut Conn,
    whose: &Whose,
    filter: &Filter,
    (after, last): (&str, &str),
    limit: i64,
) -> Result<Vec<ImportRow>, StoreError> {
    Ok(matching(whose, filter)
        .filter(imports::id.gt(after.to_owned()))
        .filter(imports::id.le(last.to_owned()))
        .order(imports::id)
        .limit(limit)
        .select(ImportRow::as_select())
        .load(conn)?)
}

/// The newest record there is: where an export that starts now ends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn newest(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    Ok(imports::table
        .select(imports::id)
        .order(imports::id.desc())
        .first(conn)
        .optional()?)
}

/// One record, if it is among these.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, whose: &Whose, id: &str) -> Result<Option<ImportRow>, StoreError> {
    Ok(matching(whose, &Filter::default())
        .filter(imports::id.eq(id.to_owned()))
        .select(ImportRow::as_select())
        .first(conn)
        .optional()?)
}

/// The agency's records with these identities that were not taken back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn known(
    conn: &mut Conn,
    agency: &str,
    identities: &[Vec<u8>],
) -> Result<HashMap<Vec<u8>, ImportRow>, StoreError> {
    let mut found = HashMap::new();
    for some in identities.chunks(SOME) {
        let rows: Vec<ImportRow> = imports::table
            .filter(imports::agency_id.eq(agency))
            .filter(imports::identity.eq_any(some))
            .filter(imports::withdrawn_at.is_null())
            .select(ImportRow::as_select())
            .load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.identity.clone(), row)));
    }
    Ok(found)
}

/// Stores the records of one agency that are new, and counts them. What another call stored meanwhile is left out; the
/// answer has what is stored under each identity now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(
    conn: &mut Conn,
    agency: &str,
    mut rows: Vec<ImportRow>,
) -> Result<HashMap<Vec<u8>, ImportRow>, StoreError> {
    // In one order for everybody, so that of two calls neither waits for what the other holds while holding more.
    rows.sort_unstable_by(|one, other| one.identity.cmp(&other.identity));
    let mut kept = 0;
    for some in rows.chunks(SOME) {
        kept += keep_new(conn, some)?;
    }
    let identities: Vec<Vec<u8>> = rows.iter().map(|row| row.identity.clone()).collect();
    let stored = if kept == rows.len() {
        rows.iter()
            .map(|row| (row.identity.clone(), row.clone()))
            .collect()
    } else {
        known(conn, agency, &identities)?
    };
    let mut counts: BTreeMap<Key, CountRow> = BTreeMap::new();
    for row in &rows {
        if stored.get(&row.identity).is_none_or(|it| it.id != row.id) {
            continue;
        }
        let count = counts.entry(row.key()).or_insert_with(|| CountRow {
            agency_id: row.agency_id.clone(),
            comparison_digest: row.comparison_digest.clone(),
            within: row.within.clone(),
            times: 0,
            first_on: row.sent_on,
            last_on: row.sent_on,
        });
        count.times += 1;
        count.first_on = count.first_on.min(row.sent_on);
        count.last_on = count.last_on.max(row.sent_on);
    }
    for count in counts.values() {
        count_more(conn, count)?;
    }
    Ok(stored)
}

/// Marks a record as taken back, and counts without it. False when it was taken back before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn withdraw(
    conn: &mut Conn,
    row: &ImportRow,
    at: i64,
    reason: &str,
) -> Result<bool, StoreError> {
    let live = imports::table.filter(imports::id.eq(&row.id).and(imports::withdrawn_at.is_null()));
    let changed = diesel::update(live)
        .set((
            imports::withdrawn_at.eq(Some(at)),
            imports::withdrawal.eq(Some(reason)),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Ok(false);
    }
    let count = import_counts::table.find((&row.agency_id, &row.comparison_digest, &row.within));
    // First: whoever counts the same item waits from here on.
    diesel::update(count)
        .set(import_counts::times.eq(import_counts::times - 1))
        .execute(conn)?;
    let left = imports::table
        .filter(imports::agency_id.eq(&row.agency_id))
        .filter(imports::comparison_digest.eq(&row.comparison_digest))
        .filter(imports::within.eq(&row.within))
        .filter(imports::withdrawn_at.is_null())
        .select(imports::sent_on);
    let first: Option<i64> = left.order(imports::sent_on).first(conn).optional()?;
    let last: Option<i64> = left.order(imports::sent_on.desc()).first(conn).optional()?;
    match (first, last) {
        (Some(first), Some(last)) => diesel::update(count)
            .set((
                import_counts::first_on.eq(first),
                import_counts::last_on.eq(last),
            ))
            .execute(conn)?,
        _ => diesel::delete(count).execute(conn)?,
    };
    Ok(true)
}

/// How often an agency has these items in its records.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn counted(
    conn: &mut Conn,
    agency: &str,
    keys: &[Key],
) -> Result<HashMap<Key, CountRow>, StoreError> {
    if let [only] = keys {
        // By far the most common, and a statement that is kept.
        let row: Option<CountRow> = import_counts::table
            .find((agency, &only.digest, &only.within))
            .select(CountRow::as_select())
            .first(conn)
            .optional()?;
        return Ok(row.map(|row| (only.clone(), row)).into_iter().collect());
    }
    let mut found = HashMap::new();
    for some in keys.chunks(SOME) {
        let digests: Vec<&[u8]> = some.iter().map(|key| key.digest.as_slice()).collect();
        let rows: Vec<CountRow> = import_counts::table
            .filter(import_counts::agency_id.eq(agency))
            .filter(import_counts::comparison_digest.eq_any(digests))
            .select(CountRow::as_select())
            .load(conn)?;
        found.extend(rows.into_iter().map(|row| {
            let key = Key {
                digest: row.comparison_digest.clone(),
                within: row.within.clone(),
            };
            (key, row)
        }));
    }
    Ok(found)
}
