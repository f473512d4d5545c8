//! Rows of requests and their items.

mod due;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::conn::directly;
use super::schema::{copies, items, requests};
use super::update as kept;
use super::{Conn, StoreError, repeats};

pub use due::{preservation_due, preservation_looked_at, reminded, to_remind};

/// A request as stored. `state` and `clock` are the core's types, `filing` what the agency wrote, all as JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requests, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct RequestRow {
    pub id: String,
    pub reference: String,
    pub check_code: String,
    pub agency_id: String,
    pub platform_id: String,
    pub instrument: String,
    pub kind: String,
    pub jurisdiction: String,
    pub status: String,
    pub result: Option<String>,
    pub version: i32,
    pub agency_reference: Option<String>,
    pub platform_reference: Option<String>,
    pub operation: Option<String>,
    pub items_count: i32,
    pub undecided_count: i32,
    pub filed_at: i64,
    pub fetched_at: Option<i64>,
    pub acknowledged_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub due_at: Option<i64>,
    pub remind_at: Option<i64>,
    pub updated_at: i64,
    pub state: String,
    pub clock: String,
    pub filing: String,
    pub filing_digest: Vec<u8>,
    pub revisions: Option<String>,
    pub corrections: i32,
    pub withdrawal: Option<String>,
    pub restoration: Option<String>,
    /// The core's type as JSON; the next three follow from it.
    pub preservation: Option<String>,
    pub preservation_status: Option<String>,
    pub preservation_until: Option<i64>,
    /// When the time next brings something.
    pub preservation_due: Option<i64>,
    /// Which part of its filing it is, from 1: a filing over several platforms has one for each.
    pub part: i32,
    /// What other authorities have to do with it, as JSON.
    pub oversight: Option<String>,
    /// How many items were taken back by themselves.
    pub taken_back_count: i32,
    /// What the unit signed of it, as JSON.
    pub signed: Option<String>,
    /// When what it was about was destroyed.
    pub erased_at: Option<i64>,
    /// Since when it is doubted that it is really the agency who asks.
    pub doubted_at: Option<i64>,
    /// With which its entries commit to what is kept of the filing.
    pub filing_salt: Option<Vec<u8>>,
}

/// The columns a transition changes.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct RequestProgress {
    pub status: String,
    pub result: Option<String>,
    pub version: i32,
    pub platform_reference: Option<String>,
    pub undecided_count: i32,
    pub taken_back_count: i32,
    pub fetched_at: Option<i64>,
    pub acknowledged_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub due_at: Option<i64>,
    pub remind_at: Option<i64>,
    pub updated_at: i64,
    pub state: String,
    pub clock: String,
    pub withdrawal: Option<String>,
    pub restoration: Option<String>,
    pub preservation: Option<String>,
    pub preservation_status: Option<String>,
    pub preservation_until: Option<i64>,
    pub preservation_due: Option<i64>,
    pub doubted_at: Option<i64>,
}

/// Notes by which label a request is kept together with others.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn relabel(conn: &mut Conn, id: &str, label: &str) -> Result<(), StoreError> {
    kept::update(requests::table.find(id), (requests::operation.eq(label),)).execute(conn)?;
    Ok(())
}

/// An item as stored. `detail` and `outcome_detail` are JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = items, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ItemRow {
    pub id: String,
    pub request_id: String,
    pub position: i32,
    pub kind: String,
    pub locator: String,
    pub comparison_key: String,
    pub comparison_digest: Vec<u8>,
    pub host: Option<String>,
    pub detail: String,
    pub outcome: Option<String>,
    pub outcome_detail: Option<String>,
    pub decided_at: Option<i64>,
    pub withdrawn_at: Option<i64>,
    pub withdrawal: Option<String>,
    pub restore: Option<bool>,
    /// What the platform answered to the restoration that was asked, as JSON.
    pub answer: Option<String>,
    /// Its outcome.
    pub restoration_outcome: Option<String>,
    /// When the first outcome was given.
    pub first_decided_at: Option<i64>,
    /// What had been done to it before it was put back, as JSON.
    pub undone: Option<String>,
}

/// Whose requests a caller may see. Every finder takes it, so that a foreign request does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All requests: an auditor of everything, and the system itself.
    All,
    /// Those of one agency.
    Agency(String),
    /// Those to one platform.
    Platform(String),
    /// Those of which one authority has a copy.
    Copied(String),
}

/// What to list. Everything given must hold.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Filter {
    pub status: Option<String>,
    pub agency: Option<String>,
    pub platform: Option<String>,
    pub instrument: Option<String>,
    pub reference: Option<String>,
    pub agency_reference: Option<String>,
    pub filed_from: Option<i64>,
    pub filed_to: Option<i64>,
    pub restoration: Option<String>,
    pub preservation: Option<String>,
    pub preserved_before: Option<i64>,
}

