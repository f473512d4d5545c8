//! `INSERT … ON CONFLICT` for imported records.

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::asked::{greatest, least, max, min};
use crate::store::imports::{CountRow, ImportRow};
use crate::store::schema::{import_counts, imports};
use crate::store::{Conn, StoreError};

macro_rules! keep {
    ($conn:expr, $rows:expr) => {
        diesel::insert_into(imports::table)
            .values($rows)
            .on_conflict_do_nothing()
            .execute($conn)
    };
}

/// Stores those that are not there yet, and says how many these were. Of two calls at once the second waits for the first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep_new(conn: &mut Conn, rows: &[ImportRow]) -> Result<usize, StoreError> {
    Ok(match conn {
        Conn::Sqlite(conn) => keep!(conn, rows),
        Conn::Postgres(conn) => keep!(conn, rows),
    }?)
}

macro_rules! count {
    ($conn:expr, $row:expr, $smaller:ident, $larger:ident) => {
        diesel::insert_into(import_counts::table)
            .values($row)
            .on_conflict((
                import_counts::agency_id,
                import_counts::comparison_digest,
                import_counts::within,
            ))
            .do_update()
            .set((
                import_counts::times.eq(import_counts::times + excluded(import_counts::times)),
                import_counts::first_on.eq($smaller(
                    import_counts::first_on,
                    excluded(import_counts::first_on),
                )),
                import_counts::last_on.eq($larger(
                    import_counts::last_on,
                    excluded(import_counts::last_on),
                )),
            ))
            .execute($conn)
    };
}

/// Counts more records about an item.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count_more(conn: &mut Conn, row: &CountRow) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(conn) => count!(conn, row, min, max),
        Conn::Postgres(conn) => count!(conn, row, least, greatest),
    }?;
    Ok(())
}
