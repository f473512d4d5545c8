//! `INSERT … ON CONFLICT`, which diesel writes for each database but not for both at once.

use diesel::Column as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use diesel::upsert::excluded;

use crate::store::repeats::{AskedRow, DigestRow, RECENT_CHARS};
use crate::store::schema::{asked, item_digests};
use crate::store::update::upsert;
use crate::store::{Conn, StoreError};

diesel::define_sql_function! {
    /// The characters of a text from a place on, at most so many.
    fn substr(text: Text, from: Integer, count: Integer) -> Text;
}

diesel::define_sql_function! {
    /// The larger of two numbers, for SQLite.
    fn max(one: BigInt, other: BigInt) -> BigInt;
}

diesel::define_sql_function! {
    /// The larger of two numbers, for PostgreSQL.
    fn greatest(one: BigInt, other: BigInt) -> BigInt;
}

diesel::define_sql_function! {
    /// The smaller of two numbers, for SQLite.
    fn min(one: BigInt, other: BigInt) -> BigInt;
}

diesel::define_sql_function! {
    /// The smaller of two numbers, for PostgreSQL.
    fn least(one: BigInt, other: BigInt) -> BigInt;
}

// Filings do not commit in the order of their instants, so first and last are the smallest and the largest.
macro_rules! count {
    ($conn:expr, $row:expr, $smaller:ident, $larger:ident) => {
        upsert(
            diesel::insert_into(asked::table).values($row),
            &[
                asked::comparison_digest::NAME,
                asked::within::NAME,
                asked::agency_id::NAME,
                asked::undisclosed::NAME,
            ],
            (
                asked::times.eq(asked::times + 1),
                asked::first_at.eq($smaller(asked::first_at, excluded(asked::first_at))),
                asked::last_at.eq($larger(asked::last_at, excluded(asked::last_at))),
                asked::recent.eq(substr(
                    excluded(asked::recent).concat(asked::recent),
                    1,
                    RECENT_CHARS,
                )),
                asked::undisclosed_until.eq($larger(
                    asked::undisclosed_until,
                    excluded(asked::undisclosed_until),
                )),
            ),
        )
        .execute($conn)
    };
}

/// Counts one more request about an item: two at once wait for each other, and both count.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count_asked(conn: &mut Conn, row: &AskedRow) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(conn) => count!(conn, row, min, max),
        Conn::Postgres(conn) => count!(conn, row, least, greatest),
    }?;
    Ok(())
}

macro_rules! keep {
    ($conn:expr, $row:expr) => {
        diesel::insert_into(item_digests::table)
            .values($row)
            .on_conflict_do_nothing()
            .execute($conn)
    };
}

/// Keeps a digest of an item; an item may name one twice.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep_digest(conn: &mut Conn, row: &DigestRow) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(conn) => keep!(conn, row),
        Conn::Postgres(conn) => keep!(conn, row),
    }?;
    Ok(())
}