type Boxed<'a> = requests::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

/// Requests a caller may see that match a filter.
pub(super) fn matching<'a>(scope: &Scope, filter: &Filter) -> Boxed<'a> {
    let mut query = requests::table.into_boxed();
    match scope {
        Scope::All => {}
        Scope::Agency(id) => query = query.filter(requests::agency_id.eq(id.clone())),
        Scope::Platform(id) => query = query.filter(requests::platform_id.eq(id.clone())),
        Scope::Copied(id) => {
            let copied = copies::table.filter(copies::authority_id.eq(id.clone()));
            query = query.filter(requests::id.eq_any(copied.select(copies::request_id)));
        }
    }
    if let Some(status) = &filter.status {
        query = query.filter(requests::status.eq(status.clone()));
    }
    if let Some(agency) = &filter.agency {
        query = query.filter(requests::agency_id.eq(agency.clone()));
    }
    if let Some(platform) = &filter.platform {
        query = query.filter(requests::platform_id.eq(platform.clone()));
    }
    if let Some(instrument) = &filter.instrument {
        query = query.filter(requests::instrument.eq(instrument.clone()));
    }
    if let Some(restoration) = &filter.restoration {
        query = query.filter(requests::restoration.eq(restoration.clone()));
    }
    if let Some(preservation) = &filter.preservation {
        query = query.filter(requests::preservation_status.eq(preservation.clone()));
    }
    if let Some(before) = filter.preserved_before {
        query = query.filter(requests::preservation_until.lt(before));
    }
    if let Some(reference) = &filter.reference {
        query = query.filter(requests::reference.eq(reference.clone()));
    }
    if let Some(reference) = &filter.agency_reference {
        query = query.filter(requests::agency_reference.eq(reference.clone()));
    }
    if let Some(from) = filter.filed_from {
        query = query.filter(requests::filed_at.ge(from));
    }
    if let Some(to) = filter.filed_to {
        query = query.filter(requests::filed_at.lt(to));
    }
    query
}

/// The request with this identifier, if the scope may see it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, scope: &Scope, id: &str) -> Result<Option<RequestRow>, StoreError> {
    Ok(matching(scope, &Filter::default())
        .filter(requests::id.eq(id.to_owned()))
        .select(RequestRow::as_select())
        .first(conn)
        .optional()?)
}

/// Requests, newest first, older than `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<RequestRow>, StoreError> {
    let mut query = matching(scope, filter);
    if let Some(before) = before {
        query = query.filter(requests::id.lt(before.to_owned()));
    }
    // A file number names few requests. Asked to order them by the bare column, both databases would rather walk all
    // requests of the agency in that order than sort those few, and every filing asks this.
    let query = match filter.agency_reference {
        Some(_) => query.order(sql::<Text>("requests.id || '' DESC")),
        None => query.order(requests::id.desc()),
    };
    Ok(query
        .limit(limit)
        .select(RequestRow::as_select())
        .load(conn)?)
}

/// Stores a new request with its items, and counts what is asked about.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::AgencyReference`] when the agency used the reference before.
pub fn insert(conn: &mut Conn, row: &RequestRow, of: &[ItemRow]) -> Result<(), StoreError> {
    directly!(conn, conn => diesel::insert_into(requests::table)
        .values(row)
        .execute(conn))?;
    // Each by itself: SQLite takes 32,766 parameters a statement, and small statements stay in its cache.
    let open_in = repeats::OpenIn::of(row)?;
    for item in of {
        directly!(conn, conn => diesel::insert_into(items::table)
            .values((item, items::open_in.eq(open_in.item(item))))
            .execute(conn))?;
    }
    repeats::count(conn, row, of)
}

/// Writes a transition to the request whose version is one less.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between.
pub fn update(conn: &mut Conn, id: &str, progress: &RequestProgress) -> Result<(), StoreError> {
    let before = requests::version.eq(progress.version - 1);
    let changed = kept::update(
        requests::table.filter(requests::id.eq(id).and(before)),
        progress,
    )
    .execute(conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Stale)
    }
}

/// The items of a request in the order they were filed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn items(conn: &mut Conn, request: &str) -> Result<Vec<ItemRow>, StoreError> {
    Ok(items::table
        .filter(items::request_id.eq(request))
        .order(items::position)
        .select(ItemRow::as_select())
        .load(conn)?)
}

/// The request that a check code belongs to.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn by_check_code(conn: &mut Conn, code: &str) -> Result<Option<RequestRow>, StoreError> {
    Ok(requests::table
        .filter(requests::check_code.eq(code))
        .select(RequestRow::as_select())
        .first(conn)
        .optional()?)
}

#[cfg(test)]
mod tests;
