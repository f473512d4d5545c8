//! Giving entries their places in the log. On PostgreSQL in one statement, because what counts there are round trips; on
//! SQLite in small ones that stay prepared, because what counts there is planning.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary};

use crate::store::schema::history;
use crate::store::update::update;
use crate::store::{Conn, StoreError};

/// An entry that was given its place.
#[derive(Debug, Clone, QueryableByName)]
pub struct Placed {
    /// The place, from 0.
    #[diesel(sql_type = BigInt)]
    pub log_index: i64,
    /// Its leaf hash.
    #[diesel(sql_type = Binary)]
    pub leaf: Vec<u8>,
}

const PLACE: &str = "\
    UPDATE history SET log_index = place.given \
    FROM (SELECT pos AS at, $1 - 1 + row_number() OVER (ORDER BY pos) AS given \
        FROM (SELECT pos FROM history WHERE log_index IS NULL AND leaf IS NOT NULL ORDER BY pos LIMIT $2) AS waiting) AS place \
    WHERE history.pos = place.at RETURNING history.log_index, history.leaf";

/// Gives the oldest entries that have none the places from `from` on, at most so many, and returns them in that order.
///
/// Of two changes of one request the later one was written when the earlier was committed, so that `pos` orders them;
/// entries that do not know of each other may come in either order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn place(conn: &mut Conn, from: i64, most: i64) -> Result<Vec<Placed>, StoreError> {
    match conn {
        Conn::Sqlite(conn) => {
            let waiting: Vec<(i64, Option<Vec<u8>>)> = history::table
                .filter(
                    history::log_index
                        .is_null()
                        .and(history::leaf.is_not_null()),
                )
                .order(history::pos)
                .limit(most)
                .select((history::pos, history::leaf))
                .load(conn)?;
            let mut placed = Vec::with_capacity(waiting.len());
            for ((pos, leaf), log_index) in waiting.into_iter().zip(from..) {
                update(history::table.find(pos), history::log_index.eq(log_index)).execute(conn)?;
                placed.extend(leaf.map(|leaf| Placed { log_index, leaf }));
            }
            Ok(placed)
        }
        Conn::Postgres(conn) => {
            let mut placed: Vec<Placed> = sql_query(PLACE)
                .bind::<BigInt, _>(from)
                .bind::<BigInt, _>(most)
                .load(conn)?;
            placed.sort_unstable_by_key(|placed| placed.log_index);
            Ok(placed)
        }
    }
}
