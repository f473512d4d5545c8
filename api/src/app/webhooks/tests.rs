//! Many webhooks at a time: each is taken once, and what became of each is written down as if it were alone.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::Duration;

use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use takedown_core::id::WebhookId;
use uuid::Uuid;

use super::sending::{Message, Taken, Work};
use super::{Outcome, Round, Settled, Written, due, settle, settle_alone, take, webhooks};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::app::{Cx, Error};
use crate::store::webhooks::WebhookRow;
use crate::store::webhooks::deliveries::{self as rows, DeliveryRow};
use crate::store::{Conn, StoreError, feed};

on_both!(
    of_two_nodes_one_takes_each_webhook,
    rounds_that_end_together_are_settled_each_for_itself,
    a_round_that_cannot_be_settled_fails_alone,
    a_message_told_again_stays_one,
    what_came_of_a_former_address_does_not_count_for_the_new_one,
    a_look_at_some_finds_what_is_due_of_these_and_what_will_be,
);

const LEASE: Duration = Duration::from_secs(20);

fn party(w: &World) -> String {
    w.platform.actor.platform().unwrap().to_string()
}

/// Registers a webhook of a party, which has been told up to a position.
async fn registered(w: &World, party: &str, position: i64) -> String {
    let name = WebhookId::from_uuid(Uuid::now_v7()).to_string();
    let url = "https://hooks.example/".to_owned();
    let row = WebhookRow {
        position,
        ..WebhookRow::new(name, party.to_owned(), url, "[]".to_owned(), 0)
    };
    let id = row.id.clone();
    let insert = move |conn: &mut Conn| webhooks::insert(conn, &row);
    w.cx.store.write(insert).await.unwrap();
    id
}

/// In the order of `ids`.
async fn taken(cx: &Cx, ids: &[&String]) -> Vec<Taken> {
    let wanted = ids.iter().map(|&id| id.clone()).collect();
    let mut taken = take(cx, wanted, LEASE).await.unwrap();
    taken.sort_by_key(|one| ids.iter().position(|&id| *id == one.lease.webhook));
    taken
}

/// A round in which the next message was sent.
fn round(cx: &Cx, taken: Taken, outcome: Outcome, goes_on: bool) -> Round {
    let row = taken.stands.0;
    let position = row.position + 1;
    let message = Message {
        id: format!("evt_{position}"),
        body: "{}".to_owned(),
        attempts: 0,
        first: true,
        position: Some(position),
        event: "request.filed".to_owned(),
        created_at: cx.now().timestamp_millis(),
    };
    let settled = Settled {
        outcome,
        at: cx.now(),
        status: Some(200),
        answer: None,
        error: None,
        took: Duration::ZERO,
    };
    Round {
        lease: taken.lease,
        work: Work {
            url: row.url.clone(),
            keys: Vec::new(),
            messages: vec![message],
            more: true,
            row,
            told: position,
        },
        settled: vec![settled],
        goes_on,
        pause: None,
    }
}

fn done(written: Written) -> bool {
    match written {
        Written::Done(goes_on) => goes_on,
        Written::NotYet(round) => panic!("{round:?}"),
    }
}

/// Settles one that could not be written with the others.
async fn alone(cx: &Cx, written: Written) -> Result<bool, Error> {
    match written {
        Written::Done(goes_on) => panic!("written with the others: {goes_on}"),
        Written::NotYet(round) => settle_alone(cx, round, LEASE).await,
    }
}

async fn found(w: &World, party: &str, id: &str) -> (WebhookRow, Vec<DeliveryRow>) {
    let (party, id) = (party.to_owned(), id.to_owned());
    let find = move |conn: &mut Conn| -> Result<_, StoreError> {
        let row = webhooks::find(conn, &party, &id)?.unwrap();
        Ok((row, rows::page(conn, &id, None, None, 10)?))
    };
    w.cx.store.read(find).await.unwrap()
}

async fn of_two_nodes_one_takes_each_webhook(db: Db) {
    let w = World::on(db).await;
    let other = w.other_node();
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(registered(&w, &party(&w), 0).await);
    }
    let mut sorted = ids.clone();
    sorted.sort();
    let all: Vec<&String> = ids.iter().collect();
    let (one, two) = tokio::join!(taken(&w.cx, &all), taken(&other, &all));
    let mut both: Vec<String> = one
        .into_iter()
        .chain(two)
        .map(|t| t.lease.webhook)
        .collect();
    both.sort();
    // What one of them skipped because the other held it just then is taken by the other.
    assert_eq!(both, sorted);

    assert!(taken(&other, &all).await.is_empty(), "all are held");
    w.cx.clock.pass(TimeDelta::seconds(21));
    assert_eq!(taken(&other, &all).await.len(), 20, "the leases ended");
}

