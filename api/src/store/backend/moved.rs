//! Which feeds moved since somebody looked last, whichever node appended to them.
//!
//! An entry names the transaction that wrote it. Of two transactions that with the smaller number may commit later, so a number alone
//! says nothing: a look keeps the snapshot that it was made in, and what was not visible there is either behind its end or was open in it.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};

use crate::store::{Conn, StoreError};

/// What a look could see: every transaction before its end, but for those that were open then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Horizon {
    /// The server's own number, and its timeline: another one begins with each restoration to an instant, and with each failover.
    server: (i64, i32),
    end: i64,
    open: Vec<i64>,
}

impl Horizon {
    /// Whether this was seen after `other`. Otherwise the database is not the same any more: it was restored from a backup.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        self.server == other.server && self.end >= other.end
    }
}

/// What a look found.
#[derive(Debug, Clone)]
pub struct Moved {
    /// From where on the next one has to look; none on a server that follows another one, which knows of no open transactions.
    pub horizon: Option<Horizon>,
    /// The feeds to which something was appended, each with the position of the newest entry found.
    pub heads: Vec<(String, i64)>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    server: i64,
    #[diesel(sql_type = Integer)]
    timeline: i32,
    #[diesel(sql_type = Bool)]
    follows: bool,
    #[diesel(sql_type = BigInt)]
    ends: i64,
    #[diesel(sql_type = Array<BigInt>)]
    open: Vec<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    party_id: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    head: Option<i64>,
}

// In one statement, so that the snapshot it tells of is the one in which it looked. The upper bound matters after a restoration into
// another server, whose numbers are smaller than those of the entries: without it every look would find all of these.
const LOOK: &str = "\
    WITH seen AS MATERIALIZED ( \
        SELECT pg_snapshot_xmax(snapshot)::text::bigint AS ends, \
            ARRAY(SELECT open::text::bigint FROM pg_snapshot_xip(snapshot) AS open) AS open, \
            (SELECT system_identifier FROM pg_control_system()) AS server, \
            (SELECT timeline_id FROM pg_control_checkpoint()) AS timeline, pg_is_in_recovery() AS follows \
        FROM (SELECT pg_current_snapshot() AS snapshot) AS now) \
    SELECT seen.server, seen.timeline, seen.follows, seen.ends, seen.open, moved.party_id, moved.head FROM seen LEFT JOIN ( \
        SELECT party_id, max(position) AS head FROM ( \
            SELECT party_id, position FROM feed \
            WHERE written_in > 0 AND written_in >= $1 AND written_in < (SELECT ends FROM seen) \
            UNION ALL \
            SELECT party_id, position FROM feed WHERE written_in > 0 AND written_in = ANY ($2) \
        ) AS entries GROUP BY party_id) AS moved ON true";

/// Looks what was appended since `last`; without it, only from where on the next look has to look. None on the embedded database, to
/// which nobody else appends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn moved(conn: &mut Conn, last: Option<&Horizon>) -> Result<Option<Moved>, StoreError> {
    let Conn::Postgres(conn) = conn else {
        return Ok(None);
    };
    let (from, open): (i64, &[i64]) = match last {
        None => (i64::MAX, &[]),
        Some(last) => (last.end, &last.open),
    };
    let rows: Vec<Row> = sql_query(LOOK)
        .bind::<BigInt, _>(from)
        .bind::<Array<BigInt>, _>(open)
        .load(conn)?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let horizon = (!first.follows).then(|| Horizon {
        server: (first.server, first.timeline),
        end: first.ends,
        open: first.open.clone(),
    });
    let heads = rows
        .into_iter()
        .filter_map(|row| row.party_id.zip(row.head));
    Ok(Some(Moved {
        horizon,
        heads: heads.collect(),
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use diesel::Connection as _;

    use super::*;
    use crate::app::tests::fixture::{Db, World};
    use crate::store::feed;

    fn look(conn: &mut Conn, last: &mut Horizon) -> Vec<(String, i64)> {
        let moved = moved(conn, Some(last)).unwrap().unwrap();
        let horizon = moved.horizon.unwrap();
        assert!(horizon.is_after(last));
        *last = horizon;
        moved.heads
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_commits_late_is_found_and_what_was_there_is_not() {
        if std::env::var_os("TAKEDOWN_TEST_POSTGRES").is_none() {
            eprintln!("not run: there is no PostgreSQL; scripts/with-postgres starts one");
            return;
        }
        let w = World::on(Db::Postgres).await;
        w.referral().await;
        let platform = w.platform.actor.platform().unwrap().to_string();
        let (mut looker, mut early, mut late) = (w.connection(), w.connection(), w.connection());
        let first = moved(&mut looker, None).unwrap().unwrap();
        assert!(first.heads.is_empty());
        let mut last = first.horizon.unwrap();

        late.transaction(|late| {
            // It has its number before the other one, and commits after it.
            diesel::sql_query("SELECT pg_current_xact_id()").execute(late)?;
            early.transaction(|early| feed::append(early, &platform, |_| "{}".to_owned()))?;
            assert_eq!(look(&mut looker, &mut last), [(platform.clone(), 2)]);
            feed::append(late, &platform, |_| "{}".to_owned())?;
            assert!(look(&mut looker, &mut last).is_empty());
            Ok::<_, StoreError>(())
        })
        .unwrap();
        assert_eq!(look(&mut looker, &mut last), [(platform.clone(), 3)]);
        assert!(look(&mut looker, &mut last).is_empty());

        // Restored into a server whose numbers are small.
        let small = Horizon {
            end: 1,
            ..last.clone()
        };
        assert!(!small.is_after(&last));
        // Or to an instant, after which as many transactions came as there had been.
        let (server, timeline) = last.server;
        assert!(server != 0 && timeline > 0);
        for server in [(server + 1, timeline), (server, timeline + 1)] {
            let further = Horizon {
                server,
                end: last.end + 1,
                open: Vec::new(),
            };
            assert!(!further.is_after(&last));
        }
    }
}
