//! Two nodes over one store.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::smtp::Server;
use super::world::{World, going_on, job, run};
use crate::app::notify;
use crate::app::tests::fixture::{Db, on_both};
use crate::store::outbox::{PENDING, SENT};
use crate::worker::Job;

on_both!(
    two_live_nodes_never_send_one_notification_twice,
    a_lease_that_lapsed_is_taken_over_and_the_mail_is_the_same,
    a_repeat_after_a_crash_is_the_same_mail_byte_for_byte,
    a_lease_is_renewed_as_long_as_the_sending_takes,
    a_send_is_broken_off_when_its_lease_is_lost,
    a_node_that_stops_gives_back_what_it_has_not_begun,
);

fn message_ids(mails: &[String]) -> BTreeSet<String> {
    let id = |mail: &String| {
        let line = mail.lines().find(|line| line.starts_with("Message-ID:"));
        line.unwrap().to_owned()
    };
    mails.iter().map(id).collect()
}

async fn two_live_nodes_never_send_one_notification_twice(db: Db) {
    let world = World::on(db).await;
    for _ in 0..60 {
        world.referral().await;
    }
    let server = Server::start(&[], Duration::from_millis(5)).await;
    let other = world.other_node();
    let (one, two) = (
        job(&world.cx, server.transport()),
        job(&other, server.transport()),
    );
    tokio::join!(run(&one), run(&two));
    // What one held while the other found nothing due is sent by now.
    let mails = server.mails();
    assert_eq!((mails.len(), message_ids(&mails).len()), (60, 60));
    assert!(world.outbox().await.iter().all(|row| row.status == SENT));
    assert_eq!(world.kept().await.len(), 60);
}

async fn a_lease_that_lapsed_is_taken_over_and_the_mail_is_the_same(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    // A node takes it and dies after the mail has left, before it is settled.
    let (dead, due) = notify::lease(&world.cx, Duration::from_millis(200), 20)
        .await
        .unwrap();
    assert_eq!(due.len(), 1);
    let server = Server::start(&[], Duration::ZERO).await;
    let job = job(&world.cx, server.transport());
    run(&job).await;
    assert!(server.mails().is_empty(), "the lease is respected");
    tokio::time::sleep(Duration::from_millis(250)).await;
    run(&job).await;
    assert_eq!(server.mails().len(), 1);
    assert_eq!(world.only().await.status, SENT);
    // The dead one comes back: it learns that the row is no longer its own and changes nothing.
    let outcome = notify::Outcome::Failed("late".to_owned());
    let ours = notify::settle(&world.cx, &dead, &due[0].id, &outcome).await;
    assert!(!ours.unwrap());
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.last_error), (SENT, None));
}

async fn a_repeat_after_a_crash_is_the_same_mail_byte_for_byte(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    let server = Server::start(&[], Duration::ZERO).await;
    let job = job(&world.cx, server.transport());
    for _ in 0..2 {
        run(&job).await;
        // As if the process had died before it could settle.
        world.forget_settling().await;
    }
    let mails = server.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0], mails[1]);
}

async fn a_lease_is_renewed_as_long_as_the_sending_takes(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    let server = Server::start(&[], Duration::from_millis(1_500)).await;
    let short = Duration::from_millis(400);
    let slow = job(&world.cx, server.transport()).holding_for(short);
    let other = world.other_node();
    let waiting = job(&other, server.transport()).holding_for(short);
    let others = async {
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            run(&waiting).await;
        }
    };
    tokio::join!(run(&slow), others);
    assert_eq!(server.mails().len(), 1);
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.attempts), (SENT, 1));
}

async fn a_send_is_broken_off_when_its_lease_is_lost(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    let server = Server::start(&[], Duration::from_secs(3)).await;
    let job = job(&world.cx, server.transport()).holding_for(Duration::from_millis(400));
    let stolen = async {
        server.begun().await;
        world.lease_to("another node").await;
    };
    let begun = Instant::now();
    tokio::join!(run(&job), stolen);
    assert!(begun.elapsed() < Duration::from_millis(2_900));
    let row = world.only().await;
    assert_eq!(
        (row.status.as_str(), row.attempts),
        (PENDING, 0),
        "it is the other's now"
    );
    assert_eq!(row.lease.as_deref(), Some("another node"));
}

async fn a_node_that_stops_gives_back_what_it_has_not_begun(db: Db) {
    let world = World::on(db).await;
    for _ in 0..12 {
        world.referral().await;
    }
    let server = Server::start(&[], Duration::from_millis(100)).await;
    let job = job(&world.cx, server.transport());
    let (going, stop) = going_on();
    let stopping = async {
        server.begun().await;
        going.send_replace(true);
    };
    let (ran, ()) = tokio::join!(job.run(&stop), stopping);
    ran.unwrap();
    let rows = world.outbox().await;
    let sent = rows.iter().filter(|row| row.status == SENT).count();
    assert_eq!(sent, server.mails().len());
    assert!((1..=4).contains(&sent), "{sent}");
    assert!(rows.iter().all(|row| row.lease.is_none()));
}
