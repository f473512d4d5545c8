//! The few places in which the two databases differ.

pub mod postgres;
pub mod sqlite;

use diesel::migration::{Migration, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::requests::{self, RequestRow, Scope};
use super::{Conn, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of the embedded database.
    Sqlite(std::path::PathBuf),
    /// A PostgreSQL connection string (with its password: never log it).
    Postgres(String),
}

impl Location {
    /// Opens one connection.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the driver's reason.
    pub fn open(&self, access: Access) -> Result<Conn, StoreError> {
        match self {
            Self::Sqlite(path) => sqlite::open(path, access).map(Conn::Sqlite),
            Self::Postgres(url) => postgres::open(url).map(Conn::Postgres),
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads and writes.
    Write,
    /// Reads only; the database refuses a write.
    Read,
}

/// Brings the tables up to date and returns the names of the migrations that were run.
///
/// # Errors
/// [`StoreError::Inconsistent`] when a migration fails; it is rolled back.
pub fn migrate(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    match conn {
        Conn::Sqlite(c) => run(c, SQLITE),
        Conn::Postgres(c) => {
            // Several nodes may start at once: only one migrates, the others wait for it.
            postgres::with_migration_lock(c, |c| run(c, POSTGRES))
        }
    }
}

fn run<DB: diesel::backend::Backend>(
    harness: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<Vec<String>, StoreError> {
    let done: Vec<MigrationVersion<'_>> = harness
        .run_pending_migrations(migrations)
        .map_err(|e| StoreError::Inconsistent(format!("a migration failed: {e}")))?;
    Ok(done.iter().map(ToString::to_string).collect())
}

/// The database's own clock in Unix milliseconds; `None` where it has none.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub fn clock(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    match conn {
        Conn::Sqlite(_) => Ok(None),
        Conn::Postgres(c) => postgres::clock(c).map(Some),
    }
}

/// The request with this identifier, if the scope may see it, held until the end of the transaction: those who change
/// one request take turns instead of finding at the end that somebody else was faster. The embedded database has one
/// writer; there nothing is to be held.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hold_request(
    conn: &mut Conn,
    scope: &Scope,
    id: &str,
) -> Result<Option<RequestRow>, StoreError> {
    match conn {
        Conn::Sqlite(_) => requests::find(conn, scope, id),
        Conn::Postgres(c) => postgres::hold_request(c, scope, id),
    }
}

/// Undoes every migration. For tests of the migrations only.
///
/// # Errors
/// [`StoreError::Inconsistent`] when a migration cannot be undone.
pub fn revert_all(conn: &mut Conn) -> Result<(), StoreError> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| {
        StoreError::Inconsistent(format!("a migration cannot be undone: {e}"))
    };
    match conn {
        Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map_err(failed)?,
        Conn::Postgres(c) => c.revert_all_migrations(POSTGRES).map_err(failed)?,
    };
    Ok(())
}

/// The names of all migrations this program knows, for `takedown migrate --list`.
#[must_use]
pub fn known_migrations() -> Vec<String> {
    use diesel::migration::MigrationSource;
    let known: Result<Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>>, _> = SQLITE.migrations();
    known
        .map(|all| all.iter().map(|m| m.name().to_string()).collect())
        .unwrap_or_default()
}
