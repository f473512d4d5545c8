#![allow(clippy::unwrap_used, clippy::panic)]
use takedown_core::request::{Basis, Outcome, OutcomeCode, UploaderInformed};

use super::answer::Decision;
use super::{Expected, RequestView, acknowledge, decide, history, messages, read};
use crate::app::once::Answer;
use crate::app::tests::fixture::{Db, World, on_both};
use crate::app::{Caller, Error};
use crate::store::{Conn, StoreError};

on_both!(what_is_no_identifier_is_not_found);

fn answered(_: &RequestView, _: &Caller) -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: String::new(),
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
    let queued = async {
        while world.cx.store.writes_waiting() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = world.referral() => panic!("the writer is held"),
        () = queued => {}
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
    let id = world.referral().await;
    world.fetch(&id).await;
    let any = Expected::Any;
    acknowledge(&world.cx, &world.platform, id.clone(), any, None, answered)
        .await
        .unwrap();
    let decision = Decision {
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
    };
    let decisions = vec![decision; 5_000];
    let refused = decide(
        &world.cx,
        &world.platform,
        id,
        any,
        None,
        decisions,
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
