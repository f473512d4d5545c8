#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Duration;

use chrono::{Datelike, TimeDelta};
use takedown_core::history::Via;
use takedown_core::id::ClientId;
use takedown_core::policy::{Action, Actor, Denied, Party, Reach, Scopes};
use takedown_core::transparency::{Dimension, Measure, Metric, Of, Period, Report};
use uuid::Uuid;

use super::{Publishing, own, publish, published};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::app::{Caller, Cx, Error};
use crate::store::transparency::{self as stored, ReportRow};
use crate::store::{Conn, StoreError};

on_both!(
    a_year_is_made_once_and_anew_when_it_is_due,
    a_year_is_made_by_one_node_at_a_time,
    what_is_published_is_what_was_counted_and_is_remembered_until_there_is_another_edition,
    everybody_counts_what_he_may_see,
);

const DAILY: Publishing = Publishing {
    every: Duration::from_secs(86_400),
    open: true,
};

async fn make(cx: &Cx) -> Vec<bool> {
    let mut made = Vec::new();
    loop {
        made.push(publish(cx, DAILY, || false).await.unwrap());
        if made.last() == Some(&false) {
            return made;
        }
    }
}

fn this_year(cx: &Cx) -> Period {
    Period::Year(cx.now().year())
}

fn shown(report: &Report, of: &Of, metric: Metric, code: &str) -> String {
    let table = report.table(of);
    table
        .map_or("no table", |table| table.shown(metric, code).1)
        .to_owned()
}

fn caller(party: Party) -> Caller {
    Caller {
        client: ClientId::from_uuid(Uuid::now_v7()),
        actor: Actor::new(party, Scopes::all()),
        via: Via::Api,
    }
}

async fn counted(world: &World, caller: &Caller) -> Report {
    let counting = own(&world.cx, caller, this_year(&world.cx), Of::default()).await;
    counting.unwrap().finish().await.unwrap()
}

async fn a_year_is_made_once_and_anew_when_it_is_due(db: Db) {
    let world = World::on(db).await;
    // The year before and this one, then nothing is due, for no node.
    assert_eq!(make(&world.cx).await, [true, true, false]);
    assert_eq!(make(&world.cx).await, [false]);
    let other = match db {
        Db::Sqlite => world.cx.clone(),
        Db::Postgres => world.other_node(),
    };
    assert_eq!(make(&other).await, [false]);
    world.cx.clock.pass(TimeDelta::hours(25));
    assert_eq!(make(&other).await, [true, true, false]);
    // A month that is over is published without waiting for the rest.
    let weekly = Publishing {
        every: Duration::from_secs(7 * 86_400),
        open: true,
    };
    let now = world.cx.now();
    let month = Period::Month(now.year(), now.month());
    world
        .cx
        .clock
        .pass(month.ends() - now + TimeDelta::hours(1));
    assert!(publish(&other, weekly, || false).await.unwrap());
    // What is told to stop drops its work, and lets it be taken up at once.
    world.cx.clock.pass(TimeDelta::days(8));
    assert!(!publish(&other, weekly, || true).await.unwrap());
    assert!(publish(&other, weekly, || false).await.unwrap());
}

async fn a_year_is_made_by_one_node_at_a_time(db: Db) {
    let world = World::on(db).await;
    let claim = |now: i64| {
        let until = now + 10;
        world
            .cx
            .store
            .write(move |conn: &mut Conn| stored::claim(conn, 2026, 1_000, (now, until)))
    };
    assert!(claim(100).await.unwrap());
    assert!(!claim(105).await.unwrap(), "somebody is at it");
    assert!(claim(110).await.unwrap(), "he was too slow");
    let report = ReportRow {
        period: "2026".to_owned(),
        year: 2026,
        made_at: 100,
        report: "{}".to_owned(),
    };
    let replace = |until: i64| {
        let report = report.clone();
        world.cx.store.write(move |conn: &mut Conn| {
            stored::replace(conn, 2026, (2_000, until), std::slice::from_ref(&report))
        })
    };
    assert!(!replace(110).await.unwrap(), "the claim is another's now");
    let there = |conn: &mut Conn| stored::list(conn);
    let list: Result<_, StoreError> = world.cx.store.read(there).await;
    assert_eq!(list.unwrap(), []);
    assert!(replace(120).await.unwrap());
    let list: Result<_, StoreError> = world.cx.store.read(there).await;
    assert_eq!(list.unwrap(), [("2026".to_owned(), 100)]);
    assert!(!claim(3_000).await.unwrap(), "made since");
}

