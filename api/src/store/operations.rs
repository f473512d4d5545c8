//! Rows of operations: who works on them, and which requests they have.

mod parts;

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use super::schema::{items, operation_agencies, operation_requests, operations, requests};
use super::update as kept;
use super::{Conn, StoreError};

pub use parts::{by_check_code, member, put_member};

/// An operation as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = operations)]
#[allow(missing_docs)]
pub struct OperationRow {
    pub id: String,
    pub agency_id: String,
    pub label: String,
    pub created_at: i64,
}

/// An agency's part in an operation that it does not lead.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = operation_agencies, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct MemberRow {
    pub operation_id: String,
    pub agency_id: String,
    pub membership: String,
    pub invited_at: i64,
    pub answered_at: Option<i64>,
    pub check_code: Option<String>,
}

/// That a request is in an operation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = operation_requests, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct PlaceRow {
    pub request_id: String,
    pub operation_id: String,
    pub role: Option<String>,
    pub added_at: i64,
}

/// What everybody who takes part in an operation may know of a request in it: never its content.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct StandingRow {
    pub operation_id: String,
    pub role: Option<String>,
    pub added_at: i64,
    pub request_id: String,
    pub reference: String,
    pub agency_id: String,
    pub platform_id: String,
    pub kind: String,
    pub status: String,
    pub result: Option<String>,
    pub items_count: i32,
    pub undecided_count: i32,
    pub filed_at: i64,
    pub due_at: Option<i64>,
}

/// The columns of [`StandingRow`].
macro_rules! columns {
    () => {
        (
            operation_requests::operation_id,
            operation_requests::role,
            operation_requests::added_at,
            requests::id,
            requests::reference,
            requests::agency_id,
            requests::platform_id,
            requests::kind,
            requests::status,
            requests::result,
            requests::items_count,
            requests::undecided_count,
            requests::filed_at,
            requests::due_at,
        )
    };
}

/// Requests of an operation that stand the same, counted.
#[derive(Debug, Clone, Queryable)]
#[allow(missing_docs)]
pub struct GroupRow {
    pub operation_id: String,
    pub role: Option<String>,
    pub status: String,
    pub result: Option<String>,
    pub requests: i64,
    pub items: Option<i64>,
    pub undecided: Option<i64>,
}

/// Whose operations to look among.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// All.
    All,
    /// Those that one agency leads, has joined or is invited to.
    Agency(String),
}

/// Which operations to list. Everything given must hold.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Filter {
    pub label: Option<String>,
    pub request: Option<String>,
    pub membership: Option<String>,
}

/// The operation with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, id: &str) -> Result<Option<OperationRow>, StoreError> {
    Ok(operations::table
        .find(id)
        .select(OperationRow::as_select())
        .first(conn)
        .optional()?)
}

/// The operation that an agency leads under a label.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn labelled(
    conn: &mut Conn,
    agency: &str,
    label: &str,
) -> Result<Option<OperationRow>, StoreError> {
    Ok(operations::table
        .filter(operations::agency_id.eq(agency))
        .filter(operations::label.eq(label))
        .select(OperationRow::as_select())
        .first(conn)
        .optional()?)
}

/// Operations, newest first, older than `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    whose: &Whose,
    filter: &Filter,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<OperationRow>, StoreError> {
    let mut query = operations::table.into_boxed();
    if let Whose::Agency(id) = whose {
        let parts = operation_agencies::table
            .filter(operation_agencies::agency_id.eq(id.clone()))
            .select(operation_agencies::operation_id);
        query = match filter.membership.as_deref() {
            Some("lead") => query.filter(operations::agency_id.eq(id.clone())),
            Some(membership) => query
                .filter(operations::id.eq_any(
                    parts.filter(operation_agencies::membership.eq(membership.to_owned())),
                )),
            None => query.filter(operations::agency_id.eq(id.clone()).or(
                operations::id.eq_any(parts.filter(operation_agencies::membership.ne("left"))),
            )),
        };
    }
    if let Some(label) = &filter.label {
        query = query.filter(operations::label.eq(label.clone()));
    }
    if let Some(request) = &filter.request {
        query = query.filter(
            operations::id.eq_any(
                operation_requests::table
                    .filter(operation_requests::request_id.eq(request.clone()))
                    .select(operation_requests::operation_id),
            ),
        );
    }
    if let Some(before) = before {
        query = query.filter(operations::id.lt(before.to_owned()));
    }
    Ok(query
        .order(operations::id.desc())
        .limit(limit)
        .select(OperationRow::as_select())
        .load(conn)?)
}

