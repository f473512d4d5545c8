//! What a node that remembers nothing hears from witnesses before it signs.

use chrono::TimeDelta;
use takedown_core::log::witness::{Answer, SIZE_MEDIA_TYPE};
use takedown_core::log::{Checkpoint, Hash, Policy, SignedCheckpoint};

use super::{Signer, key, policy, world};
use crate::app::Cx;
use crate::app::log::{Log, Memory, advance, answered, hear, question, state};
use crate::app::tests::fixture::{Db, World, on_both};

on_both!(
    a_node_that_remembers_nothing_hears_enough_witnesses_first,
    whoever_signed_last_is_waited_for_where_one_witness_is_enough,
    what_a_witness_shows_stops_a_node_whose_database_is_another,
    one_that_does_not_know_the_log_has_not_said_that_it_signed_nothing,
);

/// A node that should remember something, and has lost its file.
fn forgetful(w: &World, policy: &Policy) -> Cx {
    let memory = Memory::open(&w.folder.join(format!("lost-{}", uuid::Uuid::now_v7()))).unwrap();
    w.other_node()
        .with_log(Log::new(Some(key(1)), memory, Some(policy.clone())))
}

fn newest(cx: &Cx) -> u64 {
    cx.log
        .newest()
        .map_or(0, |newest| newest.checkpoint().size())
}

async fn a_node_that_remembers_nothing_hears_enough_witnesses_first(db: Db) {
    let (mut one, two, three) = (Signer::new(1), Signer::new(2), Signer::new(3));
    let policy = policy(&[&one, &two, &three], "2");
    let w = world(db, &policy).await;
    one.signs(&w.cx).await;
    let (signed, shown) = (newest(&w.cx), w.cx.log.newest().unwrap().to_string());
    let node = forgetful(&w, &policy);
    w.referral().await;
    advance(&node).await.unwrap();
    let placed = state(&node).await.unwrap();
    assert!(placed.size > signed, "places are given all the same");
    assert_eq!(newest(&node), signed, "what others signed is served");
    let says = "not heard: w0, w1, w2";
    assert!(placed.waits.is_some_and(|waits| waits.contains(says)));
    hear(&node, one.key.verifier(), Some(shown.parse().unwrap()))
        .await
        .unwrap();
    assert!(!node.log.must_hear(one.key.verifier()));
    assert!(node.log.must_hear(two.key.verifier()));
    advance(&node).await.unwrap();
    assert_eq!(newest(&node), signed, "one is too few");
    // One that shows what another key signed has shown nothing of this log, and is as good as one that knows nothing.
    let root = Hash::from_bytes([7; 32]);
    let foreign = Checkpoint::new("exchange.example/log", 999, root).unwrap();
    let foreign = SignedCheckpoint::sign(foreign, &key(2)).unwrap();
    hear(&node, two.key.verifier(), Some(foreign))
        .await
        .unwrap();
    assert_eq!(node.store.stopped(), None);
    assert_eq!(newest(&node), placed.size, "it signs at once");
    assert_eq!(state(&node).await.unwrap().waits, None);
    assert!(!node.log.must_hear(three.key.verifier()));
    // Where nobody can be asked, or nobody need be, nobody is waited for.
    let alone = Log::new(
        Some(key(1)),
        Memory::open(&w.folder.join("no")).unwrap(),
        None,
    );
    assert_eq!(alone.waits(), None);
}

