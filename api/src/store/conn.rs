//! The connection that every query is written against.

use diesel::{PgConnection, SqliteConnection};

/// A connection to whichever database is configured.
///
/// Queries are written once against this enum. What the two do not share is reached by a `match` in
/// [`crate::store::backend`] and nowhere else.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// PostgreSQL, shared by all nodes.
    Postgres(PgConnection),
}
