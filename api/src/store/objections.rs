//! What uploaders objected to, and the codes by which they do.

use diesel::prelude::*;

use super::requests::Scope;
use super::schema::{items, messages, objection_codes, objections};
use super::update as kept;
use super::{Conn, StoreError};

/// The code of an item as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = objection_codes)]
#[allow(missing_docs)]
pub struct CodeRow {
    pub item_id: String,
    pub code: String,
    pub digest: Vec<u8>,
}

/// An objection as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = objections, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct ObjectionRow {
    pub id: String,
    pub request_id: String,
    pub agency_id: String,
    pub platform_id: String,
    pub item_id: String,
    pub message_id: String,
    pub made_at: i64,
    pub outcome: Option<String>,
    pub restored: bool,
    pub corrections: i32,
    pub answer_id: Option<String>,
    pub answered_at: Option<i64>,
}

/// What an answer changes.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = objections)]
#[allow(missing_docs)]
pub struct Answered {
    pub outcome: String,
    pub restored: bool,
    pub corrections: i32,
    pub answer_id: String,
    pub answered_at: i64,
}

/// Which objections to list. Everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this request.
    pub request: Option<String>,
    /// Only those that are not answered yet, or only those that are.
    pub open: Option<bool>,
    /// After this one.
    pub after: Option<String>,
}

/// The code of an item, if one was made.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn code_of(conn: &mut Conn, item: &str) -> Result<Option<String>, StoreError> {
    Ok(objection_codes::table
        .find(item)
        .select(objection_codes::code)
        .first(conn)
        .optional()?)
}

/// Keeps the code of an item.
///
/// # Errors
/// [`StoreError`] when the database fails, also when the item has one already.
pub fn keep_code(conn: &mut Conn, row: &CodeRow) -> Result<(), StoreError> {
    diesel::insert_into(objection_codes::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The item and the request that a code belongs to, by the code's SHA-256.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn by_digest(conn: &mut Conn, digest: &[u8]) -> Result<Option<(String, String)>, StoreError> {
    Ok(objection_codes::table
        .inner_join(items::table)
        .filter(objection_codes::digest.eq(digest))
        .select((items::id, items::request_id))
        .first(conn)
        .optional()?)
}

/// Stores an objection, and counts it at its item.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &ObjectionRow) -> Result<(), StoreError> {
    diesel::insert_into(objections::table)
        .values(row)
        .execute(conn)?;
    kept::update(
        items::table.find(&row.item_id),
        (
            items::objections.eq(items::objections + 1),
            items::objection_outcome.eq(None::<String>),
        ),
    )
    .execute(conn)?;
    Ok(())
}

/// Writes an answer. The item shows that to its latest objection.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn answer(conn: &mut Conn, row: &ObjectionRow, answered: &Answered) -> Result<(), StoreError> {
    kept::update(objections::table.find(&row.id), answered).execute(conn)?;
    let latest: Option<String> = objections::table
        .filter(objections::item_id.eq(&row.item_id))
        .order(objections::id.desc())
        .select(objections::id)
        .first(conn)
        .optional()?;
    if latest.as_deref() == Some(&row.id) {
        kept::update(
            items::table.find(&row.item_id),
            (items::objection_outcome.eq(Some(&answered.outcome)),),
        )
        .execute(conn)?;
    }
    Ok(())
}

/// One objection of a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, request: &str, id: &str) -> Result<Option<ObjectionRow>, StoreError> {
    Ok(objections::table
        .filter(
            objections::id
                .eq(id)
                .and(objections::request_id.eq(request)),
        )
        .select(ObjectionRow::as_select())
        .first(conn)
        .optional()?)
}

/// The objections to what was done to an item, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_item(conn: &mut Conn, item: &str) -> Result<Vec<ObjectionRow>, StoreError> {
    Ok(objections::table
        .filter(objections::item_id.eq(item))
        .order(objections::id)
        .select(ObjectionRow::as_select())
        .load(conn)?)
}

/// The objections that a caller may see, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<ObjectionRow>, StoreError> {
    let mut query = objections::table
        .filter(objections::id.gt(wanted.after.clone().unwrap_or_default()))
        .into_boxed();
    match scope {
        Scope::All => {}
        Scope::Agency(id) => query = query.filter(objections::agency_id.eq(id.clone())),
        Scope::Platform(id) => query = query.filter(objections::platform_id.eq(id.clone())),
        // What an uploader says is no business of another authority either.
        Scope::Copied(_) => return Ok(Vec::new()),
    }
    if let Some(request) = &wanted.request {
        query = query.filter(objections::request_id.eq(request.clone()));
    }
    match wanted.open {
        None => {}
        Some(true) => query = query.filter(objections::outcome.is_null()),
        Some(false) => query = query.filter(objections::outcome.is_not_null()),
    }
    Ok(query
        .order(objections::id)
        .limit(limit)
        .select(ObjectionRow::as_select())
        .load(conn)?)
}

/// The words of these messages: identifier, text, language.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn words(conn: &mut Conn, ids: &[String]) -> Result<Vec<(String, String, String)>, StoreError> {
    Ok(messages::table
        .filter(messages::id.eq_any(ids))
        .select((messages::id, messages::text, messages::language))
        .load(conn)?)
}