async fn whoever_signed_last_is_waited_for_where_one_witness_is_enough(db: Db) {
    let (behind, ahead) = (Signer::new(1), Signer::new(2));
    let policy = policy(&[&behind, &ahead], "any");
    let w = world(db, &policy).await;
    let here = newest(&w.cx);
    let shows = |size: u64| {
        let root = Hash::from_bytes([7; 32]);
        let shown = Checkpoint::new("exchange.example/log", size, root).unwrap();
        Some(SignedCheckpoint::sign(shown, &key(1)).unwrap())
    };
    // The database was put back, and the first to answer was away when the last was signed.
    let node = forgetful(&w, &policy);
    w.referral().await;
    advance(&node).await.unwrap();
    let placed = state(&node).await.unwrap().size;
    assert!(placed > here);
    hear(&node, behind.key.verifier(), None).await.unwrap();
    advance(&node).await.unwrap();
    assert_eq!(newest(&node), here, "the other one may know more");
    let waits = state(&node).await.unwrap().waits.unwrap();
    assert!(waits.contains("not heard: w1."), "{waits}");
    hear(&node, ahead.key.verifier(), shows(placed + 5))
        .await
        .unwrap();
    assert!(node.store.stopped().is_some(), "it does");
    assert_eq!(newest(&node), here);
    // When it knows no more, the node signs.
    let node = forgetful(&w, &policy);
    for witness in [&behind, &ahead] {
        hear(&node, witness.key.verifier(), None).await.unwrap();
    }
    advance(&node).await.unwrap();
    assert_eq!(state(&node).await.unwrap().waits, None);
    assert_eq!(newest(&node), placed);
}

async fn what_a_witness_shows_stops_a_node_whose_database_is_another(db: Db) {
    let (one, two) = (Signer::new(1), Signer::new(2));
    let policy = policy(&[&one, &two], "all");
    let w = world(db, &policy).await;
    let here = newest(&w.cx);
    for (size, named) in [
        (here + 5, "and it has"),
        (here, "its first ones are others"),
    ] {
        let node = forgetful(&w, &policy);
        advance(&node).await.unwrap();
        let root = Hash::from_bytes([7; 32]);
        let shown = Checkpoint::new("exchange.example/log", size, root).unwrap();
        let shown = SignedCheckpoint::sign(shown, &key(1)).unwrap();
        hear(&node, one.key.verifier(), Some(shown)).await.unwrap();
        let why = node
            .store
            .stopped()
            .expect("one is enough, as it is signed");
        assert!(why.contains(named), "{why}");
        assert_eq!(newest(&node), here);
    }
}

async fn one_that_does_not_know_the_log_has_not_said_that_it_signed_nothing(db: Db) {
    let (mut one, two) = (Signer::new(1), Signer::new(2));
    let policy = policy(&[&one, &two], "all");
    let w = world(db, &policy).await;
    let node = forgetful(&w, &policy);
    advance(&node).await.unwrap();
    let asked = question(&node).await.unwrap().unwrap();
    let here = asked.checkpoint.checkpoint().size();
    assert_eq!((asked.old, here), (0, newest(&w.cx)));
    let says = |status, media_type: &str, body: String| Answer {
        status,
        media_type: media_type.to_owned(),
        body: body.into_bytes(),
    };
    let (first, second) = (one.key.verifier().clone(), two.key.verifier().clone());
    for _ in 0..3 {
        let unknown = says(404, "text/plain", String::new());
        answered(&node, &first, &asked, Ok(unknown)).await.unwrap();
    }
    assert!(node.log.must_hear(&first));
    let waits = state(&node).await.unwrap().waits.unwrap();
    assert!(
        waits.contains("not heard: w0 (it does not know this log"),
        "{waits}"
    );
    assert_eq!(node.store.stopped(), None, "that is no older database");
    let soon = node.now() + TimeDelta::seconds(7);
    assert!(!node.log.asks(&first, soon), "slower each time");
    assert!(node.log.asks(&first, soon + TimeDelta::seconds(1)));
    // It is told of the log: now it has signed nothing, and says so.
    let answer = one.answer(&asked);
    answered(&node, &first, &asked, Ok(answer)).await.unwrap();
    assert!(!node.log.must_hear(&first));
    // One that says it signed more than there is shows nothing for it, and is not heard either.
    let size = |size: u64| says(409, SIZE_MEDIA_TYPE, format!("{size}\n"));
    let more = size(here + 5);
    answered(&node, &second, &asked, Ok(more)).await.unwrap();
    assert!(node.log.must_hear(&second));
    assert!(state(&node).await.unwrap().waits.is_some());
    answered(&node, &second, &asked, Ok(size(here)))
        .await
        .unwrap();
    assert_eq!(state(&node).await.unwrap().waits, None);
    assert_eq!(node.store.stopped(), None);
}
