//! What leaves, to whom, and what is written down about it.

use std::time::Duration;

use takedown_core::request::Side;

use super::smtp::Server;
use super::world::{World, job, job_with, run};
use crate::app::tests::fixture::{Db, on_both};
use crate::app::tests::patience::in_time;
use crate::store::outbox::{self, DROPPED, FAILED, PENDING, SENT};

on_both!(
    a_filing_becomes_a_mail_that_is_kept_exactly_and_says_nothing_of_the_content,
    not_now_is_tried_again_and_never_is_given_up_at_once,
    after_the_last_pause_it_is_given_up,
    the_next_contact_gets_it_only_when_the_first_is_refused_for_good,
    who_may_be_written_to_is_decided_when_the_mail_leaves,
    what_a_suspended_agency_filed_is_withheld_until_the_suspension_ends,
    what_a_suspended_agency_is_told_is_withheld_until_the_suspension_ends,
    what_a_suspended_platform_is_told_is_withheld_until_the_suspension_ends,
    nobody_is_told_of_a_request_that_is_gone_before_its_mail_left,
    a_database_that_cannot_be_read_is_not_asked_in_circles,
    several_mails_are_on_their_way_at_a_time_but_not_all,
);

async fn a_filing_becomes_a_mail_that_is_kept_exactly_and_says_nothing_of_the_content(db: Db) {
    let world = World::on(db).await;
    let id = world.file("eu-tco-order", "tco:a").await;
    run(&job(&world.cx, world.to_files())).await;
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.attempts), (SENT, 1), "{row:?}");
    assert!(row.lease.is_none() && row.settled_at.is_some() && row.last_error.is_none());
    let kept = world.kept().await;
    let files = world.files();
    assert_eq!((kept.len(), files.len()), (1, 1));
    assert_eq!(kept[0].raw, files[0].as_bytes());
    assert_eq!(kept[0].recipient, "owner@paste.example");
    assert_eq!(kept[0].outbox_id, row.id);
    let mail = &files[0];
    for said in [
        &format!("Message-ID: <{}@exchange.example>", row.id),
        &format!("{id}.thread@exchange.example"),
        "To: owner@paste.example",
        "https://exchange.example/check/",
    ] {
        assert!(mail.contains(said), "{said} in {mail}");
    }
    for secret in ["secret-path", "secret reasons", "Art. 255a"] {
        assert!(!mail.contains(secret), "{secret} in {mail}");
    }
    run(&job(&world.cx, world.to_files())).await;
    assert_eq!(world.kept().await.len(), 1, "sent once");
}

async fn not_now_is_tried_again_and_never_is_given_up_at_once(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    let server = Server::start(&["451"]).await;
    let job = job(&world.cx, server.transport());
    let before = world.cx.now().timestamp_millis();
    run(&job).await;
    let after = world.cx.now().timestamp_millis();
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.attempts), (PENDING, 1));
    assert!(row.last_error.unwrap().contains("451"));
    let again = before + 54_000..=after + 66_000;
    assert!(again.contains(&row.next_at), "{} in {again:?}", row.next_at);
    assert!(world.kept().await.is_empty());

    run(&job).await;
    assert_eq!(server.recipients().len(), 1, "the pause is kept");
    world.everything_is_due().await;
    run(&job).await;
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.attempts), (SENT, 2));
    assert_eq!(row.last_error, None);
    assert_eq!(server.mails().len(), 1);

    let server = Server::start(&["550"]).await;
    let world = World::on(db).await;
    world.referral().await;
    run(&super::world::job(&world.cx, server.transport())).await;
    let row = world.told("request.filed").await;
    assert_eq!((row.status.as_str(), row.attempts), (FAILED, 1));
    assert_eq!(world.told("delivery.failed").await.status, SENT);
    let why = row.last_error.unwrap();
    assert!(
        why.contains("550") && why.contains("owner@paste.example"),
        "{why}"
    );
}

async fn after_the_last_pause_it_is_given_up(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    let server = Server::start(&["451", "451", "451", "451"]).await;
    let job = job_with(
        &world.cx,
        server.transport(),
        vec![Duration::from_secs(1); 2],
    );
    for _ in 0..5 {
        run(&job).await;
        world.everything_is_due().await;
    }
    let row = world.told("request.filed").await;
    assert_eq!((row.status.as_str(), row.attempts), (FAILED, 3));
    let tried = server.recipients().into_iter();
    let tried = tried.filter(|to| to.contains("owner@paste.example"));
    assert_eq!(tried.count(), 3);
    // That it was given up is told to the agency.
    assert_eq!(world.told("delivery.failed").await.side, "agency");
}

async fn the_next_contact_gets_it_only_when_the_first_is_refused_for_good(db: Db) {
    let world = World::on(db).await;
    let contacts = r#"["gone@paste.example","owner@paste.example","third@paste.example"]"#;
    world.set_platform(false, "active", contacts).await;
    world.referral().await;
    let server = Server::start(&["550"]).await;
    run(&job(&world.cx, server.transport())).await;
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.attempts), (SENT, 1));
    assert!(row.last_error.unwrap().contains("gone@paste.example"));
    assert_eq!(world.kept().await[0].recipient, "owner@paste.example");

    world.referral().await;
    let server = Server::start(&["451"]).await;
    run(&job(&world.cx, server.transport())).await;
    assert_eq!(
        server.recipients().len(),
        1,
        "a contact that is busy keeps its mail"
    );
    assert!(server.mails().is_empty());
}

