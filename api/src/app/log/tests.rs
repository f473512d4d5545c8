#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod witnesses;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use takedown_core::log::note::{KeyName, SignatureType};
use takedown_core::log::{
    Checkpoint, CompactRange, Hash, Plan, Salt, SignedCheckpoint, SigningKey, leaf,
};

use super::{Found, Log, Looked, Memory, advance, root_at, verify};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::store::schema::history;
use crate::store::{Conn, StoreError, log};

on_both!(
    every_entry_has_its_place_and_tiles_give_the_root,
    entries_of_before_are_sealed_in_their_order,
    a_changed_entry_stops_the_writing,
    without_the_key_nothing_is_signed_and_all_is_stored,
    whatever_is_changed_is_found_and_named,
);

fn key(seed: u8) -> SigningKey {
    let name: KeyName = "exchange.example/log".parse().unwrap();
    SigningKey::from_seed(name, SignatureType::Ed25519, &[seed; 32]).unwrap()
}

async fn world(db: Db) -> World {
    let mut w = World::on(db).await;
    w.cx =
        w.cx.clone()
            .with_log(Log::new(Some(key(1)), Memory::default(), None));
    w
}

type Row = (Option<i64>, String, Option<Vec<u8>>, Option<Vec<u8>>);

async fn rows(w: &World) -> Vec<Row> {
    w.cx.store
        .read(|conn: &mut Conn| -> Result<_, StoreError> {
            Ok(history::table
                .order(history::pos)
                .select((
                    history::log_index,
                    history::data,
                    history::salt,
                    history::leaf,
                ))
                .load(conn)?)
        })
        .await
        .unwrap()
}

async fn run(w: &World, sql: &'static str) {
    w.cx.store
        .write(move |conn: &mut Conn| -> Result<(), StoreError> {
            match conn {
                Conn::Sqlite(conn) => conn.batch_execute(sql)?,
                Conn::Postgres(conn) => conn.batch_execute(sql)?,
            }
            Ok(())
        })
        .await
        .unwrap();
}

async fn every_entry_has_its_place_and_tiles_give_the_root(db: Db) {
    let w = world(db).await;
    // Two tiles and a bit.
    for _ in 0..530 {
        w.referral().await;
    }
    advance(&w.cx).await.unwrap();
    let rows = rows(&w).await;
    let mut tree = CompactRange::new();
    for ((index, data, salt, stored), place) in rows.iter().zip(0..) {
        assert_eq!(*index, Some(place));
        let salt = Salt::from_slice(salt.as_ref().unwrap()).unwrap();
        let leaf = leaf::hash(&salt, data.as_bytes());
        assert_eq!(stored.as_deref(), Some(leaf.as_bytes().as_slice()));
        tree.push(leaf);
    }
    assert!(tree.size() >= 530);
    let newest = w.cx.log.newest().unwrap();
    assert_eq!(
        newest.checkpoint(),
        &Checkpoint::new("exchange.example/log", tree.size(), tree.root()).unwrap()
    );
    // Also of a size that no checkpoint had, and across the border of a tile.
    for size in [1, 255, 256, 257, 512, tree.size()] {
        let mut then = CompactRange::new();
        for row in rows.iter().take(usize::try_from(size).unwrap()) {
            then.push(Hash::from_slice(row.3.as_ref().unwrap()).unwrap());
        }
        let read =
            w.cx.store
                .read(move |conn| root_at(conn, size))
                .await
                .unwrap();
        assert_eq!(read, then.root(), "of {size}");
    }
    let plan = Plan::inclusion(300, tree.size()).unwrap();
    let proof =
        w.cx.store
            .read(move |conn| super::proof::read(conn, &plan))
            .await
            .unwrap();
    let leaf = Hash::from_slice(rows[300].3.as_ref().unwrap()).unwrap();
    takedown_core::log::verify_inclusion(&leaf, 300, tree.size(), &proof, &tree.root()).unwrap();
}

async fn entries_of_before_are_sealed_in_their_order(db: Db) {
    let w = world(db).await;
    for _ in 0..3 {
        w.referral().await;
    }
    run(
        &w,
        "UPDATE history SET salt = NULL, leaf = NULL, log_index = NULL; DELETE FROM log_tiles;",
    )
    .await;
    let empty = match db {
        Db::Sqlite => "UPDATE log_state SET size = 0, roots = x''",
        Db::Postgres => "UPDATE log_state SET size = 0, roots = ''",
    };
    run(&w, empty).await;
    advance(&w.cx).await.unwrap();
    let rows = rows(&w).await;
    for ((index, data, salt, leaf), place) in rows.iter().zip(0..) {
        assert_eq!(*index, Some(place));
        let salt = Salt::from_slice(salt.as_ref().unwrap()).unwrap();
        assert_eq!(
            leaf.as_deref(),
            Some(leaf::hash(&salt, data.as_bytes()).as_bytes().as_slice())
        );
    }
    assert_eq!(
        w.cx.log.newest().unwrap().checkpoint().size(),
        u64::try_from(rows.len()).unwrap()
    );
}

