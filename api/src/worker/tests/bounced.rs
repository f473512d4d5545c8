//! Mails that come back, or are refused at once, as the reports of mail servers have it.

use chrono::TimeDelta;
use takedown_core::platform::Pace;
use takedown_core::policy::{Actor, Party, Scopes};

use super::smtp::Server;
use super::wishes::{field, wish};
use super::world::{World, job, job_from, run, sender};
use crate::app::deliveries::send_again;
use crate::app::requests::{Followed, Undelivered, undelivered};
use crate::app::tests::fixture::{Db, on_both};
use crate::app::webhooks::write_with;
use crate::app::{Caller, Error};
use crate::auth::{SealingKey, SealingKeys};
use crate::mail::ReturnPath;
use crate::store::Conn;
use crate::store::outbox::{FAILED, OutboxRow, PENDING, SENT};
use crate::store::sealing_keys;
use crate::store::wishes::{DIGEST, GATHERED};

on_both!(
    what_a_digest_told_that_came_back_is_in_the_next_one,
    a_digest_that_comes_back_from_the_only_address_is_given_up_and_told,
    a_digest_goes_from_one_address_to_the_next_and_then_ends,
    a_digest_that_the_mail_server_refuses_is_told_to_each_agency,
    a_report_about_what_was_fetched_since_or_is_long_ago_changes_nothing,
    a_node_that_goes_on_marks_with_the_key_that_writes_by_now,
);

const OWNER: &str = "owner@paste.example";
const SECOND: &str = "second@paste.example";
const LOST: &str = "delivery.failed";

async fn rows(world: &World, event: &str) -> Vec<OutboxRow> {
    let mut rows = world.outbox().await;
    rows.retain(|row| row.event == event);
    rows
}

/// Where the first notifications of requests stand.
async fn lines(world: &World) -> Vec<String> {
    let rows = rows(world, "request.filed").await.into_iter();
    rows.map(|row| row.status).collect()
}

/// The requests that these are about, in order.
fn about(rows: &[OutboxRow]) -> Vec<String> {
    let mut about: Vec<String> = rows.iter().map(|row| row.request_id.clone()).collect();
    about.sort();
    about
}

/// The last digest that was sent.
async fn sent_digest(world: &World) -> String {
    let mut digests = rows(world, DIGEST).await;
    digests.retain(|row| row.status == SENT);
    digests.pop().unwrap().id
}

async fn next_day(world: &World) {
    world.cx.clock.pass(TimeDelta::days(1));
    run(&job(&world.cx, world.to_files())).await;
}

async fn came_back(world: &World, delivery: &str, address: &str, status: &str) -> Followed {
    let report = Undelivered {
        delivery: delivery.to_owned(),
        recipients: vec![address.to_owned()],
        status: status.to_owned(),
        permanent: status.starts_with('5'),
    };
    undelivered(&world.cx, report).await.unwrap()
}

/// The digests among the mails that left, oldest first.
fn digests(world: &World) -> Vec<String> {
    let mut mails = world.files();
    mails.retain(|mail| mail.contains("List-Unsubscribe:"));
    mails
}

