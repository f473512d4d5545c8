//! SQLite: one writer that commits the work of many callers with one sync.

use std::path::Path;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, SqliteConnection};

use super::Access;
use crate::store::StoreError;

/// How long a connection waits for a lock that another process (a backup, `sqlite3`) holds.
const BUSY_TIMEOUT_MS: u32 = 5_000;

/// After so many pages of 8 KiB the log is copied into the file. The usual thousand is forty filings, each of which would
/// copy the same hot pages again.
const CHECKPOINT_PAGES: u32 = 4_000;

/// Opens the file, creating it if need be.
pub(super) fn open(path: &Path, access: Access) -> Result<SqliteConnection, StoreError> {
    let unavailable = |why: String| StoreError::Unavailable(format!("{}: {why}", path.display()));
    let name = path
        .to_str()
        .ok_or_else(|| unavailable("the path is not UTF-8".into()))?;
    private(path).map_err(|e| unavailable(e.to_string()))?;
    let mut conn = SqliteConnection::establish(name).map_err(|e| unavailable(e.to_string()))?;
    // FULL: with NORMAL, a simulated power cut lost acknowledged rows; kill -9 does not show that.
    // What is erased must not stay in pages that are free.
    // The page size counts for a new file only: an inbox entry of 1 KB does not fit into a cell of the usual 4 KiB, and
    // would take a page of its own besides.
    let mut pragmas = format!(
        "PRAGMA busy_timeout = {BUSY_TIMEOUT_MS};
         PRAGMA page_size = 8192;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES};"
    );
    if access == Access::Read {
        pragmas.push_str("PRAGMA query_only = ON;");
    }
    conn.batch_execute(&pragmas)
        .map_err(|e| unavailable(e.to_string()))?;
    Ok(conn)
}

/// Opens a file that is there, and leaves it as it is.
pub(super) fn look(path: &Path) -> Result<SqliteConnection, StoreError> {
    let unavailable = |why: String| StoreError::Unavailable(format!("{}: {why}", path.display()));
    // SQLite would make one. Not opened and closed here, for the reason given at `private`.
    std::fs::metadata(path).map_err(|e| unavailable(e.to_string()))?;
    let name = path
        .to_str()
        .ok_or_else(|| unavailable("the path is not UTF-8".into()))?;
    let mut conn = SqliteConnection::establish(name).map_err(|e| unavailable(e.to_string()))?;
    conn.batch_execute(&format!(
        "PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}; PRAGMA query_only = ON;"
    ))
    .map_err(|e| unavailable(e.to_string()))?;
    Ok(conn)
}

/// Makes the file, if it is not there, so that only its owner reads it: it holds every locator. SQLite gives the files
/// beside it the same mode.
///
/// One that is there is not even opened: whoever closes a file ends all locks that his process has on it (POSIX), also those by which
/// the connections before this one say that they are there. The next program that looked at the database, such as `sqlite3`, would
/// take itself for the last one and remove the log, and everything that is committed afterwards would be lost with the process.
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if path == Path::new(":memory:") {
        return Ok(());
    }
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// How many bytes are free where the file lies.
pub(super) fn free_space(path: &Path) -> Result<u64, StoreError> {
    let directory = path.parent().filter(|d| !d.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let space = rustix::fs::statvfs(directory)
        .map_err(|e| StoreError::Unavailable(format!("{}: {e}", directory.display())))?;
    Ok(space.f_bavail.saturating_mul(space.f_frsize))
}

/// Copies the log into the file and empties it. While somebody reads an older state it is left as it is.
pub(super) fn forget_old_pages(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    Ok(conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?)
}

/// Begins a transaction that holds the write lock from its first moment.
///
/// A deferred one takes the lock at its first write and fails when somebody wrote in between: 307 of 400 concurrent
/// read-modify-writes did.
pub(in crate::store) fn begin(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    Ok(AnsiTransactionManager::begin_transaction_sql(
        conn,
        "BEGIN IMMEDIATE",
    )?)
}

/// Commits and syncs.
pub(in crate::store) fn commit(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    Ok(AnsiTransactionManager::commit_transaction(conn)?)
}
