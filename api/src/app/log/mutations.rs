//! Whatever somebody changes in the tables that the history covers is found: every column, every row, in any order.
#![allow(clippy::unwrap_used, clippy::panic)]

mod agencies;
mod dialect;
mod registered;
mod tables;
mod world;

use diesel::prelude::*;
use takedown_core::id::ClientId;
use takedown_core::log::SignedCheckpoint;
use uuid::Uuid;

use super::{Found, verify, verify_requests};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::http::v1::requests::file::project;
use crate::store::{Conn, agencies as stored};
use dialect::{Column, columns, insert, other, rows, run, without_foreign_keys};
use tables::{COVERED, NOT_COVERED};
use world::{OTHERS, key, populated};

on_both!(
    whatever_is_changed_dropped_put_in_or_swapped_is_found,
    each_byte_of_a_tile_and_of_a_checkpoint_counts,
    what_decides_whether_somebody_is_believed_is_held,
);

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((z ^ (z >> 31)) >> 1).unwrap() % n.max(1)
    }
}

fn faults(conn: &mut Conn, known: &SignedCheckpoint) -> Vec<String> {
    let mut faults = Vec::new();
    let mut say = |found: Found<'_>| {
        if let Found::Fault(what) = found {
            faults.push(what.to_owned());
        }
    };
    let key = key().verifier().clone();
    let done = verify(conn, Some(&key), Some(known), project, &mut say)
        .and_then(|_| verify_requests(conn, &mut say));
    // What cannot even be read is found, too.
    if let Err(error) = done {
        faults.push(error.to_string());
    }
    faults
}

/// Does it, looks, and undoes it. `None` when the database itself refuses, or when it changes nothing.
fn tried(conn: &mut Conn, known: &SignedCheckpoint, sql: &str) -> Option<Vec<String>> {
    run(conn, "SAVEPOINT before").unwrap();
    let done = diesel::sql_query(sql).execute(conn);
    let found = done
        .is_ok_and(|changed| changed > 0)
        .then(|| faults(conn, known));
    run(
        conn,
        "ROLLBACK TO SAVEPOINT before; RELEASE SAVEPOINT before",
    )
    .unwrap();
    found
}

/// The row at a place, by its key.
fn at(table: &str, of: &[Column], place: i64) -> String {
    let key: Vec<&str> = of
        .iter()
        .filter(|column| column.key > 0)
        .map(|column| column.name.as_str())
        .collect();
    let key = key.join(", ");
    format!("({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {place})")
}

/// A connection to a database with everything in it, and what somebody else kept of its log, or the server beside its database.
async fn opened(db: Db) -> (World, Conn, SignedCheckpoint) {
    let w = populated(db).await;
    let mut conn = w.connection();
    without_foreign_keys(&mut conn);
    let known = w.cx.log.newest().unwrap();
    let untouched = faults(&mut conn, &known);
    assert_eq!(untouched, Vec::<String>::new(), "untouched");
    (w, conn, SignedCheckpoint::clone(&known))
}

async fn whatever_is_changed_dropped_put_in_or_swapped_is_found(db: Db) {
    let (_w, mut conn, known) = opened(db).await;
    // Whether a request was erased is what its entries say: its row alone switches nothing off.
    let newest = "(SELECT max(id) FROM requests WHERE erased_at IS NULL)";
    for (set, of) in [
        ("erased_at = updated_at", format!("id = {newest}")),
        (
            "erased_at = updated_at, undecided_count = 7",
            format!("id = {newest}"),
        ),
        (
            "erased_at = erased_at + 1",
            "erased_at IS NOT NULL".to_owned(),
        ),
        ("erased_at = NULL", "erased_at IS NOT NULL".to_owned()),
    ] {
        let sql = format!("UPDATE requests SET {set} WHERE {of}");
        let found = tried(&mut conn, &known, &sql).unwrap();
        let named = found
            .iter()
            .any(|what| what.contains("column erased_at has"));
        assert!(named, "{sql}: {found:?}");
    }
    let mut dice = Dice(7);
    let (mut overlooked, mut tried_in_all) = (Vec::new(), 0);
    for table in COVERED {
        let mut tried_here = 0;
        for sql in attempts(&mut conn, table, &mut dice) {
            if let Some(found) = tried(&mut conn, &known, &sql) {
                tried_here += 1;
                if found.is_empty() {
                    overlooked.push(sql);
                }
            }
        }
        assert!(tried_here > 2, "{table}: only {tried_here} changes");
        tried_in_all += tried_here;
    }
    assert_eq!(
        overlooked,
        Vec::<String>::new(),
        "of {tried_in_all} changes"
    );
    assert!(tried_in_all > 200, "only {tried_in_all} changes were made");
}