async fn who_may_be_written_to_is_decided_when_the_mail_leaves(db: Db) {
    for (standing, contacts, why) in [
        ("gone", r#"["owner@paste.example"]"#, "gone"),
        ("active", "[]", "no mail address"),
        ("active", r#"["\"a b\"@paste.example"]"#, "owner"),
    ] {
        let world = World::on(db).await;
        world.referral().await;
        world.set_platform(false, standing, contacts).await;
        run(&job(&world.cx, world.to_files())).await;
        let row = world.only().await;
        assert_eq!(row.status, FAILED, "{why}");
        let said = row.last_error.unwrap();
        assert!(said.contains(why) || why == "owner", "{said}");
        assert!(world.files().is_empty());
    }
}

async fn what_a_suspended_agency_filed_is_withheld_until_the_suspension_ends(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    withheld_until_the_suspension_ends(&world, Side::Agency).await;
}

async fn what_a_suspended_platform_is_told_is_withheld_until_the_suspension_ends(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    withheld_until_the_suspension_ends(&world, Side::Platform).await;
}

async fn what_a_suspended_agency_is_told_is_withheld_until_the_suspension_ends(db: Db) {
    let world = World::on(db).await;
    let id = world.referral().await;
    run(&job(&world.cx, world.to_files())).await;
    world.close(&id).await;
    withheld_until_the_suspension_ends(&world, Side::Agency).await;
}

/// The notification that waits is the last one.
async fn withheld_until_the_suspension_ends(world: &World, of: Side) {
    let last = async || world.outbox().await.pop().unwrap();
    let suspend = async |suspended: bool| match of {
        Side::Agency if suspended => world.set_agency("suspended").await,
        Side::Agency => world.set_agency("verified").await,
        Side::Platform => {
            let contacts = r#"["owner@paste.example"]"#;
            world.set_platform(suspended, "active", contacts).await;
        }
    };
    let oldest = async || {
        let found = world.cx.store.read(outbox::backlog).await;
        found.unwrap().oldest
    };
    assert!(oldest().await.is_some());
    let before = world.files().len();
    suspend(true).await;
    let job = job(&world.cx, world.to_files());
    for _ in 0..4 {
        run(&job).await;
        let row = last().await;
        assert_eq!((row.status.as_str(), row.attempts), (PENDING, 0), "{row:?}");
        assert!(row.last_error.unwrap().contains("withheld"));
        assert_eq!(oldest().await, None, "nothing waits for the mail server");
        world.everything_is_due().await;
    }
    assert_eq!(world.files().len(), before);
    suspend(false).await;
    run(&job).await;
    assert_eq!(last().await.status, SENT);
}

async fn nobody_is_told_of_a_request_that_is_gone_before_its_mail_left(db: Db) {
    let world = World::on(db).await;
    let id = world.referral().await;
    world.withdraw(&id).await;
    let job = job(&world.cx, world.to_files());
    run(&job).await;
    let rows = world.outbox().await;
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!((row.status.as_str(), row.attempts), (DROPPED, 0), "{row:?}");
        assert!(row.last_error.is_some() && row.settled_at.is_some());
    }
    assert!(world.files().is_empty() && world.kept().await.is_empty());

    // Whoever has read it by API is told that it is withdrawn.
    let world = World::on(db).await;
    let id = world.referral().await;
    world.fetch(&id).await;
    world.withdraw(&id).await;
    run(&super::world::job(&world.cx, world.to_files())).await;
    let statuses: Vec<String> = world.outbox().await.into_iter().map(|r| r.status).collect();
    assert_eq!(statuses, [DROPPED, SENT]);
    assert_eq!(world.files().len(), 1);

    // So is whoever was told of it.
    let world = World::on(db).await;
    let id = world.referral().await;
    let job = super::world::job(&world.cx, world.to_files());
    run(&job).await;
    world.withdraw(&id).await;
    run(&job).await;
    assert_eq!(world.files().len(), 2);
}

async fn a_database_that_cannot_be_read_is_not_asked_in_circles(db: Db) {
    let world = World::on(db).await;
    world.referral().await;
    world.rename("items", "elsewhere").await;
    let job = job(&world.cx, world.to_files());
    in_time("the job to pause", run(&job)).await;
    let row = world.only().await;
    assert_eq!((row.status.as_str(), row.attempts), (PENDING, 0));
    assert!(row.next_at > world.cx.now().timestamp_millis());
    world.rename("elsewhere", "items").await;
    world.cx.clock.pass(chrono::TimeDelta::seconds(5));
    run(&job).await;
    assert_eq!(world.only().await.status, SENT);
}

async fn several_mails_are_on_their_way_at_a_time_but_not_all(db: Db) {
    let world = World::on(db).await;
    for _ in 0..12 {
        world.referral().await;
    }
    let server = Server::holding(&[]).await;
    let accepting = async {
        for accepted in 0..12 {
            server.holds((12 - accepted).min(4), accepted).await;
            server.let_in(1);
        }
    };
    let job = job(&world.cx, server.transport());
    tokio::join!(run(&job), accepting);
    assert_eq!(server.seen.lock().unwrap().most, 4);
    assert!(world.outbox().await.iter().all(|row| row.status == SENT));
}
