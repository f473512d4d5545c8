//! Mails as a platform wishes for them.

use chrono::TimeDelta;
use takedown_core::platform::{Pace, Quiet, Wishes};
use takedown_core::policy::Party;

use super::smtp::Server;
use super::world::{World, job, run};
use crate::app::agencies;
use crate::app::platforms::{self, set_wishes};
use crate::app::requests::Expected;
use crate::app::tests::fixture::{Db, on_both};
use crate::store::outbox::{DROPPED, PENDING, SENT};
use crate::store::wishes::{DIGEST, GATHERED};

on_both!(
    referrals_are_gathered_into_one_mail_and_orders_leave_at_once,
    what_is_gathered_while_the_mail_server_is_away_is_one_mail_and_nothing_is_lost,
    what_is_no_longer_true_when_the_digest_leaves_is_not_in_it,
    the_link_of_a_digest_ends_mails_and_not_the_inbox,
    at_once_waits_for_the_end_of_the_quiet_hours_and_an_order_does_not,
    an_agency_has_its_answers_gathered_and_no_link_ends_that,
);

fn platform(world: &World) -> String {
    match world.platform.actor.party() {
        Party::Platform(id) => id.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn wish(world: &World, mail: Pace, quiet: &[String]) {
    let span = |hours: &String| Quiet {
        days: Vec::new(),
        hours: hours.parse().unwrap(),
    };
    let wishes = Wishes {
        mail,
        quiet: quiet.iter().map(span).collect(),
        ..Wishes::default()
    };
    let (cx, caller) = (&world.cx, &world.platform);
    set_wishes(cx, caller, &platform(world), Expected::Any, wishes)
        .await
        .unwrap();
}

/// Event and status of every notification.
async fn stands(world: &World) -> Vec<(String, String)> {
    let rows = world.outbox().await.into_iter();
    rows.map(|row| (row.event, row.status)).collect()
}

async fn count(world: &World, status: &str) -> usize {
    let all = stands(world).await;
    all.iter().filter(|(_, stands)| stands == status).count()
}

fn pair(event: &str, status: &str) -> (String, String) {
    (event.to_owned(), status.to_owned())
}

/// A header field of a mail in one line.
pub(super) fn field(mail: &str, name: &str) -> String {
    let head = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let line = head.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap_or_default().trim().to_owned()
}

async fn referrals_are_gathered_into_one_mail_and_orders_leave_at_once(db: Db) {
    let world = World::on(db).await;
    wish(&world, Pace::Daily, &[]).await;
    let (first, second) = (world.referral().await, world.referral().await);
    world.file("eu-tco-order", "tco:a").await;
    run(&job(&world.cx, world.to_files())).await;
    assert_eq!(world.files().len(), 1, "the order alone");
    assert!(!world.files()[0].contains("List-Unsubscribe"));
    assert_eq!(count(&world, GATHERED).await, 2);
    assert_eq!(
        stands(&world).await.last(),
        Some(&pair(DIGEST, PENDING)),
        "the mail that tells them"
    );
    world.cx.clock.pass(TimeDelta::days(1));
    run(&job(&world.cx, world.to_files())).await;
    let files = world.files();
    assert_eq!(files.len(), 2, "{:#?}", stands(&world).await);
    world.referral().await;
    run(&job(&world.cx, world.to_files())).await;
    let digest = files.iter().find(|mail| mail.contains("List-Unsubscribe"));
    let digest = digest.unwrap();
    assert_eq!(
        field(digest, "List-Unsubscribe-Post:"),
        "List-Unsubscribe=One-Click"
    );
    assert_eq!(field(digest, "Subject:"), "What is new in your inbox: 2");
    assert!(!digest.contains("secret-path") && !digest.contains("paste.example/"));
    for id in [&first, &second] {
        assert!(digest.contains(&world.check_code(id).await), "{digest}");
    }
    assert_eq!(count(&world, SENT).await, 4, "what was gathered was told");
    assert_eq!(count(&world, GATHERED).await, 1, "what came after it");
    let kept = world.kept().await;
    let kept: Vec<_> = kept
        .iter()
        .map(|mail| String::from_utf8_lossy(&mail.raw))
        .collect();
    let blanked = kept.iter().find(|mail| mail.contains("List-Unsubscribe:"));
    assert!(
        field(blanked.unwrap(), "List-Unsubscribe:").ends_with("/unsubscribe/not-kept>"),
        "what ends mails is kept nowhere"
    );
}

async fn what_is_gathered_while_the_mail_server_is_away_is_one_mail_and_nothing_is_lost(db: Db) {
    let world = World::on(db).await;
    wish(&world, Pace::Hourly, &[]).await;
    world.referral().await;
    let away = Server::start(&["451 4.3.0 later"; 50]).await;
    run(&job(&world.cx, away.transport())).await;
    world.cx.clock.pass(TimeDelta::hours(1));
    run(&job(&world.cx, away.transport())).await;
    assert!(away.seen.lock().unwrap().mails.is_empty());
    let digest = world.outbox().await;
    let digest = digest.iter().find(|row| row.event == DIGEST).unwrap();
    assert_eq!((digest.status.as_str(), digest.attempts), (PENDING, 1));
    assert!(!digest.withheld, "it waits for the mail server");
    world.referral().await;
    run(&job(&world.cx, away.transport())).await;
    assert_eq!(count(&world, GATHERED).await, 2, "it waits with the other");
    world.cx.clock.pass(TimeDelta::hours(23));
    let back = Server::start(&[]).await;
    run(&job(&world.cx, back.transport())).await;
    assert_eq!(back.seen.lock().unwrap().mails.len(), 1);
    assert_eq!(count(&world, SENT).await, 3, "{:?}", stands(&world).await);
}

async fn what_is_no_longer_true_when_the_digest_leaves_is_not_in_it(db: Db) {
    let world = World::on(db).await;
    wish(&world, Pace::Daily, &[]).await;
    let gone = world.referral().await;
    run(&job(&world.cx, world.to_files())).await;
    world.withdraw(&gone).await;
    world.cx.clock.pass(TimeDelta::days(1));
    run(&job(&world.cx, world.to_files())).await;
    assert!(world.files().is_empty(), "{:#?}", world.files());
    assert_eq!(count(&world, SENT).await, 0);
    let all = stands(&world).await;
    assert!(all.contains(&pair("request.filed", DROPPED)), "{all:?}");
}

async fn the_link_of_a_digest_ends_mails_and_not_the_inbox(db: Db) {
    let world = World::on(db).await;
    wish(&world, Pace::Daily, &[]).await;
    world.referral().await;
    run(&job(&world.cx, world.to_files())).await;
    world.cx.clock.pass(TimeDelta::days(1));
    run(&job(&world.cx, world.to_files())).await;
    let link = field(&world.files()[0], "List-Unsubscribe:");
    let secret = link.trim_end_matches('>').rsplit('/').next().unwrap();
    assert_eq!(secret.len(), 32, "{link}");
    let looked = platforms::unsubscribing(&world.cx, secret).await.unwrap();
    assert!(!looked.ended, "looking changes nothing");
    for _ in 0..2 {
        let ended = platforms::unsubscribe(&world.cx, secret).await.unwrap();
        assert!(ended.ended);
    }
    let read = platforms::read(&world.cx, &world.platform, &platform(&world)).await;
    let read = read.unwrap();
    assert_eq!((read.wishes.mail, read.version), (Pace::Never, 3));
    world.referral().await;
    world.file("eu-tco-order", "tco:a").await;
    run(&job(&world.cx, world.to_files())).await;
    assert_eq!(world.files().len(), 2, "the order still came");
    let dropped = world.outbox().await;
    let dropped = dropped.iter().find(|row| row.status == DROPPED).unwrap();
    let why = dropped.last_error.as_deref().unwrap();
    assert!(why.starts_with("this platform reads its inbox"), "{why}");
    world.cx.clock.pass(TimeDelta::days(91));
    assert!(platforms::unsubscribe(&world.cx, secret).await.is_err());
    assert!(
        platforms::unsubscribing(&world.cx, "guessed")
            .await
            .is_err()
    );
}

async fn at_once_waits_for_the_end_of_the_quiet_hours_and_an_order_does_not(db: Db) {
    let world = World::on(db).await;
    let there = |time: TimeDelta| {
        let at = (world.cx.now() + time).with_timezone(&chrono_tz::Europe::Berlin);
        at.format("%H:%M").to_string()
    };
    let quiet = format!(
        "{}-{}",
        there(TimeDelta::hours(-1)),
        there(TimeDelta::hours(1))
    );
    wish(&world, Pace::AtOnce, &[quiet]).await;
    world.referral().await;
    world.file("eu-tco-order", "tco:a").await;
    run(&job(&world.cx, world.to_files())).await;
    assert_eq!(world.files().len(), 1, "the order");
    let waits = world.outbox().await;
    let waits = waits.iter().find(|row| row.status == PENDING).unwrap();
    assert!(waits.withheld && waits.attempts == 0, "{waits:?}");
    world.cx.clock.pass(TimeDelta::minutes(61));
    run(&job(&world.cx, world.to_files())).await;
    assert_eq!(world.files().len(), 2);
    assert_eq!(count(&world, SENT).await, 2);
}

async fn an_agency_has_its_answers_gathered_and_no_link_ends_that(db: Db) {
    let world = World::on(db).await;
    let agency = match world.agency.actor.party() {
        Party::Agency(id) => id.to_string(),
        other => panic!("{other:?}"),
    };
    let wish = async |mail: Pace| {
        let wishes = Wishes {
            mail,
            ..Wishes::default()
        };
        let (cx, caller) = (&world.cx, &world.agency);
        let set = agencies::set_wishes(cx, caller, &agency, Expected::Any, wishes);
        set.await.unwrap()
    };
    assert_eq!(wish(Pace::Daily).await.version, 2);
    assert_eq!(
        wish(Pace::Daily).await.version,
        2,
        "repeated it changes nothing"
    );
    let (first, second) = (world.referral().await, world.referral().await);
    for id in [&first, &second] {
        world.fetch(id).await;
        world.close(id).await;
    }
    run(&job(&world.cx, world.to_files())).await;
    let to_agency = |mail: &String| field(mail, "To:") == "unit@police.example";
    assert!(!world.files().iter().any(to_agency), "{:#?}", world.files());
    let waiting = count(&world, GATHERED).await;
    assert!(waiting >= 2, "{:?}", stands(&world).await);
    world.cx.clock.pass(TimeDelta::days(1));
    run(&job(&world.cx, world.to_files())).await;
    let files: Vec<String> = world.files().into_iter().filter(to_agency).collect();
    assert_eq!(files.len(), 1, "one mail tells all");
    let subject = format!("What is new in your inbox: {waiting}");
    assert_eq!(field(&files[0], "Subject:"), subject);
    assert_eq!(field(&files[0], "List-Unsubscribe:"), "");
    assert!(!files[0].contains("://"), "{}", files[0]);
    for id in [&first, &second] {
        assert!(files[0].contains(&world.check_code(id).await));
    }
    assert_eq!(count(&world, GATHERED).await, 0);

    wish(Pace::Never).await;
    let third = world.referral().await;
    world.fetch(&third).await;
    world.close(&third).await;
    run(&job(&world.cx, world.to_files())).await;
    let rows = world.outbox().await;
    let dropped = rows.iter().filter(|row| row.status == DROPPED);
    let mut why = dropped.filter_map(|row| row.last_error.as_deref());
    assert!(
        why.any(|why| why.starts_with("this agency reads its inbox")),
        "{rows:#?}"
    );
}