async fn what_a_digest_told_that_came_back_is_in_the_next_one(db: Db) {
    let world = World::on(db).await;
    wish(&world, Pace::Daily, &[]).await;
    let mut all = vec![world.referral().await, world.referral().await];
    run(&job(&world.cx, world.to_files())).await;
    next_day(&world).await;
    let first = sent_digest(&world).await;
    // The next one waits already.
    all.push(world.referral().await);
    run(&job(&world.cx, world.to_files())).await;
    let told = came_back(&world, &first, OWNER, "4.4.1").await;
    assert_eq!(told, Followed::GoesOn);
    assert_eq!(lines(&world).await, [PENDING, PENDING, GATHERED]);
    run(&job(&world.cx, world.to_files())).await;
    assert_eq!(lines(&world).await, [GATHERED; 3]);
    assert!(rows(&world, LOST).await.is_empty(), "it is tried once more");
    next_day(&world).await;
    let mails = digests(&world);
    assert_eq!(mails.len(), 2, "{mails:#?}");
    assert_eq!(field(&mails[1], "Subject:"), "What is new in your inbox: 3");
    for id in &all {
        assert!(mails[1].contains(&world.check_code(id).await));
    }
    assert_ne!(
        field(&mails[0], "Message-ID:"),
        field(&mails[1], "Message-ID:")
    );
    assert_eq!(lines(&world).await, [SENT; 3]);
    let standing = rows(&world, DIGEST).await;
    let standing: Vec<_> = standing.iter().map(|row| row.status.as_str()).collect();
    assert_eq!(standing, [FAILED, SENT]);
}

async fn a_digest_that_comes_back_from_the_only_address_is_given_up_and_told(db: Db) {
    let world = World::on(db).await;
    wish(&world, Pace::Daily, &[]).await;
    let mut requests = [world.referral().await, world.referral().await];
    requests.sort();
    run(&job(&world.cx, world.to_files())).await;
    next_day(&world).await;
    let digest = sent_digest(&world).await;
    let told = came_back(&world, &digest, OWNER, "5.1.1").await;
    assert_eq!(told, Followed::GivenUp);
    assert_eq!(lines(&world).await, [FAILED; 2]);
    let lost = about(&rows(&world, LOST).await);
    assert_eq!(lost, requests, "the agency is told of each");
    let again = came_back(&world, &digest, OWNER, "5.1.1").await;
    assert_eq!(again, Followed::Overtaken);
    for _ in 0..2 {
        next_day(&world).await;
    }
    assert_eq!(digests(&world).len(), 1, "it does not go round for ever");
    assert_eq!(rows(&world, LOST).await.len(), 2);

    // The operator has each of them sent again, and not the mail that told them.
    let operator = Caller {
        actor: Actor::new(Party::Operator, Scopes::all()),
        ..world.agency.clone()
    };
    let refused = send_again(&world.cx, &operator, &digest).await;
    let Err(Error::Conflict(why)) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains("told several things"), "{why}");
    for row in rows(&world, "request.filed").await {
        send_again(&world.cx, &operator, &row.id).await.unwrap();
    }
    run(&job(&world.cx, world.to_files())).await;
    next_day(&world).await;
    assert_eq!(lines(&world).await, [SENT; 2]);
    assert_eq!(digests(&world).len(), 2);
}

async fn a_digest_goes_from_one_address_to_the_next_and_then_ends(db: Db) {
    let world = World::on(db).await;
    let contacts = r#"["owner@paste.example","second@paste.example"]"#;
    world.set_platform(false, "active", contacts).await;
    wish(&world, Pace::Daily, &[]).await;
    world.referral().await;
    run(&job(&world.cx, world.to_files())).await;
    next_day(&world).await;
    let first = sent_digest(&world).await;
    let told = came_back(&world, &first, OWNER, "5.1.1").await;
    assert_eq!(told, Followed::GoesOn);
    assert_eq!(rows(&world, LOST).await.len(), 1, "the address is given up");
    run(&job(&world.cx, world.to_files())).await;
    next_day(&world).await;
    let mails = digests(&world);
    assert_eq!(field(&mails[0], "To:"), OWNER);
    assert_eq!(field(&mails[1], "To:"), SECOND);
    let second = sent_digest(&world).await;
    let told = came_back(&world, &second, SECOND, "5.1.1").await;
    assert_eq!(told, Followed::GivenUp);
    assert_eq!(lines(&world).await, [FAILED]);
    assert_eq!(rows(&world, LOST).await.len(), 2);
    next_day(&world).await;
    assert_eq!(digests(&world).len(), 2);
}

