//! The parts that agencies have in operations which others lead.

use diesel::prelude::*;

use super::MemberRow;
use crate::store::schema::operation_agencies;
use crate::store::{Conn, StoreError};

/// Stores how an agency stands to an operation now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn put_member(conn: &mut Conn, row: &MemberRow) -> Result<(), StoreError> {
    let changed =
        diesel::update(operation_agencies::table.find((&row.operation_id, &row.agency_id)))
            .set((
                operation_agencies::membership.eq(&row.membership),
                operation_agencies::invited_at.eq(row.invited_at),
                operation_agencies::answered_at.eq(row.answered_at),
                operation_agencies::check_code.eq(row.check_code.as_deref()),
            ))
            .execute(conn)?;
    if changed == 0 {
        diesel::insert_into(operation_agencies::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// An agency's part in an operation, also one that is over.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn member(
    conn: &mut Conn,
    operation: &str,
    agency: &str,
) -> Result<Option<MemberRow>, StoreError> {
    Ok(operation_agencies::table
        .find((operation, agency))
        .select(MemberRow::as_select())
        .first(conn)
        .optional()?)
}

/// The part that a check code belongs to.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn by_check_code(conn: &mut Conn, code: &str) -> Result<Option<MemberRow>, StoreError> {
    Ok(operation_agencies::table
        .filter(operation_agencies::check_code.eq(code))
        .select(MemberRow::as_select())
        .first(conn)
        .optional()?)
}
