//! Whatever somebody changes in the tables that the history covers is found: every column, every row, in any order.
#![allow(clippy::unwrap_used, clippy::panic)]

mod tables;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use takedown_core::log::note::{KeyName, SignatureType};
use takedown_core::log::{SignedCheckpoint, SigningKey};
use takedown_core::request::{Basis, Outcome, OutcomeCode, RevisionReason, UploaderInformed};

use super::{Found, Log, Memory, advance, verify, verify_requests};
use crate::app::Caller;
use crate::app::once::Answer;
use crate::app::requests::filing::Text as Words;
use crate::app::requests::{self, Decision, Expected, NewMessage, RequestView, Saying};
use crate::app::tests::fixture::World;
use crate::store::Conn;
use tables::{COVERED, NOT_COVERED};

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    pk: i64,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

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

fn nothing(_: &RequestView, _: &Caller) -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: String::new(),
    }
}

async fn say(w: &World, caller: &Caller, id: &str, saying: Saying, text: &str) {
    let message = NewMessage {
        saying,
        text: Words {
            text: text.to_owned(),
            language: "en".parse().unwrap(),
        },
        items: Vec::new(),
        in_reply_to: None,
        document: None,
    };
    requests::write_message(
        &w.cx,
        caller,
        id.to_owned(),
        Expected::Any,
        None,
        message,
        |_, _| Answer {
            status: 201,
            headers: Vec::new(),
            body: String::new(),
        },
    )
    .await
    .unwrap();
}

fn key() -> SigningKey {
    let name: KeyName = "exchange.example/log".parse().unwrap();
    SigningKey::from_seed(name, SignatureType::Ed25519, &[1; 32]).unwrap()
}

/// A little of everything, and enough of it for a complete tile.
async fn populated() -> World {
    let mut w = World::new().await;
    w.cx =
        w.cx.clone()
            .with_log(Log::new(Some(key()), Memory::default(), None));
    for _ in 0..250 {
        w.referral().await;
    }
    let closed = w.referral().await;
    w.close(&closed).await;
    let outcome = Outcome {
        code: OutcomeCode::Restored,
        basis: Basis::Terms,
        effective_at: w.cx.now(),
        uploader_informed: UploaderInformed::No,
        countries: Vec::new(),
        duplicate_of: None,
        note: Some("It was a report.".to_owned()),
        note_language: None,
    };
    let view = requests::read(&w.cx, &w.agency, &closed).await.unwrap();
    let items = view.request.items.iter().map(|item| item.id).collect();
    let again = Decision {
        items: Some(items),
        outcome,
        dated: true,
    };
    let why = Some(RevisionReason::Correction);
    let any = Expected::Any;
    requests::decide(
        &w.cx,
        &w.platform,
        closed.clone(),
        any,
        None,
        (vec![again], why),
        nothing,
    )
    .await
    .unwrap();
    let acted = w.referral().await;
    w.close(&acted).await;
    w.withdraw(&acted).await;
    let order = w.file("eu-tco-order", "tco:a").await;
    w.fetch(&order).await;
    say(
        &w,
        &w.platform,
        &order,
        Saying::Question,
        "Which of the two?",
    )
    .await;
    say(&w, &w.agency, &order, Saying::Answer, "The first one.").await;
    say(&w, &w.platform, &order, Saying::Note, "We look at it.").await;
    let erased = w.referral().await;
    w.withdraw(&erased).await;
    let ordered = requests::Ordered {
        reason: takedown_core::retention::ErasureReason::Unlawful,
        reference: Some("DPO 4/26".to_owned()),
    };
    requests::erase(&w.cx, &w.agency, &erased, (any, None), ordered, nothing)
        .await
        .unwrap();
    advance(&w.cx).await.unwrap();
    w
}

fn faults(conn: &mut Conn, known: &SignedCheckpoint) -> Vec<String> {
    let mut faults = Vec::new();
    let mut say = |found: Found<'_>| {
        if let Found::Fault(what) = found {
            faults.push(what.to_owned());
        }
    };
    let key = key().verifier().clone();
    let done = verify(
        conn,
        Some(&key),
        Some(known),
        |_| Err("nothing is signed".to_owned()),
        &mut say,
    )
    .and_then(|_| verify_requests(conn, &mut say));
    // What cannot even be read is found, too.
    if let Err(error) = done {
        faults.push(error.to_string());
    }
    faults
}

/// Does it, looks, and undoes it. `None` when the database itself refuses.
fn tried(conn: &mut Conn, known: &SignedCheckpoint, sql: &str) -> Option<Vec<String>> {
    let run = |conn: &mut Conn, sql: &str| match conn {
        Conn::Sqlite(conn) => conn.batch_execute(sql),
        Conn::Postgres(conn) => conn.batch_execute(sql),
    };
    run(conn, "SAVEPOINT before").unwrap();
    let done = run(conn, sql);
    let found = done.is_ok().then(|| faults(conn, known));
    run(conn, "ROLLBACK TO before; RELEASE before").unwrap();
    found
}

fn columns(conn: &mut Conn, table: &str) -> Vec<Column> {
    let sql = format!("SELECT name, pk FROM pragma_table_info('{table}')");
    diesel::sql_query(sql).load(conn).unwrap()
}

