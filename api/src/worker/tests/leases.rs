//! Two nodes over one store.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;

use super::smtp::Server;
use super::world::{World, going_on, job, run};
use crate::app::notify;
use crate::app::tests::fixture::{Db, on_both};
use crate::app::tests::patience::{in_time, until};
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

const LEASE: Duration = Duration::from_secs(20);

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
    let server = Server::start(&[]).await;
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
    let (dead, due) = notify::lease(&world.cx, LEASE, 20).await.unwrap();
    assert_eq!(due.len(), 1);
    let server = Server::start(&[]).await;
    let job = job(&world.cx, server.transport());
    run(&job).await;
    assert!(server.mails().is_empty(), "the lease is respected");
    world.cx.clock.pass(TimeDelta::seconds(20));
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
    let server = Server::start(&[]).await;
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
    let server = Server::holding(&[]).await;
    let slow = job(&world.cx, server.transport()).holding_for(LEASE, Duration::from_millis(1));
    let other = world.other_node();
    let waiting = job(&other, server.transport());
    let lease = i64::try_from(LEASE.as_millis()).unwrap();
    let others = async {
        server.holds(1, 0).await;
        // Three times as long as a lease lasts by itself.
        for _ in 0..4 {
            world.cx.clock.pass(TimeDelta::seconds(15));
            let now = world.cx.now().timestamp_millis();
            until("the renewal", async || {
                world.only().await.lease_until >= now + lease
            })
            .await;
            run(&waiting).await;
        }
        server.let_in(1);
    };
    tokio::join!(run(&slow), others);
    assert_eq!(server.mails().len(), 1);
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.attempts), (SENT, 1));
}

async fn a_send_is_broken_off_when_its_lease_is_lost(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    let server = Server::holding(&[]).await;
    let day = Duration::from_secs(86_400);
    let job = job(&world.cx, server.transport()).holding_for(day, Duration::from_millis(1));
    let stolen = async {
        server.holds(1, 0).await;
        world.lease_to("another node").await;
    };
    // The mail server says nothing for as long as the test waits.
    in_time("the end of the send", async {
        tokio::join!(run(&job), stolen)
    })
    .await;
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
    let server = Server::holding(&[]).await;
    let job = job(&world.cx, server.transport());
    let (going, stop) = going_on();
    let stopping = async {
        server.holds(4, 0).await;
        going.send_replace(true);
        server.let_in(12);
    };
    let (ran, ()) = tokio::join!(job.run(&stop), stopping);
    ran.unwrap();
    let rows = world.outbox().await;
    let sent = rows.iter().filter(|row| row.status == SENT).count();
    assert_eq!((sent, server.mails().len()), (4, 4));
    assert!(rows.iter().all(|row| row.lease.is_none()));
}
