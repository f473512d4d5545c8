//! The published reports, and which node makes them.

use diesel::prelude::*;

use super::schema::{requests, transparency_reports, transparency_years};
use super::update as kept;
use super::{Conn, StoreError};

/// A published report. `report` is JSON.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = transparency_reports)]
#[allow(missing_docs)]
pub struct ReportRow {
    pub period: String,
    pub year: i32,
    pub made_at: i64,
    pub report: String,
}

/// When the oldest request was filed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn oldest(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(requests::table
        .select(requests::filed_at)
        .order(requests::id)
        .first(conn)
        .optional()?)
}

/// Takes it upon this node to make the reports of a year, until an instant. False when those there are were not made before
/// `stale_before`, or another node is at it.
///
/// # Errors
/// [`StoreError::Exists`] when another node was faster, and whatever the database says.
pub fn claim(
    conn: &mut Conn,
    year: i32,
    stale_before: i64,
    (now, until): (i64, i64),
) -> Result<bool, StoreError> {
    let known: Option<(i64, i64)> = transparency_years::table
        .find(year)
        .select((
            transparency_years::made_at,
            transparency_years::claimed_until,
        ))
        .first(conn)
        .optional()?;
    let Some((made_at, claimed_until)) = known else {
        let claimed = (
            transparency_years::year.eq(year),
            transparency_years::made_at.eq(0),
            transparency_years::claimed_until.eq(until),
        );
        diesel::insert_into(transparency_years::table)
            .values(claimed)
            .execute(conn)?;
        return Ok(true);
    };
    if made_at >= stale_before || claimed_until > now {
        return Ok(false);
    }
    let free = transparency_years::table
        .find(year)
        .filter(transparency_years::claimed_until.eq(claimed_until));
    let claimed =
        kept::update(free, (transparency_years::claimed_until.eq(until),)).execute(conn)?;
    Ok(claimed == 1)
}

/// Puts the reports of a year in the place of those before, and ends the claim. False when the claim had lapsed and another
/// node took it: then nothing is changed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn replace(
    conn: &mut Conn,
    year: i32,
    (made_at, claimed_until): (i64, i64),
    reports: &[ReportRow],
) -> Result<bool, StoreError> {
    let own = transparency_years::table
        .find(year)
        .filter(transparency_years::claimed_until.eq(claimed_until));
    let done = (
        transparency_years::made_at.eq(made_at),
        transparency_years::claimed_until.eq(0),
    );
    if kept::update(own, done).execute(conn)? == 0 {
        return Ok(false);
    }
    diesel::delete(transparency_reports::table.filter(transparency_reports::year.eq(year)))
        .execute(conn)?;
    for report in reports {
        diesel::insert_into(transparency_reports::table)
            .values(report)
            .execute(conn)?;
    }
    Ok(true)
}

/// Ends a claim without having made anything.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn release(conn: &mut Conn, year: i32, claimed_until: i64) -> Result<(), StoreError> {
    let own = transparency_years::table
        .find(year)
        .filter(transparency_years::claimed_until.eq(claimed_until));
    kept::update(own, (transparency_years::claimed_until.eq(0),)).execute(conn)?;
    Ok(())
}

/// The periods of which there are reports, and when each was made.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(conn: &mut Conn) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(transparency_reports::table
        .select((transparency_reports::period, transparency_reports::made_at))
        .order((transparency_reports::year, transparency_reports::period))
        .load(conn)?)
}

/// The report of a period.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, period: &str) -> Result<Option<ReportRow>, StoreError> {
    Ok(transparency_reports::table
        .find(period)
        .select(ReportRow::as_select())
        .first(conn)
        .optional()?)
}