async fn a_digest_that_the_mail_server_refuses_is_told_to_each_agency(db: Db) {
    let world = World::on(db).await;
    wish(&world, Pace::Daily, &[]).await;
    let mut requests = [world.referral().await, world.referral().await];
    requests.sort();
    run(&job(&world.cx, world.to_files())).await;
    world.cx.clock.pass(TimeDelta::days(1));
    let server = Server::start(&["550 5.1.1 nobody"]).await;
    run(&job(&world.cx, server.transport())).await;
    assert_eq!(lines(&world).await, [FAILED; 2]);
    let lost = rows(&world, LOST).await;
    assert_eq!(about(&lost), requests);
    assert!(lost.iter().all(|row| row.status == SENT), "{lost:?}");
    assert_eq!(server.mails().len(), 2, "the agency's alone");
}

async fn a_report_about_what_was_fetched_since_or_is_long_ago_changes_nothing(db: Db) {
    let world = World::on(db).await;
    let (read, unread) = (world.referral().await, world.referral().await);
    run(&job(&world.cx, world.to_files())).await;
    world.fetch(&read).await;
    for row in rows(&world, "request.filed").await {
        if row.request_id == unread {
            world.cx.clock.pass(TimeDelta::days(11));
        }
        let told = came_back(&world, &row.id, OWNER, "5.1.1").await;
        assert_eq!(told, Followed::Overtaken, "{row:?}");
    }
    assert_eq!(lines(&world).await, [SENT; 2]);
    assert!(rows(&world, LOST).await.is_empty());

    // Of a digest what was read stays told.
    wish(&world, Pace::Daily, &[]).await;
    let (read, unread) = (world.referral().await, world.referral().await);
    run(&job(&world.cx, world.to_files())).await;
    next_day(&world).await;
    world.fetch(&read).await;
    let digest = sent_digest(&world).await;
    let told = came_back(&world, &digest, OWNER, "5.1.1").await;
    assert_eq!(told, Followed::GivenUp);
    let lost = rows(&world, LOST).await;
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!(lost[0].request_id, unread);
    assert_eq!(lines(&world).await, [SENT, SENT, SENT, FAILED]);
}

async fn a_node_that_goes_on_marks_with_the_key_that_writes_by_now(db: Db) {
    let world = World::on(db).await;
    let (old, new) = (
        SealingKey::generate().unwrap(),
        SealingKey::generate().unwrap(),
    );
    let names = (old.0.name().to_owned(), new.0.name().to_owned());
    let read = |texts: &[&str], writing: &str| {
        let keys = texts.iter().map(|text| SealingKey::parse(text).unwrap());
        let keys = SealingKeys::of(keys.collect(), writing).unwrap();
        ReturnPath::new("bounces@exchange.example", keys.marks(ReturnPath::PURPOSE))
    };
    let first = names.0.clone();
    let note = move |conn: &mut Conn| sealing_keys::note(conn, &first, 0);
    world.cx.store.write(note).await.unwrap();
    let server = Server::start(&[]).await;
    let running = sender().returning(read(&[old.1.as_str(), new.1.as_str()], &names.0));
    let running = job_from(&world.cx, running, server.transport(), Vec::new());
    world.referral().await;
    run(&running).await;
    assert!(write_with(&world.cx, &names.0, &names.1).await.unwrap());
    world.referral().await;
    run(&running).await;

    let senders = server.seen.lock().unwrap().senders.clone();
    let mut rows = rows(&world, "request.filed").await;
    rows.retain(|row| row.status == SENT);
    let [before, after] = &senders[..] else {
        panic!("{senders:?}")
    };
    let expected = |text: &str, row: &OutboxRow| {
        read(&[text], SealingKey::parse(text).unwrap().name()).of(&row.id)
    };
    assert_eq!(*before, expected(&old.1, &rows[0]));
    assert_eq!(
        *after,
        expected(&new.1, &rows[1]),
        "what is left after ten days"
    );
}