/// What is done to a table: to each column, and to whole rows.
fn attempts(conn: &mut Conn, table: &str, dice: &mut Dice) -> Vec<String> {
    let of = columns(conn, table);
    assert!(!of.is_empty(), "{table}");
    // Of the last request, which is erased, less is left to compare: its status, its result, its outcomes.
    let erased = i64::from(matches!(table, "requests" | "items"));
    let count = rows(conn, table) - erased;
    assert!(count > 0, "{table} is empty: nothing would be tried");
    // Nothing holds what stands beside an entry whose bytes are gone.
    let there_is = match table {
        "history" => " AND salt IS NOT NULL",
        _ => "",
    };
    // The entries of requests come behind the others, of which one in ten is enough.
    let place = |dice: &mut Dice| match table {
        "history" if dice.below(10) > 0 => OTHERS + dice.below(count - OTHERS),
        _ => dice.below(count),
    };
    let mut attempts = Vec::new();
    for column in &of {
        let name = &column.name;
        let whole = format!("{table}.{name}");
        if NOT_COVERED.iter().any(|(not, _)| *not == whole) {
            continue;
        }
        for _ in 0..2 {
            let here = at(table, &of, place(dice));
            let value = other(conn, column, dice.below(4_000));
            attempts.push(format!(
                "UPDATE {table} SET {name} = {value} WHERE {here}{there_is} AND {name} IS NOT NULL"
            ));
            let there = at(table, &of, place(dice));
            let there = format!("(SELECT {name} FROM {table} WHERE {there})");
            attempts.push(format!(
                "UPDATE {table} SET {name} = {there} WHERE {here}{there_is} AND {name} IS DISTINCT FROM {there}"
            ));
        }
    }
    for _ in 0..2 {
        // A checkpoint that is gone is missed by nobody: whoever kept one compares the tree with it.
        if table != "log_checkpoints" {
            let here = at(table, &of, place(dice));
            attempts.push(format!("DELETE FROM {table} WHERE {here}"));
        }
        let copied: Vec<String> = of
            .iter()
            .map(|column| match (column.key > 0, column.name.as_str()) {
                (true, _) => other(conn, column, 20),
                // What must be unique is another, as somebody who puts a row in would see to.
                (false, "reference" | "check_code" | "id" | "agency_reference") => {
                    other(conn, column, 8)
                }
                (false, "log_index" | "request_id") if table == "history" => "NULL".to_owned(),
                (false, name @ ("version" | "number")) if table == "signed_statements" => {
                    format!("{name} + 40")
                }
                (false, name) => name.to_owned(),
            })
            .collect();
        attempts.push(insert(conn, table, &copied, &at(table, &of, place(dice))));
    }
    attempts
}