async fn rounds_that_end_together_are_settled_each_for_itself(db: Db) {
    let w = World::on(db).await;
    let party = party(&w);
    let (told, gone) = (
        registered(&w, &party, 0).await,
        registered(&w, &party, 0).await,
    );
    let (lost, rewound) = (
        registered(&w, &party, 0).await,
        registered(&w, &party, 5).await,
    );
    let mut all = taken(&w.cx, &[&told, &gone, &lost, &rewound])
        .await
        .into_iter();
    let outcomes = [
        (Outcome::Delivered, true),
        (Outcome::Gone, true),
        (Outcome::Delivered, true),
        (Outcome::Retry(Duration::from_secs(60)), false),
    ];
    let rounds = outcomes.map(|(outcome, goes_on)| {
        let taken = all.next().unwrap();
        round(&w.cx, taken, outcome, goes_on)
    });

    // Another node has it meanwhile; and somebody wants to be told again.
    w.cx.clock.pass(TimeDelta::seconds(21));
    let other = w.other_node();
    assert_eq!(taken(&other, &[&lost]).await.len(), 1);
    let id = rewound.clone();
    let rewind = move |conn: &mut Conn| webhooks::rewind(conn, &id, 2);
    w.cx.store.write(rewind).await.unwrap();

    let began = w.cx.now().timestamp_millis();
    let settled = settle(&w.cx, rounds.into(), LEASE).await.unwrap();
    let settled: Vec<bool> = settled.into_iter().map(done).collect();
    assert_eq!(settled, [true, false, false, false]);
    let during = began..=w.cx.now().timestamp_millis();

    let (row, messages) = found(&w, &party, &told).await;
    assert_eq!((row.position, row.failures, row.due_at), (1, 0, None));
    assert!(row.delivered_at.is_some() && row.lease.is_some());
    assert!(during.contains(&(row.lease_until - 20_000)), "it goes on");
    assert_eq!(messages[0].status, rows::DELIVERED);

    let (row, messages) = found(&w, &party, &gone).await;
    assert_eq!((row.status.as_str(), row.position), ("disabled", 1));
    assert!(row.lease.is_none() && during.contains(&row.lease_until));
    assert_eq!(messages[0].status, rows::PENDING, "for when it goes on");

    let (row, messages) = found(&w, &party, &lost).await;
    assert_eq!((row.position, messages.len()), (0, 0), "it is the other's");
    assert!(row.lease.is_some());

    let (row, messages) = found(&w, &party, &rewound).await;
    assert_eq!((row.position, row.failures), (2, 1));
    assert_eq!((row.due_at, row.lease), (Some(messages[0].next_at), None));

    let of = party.clone();
    let head = move |conn: &mut Conn| feed::head(conn, &of);
    let head = w.cx.store.read(head).await.unwrap();
    assert_eq!(head, 1, "the party is told that one was disabled");
}

async fn a_round_that_cannot_be_settled_fails_alone(db: Db) {
    let w = World::on(db).await;
    let party = party(&w);
    let good = registered(&w, &party, 0).await;
    // Nobody can be told that it is disabled.
    let bad = registered(&w, "platform_nobody", 0).await;
    let mut all = taken(&w.cx, &[&good, &bad]).await.into_iter();
    let rounds = vec![
        round(&w.cx, all.next().unwrap(), Outcome::Delivered, false),
        round(&w.cx, all.next().unwrap(), Outcome::Gone, false),
    ];
    let mut settled = Vec::new();
    for written in settle(&w.cx, rounds, LEASE).await.unwrap() {
        settled.push(alone(&w.cx, written).await);
    }
    assert!(matches!(settled[..], [Ok(false), Err(_)]));
    assert_eq!(found(&w, &party, &good).await.0.position, 1);
    let (row, messages) = found(&w, "platform_nobody", &bad).await;
    assert_eq!((row.position, messages.len()), (0, 0));
    assert!(row.lease.is_some(), "it is sent again when the lease ends");
}

async fn a_message_told_again_stays_one(db: Db) {
    let w = World::on(db).await;
    let party = party(&w);
    let id = registered(&w, &party, 0).await;
    let again = Outcome::Retry(Duration::from_secs(1));
    for (outcome, attempts) in [(again, 0), (Outcome::Delivered, 1)] {
        let mut all = taken(&w.cx, &[&id]).await;
        let mut round = round(&w.cx, all.remove(0), outcome, false);
        let message = &mut round.work.messages[0];
        message.id = "evt_1".to_owned();
        message.position = Some(1);
        message.attempts = attempts;
        round.work.told = 1;
        settle(&w.cx, vec![round], LEASE).await.unwrap();
    }
    let (row, messages) = found(&w, &party, &id).await;
    assert_eq!(messages.len(), 1);
    assert_eq!(
        (messages[0].status.as_str(), messages[0].attempts),
        (rows::DELIVERED, 2)
    );
    assert_eq!((row.due_at, row.failures, row.position), (None, 0, 1));
}