/// Stores a new operation.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::OperationLabel`] when the agency leads one of that label.
pub fn insert(conn: &mut Conn, row: &OperationRow) -> Result<(), StoreError> {
    diesel::insert_into(operations::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Holds an operation until the commit: changes to its team take turns.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hold(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    kept::update(
        operations::table.find(id),
        (operations::label.eq(operations::label),),
    )
    .execute(conn)?;
    Ok(())
}

/// The agencies that are or were in these operations besides the leads, in the order of their invitation.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn members(conn: &mut Conn, ids: &[String]) -> Result<Vec<MemberRow>, StoreError> {
    Ok(operation_agencies::table
        .filter(operation_agencies::operation_id.eq_any(ids))
        .order((
            operation_agencies::invited_at,
            operation_agencies::agency_id,
        ))
        .select(MemberRow::as_select())
        .load(conn)?)
}

/// In which operation a request is.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn place_of(conn: &mut Conn, request: &str) -> Result<Option<PlaceRow>, StoreError> {
    Ok(operation_requests::table
        .find(request)
        .select(PlaceRow::as_select())
        .first(conn)
        .optional()?)
}

/// Puts a request that is in no operation into one.
///
/// # Errors
/// [`StoreError::Exists`] with [`super::Constraint::OperationRequest`] when it is in one.
pub fn place(conn: &mut Conn, row: &PlaceRow) -> Result<(), StoreError> {
    diesel::insert_into(operation_requests::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Gives a request another part in its operation.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn recast(conn: &mut Conn, request: &str, role: Option<&str>) -> Result<(), StoreError> {
    diesel::update(operation_requests::table.find(request))
        .set(operation_requests::role.eq(role))
        .execute(conn)?;
    Ok(())
}

/// How many requests of these operations stand the same.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn standings(conn: &mut Conn, ids: &[String]) -> Result<Vec<GroupRow>, StoreError> {
    Ok(operation_requests::table
        .inner_join(requests::table)
        .filter(operation_requests::operation_id.eq_any(ids))
        .group_by((
            operation_requests::operation_id,
            operation_requests::role,
            requests::status,
            requests::result,
        ))
        .select((
            operation_requests::operation_id,
            operation_requests::role,
            requests::status,
            requests::result,
            count_star(),
            sum(requests::items_count),
            sum(requests::undecided_count),
        ))
        .load(conn)?)
}

/// The deadlines of these operations' requests that are open, each with its operation.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn deadlines(conn: &mut Conn, ids: &[String]) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(operation_requests::table
        .inner_join(requests::table)
        .filter(operation_requests::operation_id.eq_any(ids))
        .filter(requests::status.ne_all(["closed", "withdrawn"]))
        .filter(requests::due_at.is_not_null())
        .select((
            operation_requests::operation_id,
            requests::due_at.assume_not_null(),
        ))
        .load(conn)?)
}

/// Where the requests of one operation stand, in the order of their identifiers, after `after`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn standings_after(
    conn: &mut Conn,
    id: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<StandingRow>, StoreError> {
    Ok(operation_requests::table
        .inner_join(requests::table)
        .filter(operation_requests::operation_id.eq(id))
        .filter(operation_requests::request_id.gt(after.unwrap_or_default().to_owned()))
        .order(operation_requests::request_id)
        .limit(limit)
        .select(columns!())
        .load(conn)?)
}

/// How many items of these operations have which outcome: operation, outcome, count.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn outcomes(
    conn: &mut Conn,
    ids: &[String],
) -> Result<Vec<(String, Option<String>, i64)>, StoreError> {
    Ok(operation_requests::table
        .inner_join(items::table.on(items::request_id.eq(operation_requests::request_id)))
        .filter(operation_requests::operation_id.eq_any(ids))
        .filter(items::outcome.is_not_null())
        .group_by((operation_requests::operation_id, items::outcome))
        .select((
            operation_requests::operation_id,
            items::outcome,
            count_star(),
        ))
        .load(conn)?)
}
