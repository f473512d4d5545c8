//! The few places in which the two databases differ.

pub mod asked;
pub mod hooked;
pub mod imports;
pub mod moved;
pub mod places;
pub mod postgres;
pub mod sqlite;

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use diesel::migration::{Migration, MigrationVersion};
use diesel::{QueryDsl as _, RunQueryDsl as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::requests::{self, RequestRow, Scope};
use super::schema::migrations;
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
            Self::Sqlite(path) if access == Access::Look => sqlite::look(path).map(Conn::Sqlite),
            Self::Sqlite(path) => sqlite::open(path, access).map(Conn::Sqlite),
            Self::Postgres(url) => postgres::open(url, access).map(Conn::Postgres),
        }
    }

    /// How many bytes are free where it lies, where that can be seen from here.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the directory cannot be looked at.
    pub fn free_space(&self) -> Result<Option<u64>, StoreError> {
        match self {
            Self::Sqlite(path) => sqlite::free_space(path).map(Some),
            Self::Postgres(_) => Ok(None),
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
    /// As [`Access::Read`], of a database as it is: nothing that is not there is made.
    Look,
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

/// How the tables stand to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    /// The migrations that would bring them up to date.
    pub pending: Vec<String>,
    /// Versions of migrations that this program does not know: the tables are of a newer one.
    pub unknown: Vec<String>,
}

/// Compares the tables with what this program needs, and changes nothing.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub fn tables(conn: &mut Conn) -> Result<Tables, StoreError> {
    let ran: Vec<String> = match migrations::table.select(migrations::version).load(conn) {
        Ok(ran) => ran,
        Err(error) if never_migrated(&error) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let version =
        |name: &String| -> String { name.chars().take_while(char::is_ascii_digit).collect() };
    let known = known_migrations();
    let versions: Vec<String> = known.iter().map(version).collect();
    Ok(Tables {
        unknown: ran
            .iter()
            .filter(|ran| !versions.contains(ran))
            .cloned()
            .collect(),
        pending: known
            .into_iter()
            .filter(|name| !ran.contains(&version(name)))
            .collect(),
    })
}

/// Whether the table of migrations is not there yet.
fn never_migrated(error: &diesel::result::Error) -> bool {
    lacks(error, "__diesel_schema_migrations")
}

/// Whether a query failed because this table is not there yet, in the words of the two databases.
pub(super) fn lacks(error: &diesel::result::Error, table: &str) -> bool {
    let said = error.to_string();
    said.contains(table)
        && ["no such table", "does not exist"]
            .iter()
            .any(|sign| said.contains(sign))
}

/// Copies the log of the embedded database into its file and empties it; PostgreSQL does so by itself.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget_old_pages(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(c) => sqlite::forget_old_pages(c),
        Conn::Postgres(_) => Ok(()),
    }
}

/// Reads the database as it is at one moment, however long it takes.
///
/// # Errors
/// [`StoreError`] when the database fails, and those of `work`.
pub fn snapshot<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED")?,
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?,
    }
    let done = work(conn);
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c)?,
        Conn::Postgres(c) => AnsiTransactionManager::rollback_transaction(c)?,
    }
    done
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

/// Lets filings that are to be refused when somebody is at an item already take turns, so that of two at once the second
/// finds the first. Others wait for nothing. The embedded database has one writer; there nothing is to be held.
///
/// # Errors
/// [`StoreError`] when the database fails, or the turn does not come.
pub fn take_turns(conn: &mut Conn, items: &[super::repeats::Key]) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => postgres::take_turns(c, items),
    }
}

/// Where a database and its replicas stand in the history of its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    /// Which database: a replica has the same.
    pub database: String,
    /// Whether it is a replica.
    pub replica: bool,
    /// How many bytes of changes it has. Of two that stand at one place one sees what the other sees.
    pub position: i64,
}

impl Stand {
    /// Whether it is a replica of a database; otherwise why not.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence that begins with it.
    pub fn is_copy_of(&self, primary: &Self) -> Result<(), &'static str> {
        match self {
            _ if self.database != primary.database => Err("it is a replica of another database"),
            Self { replica: false, .. } => Err("it is no replica: it takes changes of its own"),
            _ => Ok(()),
        }
    }
}

/// Where this server stands; nowhere on the embedded database, which has no replicas.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub fn stand(conn: &mut Conn) -> Result<Option<Stand>, StoreError> {
    match conn {
        Conn::Sqlite(_) => Ok(None),
        Conn::Postgres(c) => postgres::stand(c).map(Some),
    }
}

/// Whether this transaction may let the log grow: another node's does, or nothing does. It is no fence, only thrift; the embedded
/// database has one writer.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn take_log(conn: &mut Conn) -> Result<bool, StoreError> {
    match conn {
        Conn::Sqlite(_) => Ok(true),
        Conn::Postgres(c) => postgres::take_log(c),
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

/// Undoes the last migration and returns its version.
#[cfg(test)]
pub(crate) fn revert_last(
    conn: &mut Conn,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let reverted = match conn {
        Conn::Sqlite(c) => c.revert_last_migration(SQLITE),
        Conn::Postgres(c) => c.revert_last_migration(POSTGRES),
    };
    reverted.map(|version| version.to_string())
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
