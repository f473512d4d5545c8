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

/// Runs a query on the connection inside, instead of through the enum.
///
/// Through the enum diesel writes the text of a statement anew each time, twice, although it is prepared already and found by
/// its type: a fifth of what a filing took on SQLite. Only for what every filing and every answer runs.
macro_rules! directly {
    ($conn:expr, $inner:ident => $query:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($inner) => $query,
            $crate::store::Conn::Postgres($inner) => $query,
        }
    };
}

pub(super) use directly;
