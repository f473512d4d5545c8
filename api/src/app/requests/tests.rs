#![allow(clippy::unwrap_used, clippy::panic)]
use futures_util::future::join_all;
use takedown_core::id::PlatformId;
use takedown_core::policy::{Actor, Party, Scopes};
use takedown_core::request::{Basis, Outcome, OutcomeCode, UploaderInformed};
use uuid::Uuid;

use super::answer::Decision;
use super::filing::Text;
use super::{
    Expected, MessageView, NewMessage, RequestView, Saying, acknowledge, begin_batch, decide,
    history, messages, read, write_message,
};
use crate::app::once::{Answer, Once};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::app::tests::patience::until;
use crate::app::{Caller, Error};
use crate::store::backend::hold_request;
use crate::store::requests::Scope;
use crate::store::{Conn, StoreError};

on_both!(
    what_is_no_identifier_is_not_found,
    thirty_writers_to_one_request_take_turns,
    who_may_not_see_a_request_neither_holds_it_nor_waits_for_it,
    one_key_used_many_times_at_once_is_one_change,
    an_acknowledgement_with_another_reference_is_recorded,
    a_key_of_a_batch_belongs_to_one_body,
);

fn answered(_: &RequestView, _: &Caller) -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: String::new(),
    }
}

fn versioned(view: &RequestView, _: &Caller) -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: view.request.version.to_string(),
    }
}

fn removed(world: &World) -> Decision {
    Decision {
        items: None,
        outcome: Outcome {
            code: OutcomeCode::Removed,
            basis: Basis::Terms,
            effective_at: world.cx.now(),
            uploader_informed: UploaderInformed::NotPossible,
            countries: Vec::new(),
            duplicate_of: None,
            note: None,
            note_language: None,
        },
        dated: true,
    }
}

impl World {
    /// A referral that the platform has acknowledged, in version 3.
    async fn acknowledged(&self) -> String {
        let id = self.referral().await;
        self.fetch(&id).await;
        let any = Expected::Any;
        acknowledge(&self.cx, &self.platform, id.clone(), any, None, answered)
            .await
            .unwrap();
        id
    }

    async fn version(&self, id: &str) -> i32 {
        let view = read(&self.cx, &self.agency, id).await.unwrap();
        view.request.version
    }
}

/// The caller hangs up after his filing was queued for the writer: it is stored, so whoever polls must see it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_hangs_up_keeps_nobody_from_seeing_what_he_filed() {
    let world = World::new().await;
    let party = world.platform.actor.platform().unwrap().to_string();
    world.referral().await;
    assert_eq!(world.cx.feeds.head(&party).await.unwrap(), 1);

    let (go, held) = std::sync::mpsc::channel::<()>();
    let (began, begun) = tokio::sync::oneshot::channel();
    let mut began = Some(began);
    let store = world.cx.store.clone();
    let holding = tokio::spawn(async move {
        let hold = move |_: &mut Conn| -> Result<(), StoreError> {
            let _ = began.take().map(|began| began.send(()));
            let _ = held.recv();
            Ok(())
        };
        store.write(hold).await
    });
    begun.await.unwrap();
    tokio::select! {
        _ = world.referral() => panic!("the writer is held"),
        () = until("the filing", async || world.cx.store.writes_waiting() == 1) => {}
    }
    go.send(()).unwrap();
    holding.await.unwrap().unwrap();
    // Whatever was queued before this is done now.
    let nothing = |_: &mut Conn| -> Result<(), StoreError> { Ok(()) };
    world.cx.store.write(nothing).await.unwrap();

    assert_eq!(world.outbox().await.len(), 2, "it was stored");
    assert_eq!(world.cx.feeds.head(&party).await.unwrap(), 2);
}

/// "All that are undecided", said a thousand times over a thousand items, held the writer for 43 s and took 1 GB.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_body_does_not_become_a_million_outcomes() {
    let world = World::new().await;
    let id = world.acknowledged().await;
    let any = Expected::Any;
    let decisions = vec![removed(&world); 5_000];
    let refused = decide(
        &world.cx,
        &world.platform,
        id,
        any,
        None,
        (decisions, None),
        answered,
    )
    .await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].pointer, "/decisions/1000");
}

async fn what_is_no_identifier_is_not_found(db: Db) {
    let world = World::on(db).await;
    let any = Expected::Any;
    for id in [
        "",
        "\0",
        "req_\0",
        "REQ_01M822Z2ATESVSBB4EFAFGWE06",
        "agency_x",
    ] {
        let (cx, by) = (&world.cx, &world.agency);
        let not_found =
            |error: Option<Error>| assert!(matches!(error, Some(Error::NotFound)), "{error:?}");
        not_found(read(cx, by, id).await.err());
        not_found(history(cx, by, id, 0, 10).await.err());
        not_found(messages(cx, by, id, None, 10).await.err());
        let by = &world.platform;
        not_found(
            acknowledge(cx, by, id.to_owned(), any, None, answered)
                .await
                .err(),
        );
    }
}

