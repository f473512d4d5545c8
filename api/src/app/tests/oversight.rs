//! What only time brings about: twelve hours after a notice, 48 and 72 hours of a scrutiny.
#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;
use takedown_core::id::AgencyId;
use takedown_core::oversight::{Finding, Requester};
use takedown_core::policy::{Actor, Party, Scopes};
use uuid::Uuid;

use super::fixture::{Db, World, on_both};
use crate::app::notices::{self, NewNotice};
use crate::app::once::Answer;
use crate::app::requests::filing::{NewFiling, Text};
use crate::app::requests::{self, AskedScrutiny, Expected};
use crate::app::scrutinies::{self, NewDecision};
use crate::app::{Caller, Error};
use crate::store::{StoreError, agencies};

const HOUR: TimeDelta = TimeDelta::hours(1);

fn order(link: &str, waived: bool) -> NewFiling {
    let mut order = World::filing("eu-tco-order", "tco:a", link);
    if !waived {
        order.prior_notice_waived = None;
    }
    order
}

fn text() -> Text {
    Text {
        text: "The hour counts from reading an order.".to_owned(),
        language: "en".parse().unwrap(),
    }
}

fn done() -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: String::new(),
    }
}

/// The authority of the platform's country.
async fn authority(world: &World) -> Caller {
    let id = AgencyId::from_uuid(Uuid::now_v7());
    let mut row = world.agency_row(id);
    row.country = "DE".to_owned();
    row.scrutinises = r#"["eu-tco-order"]"#.to_owned();
    world
        .cx
        .store
        .write(move |conn| agencies::insert(conn, &row))
        .await
        .unwrap_or_else(|e: StoreError| unreachable!("{e}"));
    world.cx.registry.changed();
    Caller {
        actor: Actor::new(Party::Agency(id), Scopes::all()),
        ..world.agency.clone()
    }
}

async fn decide(world: &World, by: &Caller, id: &str) -> Result<Answer, Error> {
    let decision = NewDecision {
        finding: Finding::NoInfringement,
        reasons: text(),
        reference: "EA-1/26".to_owned(),
    };
    let id = id.to_owned();
    scrutinies::decide(&world.cx, by, id, Expected::Any, decision, |_, _| done()).await
}

async fn ask(world: &World, id: &str) -> Result<Answer, Error> {
    let asked = AskedScrutiny {
        by: Requester::Platform,
        informed_at: None,
    };
    let (cx, id) = (&world.cx, id.to_owned());
    requests::ask_scrutiny(cx, &world.platform, id, Expected::Any, asked, |_, _| done()).await
}

on_both!(
    a_first_order_follows_its_notice_after_twelve_hours,
    the_times_of_a_scrutiny_run_out,
);

async fn a_first_order_follows_its_notice_after_twelve_hours(db: Db) {
    let world = World::on(db).await;
    let new = NewNotice {
        platform: world.platform.actor.platform().unwrap(),
        instrument: "eu-tco-order".to_owned(),
        text: text(),
    };
    notices::give(&world.cx, &world.agency, None, new, |_| done())
        .await
        .unwrap();
    let file = async |link: &str| {
        let filed = |_: &requests::Filed<'_>, _: &Caller| done();
        requests::file(&world.cx, &world.agency, None, order(link, false), filed).await
    };
    world.cx.clock.pass(HOUR * 12 - TimeDelta::minutes(1));
    let early = file("https://paste.example/a").await;
    assert!(matches!(early, Err(Error::Contradiction(_))), "{early:?}");
    world.cx.clock.pass(TimeDelta::minutes(1));
    file("https://paste.example/a").await.unwrap();
    file("https://paste.example/b").await.unwrap();
}

async fn the_times_of_a_scrutiny_run_out(db: Db) {
    let world = World::on(db).await;
    let authority = authority(&world).await;
    let mut ids = Vec::new();
    for n in 0..3 {
        let link = format!("https://paste.example/{n}");
        let id = world.file_this(order(&link, true)).await;
        world.fetch(&id).await;
        ids.push(id);
    }
    let [asked, late, own] = ids.as_slice() else {
        unreachable!()
    };
    world.cx.clock.pass(HOUR * 48 - TimeDelta::minutes(1));
    ask(&world, asked).await.unwrap();
    world.cx.clock.pass(TimeDelta::minutes(2));
    let refused = ask(&world, late).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    world.cx.clock.pass(HOUR * 24);
    // On its own initiative nothing more; what it was asked for it decides, late or not.
    let refused = decide(&world, &authority, own).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    world.cx.clock.pass(HOUR * 48);
    decide(&world, &authority, asked).await.unwrap();
    let view = scrutinies::read(&world.cx, &authority, asked)
        .await
        .unwrap();
    let decision = view.oversight.core.scrutiny.unwrap().decision.unwrap();
    assert!(decision.late);
}