async fn what_came_of_a_former_address_does_not_count_for_the_new_one(db: Db) {
    let w = World::on(db).await;
    let party = party(&w);
    let again = Outcome::Retry(Duration::from_secs(60));
    for (outcome, failed) in [(Outcome::Gone, false), (again, true)] {
        let id = registered(&w, &party, 0).await;
        let taken = taken(&w.cx, &[&id]).await.remove(0);
        let mut round = round(&w.cx, taken, outcome, !failed);
        round.settled[0].error = Some("the former address".to_owned());
        round.pause = failed.then_some(Duration::from_secs(3_600));
        let (mut row, _) = found(&w, &party, &id).await;
        let id = row.id.clone();
        w.cx.store
            .write(move |conn| {
                row.url = "https://new.example/".to_owned();
                row.version = 2;
                webhooks::update(conn, &row)?;
                webhooks::refresh(conn, &row.id)
            })
            .await
            .unwrap();
        let mut settled = settle(&w.cx, vec![round], LEASE).await.unwrap();
        assert_eq!(done(settled.remove(0)), !failed, "it goes on as it would");

        let (row, messages) = found(&w, &party, &id).await;
        assert_eq!((row.status.as_str(), row.version), ("active", 2));
        assert_eq!((row.not_before, row.failures), (0, 0));
        assert_eq!((row.failing_since, row.last_error), (None, None));
        assert_eq!((row.position, messages.len()), (1, 1), "it was told");
        assert_eq!(row.due_at, Some(messages[0].next_at));
    }
}

async fn a_look_at_some_finds_what_is_due_of_these_and_what_will_be(db: Db) {
    let w = World::on(db).await;
    let party = party(&w);
    let id = registered(&w, &party, 0).await;
    w.referral().await;
    let (its, others) = (Some(vec![party.clone()]), Some(vec!["agency_1".to_owned()]));
    let look = async |of: &Option<Vec<String>>, ahead: u64| {
        let found = due(&w.cx, of.clone(), 10, Duration::from_secs(ahead)).await;
        let found = found.unwrap();
        (found.due, found.soon)
    };
    let (nobody, never) = (Vec::<String>::new(), Vec::new());
    for of in [&its, &None] {
        assert_eq!(look(of, 60).await, (vec![id.clone()], never.clone()));
    }
    assert_eq!(look(&others, 60).await, (nobody.clone(), never.clone()));

    let taken = taken(&w.cx, &[&id]).await.remove(0);
    let again = Outcome::Retry(Duration::from_secs(30));
    let round = round(&w.cx, taken, again, false);
    settle(&w.cx, vec![round], LEASE).await.unwrap();
    let at = found(&w, &party, &id).await.0.due_at.unwrap();
    for of in [&its, &None] {
        assert_eq!(look(of, 10).await, (nobody.clone(), never.clone()));
        let soon = vec![(at, party.clone())];
        assert_eq!(look(of, 60).await, (nobody.clone(), soon));
    }
    assert_eq!(look(&others, 60).await, (nobody, never.clone()));
    w.cx.clock.pass(TimeDelta::seconds(31));
    assert_eq!(look(&its, 60).await, (vec![id], never));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_row_holds_up_only_its_own_round() {
    if std::env::var_os("TAKEDOWN_TEST_POSTGRES").is_none() {
        eprintln!("not run: there is no PostgreSQL; scripts/with-postgres starts one");
        return;
    }
    let w = World::on(Db::Postgres).await;
    let party = party(&w);
    let (free, locked) = (
        registered(&w, &party, 0).await,
        registered(&w, &party, 0).await,
    );
    let mut all = taken(&w.cx, &[&free, &locked]).await.into_iter();
    let rounds = vec![
        round(&w.cx, all.next().unwrap(), Outcome::Delivered, true),
        round(&w.cx, all.next().unwrap(), Outcome::Delivered, true),
    ];
    let mut holder = w.connection();
    let hold = format!("BEGIN; UPDATE webhooks SET description = 'held' WHERE id = '{locked}'");
    holder.batch_execute(&hold).unwrap();
    let mut settled = settle(&w.cx, rounds, LEASE).await.unwrap().into_iter();
    assert!(done(settled.next().unwrap()));
    assert_eq!(found(&w, &party, &free).await.0.position, 1);
    let left = settled.next().unwrap();
    holder.batch_execute("COMMIT").unwrap();
    assert!(alone(&w.cx, left).await.unwrap());
    assert_eq!(found(&w, &party, &locked).await.0.position, 1);
}
