//! Mails that are about no request: a verification that ends, a webhook that was switched off.

use chrono::TimeDelta;
use takedown_core::agency::AgencyStatus;
use takedown_core::contact::MailAddress;
use takedown_core::id::AgencyId;
use uuid::Uuid;

use super::wishes::field;
use super::world::{World, job, run};
use crate::app::Cx;
use crate::app::notify::{OPERATOR, remind_of_verifications};
use crate::app::tests::fixture::{Db, on_both};
use crate::store::outbox::{DROPPED, SENT};
use crate::store::{Conn, agencies};

on_both!(
    an_ending_verification_is_told_twice_to_agency_and_operator_and_once_each_by_all_nodes,
    a_node_whose_clock_is_behind_tells_no_earlier_reminder_again,
    what_was_renewed_or_suspended_before_the_mail_left_is_not_told,
    an_agency_that_cannot_be_read_ends_nobody_elses_reminder,
);

fn with_desk(cx: &Cx) -> Cx {
    let desk = MailAddress::parse("desk@exchange.example").unwrap();
    cx.clone().with_operator(Some(desk))
}

async fn an_ending_verification_is_told_twice_to_agency_and_operator_and_once_each_by_all_nodes(
    db: Db,
) {
    let world = World::on(db).await;
    let (cx, other) = (with_desk(&world.cx), with_desk(&world.other_node()));
    assert_eq!(remind_of_verifications(&cx).await.unwrap(), 0);
    for (passed, mails) in [(271, 2), (23, 4)] {
        world.cx.clock.pass(TimeDelta::days(passed));
        let told = remind_of_verifications(&cx).await.unwrap();
        let again = remind_of_verifications(&other).await.unwrap();
        assert_eq!((told, again), (1, 0), "after {passed} days more");
        run(&job(&cx, world.to_files())).await;
        assert_eq!(world.files().len(), mails);
    }
    let files = world.files();
    let to = |address: &str| {
        let found = files.iter().find(|mail| field(mail, "To:") == address);
        found.unwrap_or_else(|| panic!("{address} in {files:#?}"))
    };
    let unit = to("unit@police.example");
    assert!(field(unit, "Subject:").starts_with("Your verification ends on "));
    let desk = to("desk@exchange.example");
    assert!(field(desk, "Subject:").starts_with("An agency's verification ends on "));
    assert!(!desk.contains("://") && !unit.contains("://"), "{desk}");
    let rows = world.outbox().await;
    assert!(rows.iter().all(|row| row.status == SENT), "{rows:?}");
    let operators = rows.iter().filter(|row| row.party_id == OPERATOR);
    assert_eq!(operators.count(), 2);
}

async fn a_node_whose_clock_is_behind_tells_no_earlier_reminder_again(db: Db) {
    let world = World::on(db).await;
    // With a clock of its own.
    let mut behind = world.other_node();
    behind.clock = Default::default();
    world.cx.clock.pass(TimeDelta::days(294));
    behind.clock.pass(TimeDelta::days(271));
    for told in [1, 0] {
        let now = remind_of_verifications(&world.cx).await.unwrap();
        let again = remind_of_verifications(&behind).await.unwrap();
        assert_eq!((now, again), (told, 0));
    }
    assert_eq!(world.outbox().await.len(), 1);
}

async fn what_was_renewed_or_suspended_before_the_mail_left_is_not_told(db: Db) {
    let world = World::on(db).await;
    world.cx.clock.pass(TimeDelta::days(280));
    // Nobody configured where the operator is told: the agency still is.
    assert_eq!(remind_of_verifications(&world.cx).await.unwrap(), 1);
    world.set_agency(AgencyStatus::Suspended.as_str()).await;
    run(&job(&world.cx, world.to_files())).await;
    assert!(world.files().is_empty());
    assert_eq!(world.only().await.status, DROPPED);
}

async fn an_agency_that_cannot_be_read_ends_nobody_elses_reminder(db: Db) {
    let world = World::on(db).await;
    let mut broken = world.agency_row(AgencyId::from_uuid(Uuid::now_v7()));
    // Before the other one.
    broken.id = "agency_0".to_owned();
    broken.verification = Some("{".to_owned());
    let insert = move |conn: &mut Conn| agencies::insert(conn, &broken);
    world.cx.store.write(insert).await.unwrap();
    world.cx.clock.pass(TimeDelta::days(280));
    assert_eq!(remind_of_verifications(&world.cx).await.unwrap(), 1);
}