async fn what_is_published_is_what_was_counted_and_is_remembered_until_there_is_another_edition(
    db: Db,
) {
    let world = World::on(db).await;
    let nothing = published(&world.cx, Action::ReadTransparency, None).await;
    assert!(matches!(nothing, Err(Error::NotFound)));
    for _ in 0..6 {
        let id = world.referral().await;
        world.close(&id).await;
    }
    world.referral().await;
    make(&world.cx).await;
    let first = published(&world.cx, Action::ReadTransparency, None)
        .await
        .unwrap();
    let year = this_year(&world.cx);
    assert_eq!(
        first.edition.report.period.name,
        year.to_string(),
        "the longest of those that end last"
    );
    assert!(
        first
            .periods
            .contains(&Period::Year(world.cx.now().year() - 1))
    );
    let report = &first.edition.report;
    let all = Of::default();
    assert_eq!(shown(report, &all, Metric::Requests, ""), "7");
    assert_eq!(shown(report, &all, Metric::Outcome, "undecided"), "<5");
    assert_eq!(serde_json::to_string(report).unwrap(), first.edition.json);
    // Another one in the meantime is not in it, and in the next edition it is.
    world.referral().await;
    let again = published(&world.cx, Action::ReadTransparency, Some(year))
        .await
        .unwrap();
    assert!(std::sync::Arc::ptr_eq(&again.edition, &first.edition));
    world.cx.clock.pass(TimeDelta::hours(25));
    make(&world.cx).await;
    let next = published(&world.cx, Action::ReadTransparency, Some(year))
        .await
        .unwrap();
    assert_eq!(shown(&next.edition.report, &all, Metric::Requests, ""), "8");
    assert!(next.edition.made_at > first.edition.made_at);
    let never = published(
        &world.cx,
        Action::ReadTransparency,
        Some(Period::Year(1999)),
    )
    .await;
    assert!(matches!(never, Err(Error::NotFound)));
}

async fn everybody_counts_what_he_may_see(db: Db) {
    let world = World::on(db).await;
    let ids = [world.referral().await, world.referral().await];
    world.close(&ids[0]).await;
    let other = World::filing("referral", "terms", "https://paste.example/other");
    world.file_this(other).await;
    let auditor = caller(Party::Auditor(Reach::Everything));
    let (Some(agency), Some(platform)) =
        (world.agency.actor.agency(), world.platform.actor.platform())
    else {
        panic!("the fixture has both");
    };
    for (who, requests) in [
        (&world.agency, "3"),
        (&world.platform, "3"),
        (&auditor, "3"),
        (&caller(Party::Auditor(Reach::Agency(agency))), "3"),
        (&caller(Party::Auditor(Reach::Platform(platform))), "3"),
    ] {
        let report = counted(&world, who).await;
        let party = who.actor.party();
        assert_eq!(
            shown(&report, &Of::default(), Metric::Requests, ""),
            requests,
            "{party:?}"
        );
        assert_eq!(
            shown(&report, &Of::default(), Metric::Outcome, "removed"),
            "1",
            "{party:?}"
        );
        let table = report.table(&Of::default()).unwrap();
        assert_eq!(table.time(Measure::Effect).unwrap().values, Some(1));
    }
    let platform = Of::default().with(Dimension::Platform, Some(&platform.to_string()));
    let report = counted(&world, &auditor).await;
    assert_eq!(shown(&report, &platform, Metric::Requests, ""), "3");
    for party in [Party::Operator, Party::Anonymous] {
        let refused = own(
            &world.cx,
            &caller(party),
            this_year(&world.cx),
            Of::default(),
        )
        .await;
        let denied = matches!(
            refused,
            Err(Error::Denied(
                Denied::Forbidden { .. } | Denied::Unauthenticated
            ))
        );
        assert!(denied, "{party:?}");
    }
}
