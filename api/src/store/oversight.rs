//! What other authorities have to do with orders: who has a copy, who is competent, which orders are final.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::agencies::AgencyRow;
use super::requests::RequestRow;
use super::schema::{agencies, copies, final_orders, requests};
use super::update as kept;
use super::{Conn, StoreError};

/// In the words of the partial index: neither database uses that for a bound value.
fn is_order() -> SqlLiteral<Bool> {
    sql("requests.kind = 'order'")
}

/// Whether an agency has given a platform an order under an instrument before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn ordered_before(
    conn: &mut Conn,
    (agency, platform): (&str, &str),
    instrument: &str,
) -> Result<bool, StoreError> {
    let found: Option<String> = requests::table
        .filter(is_order())
        .filter(requests::agency_id.eq(agency))
        .filter(requests::platform_id.eq(platform))
        .filter(requests::instrument.eq(instrument))
        .limit(1)
        .select(requests::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The agencies of a country that scrutinise orders under some instrument, in the order of their registration.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn authorities(conn: &mut Conn, country: &str) -> Result<Vec<AgencyRow>, StoreError> {
    Ok(agencies::table
        .filter(agencies::country.eq(country))
        .filter(sql::<Bool>("agencies.scrutinises <> '[]'"))
        .order(agencies::id)
        .select(AgencyRow::as_select())
        .load(conn)?)
}

/// Notes that an authority has a copy of an order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn copy(conn: &mut Conn, authority: &str, request: &str) -> Result<(), StoreError> {
    diesel::insert_into(copies::table)
        .values((
            copies::authority_id.eq(authority),
            copies::request_id.eq(request),
        ))
        .execute(conn)?;
    Ok(())
}

/// The orders that an authority has a copy of, newest first, older than `before`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn copied(
    conn: &mut Conn,
    authority: &str,
    before: Option<&str>,
    limit: i64,
) -> Result<Vec<RequestRow>, StoreError> {
    let mut query = copies::table
        .inner_join(requests::table.on(requests::id.eq(copies::request_id)))
        .filter(copies::authority_id.eq(authority.to_owned()))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(copies::request_id.lt(before.to_owned()));
    }
    Ok(query
        .order(copies::request_id.desc())
        .limit(limit)
        .select(RequestRow::as_select())
        .load(conn)?)
}

/// Writes what other authorities have to do with an order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep(conn: &mut Conn, request: &str, oversight: &str) -> Result<(), StoreError> {
    kept::update(
        requests::table.find(request),
        (requests::oversight.eq(oversight),),
    )
    .execute(conn)?;
    Ok(())
}

/// Notes that an order is final.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn finalise(
    conn: &mut Conn,
    request: &str,
    platform: &str,
    instrument: &str,
    final_at: i64,
) -> Result<(), StoreError> {
    diesel::insert_into(final_orders::table)
        .values((
            final_orders::request_id.eq(request),
            final_orders::platform_id.eq(platform),
            final_orders::instrument.eq(instrument),
            final_orders::final_at.eq(final_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many orders to a platform under an instrument have become final since an instant, without those that were withdrawn
/// or annulled afterwards: they have no effect any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn final_since(
    conn: &mut Conn,
    platform: &str,
    instrument: &str,
    since: i64,
) -> Result<i64, StoreError> {
    Ok(final_orders::table
        .inner_join(requests::table.on(requests::id.eq(final_orders::request_id)))
        .filter(requests::withdrawn_at.is_null())
        .filter(final_orders::platform_id.eq(platform))
        .filter(final_orders::instrument.eq(instrument))
        .filter(final_orders::final_at.gt(since))
        .count()
        .get_result(conn)?)
}