async fn thirty_writers_to_one_request_take_turns(db: Db) {
    let world = World::on(db).await;
    let id = world.referral().await;
    let node = world.node_with(16);
    let said = |message: &MessageView, _| Answer {
        status: 201,
        headers: Vec::new(),
        body: message.id.clone(),
    };
    let write = |n: usize| {
        let note = NewMessage {
            in_reply_to: None,
            document: None,
            saying: Saying::Note,
            text: Text {
                text: format!("note {n}"),
                language: "en".parse().unwrap(),
            },
            items: Vec::new(),
        };
        let any = Expected::Any;
        write_message(&node, &world.agency, id.clone(), any, None, note, said)
    };
    for written in join_all((0..30).map(write)).await {
        written.unwrap();
    }
    let entries = history(&world.cx, &world.agency, &id, 1, 100).await;
    let versions: Vec<i32> = entries.unwrap().iter().map(|e| e.version).collect();
    assert_eq!(versions, (2..=31).collect::<Vec<_>>());
}

/// He would learn from the waiting that it exists, and hold up those whose it is.
async fn who_may_not_see_a_request_neither_holds_it_nor_waits_for_it(db: Db) {
    // The embedded database has one writer: nothing is held there.
    if db == Db::Sqlite {
        return;
    }
    let world = World::on(db).await;
    let id = world.referral().await;
    let node = world.node_with(4);
    let (go, held) = std::sync::mpsc::channel::<()>();
    let (began, begun) = tokio::sync::oneshot::channel();
    let mut began = Some(began);
    let (store, held_id) = (node.store.clone(), id.clone());
    let holding = tokio::spawn(async move {
        let hold = move |conn: &mut Conn| -> Result<bool, StoreError> {
            let row = hold_request(conn, &Scope::All, &held_id)?;
            let _ = began.take().map(|began| began.send(()));
            let _ = held.recv();
            Ok(row.is_some())
        };
        store.write(hold).await
    });
    begun.await.unwrap();
    let mut stranger = world.platform.clone();
    let party = Party::Platform(PlatformId::from_uuid(Uuid::now_v7()));
    stranger.actor = Actor::new(party, Scopes::all());
    let any = Expected::Any;
    let refused = acknowledge(&node, &stranger, id, any, None, answered).await;
    go.send(()).unwrap();
    assert!(holding.await.unwrap().unwrap(), "it was held meanwhile");
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}

async fn one_key_used_many_times_at_once_is_one_change(db: Db) {
    let world = World::on(db).await;
    let id = world.acknowledged().await;
    let node = world.node_with(8);
    let version = Expected::Version(world.version(&id).await);
    let key = || {
        Some(Once {
            key: "k".to_owned(),
            fingerprint: [1; 32],
        })
    };
    let decide = |_| {
        let decisions = vec![removed(&world)];
        decide(
            &node,
            &world.platform,
            id.clone(),
            version,
            key(),
            (decisions, None),
            versioned,
        )
    };
    for decided in join_all((0..8).map(decide)).await {
        assert_eq!(decided.unwrap().body, "4");
    }
    assert_eq!(world.version(&id).await, 4);
}

async fn an_acknowledgement_with_another_reference_is_recorded(db: Db) {
    let world = World::on(db).await;
    let id = world.acknowledged().await;
    let (cx, by) = (&world.cx, &world.platform);
    let acknowledge = |reference: Option<&str>| {
        let reference = reference.map(str::to_owned);
        acknowledge(cx, by, id.clone(), Expected::Any, reference, versioned)
    };
    for (reference, version) in [
        (None, "3"),
        (Some("T-1"), "4"),
        (Some("T-1"), "4"),
        (None, "4"),
        (Some("T-2"), "5"),
    ] {
        assert_eq!(acknowledge(reference).await.unwrap().body, version);
    }
    let view = read(cx, &world.agency, &id).await.unwrap();
    assert_eq!(view.platform_reference.as_deref(), Some("T-2"));
    let told = history(cx, &world.agency, &id, 2, 10).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|e| (e.event.as_str(), e.data["platform_reference"].as_str()))
        .collect();
    let event = "request.acknowledged";
    assert_eq!(
        told,
        [(event, None), (event, Some("T-1")), (event, Some("T-2"))]
    );
}

async fn a_key_of_a_batch_belongs_to_one_body(db: Db) {
    let world = World::on(db).await;
    let key = |fingerprint| {
        Some(Once {
            key: "k".to_owned(),
            fingerprint: [fingerprint; 32],
        })
    };
    let (cx, unit) = (&world.cx, &world.agency);
    for _ in 0..2 {
        begin_batch(cx, unit, key(1)).await.unwrap();
    }
    let other = begin_batch(cx, unit, key(2)).await;
    assert!(matches!(other, Err(Error::KeyMismatch)), "{other:?}");
    begin_batch(cx, unit, None).await.unwrap();
    let foreign = begin_batch(cx, &world.platform, None).await;
    assert!(matches!(foreign, Err(Error::Denied(_))), "{foreign:?}");
}
