//! Facts that took the place of others.

use diesel::prelude::*;

use super::conn::directly;
use super::requests::RequestRow;
use super::schema::{former_references, items, requests, revisions};
use super::update as kept;
use super::{Conn, StoreError};

/// A fact that was put right, as stored. `data` is JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = revisions)]
#[allow(missing_docs)]
pub struct RevisionRow {
    pub request_id: String,
    /// Its place among those of the request, from 1.
    pub position: i32,
    pub fact: String,
    pub data: String,
}

/// Keeps facts that were put right, for good.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep(conn: &mut Conn, rows: &[RevisionRow]) -> Result<(), StoreError> {
    for row in rows {
        diesel::insert_into(revisions::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// What was put right in a request before a place, newest first, without what `hidden` names.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    request: &str,
    before: i32,
    hidden: &str,
    limit: i64,
) -> Result<Vec<RevisionRow>, StoreError> {
    Ok(revisions::table
        .filter(revisions::request_id.eq(request))
        .filter(revisions::position.lt(before))
        .filter(revisions::fact.ne(hidden))
        .order(revisions::position.desc())
        .limit(limit)
        .select(RevisionRow::as_select())
        .load(conn)?)
}

/// Keeps a file number that a request had.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep_reference(
    conn: &mut Conn,
    agency: &str,
    reference: &str,
    request: &str,
) -> Result<(), StoreError> {
    let row = (
        former_references::agency_id.eq(agency),
        former_references::agency_reference.eq(reference),
        former_references::request_id.eq(request),
    );
    if held(conn, agency, reference)?
        .iter()
        .any(|id| id == request)
    {
        return Ok(());
    }
    diesel::insert_into(former_references::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The requests of an agency that had this file number and have another now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn once_under(
    conn: &mut Conn,
    agency: &str,
    reference: &str,
) -> Result<Vec<RequestRow>, StoreError> {
    let ids = held(conn, agency, reference)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(requests::table
        .filter(requests::id.eq_any(ids))
        .select(RequestRow::as_select())
        .load(conn)?)
}

fn held(conn: &mut Conn, agency: &str, reference: &str) -> Result<Vec<String>, StoreError> {
    Ok(former_references::table
        .filter(former_references::agency_id.eq(agency))
        .filter(former_references::agency_reference.eq(reference))
        .select(former_references::request_id)
        .load(conn)?)
}

/// Whether a file number names a request of the agency, or did before it was corrected: one small question, which nearly every
/// filing answers with no.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn is_known(conn: &mut Conn, agency: &str, reference: &str) -> Result<bool, StoreError> {
    let present = requests::table
        .filter(requests::agency_id.eq(agency))
        .filter(requests::agency_reference.eq(reference))
        .select(requests::id);
    let former = former_references::table
        .filter(former_references::agency_id.eq(agency))
        .filter(former_references::agency_reference.eq(reference))
        .select(former_references::request_id);
    let some: Vec<String> = directly!(conn, conn => present.union_all(former).load(conn))?;
    Ok(!some.is_empty())
}

/// What a correction changes of a request; its state is written by [`super::requests::update`].
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct RequestFacts {
    pub agency_reference: Option<String>,
    pub filing: String,
    pub revisions: Option<String>,
    pub corrections: i32,
}

/// Puts other facts in the place of those of a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn correct(conn: &mut Conn, id: &str, facts: &RequestFacts) -> Result<(), StoreError> {
    kept::update(requests::table.find(id), facts).execute(conn)?;
    Ok(())
}

/// Notes what was put right of a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn revise(conn: &mut Conn, id: &str, revisions: &str) -> Result<(), StoreError> {
    kept::update(requests::table.find(id), requests::revisions.eq(revisions)).execute(conn)?;
    Ok(())
}

/// Puts another detail in the place of an item's.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn correct_item(conn: &mut Conn, item: &str, detail: &str) -> Result<(), StoreError> {
    kept::update(items::table.find(item), items::detail.eq(detail)).execute(conn)?;
    Ok(())
}