async fn a_changed_entry_stops_the_writing(db: Db) {
    let w = world(db).await;
    w.referral().await;
    advance(&w.cx).await.unwrap();
    let signed = w.cx.log.newest().unwrap();
    w.referral().await;
    // Somebody rewrites the tree; the node remembers another one.
    run(&w, "UPDATE history SET leaf = salt WHERE log_index = 0").await;
    advance(&w.cx).await.unwrap();
    let why = w.cx.store.stopped().unwrap().to_owned();
    assert!(why.contains("its first ones are others"), "{why}");
    assert_eq!(
        w.cx.log.newest().unwrap(),
        signed,
        "nothing is signed any more"
    );
    let refused =
        w.cx.store
            .write(|_: &mut Conn| Ok::<_, StoreError>(()))
            .await;
    assert!(matches!(refused, Err(StoreError::ReadOnly(_))));
}

async fn without_the_key_nothing_is_signed_and_all_is_stored(db: Db) {
    let w = World::on(db).await;
    w.referral().await;
    advance(&w.cx).await.unwrap();
    assert_eq!(w.cx.log.newest(), None);
    assert!(rows(&w).await.iter().all(|row| row.0.is_some()));
    // Another node has the key: what it signed is taken over.
    let tree = w.cx.store.read(log::tree).await.unwrap();
    let checkpoint = Checkpoint::new("exchange.example/log", tree.size(), tree.root()).unwrap();
    let signed = SignedCheckpoint::sign(checkpoint, &key(1)).unwrap();
    let row = log::CheckpointRow {
        size: i64::try_from(tree.size()).unwrap(),
        signed_at: 0,
        note: signed.to_string(),
    };
    w.cx.store
        .write(move |conn| log::publish_checkpoint(conn, &row))
        .await
        .unwrap();
    advance(&w.cx).await.unwrap();
    assert_eq!(*w.cx.log.newest().unwrap(), signed);
}

async fn verified(w: &World) -> (Looked, Vec<String>) {
    let key = key(1).verifier().clone();
    w.cx.store
        .read(move |conn: &mut Conn| {
            let mut faults = Vec::new();
            let looked = verify(conn, Some(&key), None, unsigned, &mut |found| {
                if let Found::Fault(what) = found {
                    faults.push(what.to_owned());
                }
            })?;
            Ok::<_, StoreError>((looked, faults))
        })
        .await
        .unwrap()
}

/// What somebody with the database in his hands does to it, and what is said of it.
const CHANGES: [(&str, &str); 14] = [
    ("UPDATE history SET data = replace(data, 'api', 'cli') WHERE log_index = 1", "entry 1 "),
    ("UPDATE history SET salt = leaf WHERE log_index = 1", "entry 1 "),
    ("UPDATE history SET leaf = salt WHERE log_index = 1", "entry 1 "),
    ("UPDATE history SET at = at - 1 WHERE log_index = 0", "its column at "),
    ("UPDATE history SET type = 'request.fetched' WHERE log_index = 0", "its column type "),
    ("DELETE FROM history WHERE log_index = 1", "entry 1 is missing"),
    ("UPDATE history SET data = '', salt = NULL WHERE log_index = 1", "no entry says that they were destroyed"),
    ("UPDATE history SET salt = NULL WHERE log_index = 1", "its salt is missing although its bytes are there"),
    (
        "UPDATE history SET log_index = 99 WHERE log_index = 0; UPDATE history SET log_index = 0 WHERE log_index = 1;
         UPDATE history SET log_index = 1 WHERE log_index = 99",
        "the entries themselves make",
    ),
    ("UPDATE requests SET version = version + 1", "is at version 2; there are 1 entries"),
    ("UPDATE requests SET kind = 'order'", "the column kind of its request has order"),
    ("UPDATE feed SET position = position + 100", "should have the positions 1 to"),
    ("DELETE FROM feed", "should have the positions 1 to"),
    ("UPDATE log_checkpoints SET note = replace(note, 'exchange.', 'exchanges.')", "the stored checkpoint"),
];

async fn whatever_is_changed_is_found_and_named(db: Db) {
    for (sql, named) in CHANGES {
        let w = world(db).await;
        for _ in 0..3 {
            w.referral().await;
        }
        advance(&w.cx).await.unwrap();
        let (looked, faults) = verified(&w).await;
        assert_eq!(faults, Vec::<String>::new(), "nothing was changed yet");
        assert_eq!((looked.entries, looked.signed, looked.waiting), (3, 3, 0));
        run(&w, sql).await;
        let (_, faults) = verified(&w).await;
        assert!(
            faults.iter().any(|what| what.contains(named)),
            "{sql}: {faults:?}"
        );
    }
}

/// Nothing is signed in these tests.
fn unsigned(_: &[u8]) -> Result<crate::app::requests::filing::NewFiling, String> {
    Err("nothing is signed here".into())
}
