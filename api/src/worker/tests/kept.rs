//! The time for which something is kept comes to its end.

use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::world::{World, job, run};
use crate::app::Cx;
use crate::app::notify::watch_kept;
use crate::app::once::Answer;
use crate::app::requests::filing::{NonDisclosure, Preservation};
use crate::app::requests::{self, Expected, NewExtension};
use crate::app::tests::fixture::{Db, on_both};
use crate::store::outbox::SENT;
use crate::store::schema::{asked, requests as stored};
use crate::store::{Conn, StoreError};
use crate::worker::jobs::Kept;

on_both!(
    the_agency_is_told_before_the_end_and_both_at_the_end_once_over_many_nodes,
    one_that_cannot_be_read_stops_none,
    a_mark_that_is_too_early_is_moved_and_nothing_told,
    what_is_extended_stays_silent_in_lookups_as_well,
    what_was_filed_before_the_migration_is_asked_alike,
);

fn nothing(_: &requests::RequestView, _: &crate::app::Caller) -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: String::new(),
    }
}

async fn events(world: &World, id: &str) -> Vec<String> {
    let entries = requests::history(&world.cx, &world.agency, id, 0, 100).await;
    entries.unwrap().into_iter().map(|e| e.event).collect()
}

async fn told(world: &World, event: &str) -> Vec<String> {
    let rows = world.outbox().await.into_iter();
    let mut sides: Vec<String> = rows.filter(|r| r.event == event).map(|r| r.side).collect();
    sides.sort_unstable();
    sides
}

async fn the_agency_is_told_before_the_end_and_both_at_the_end_once_over_many_nodes(db: Db) {
    let world = World::on(db).await;
    let id = world.file("eu-tco-order", "tco:a").await;
    world.close(&id).await;
    let before = events(&world, &id).await;
    let nodes: Vec<Cx> = (0..3).map(|_| world.other_node()).collect();
    let look = async || {
        let all = nodes.iter().map(watch_kept);
        for result in futures_util::future::join_all(all).await {
            result.unwrap();
        }
    };
    look().await;
    assert_eq!(events(&world, &id).await, before, "six months are left");
    // No six months have fewer than 181 days.
    world.cx.clock.pass(TimeDelta::days(175));
    look().await;
    run(&Kept::new(world.cx.clone())).await;
    assert_eq!(
        events(&world, &id).await[before.len()..],
        ["preservation.ending"]
    );
    assert_eq!(told(&world, "preservation.ending").await, ["agency"]);
    world.cx.clock.pass(TimeDelta::days(14));
    look().await;
    run(&Kept::new(world.cx.clone())).await;
    assert_eq!(
        events(&world, &id).await[before.len()..],
        ["preservation.ending", "preservation.expired"]
    );
    assert_eq!(
        told(&world, "preservation.expired").await,
        ["agency", "platform"]
    );
    let view = requests::read(&world.cx, &world.agency, &id).await.unwrap();
    assert_eq!(view.preservation.unwrap().status().as_str(), "expired");
    run(&job(&world.cx, world.to_files())).await;
    let mails = world.files().concat();
    assert!(mails.contains("Subject:"), "{mails}");
    assert!(!mails.contains("secret"), "{mails}");
    let outbox = world.outbox().await;
    let kept = outbox
        .iter()
        .filter(|row| row.event.starts_with("preservation."));
    assert!(kept.clone().all(|row| row.status == SENT));
    assert_eq!(kept.count(), 3);
}

async fn one_that_cannot_be_read_stops_none(db: Db) {
    let world = World::on(db).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = world.file("eu-tco-order", "tco:a").await;
        world.close(&id).await;
        ids.push(id);
    }
    world.damage(&ids[0]).await;
    world.cx.clock.pass(TimeDelta::days(200));
    assert_eq!(watch_kept(&world.cx).await.unwrap(), 3);
    assert_eq!(told(&world, "preservation.expired").await.len(), 4);
    assert_eq!(
        watch_kept(&world.cx).await.unwrap(),
        0,
        "nothing is looked at twice"
    );
}

