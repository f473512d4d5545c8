//! What a database is, an exchange's or a sandbox's, for good; and how far the clock of a sandbox is ahead.

use diesel::prelude::*;

use super::backend::{known_migrations, lacks, tables};
use super::conn::directly;
use super::schema::{agencies, clients, history, sandbox, sealing_keys};
use super::{Conn, StoreError};

/// The migration that made the table of the mark.
const MIGRATION: &str = "0030_sandbox";
/// There is one row at most.
const ONLY: i32 = 1;
const SANDBOX: &str = "sandbox";
const EXCHANGE: &str = "exchange";

/// What a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Nothing was ever in it.
    Empty,
    /// It has tables, and nothing is in them: somebody was stopped before he could say what it is.
    Unmarked,
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
    if !tables.pending.iter().any(|name| name == MIGRATION)
        && let Some(marked) = marked(conn)?
    {
        return Ok(marked);
    }
    Ok(match tables.unknown.is_empty() && is_blank(conn)? {
        true => Nature::Unmarked,
        false => Nature::Exchange,
    })
}

/// What a database was marked as.
fn marked(conn: &mut Conn) -> Result<Option<Nature>, StoreError> {
    let kind: Option<String> = sandbox::table
        .find(ONLY)
        .select(sandbox::kind)
        .first(conn)
        .optional()?;
    Ok(kind.map(|kind| match kind == SANDBOX {
        true => Nature::Sandbox,
        false => Nature::Exchange,
    }))
}

/// Whether nobody has used a database; also one whose tables are not all there yet.
fn is_blank(conn: &mut Conn) -> Result<bool, StoreError> {
    let used = [
        has_row(agencies::table.select(agencies::id).first(conn), "agencies")?,
        has_row(clients::table.select(clients::id).first(conn), "clients")?,
        has_row(history::table.select(history::id).first(conn), "history")?,
        has_row(
            sealing_keys::table.select(sealing_keys::name).first(conn),
            "sealing_keys",
        )?,
    ];
    Ok(!used.contains(&true))
}

fn has_row(first: QueryResult<String>, table: &str) -> Result<bool, StoreError> {
    match first.optional() {
        Ok(row) => Ok(row.is_some()),
        Err(error) if lacks(&error, table) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether a database was marked as an exchange's.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn is_real(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(marked(conn)? == Some(Nature::Exchange))
}

/// By how many milliseconds the clock is ahead of the real one; nothing where the database is no sandbox's.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn ahead(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(sandbox::table
        .find(ONLY)
        .filter(sandbox::kind.eq(SANDBOX))
        .select(sandbox::ahead)
        .first(conn)
        .optional()?)
}

/// Makes the database a sandbox's for good, if nobody has used it; what it is then.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn mark(conn: &mut Conn) -> Result<Nature, StoreError> {
    match marked(conn)? {
        Some(nature) => Ok(nature),
        // Who looked before the tables were made may have looked too early.
        None if !is_blank(conn)? => Ok(Nature::Exchange),
        None => settle(conn, SANDBOX),
    }
}

/// Makes the database an exchange's for good, unless it is a sandbox's; what it is then.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn mark_real(conn: &mut Conn) -> Result<Nature, StoreError> {
    match marked(conn)? {
        Some(nature) => Ok(nature),
        None => settle(conn, EXCHANGE),
    }
}

/// Of two at once the second waits for the first and finds what that made of it.
fn settle(conn: &mut Conn, kind: &str) -> Result<Nature, StoreError> {
    let row = (
        sandbox::id.eq(ONLY),
        sandbox::kind.eq(kind),
        sandbox::ahead.eq(0_i64),
    );
    directly!(conn, conn => diesel::insert_into(sandbox::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))?;
    marked(conn)?.ok_or_else(|| StoreError::Inconsistent("the mark was not kept".into()))
}

/// Keeps how far the clock is ahead, unless it is ahead by more; how far it is then.
///
/// # Errors
/// [`StoreError`] when the database fails, or is no sandbox's.
pub fn keep(conn: &mut Conn, new: i64) -> Result<i64, StoreError> {
    diesel::update(sandbox::table.find(ONLY))
        .filter(sandbox::kind.eq(SANDBOX))
        .filter(sandbox::ahead.lt(new))
        .set(sandbox::ahead.eq(new))
        .execute(conn)?;
    ahead(conn)?.ok_or_else(|| StoreError::Inconsistent("the mark of the sandbox is gone".into()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::tests::fixture::{Db, World, on_both};
    use crate::store::backend;

    on_both!(
        a_database_is_what_its_mark_says,
        one_that_is_used_becomes_no_sandbox,
    );

    fn emptied(conn: &mut Conn) {
        diesel::delete(agencies::table).execute(conn).unwrap();
    }

    async fn a_database_is_what_its_mark_says(db: Db) {
        let world = World::on(db).await;
        let mut conn = world.connection();
        emptied(&mut conn);
        assert_eq!(nature(&mut conn).unwrap(), Nature::Unmarked);
        assert_eq!(mark(&mut conn).unwrap(), Nature::Sandbox);
        assert_eq!(nature(&mut conn).unwrap(), Nature::Sandbox);
        assert_eq!(ahead(&mut conn).unwrap(), Some(0));
        assert_eq!(mark_real(&mut conn).unwrap(), Nature::Sandbox);
        // The clock goes forward only, also where two move it.
        assert_eq!(keep(&mut conn, 7_200_000).unwrap(), 7_200_000);
        assert_eq!(keep(&mut conn, 3_600_000).unwrap(), 7_200_000);
        assert_eq!(mark(&mut conn).unwrap(), Nature::Sandbox);
        assert_eq!(ahead(&mut conn).unwrap(), Some(7_200_000));
        // Nor is the mark taken off.
        while backend::revert_last(&mut conn).unwrap() != "0031" {}
        backend::revert_last(&mut conn).unwrap_err();
        assert_eq!(ahead(&mut conn).unwrap(), Some(7_200_000));
    }

    async fn one_that_is_used_becomes_no_sandbox(db: Db) {
        let world = World::on(db).await;
        let mut conn = world.connection();
        assert_eq!(nature(&mut conn).unwrap(), Nature::Exchange);
        assert_eq!(mark(&mut conn).unwrap(), Nature::Exchange);
        assert_eq!(marked(&mut conn).unwrap(), None);
        assert_eq!(mark_real(&mut conn).unwrap(), Nature::Exchange);
        // Nor when it is emptied.
        emptied(&mut conn);
        assert_eq!(mark(&mut conn).unwrap(), Nature::Exchange);
        assert_eq!(nature(&mut conn).unwrap(), Nature::Exchange);
        assert_eq!(ahead(&mut conn).unwrap(), None);
        keep(&mut conn, 1).unwrap_err();
    }

    /// A sandbox is killed while the tables are made.
    #[test]
    fn half_of_the_tables_are_no_exchange() {
        let folder = std::env::temp_dir().join(format!("takedown-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let location = backend::Location::Sqlite(folder.join("takedown.db"));
        let mut conn = location.open(backend::Access::Write).unwrap();
        assert_eq!(nature(&mut conn).unwrap(), Nature::Empty);
        backend::migrate(&mut conn).unwrap();
        assert_eq!(nature(&mut conn).unwrap(), Nature::Unmarked);
        while backend::revert_last(&mut conn).unwrap() != "0026" {}
        assert_eq!(nature(&mut conn).unwrap(), Nature::Unmarked);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_migration_is_known_by_its_name() {
        assert!(known_migrations().iter().any(|name| name == MIGRATION));
    }
}
