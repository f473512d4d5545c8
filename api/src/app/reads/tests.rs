#![allow(clippy::unwrap_used)]
use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use takedown_core::id::ClientId;
use takedown_core::time::from_millis;
use uuid::Uuid;

use super::*;
use crate::app::log::{advance, verify};
use crate::app::requests;
use crate::app::tests::fixture::{Db, World, on_both};
use crate::app::tests::patience::until;
use crate::store::Conn;
use crate::store::schema::history;

on_both!(
    who_polls_makes_one_entry_of_a_version_and_a_day,
    what_the_caller_has_already_is_no_read,
    what_only_reads_still_reads,
);

/// Who read what, in the order of the entries.
fn reads(w: &World) -> Vec<(String, String)> {
    let rows: Vec<(String, String)> = history::table
        .filter(history::event.eq("request.read"))
        .order(history::pos)
        .select((history::side, history::data))
        .load(&mut w.connection())
        .unwrap();
    let rows = rows.into_iter().map(|(side, data)| {
        let data: serde_json::Value = serde_json::from_str(&data).unwrap();
        let part = format!("{} {}", data["data"]["content"], data["data"]["version"]);
        (side, part.replace('"', ""))
    });
    rows.collect()
}

fn by(side: &str, part: &str) -> (String, String) {
    (side.to_owned(), part.to_owned())
}

async fn who_polls_makes_one_entry_of_a_version_and_a_day(db: Db) {
    let w = World::on(db).await;
    let id = w.referral().await;
    let read = async |cx: &Cx, caller: &Caller| {
        requests::read(cx, caller, &id).await.unwrap();
        reads(&w).len()
    };
    for _ in 0..3 {
        assert_eq!(read(&w.cx, &w.agency).await, 1);
    }
    // The receipt says it of the platform's first read; the one after it is remembered with it.
    for _ in 0..2 {
        assert_eq!(read(&w.cx, &w.platform).await, 1);
    }
    // Another version is something else to read, and so is another client somebody else.
    assert_eq!(read(&w.cx, &w.agency).await, 2);
    let colleague = Caller {
        client: ClientId::from_uuid(Uuid::now_v7()),
        ..w.platform.clone()
    };
    assert_eq!(read(&w.cx, &colleague).await, 3);
    assert_eq!(read(&w.cx, &colleague).await, 3);
    // A node that does not know says it once more, which is true.
    let other = w.other_node();
    assert_eq!(read(&other, &colleague).await, 4);
    w.cx.clock.pass(TimeDelta::days(1));
    assert_eq!(read(&w.cx, &colleague).await, 5);
    assert_eq!(read(&w.cx, &colleague).await, 5);
    // Other parts are other reads; a page without anything on it is none.
    requests::history(&w.cx, &w.agency, &id, 0, 10)
        .await
        .unwrap();
    requests::history(&w.cx, &w.agency, &id, 9, 10)
        .await
        .unwrap();
    requests::messages(&w.cx, &w.agency, &id, None, 10)
        .await
        .unwrap();
    assert_eq!(
        reads(&w),
        [
            by("agency", "request 1"),
            by("agency", "request 2"),
            by("platform", "request 2"),
            by("platform", "request 2"),
            by("platform", "request 2"),
            by("agency", "history 2"),
        ]
    );
    // No side's version counts them, and no feed tells of them.
    let view = requests::read(&w.cx, &w.agency, &id).await.unwrap();
    assert_eq!(view.request.version, 2);
    assert_eq!(
        w.cx.feeds
            .head(&view.request.platform.to_string())
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        w.cx.feeds
            .head(&view.request.agency.to_string())
            .await
            .unwrap(),
        1
    );
}

async fn what_the_caller_has_already_is_no_read(db: Db) {
    let w = World::on(db).await;
    let id = w.referral().await;
    let read = async |caller: &Caller, known: i32| {
        let read = requests::read_unless(&w.cx, caller, &id, |version| version == known).await;
        read.unwrap().map(|view| view.request.version)
    };
    // Nothing was handed to the platform, so nothing was received.
    assert_eq!(read(&w.platform, 1).await, Err(1));
    assert_eq!(read(&w.agency, 1).await, Err(1));
    assert_eq!(reads(&w), []);
    assert_eq!(read(&w.platform, 2).await, Ok(2), "the receipt");
    assert_eq!(read(&w.platform, 2).await, Err(2));
    assert_eq!(reads(&w), []);
    assert_eq!(read(&w.agency, 1).await, Ok(2));
    assert_eq!(reads(&w), [by("agency", "request 2")]);
}

async fn what_only_reads_still_reads(db: Db) {
    let w = World::on(db).await;
    let id = w.referral().await;
    w.cx.store
        .stop_writing("an older backup was put back".to_owned());
    for _ in 0..2 {
        let view = requests::read(&w.cx, &w.agency, &id).await.unwrap();
        assert_eq!(view.request.version, 1);
    }
    assert_eq!(reads(&w), []);
    assert!(w.cx.reads.owed().is_empty(), "it never will be written");
    // The receipt is a change of the request: without it the platform is handed nothing.
    assert!(requests::read(&w.cx, &w.platform, &id).await.is_err());
}

fn run(w: &World, sql: &str) {
    if let Conn::Sqlite(conn) = &mut w.connection() {
        conn.batch_execute(sql).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_could_not_be_written_follows_with_its_time() {
    let w = World::new().await;
    let (one, two) = (w.referral().await, w.referral().await);
    run(
        &w,
        "CREATE TRIGGER broken BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    let before = w.cx.now();
    requests::read(&w.cx, &w.agency, &one).await.unwrap();
    let after = w.cx.now();
    assert_eq!(reads(&w), []);
    run(&w, "DROP TRIGGER broken");
    w.cx.clock.pass(TimeDelta::hours(1));
    requests::read(&w.cx, &w.agency, &two).await.unwrap();
    until("the entry that is owed", async || reads(&w).len() == 2).await;
    let times: Vec<i64> = history::table
        .filter(history::event.eq("request.read"))
        .order(history::at)
        .select(history::at)
        .load(&mut w.connection())
        .unwrap();
    let first = from_millis(times[0]).unwrap();
    assert!(before <= first && first <= after, "{first}");
    // The history is whole all the same.
    advance(&w.cx).await.unwrap();
    let mut faults = Vec::new();
    let mut say = |found: crate::app::log::Found<'_>| {
        if let crate::app::log::Found::Fault(what) = found {
            faults.push(what.to_owned());
        }
    };
    verify(
        &mut w.connection(),
        None,
        None,
        |_| Err("nothing is signed".to_owned()),
        &mut say,
    )
    .unwrap();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn what_is_remembered_has_a_bound() {
    let reads = Reads::default();
    let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
    reads.lock().begin(day);
    let keys = |from: usize, to: usize| (from..to).map(|n| Digest::of(n.to_string()));
    reads.remember(day, keys(0, REMEMBERED));
    assert_eq!(reads.lock().entered.len(), REMEMBERED);
    reads.remember(day, keys(REMEMBERED, REMEMBERED + 1));
    assert_eq!(reads.lock().entered.len(), 1);
    // What was written when the day ended belongs to the other day.
    reads.lock().begin(day.succ_opt().unwrap());
    reads.remember(day, keys(0, 1));
    assert!(reads.lock().entered.is_empty());
}
