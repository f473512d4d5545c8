//! What a node that remembers nothing hears from witnesses before it signs.

use takedown_core::log::{Checkpoint, Hash, Policy, SignedCheckpoint};

use super::{Signer, key, policy, world};
use crate::app::Cx;
use crate::app::log::{Log, Memory, advance, hear, state};
use crate::app::tests::fixture::{Db, World, on_both};

on_both!(
    a_node_that_remembers_nothing_hears_enough_witnesses_first,
    what_a_witness_shows_stops_a_node_whose_database_is_another,
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