fn rows(conn: &mut Conn, table: &str) -> i64 {
    let sql = format!("SELECT count(*) AS n FROM {table}");
    diesel::sql_query(sql)
        .get_result::<Counted>(conn)
        .unwrap()
        .n
}

/// The row at a place, by its key.
fn at(table: &str, of: &[Column], place: i64) -> String {
    let key: Vec<&str> = of
        .iter()
        .filter(|column| column.pk > 0)
        .map(|column| column.name.as_str())
        .collect();
    let key = key.join(", ");
    format!("({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {place})")
}

/// Another value of the same type.
fn other(column: &str, byte: i64) -> String {
    format!(
        "CASE typeof({column})
            WHEN 'integer' THEN {column} + 1
            WHEN 'blob' THEN CAST(substr({column}, 1, {byte} % max(length({column}), 1))
                || CASE hex(substr({column}, 1 + {byte} % max(length({column}), 1), 1)) WHEN '00' THEN x'01' ELSE x'00' END
                || substr({column}, 2 + {byte} % max(length({column}), 1)) AS BLOB)
            WHEN 'text' THEN substr({column}, 1, {byte} % max(length({column}), 1))
                || CASE substr({column}, 1 + {byte} % max(length({column}), 1), 1) WHEN 'a' THEN 'b' ELSE 'a' END
                || substr({column}, 2 + {byte} % max(length({column}), 1))
            ELSE 1 END"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_changed_dropped_put_in_or_swapped_is_found() {
    let w = populated().await;
    let mut conn = w.connection();
    if let Conn::Sqlite(conn) = &mut conn {
        // Whoever has the file does not ask the database.
        conn.batch_execute("PRAGMA foreign_keys = OFF").unwrap();
    }
    // What somebody else kept, or the server beside its database.
    let known = w.cx.log.newest().unwrap();
    let untouched = faults(&mut conn, &known);
    assert_eq!(untouched, Vec::<String>::new(), "untouched");
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
    let mut overlooked = Vec::new();
    let mut tried_in_all = 0;
    for table in COVERED {
        let of = columns(&mut conn, table);
        assert!(!of.is_empty(), "{table}");
        // Of the last request, which is erased, less is left to compare: its status, its result, its outcomes.
        let erased = i64::from(matches!(table, "requests" | "items"));
        let count = rows(&mut conn, table) - erased;
        // And nothing holds what stands beside an entry whose bytes are gone.
        let there_is = if table == "history" {
            " AND salt IS NOT NULL"
        } else {
            ""
        };
        assert!(count > 0, "{table} is empty: nothing would be tried");
        let mut attempts = Vec::new();
        for column in &of {
            let name = format!("{table}.{}", column.name);
            if NOT_COVERED.iter().any(|(not, _)| *not == name) {
                continue;
            }
            for _ in 0..3 {
                let here = at(table, &of, dice.below(count));
                let value = other(&column.name, dice.below(4_000));
                let column = &column.name;
                attempts.push(format!("UPDATE {table} SET {column} = {value} WHERE {here}{there_is} AND {column} IS NOT NULL"));
                let there = at(table, &of, dice.below(count));
                attempts.push(format!(
                    "UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE {there}) WHERE {here}{there_is}
                     AND {column} IS NOT (SELECT {column} FROM {table} WHERE {there})"
                ));
            }
        }
        for _ in 0..3 {
            // A checkpoint that is gone is missed by nobody: whoever kept one compares the tree with it.
            if table != "log_checkpoints" {
                attempts.push(format!(
                    "DELETE FROM {table} WHERE {}",
                    at(table, &of, dice.below(count))
                ));
            }
            let copied: Vec<String> = of
                .iter()
                .map(|column| match (column.pk > 0, column.name.as_str()) {
                    (true, name) => other(name, 20),
                    // What must be unique is another, as somebody who puts a row in would see to.
                    (false, name @ ("reference" | "check_code" | "id" | "agency_reference")) => {
                        other(name, 8)
                    }
                    (false, name @ ("log_index" | "request_id")) if table == "history" => {
                        format!("NULL AS {name}")
                    }
                    (false, name) => name.to_owned(),
                })
                .collect();
            attempts.push(format!(
                "INSERT INTO {table} SELECT {} FROM {table} WHERE {}",
                copied.join(", "),
                at(table, &of, dice.below(count))
            ));
        }
        for sql in attempts {
            let before = total_changes(&mut conn);
            let found = tried(&mut conn, &known, &sql);
            let changed = total_changes(&mut conn) > before;
            if !changed {
                continue;
            }
            if let Some(found) = found {
                tried_in_all += 1;
                if found.is_empty() {
                    overlooked.push(sql);
                }
            }
        }
    }
    assert_eq!(
        overlooked,
        Vec::<String>::new(),
        "of {tried_in_all} changes"
    );
    assert!(tried_in_all > 200, "only {tried_in_all} changes were made");
}

fn total_changes(conn: &mut Conn) -> i64 {
    let sql = "SELECT total_changes() AS n";
    diesel::sql_query(sql)
        .get_result::<Counted>(conn)
        .unwrap()
        .n
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