/// Of what proves everything else no byte may be overlooked, and what is wrong is said of that tile, or that checkpoint.
async fn each_byte_of_a_tile_and_of_a_checkpoint_counts(db: Db) {
    let (_w, mut conn, known) = opened(db).await;
    let size = known.checkpoint().size();
    let blob = |name: &str| Column {
        name: name.to_owned(),
        kind: match db {
            Db::Sqlite => "blob".to_owned(),
            Db::Postgres => "bytea".to_owned(),
        },
        key: 0,
    };
    let note = Column {
        name: "note".to_owned(),
        kind: "text".to_owned(),
        key: 0,
    };
    let mut tries = Vec::new();
    let step = usize::try_from(Dice(u64::from(db == Db::Sqlite)).below(50) + 200).unwrap();
    for byte in (0..256 * 32).step_by(step) {
        let value = other(&conn, &blob("hashes"), byte);
        tries.push((
            format!("UPDATE log_tiles SET hashes = {value} WHERE level = 0 AND tile = 0"),
            format!("has another hash for entry {}", byte / 32),
        ));
    }
    for byte in (0..32).step_by(5) {
        let value = other(&conn, &blob("root"), byte);
        tries.push((
            format!("UPDATE log_tiles SET root = {value} WHERE level = 0 AND tile = 0"),
            "the root of the tile 0 of level 0 is another".to_owned(),
        ));
    }
    let length = i64::try_from(known.to_string().chars().count()).unwrap();
    for byte in (0..length).step_by(7) {
        let value = other(&conn, &note, byte);
        tries.push((
            format!("UPDATE log_checkpoints SET note = {value} WHERE size = {size}"),
            format!("the stored checkpoint of {size} entries: "),
        ));
    }
    let tile = "UPDATE log_tiles SET hashes =";
    for (change, says) in [
        // Dropped, put in, swapped, in another order.
        ("substr(hashes, 33)", "has another hash for entry 0"),
        ("substr(hashes, 1, 8160)", "has another hash for entry 255"),
        (
            "substr(hashes, 1, 640) || substr(hashes, 1, 32) || substr(hashes, 641)",
            "has another hash for entry 20",
        ),
        (
            "hashes || substr(hashes, 1, 32)",
            "has another hash for entry 256",
        ),
        (
            "substr(hashes, 33, 32) || substr(hashes, 1, 32) || substr(hashes, 65)",
            "has another hash for entry 0",
        ),
    ] {
        // SQLite makes a text of blobs that it puts together.
        let change = match db {
            Db::Sqlite => format!("CAST({change} AS BLOB)"),
            Db::Postgres => change.to_owned(),
        };
        tries.push((format!("{tile} {change} WHERE level = 0"), says.to_owned()));
    }
    tries.push((
        "UPDATE log_tiles SET tile = 1 WHERE level = 0".to_owned(),
        "the tile of entries 0 to 255 is missing".to_owned(),
    ));
    for (sql, says) in tries {
        let found = tried(&mut conn, &known, &sql).unwrap_or_else(|| panic!("{sql}: not done"));
        let named = found.iter().any(|what| what.contains(&says));
        assert!(named, "{sql}: {says}, not {found:?}");
    }
}

/// Single values of columns that are not covered as a whole.
async fn what_decides_whether_somebody_is_believed_is_held(db: Db) {
    let (_w, mut conn, known) = opened(db).await;
    let agency = stored::page(&mut conn, None, 1).unwrap().remove(0);
    let mut completed: serde_json::Value =
        serde_json::from_str(&agency.verification.unwrap()).unwrap();
    completed["evidence"]["second"] = serde_json::json!({
        "by": "Nobody", "at": "2026-01-01T00:00:00Z",
        "client": ClientId::from_uuid(Uuid::now_v7()).to_string(),
        "call_back": {"source": "A list", "called_at": "2026-01-01T00:00:00Z"},
    });
    for (table, set, says) in [
        (
            "agencies",
            "signature_required = NOT signature_required".to_owned(),
            "its column signature_required has true, its entries say false",
        ),
        (
            "agencies",
            format!("verification = '{completed}'"),
            "its column verification has a second check",
        ),
        (
            "webhooks",
            "secrets = replace(secrets, 'whpk_2', 'whpk_3')".to_owned(),
            "its column secrets has whpk_3, its entries say whpk_2",
        ),
    ] {
        let sql = format!("UPDATE {table} SET {set}");
        let found = tried(&mut conn, &known, &sql).unwrap_or_else(|| panic!("{sql}: not done"));
        let named = found.iter().any(|what| what.contains(says));
        assert!(named, "{sql}: {says}, not {found:?}");
    }
    // How often a unit's keys were used is said by no entry that has lost its bytes: what is kept is counted.
    for (sql, says) in [
        (
            "DELETE FROM unit_tags",
            "were used 0 times; 1 uses are kept",
        ),
        (
            "UPDATE signed_statements SET number = 2",
            "with 1 numbers, the last of which is 2",
        ),
    ] {
        let found = tried(&mut conn, &known, sql).unwrap();
        let named = found.iter().any(|what| what.contains(says));
        assert!(named, "{sql}: {says}, not {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_covered_is_there_and_the_page_says_so() {
    let w = World::new().await;
    let mut conn = w.connection();
    let page = include_str!("../../../../docs/history.md");
    for (name, why) in NOT_COVERED {
        let (table, column) = name.split_once('.').unwrap();
        assert!(COVERED.contains(&table), "{name}");
        let there = columns(&mut conn, table);
        assert!(
            there.iter().any(|of| of.name == column),
            "{name} is no column"
        );
        assert!(
            page.contains(&format!("| `{name}` | {why} |")),
            "docs/history.md does not show {name}"
        );
    }
}
