//! The mark of a database in which nothing is real, and how far the clock there is ahead.

use diesel::prelude::*;

use super::backend::{known_migrations, tables};
use super::schema::sandbox;
use super::{Conn, StoreError};

/// The migration that made the table of the mark.
const MIGRATION: &str = "0030_sandbox";
/// There is one row at most.
const ONLY: i32 = 1;

/// What a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Nothing was ever in it.
    Empty,
    /// A sandbox.
    Sandbox,
    /// An exchange.
    Exchange,
}

/// What a database is, before anything in it is changed.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub fn nature(conn: &mut Conn) -> Result<Nature, StoreError> {
    let tables = tables(conn)?;
    if tables.unknown.is_empty() && tables.pending == known_migrations() {
        return Ok(Nature::Empty);
    }
    if tables.pending.iter().any(|name| name == MIGRATION) {
        return Ok(Nature::Exchange);
    }
    Ok(match ahead(conn)? {
        Some(_) => Nature::Sandbox,
        None => Nature::Exchange,
    })
}

/// By how many milliseconds the clock is ahead of the real one; nothing where the database is no sandbox's.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn ahead(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(sandbox::table
        .find(ONLY)
        .select(sandbox::ahead)
        .first(conn)
        .optional()?)
}

/// Marks the database for good.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn mark(conn: &mut Conn) -> Result<(), StoreError> {
    diesel::insert_into(sandbox::table)
        .values((sandbox::id.eq(ONLY), sandbox::ahead.eq(0_i64)))
        .execute(conn)?;
    Ok(())
}

/// Keeps how far the clock is ahead.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep(conn: &mut Conn, ahead: i64) -> Result<(), StoreError> {
    diesel::update(sandbox::table.find(ONLY))
        .set(sandbox::ahead.eq(ahead))
        .execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::tests::fixture::{Db, World, on_both};

    on_both!(a_database_is_what_its_mark_says);

    async fn a_database_is_what_its_mark_says(db: Db) {
        let world = World::on(db).await;
        let mut conn = world.connection();
        assert_eq!(nature(&mut conn).unwrap(), Nature::Exchange);
        mark(&mut conn).unwrap();
        assert_eq!(nature(&mut conn).unwrap(), Nature::Sandbox);
        assert_eq!(ahead(&mut conn).unwrap(), Some(0));
        keep(&mut conn, 7_200_000).unwrap();
        assert_eq!(ahead(&mut conn).unwrap(), Some(7_200_000));
        mark(&mut conn).unwrap_err();
    }

    #[test]
    fn the_migration_is_known_by_its_name() {
        assert!(known_migrations().iter().any(|name| name == MIGRATION));
    }
}