async fn a_mark_that_is_too_early_is_moved_and_nothing_told(db: Db) {
    let world = World::on(db).await;
    let id = world.file("eu-tco-order", "tco:a").await;
    world.close(&id).await;
    let before = events(&world, &id).await;
    let early = |conn: &mut Conn| -> Result<usize, StoreError> {
        let mark = stored::preservation_due.eq(Some(1_i64));
        Ok(diesel::update(stored::table).set(mark).execute(conn)?)
    };
    world.cx.store.write(early).await.unwrap();
    assert_eq!(watch_kept(&world.cx).await.unwrap(), 1);
    assert_eq!(watch_kept(&world.cx).await.unwrap(), 0);
    assert_eq!(events(&world, &id).await, before);
}

async fn what_is_extended_stays_silent_in_lookups_as_well(db: Db) {
    let world = World::on(db).await;
    let mut order = World::filing("eu-tco-order", "tco:a", "https://paste.example/silent");
    let first = world.cx.now() + TimeDelta::days(14);
    order.filing.non_disclosure = Some(NonDisclosure::new(first, "An arrest.".into()));
    let id = world.file_this(order).await;
    let silent = async || {
        let until = |conn: &mut Conn| -> Result<Vec<i64>, StoreError> {
            Ok(asked::table.select(asked::undisclosed_until).load(conn)?)
        };
        world.cx.store.write(until).await.unwrap()
    };
    assert_eq!(silent().await, [first.timestamp_millis()]);
    let longer = NewExtension {
        until: first + TimeDelta::days(42),
        reason: "It goes on.".into(),
        asked_by: None,
    };
    let until = longer.until.timestamp_millis();
    let (cx, unit, any) = (&world.cx, &world.agency, Expected::Any);
    requests::extend_non_disclosure(cx, unit, id.clone(), any, None, longer, nothing)
        .await
        .unwrap();
    assert_eq!(silent().await, [until]);
    requests::lift_non_disclosure(cx, unit, id, any, None, nothing)
        .await
        .unwrap();
    assert_eq!(
        silent().await,
        [until],
        "the date that was set stays for lookups"
    );
}

/// The statement of the migration that fills its columns.
fn fill(conn: &mut Conn) -> Result<(), StoreError> {
    let script = match conn {
        Conn::Sqlite(_) => include_str!("../../../../migrations/sqlite/0011_preservation/up.sql"),
        Conn::Postgres(_) => {
            include_str!("../../../../migrations/postgres/0011_preservation/up.sql")
        }
    };
    let from = script.find("UPDATE").unwrap();
    let to = from + script[from..].find(';').unwrap();
    Ok(conn.batch_execute(&script[from..to])?)
}

async fn what_was_filed_before_the_migration_is_asked_alike(db: Db) {
    let world = World::on(db).await;
    let mut order = World::filing("eu-tco-order", "tco:a", "https://paste.example/kept");
    let until = world.cx.now() + TimeDelta::days(250);
    order.filing.preservation = Some(Preservation { until });
    let id = world.file_this(order).await;
    world.referral().await;
    let kept = async || {
        let view = requests::read(&world.cx, &world.agency, &id).await.unwrap();
        view.preservation
    };
    let before = kept().await;
    let columns = |conn: &mut Conn| -> Result<_, StoreError> {
        type Columns = (Option<String>, Option<i64>, Option<i64>);
        let all: Vec<Columns> = stored::table
            .order(stored::id)
            .select((
                stored::preservation_status,
                stored::preservation_until,
                stored::preservation_due,
            ))
            .load(conn)?;
        Ok(all)
    };
    let refilled = move |conn: &mut Conn| -> Result<_, StoreError> {
        let was = columns(conn)?;
        diesel::update(stored::table)
            .set((
                stored::preservation.eq(None::<String>),
                stored::preservation_status.eq(None::<String>),
                stored::preservation_until.eq(None::<i64>),
                stored::preservation_due.eq(None::<i64>),
            ))
            .execute(conn)?;
        fill(conn)?;
        Ok((was, columns(conn)?))
    };
    let (was, is) = world.cx.store.write(refilled).await.unwrap();
    assert_eq!(was[1], is[1], "a referral asks for none");
    assert_eq!(was[0].0, is[0].0);
    // SQLite reads whole seconds.
    for (was, is) in [(was[0].1, is[0].1), (was[0].2, is[0].2)] {
        assert!((0..1_000).contains(&(was.unwrap() - is.unwrap())));
    }
    assert_eq!(kept().await, before);
}
