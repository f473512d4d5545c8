//! PostgreSQL: every connection reads and writes; the nodes share nothing else.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::{Access, Stand};
use crate::store::StoreError;
use crate::store::repeats::Key;
use crate::store::requests::{RequestRow, Scope};
use crate::store::schema::{copies, requests};

/// Any number that no other program on the database uses for an advisory lock.
const MIGRATION_LOCK: i64 = 0x7461_6b65_646f_776e;

/// The same for whoever lets the log grow.
const LOG_LOCK: i64 = 0x7461_6b65_6c6f_6731;

/// The advisory locks of filings that take turns: this, and a number that follows from the item.
const TURNS: i32 = 0x7475_726e;
/// Into so many kinds items are divided. Each is a lock, of which a server has room for a few thousand.
const KINDS: u8 = 64;

/// Connects and sets what durability and fairness need, whatever the server's own configuration says.
pub(super) fn open(url: &str, access: Access) -> Result<PgConnection, StoreError> {
    let mut conn =
        PgConnection::establish(url).map_err(|e| StoreError::Unavailable(e.to_string()))?;
    // No parallel workers: every statement here is short, and starting them takes longer than it saves.
    // One plan for all values: it takes LIMIT for a tenth of the rows and would plan every page anew because that looks
    // dear. Every statement here follows an index whatever its values are.
    conn.batch_execute(
        "SET synchronous_commit = on;
         SET plan_cache_mode = force_generic_plan;
         SET max_parallel_workers_per_gather = 0;
         SET lock_timeout = '5s';
         SET statement_timeout = '30s';
         SET idle_in_transaction_session_timeout = '30s';
         SET client_min_messages = warning;",
    )
    .map_err(|e| StoreError::Unavailable(e.to_string()))?;
    if access == Access::Look {
        // Counting a whole table takes as long as it takes.
        conn.batch_execute("SET default_transaction_read_only = on; SET statement_timeout = 0;")?;
    }
    Ok(conn)
}

/// Runs `work` while no other node does.
pub(super) fn with_migration_lock<T>(
    conn: &mut PgConnection,
    work: impl FnOnce(&mut PgConnection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    conn.batch_execute("SET lock_timeout = 0; SET statement_timeout = 0;")?;
    sql_query(format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).execute(conn)?;
    let result = work(conn);
    sql_query(format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})")).execute(conn)?;
    conn.batch_execute("SET lock_timeout = '5s'; SET statement_timeout = '30s';")?;
    result
}

/// The server's clock in Unix milliseconds.
pub(super) fn clock(conn: &mut PgConnection) -> Result<i64, StoreError> {
    let millis = sql::<BigInt>("(extract(epoch from clock_timestamp()) * 1000)::bigint");
    Ok(diesel::select(millis).get_result(conn)?)
}

/// Which database this is, whether it is a replica, and how far it has come. The identifier of a cluster is the same on its replicas, and
/// so is the number of a database in it. A primary tells what it has written, which is all that anybody can see there.
pub(super) fn stand(conn: &mut PgConnection) -> Result<Stand, StoreError> {
    let database = "(SELECT system_identifier FROM pg_control_system()) || '/' || \
                    (SELECT oid FROM pg_database WHERE datname = current_database())";
    let position = "pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() \
                    ELSE pg_current_wal_lsn() END, '0/0')::bigint";
    let (database, replica, position): (String, bool, Option<i64>) = diesel::select((
        sql::<Text>(database),
        sql::<Bool>("pg_is_in_recovery()"),
        sql::<Nullable<BigInt>>(position),
    ))
    .get_result(conn)?;
    Ok(Stand {
        database,
        replica,
        position: position.unwrap_or_default(),
    })
}

/// Waits until nobody else files one of these items and wants to be refused, until the end of the transaction.
pub(super) fn take_turns(conn: &mut PgConnection, items: &[Key]) -> Result<(), StoreError> {
    let kinds = items.iter().filter_map(|key| key.digest.first());
    // In one order for everybody, so that no two wait for each other.
    let kinds: BTreeSet<u8> = kinds.map(|byte| byte % KINDS).collect();
    for kind in kinds {
        sql_query("SELECT pg_advisory_xact_lock($1, $2)")
            .bind::<Integer, _>(TURNS)
            .bind::<Integer, _>(i32::from(kind))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether nobody else lets the log grow, until the end of the transaction.
pub(super) fn take_log(conn: &mut PgConnection) -> Result<bool, StoreError> {
    let taken = sql::<Bool>(&format!("pg_try_advisory_xact_lock({LOG_LOCK})"));
    Ok(diesel::select(taken).get_result(conn)?)
}

/// Locks the row of a request that the scope may see. Its key stays free to be referred to.
pub(super) fn hold_request(
    conn: &mut PgConnection,
    scope: &Scope,
    id: &str,
) -> Result<Option<RequestRow>, StoreError> {
    // A boxed query, as `requests::find` uses, cannot be locked.
    let (all, agency, platform, authority) = match scope {
        Scope::All => (true, "", "", ""),
        Scope::Agency(id) => (false, id.as_str(), "", ""),
        Scope::Platform(id) => (false, "", id.as_str(), ""),
        Scope::Copied(id) => (false, "", "", id.as_str()),
    };
    let copied = copies::table.filter(copies::authority_id.eq(authority));
    let party = requests::agency_id
        .eq(agency)
        .or(requests::platform_id.eq(platform))
        .or(requests::id.eq_any(copied.select(copies::request_id)));
    Ok(requests::table
        .find(id)
        .filter(all.into_sql::<Bool>().or(party))
        .select(RequestRow::as_select())
        .for_no_key_update()
        .first(conn)
        .optional()?)
}
