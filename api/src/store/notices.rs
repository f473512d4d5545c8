//! Rows of what agencies told platforms before their first orders.

use diesel::dsl::min;
use diesel::prelude::*;

use super::schema::prior_notices;
use super::{Conn, StoreError};

/// A notice as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = prior_notices, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct NoticeRow {
    pub id: String,
    pub check_code: String,
    pub agency_id: String,
    pub platform_id: String,
    pub instrument: String,
    pub text: String,
    pub language: String,
    pub given_at: i64,
    pub read_at: Option<i64>,
}

/// Whose notices: every finder takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Those that an agency gave.
    Agency(String),
    /// Those that a platform was given.
    Platform(String),
}

type Boxed<'a> = prior_notices::BoxedQuery<'a, <Conn as diesel::Connection>::Backend>;

fn of<'a>(whose: &Whose) -> Boxed<'a> {
    let all = prior_notices::table.into_boxed();
    match whose {
        Whose::Agency(id) => all.filter(prior_notices::agency_id.eq(id.clone())),
        Whose::Platform(id) => all.filter(prior_notices::platform_id.eq(id.clone())),
    }
}

/// Stores a notice.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &NoticeRow) -> Result<(), StoreError> {
    diesel::insert_into(prior_notices::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The notice with this identifier, if it is one of theirs.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, whose: &Whose, id: &str) -> Result<Option<NoticeRow>, StoreError> {
    Ok(of(whose)
        .filter(prior_notices::id.eq(id.to_owned()))
        .select(NoticeRow::as_select())
        .first(conn)
        .optional()?)
}

/// The notice with this identifier, whosever it is: for the exchange itself.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn by_id(conn: &mut Conn, id: &str) -> Result<Option<NoticeRow>, StoreError> {
    Ok(prior_notices::table
        .find(id)
        .select(NoticeRow::as_select())
        .first(conn)
        .optional()?)
}

/// The notice that a check code belongs to.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn by_check_code(conn: &mut Conn, code: &str) -> Result<Option<NoticeRow>, StoreError> {
    Ok(prior_notices::table
        .filter(prior_notices::check_code.eq(code))
        .select(NoticeRow::as_select())
        .first(conn)
        .optional()?)
}

/// Their notices, newest first, older than `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    whose: &Whose,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<NoticeRow>, StoreError> {
    let mut query = of(whose);
    if let Some(before) = before {
        query = query.filter(prior_notices::id.lt(before.to_owned()));
    }
    Ok(query
        .order(prior_notices::id.desc())
        .limit(limit)
        .select(NoticeRow::as_select())
        .load(conn)?)
}

/// When an agency first gave a platform notice of an instrument.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn first(
    conn: &mut Conn,
    (agency, platform): (&str, &str),
    instrument: &str,
) -> Result<Option<i64>, StoreError> {
    Ok(prior_notices::table
        .filter(prior_notices::agency_id.eq(agency))
        .filter(prior_notices::platform_id.eq(platform))
        .filter(prior_notices::instrument.eq(instrument))
        .select(min(prior_notices::given_at))
        .first(conn)?)
}

/// Notes when the platform first read it; false when it had.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn read(conn: &mut Conn, id: &str, at: i64) -> Result<bool, StoreError> {
    let unread = prior_notices::table.filter(
        prior_notices::id
            .eq(id)
            .and(prior_notices::read_at.is_null()),
    );
    let changed = diesel::update(unread)
        .set(prior_notices::read_at.eq(at))
        .execute(conn)?;
    Ok(changed == 1)
}
