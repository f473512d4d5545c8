//! The key that seals secrets is changed while everything goes on.

use super::{at, deliveries, filed, foreign, registered, world};
use serde_json::{Value, json};
use takedown_tests::database::{Database, psql};
use takedown_tests::seams;
use takedown_tests::sink::Sink;
use takedown_tests::{Db, World, both_databases};

both_databases!(
    another_key_takes_over_and_nobody_notices,
    what_neither_key_reads_does_not_keep_the_former_one_for_ever,
);

/// `takedown sealing-key STEP`: whether it went, and what it said.
fn step(w: &World, step: &str) -> (bool, String) {
    let done = w.server.command(&["sealing-key", step]).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

#[track_caller]
fn went(w: &World, name: &str) -> String {
    let (went, said) = step(w, name);
    assert!(went, "{name}: {said}");
    said
}

async fn restarted(w: &mut World) {
    w.server.stop();
    w.server.restart();
    w.anonymous.get("/readyz").await.is(200);
}

/// Files something and checks that it arrives, signed with the secret of the registration.
async fn arrives(w: &World, sink: &Sink, webhook: &Value, name: &str, count: usize) {
    filed(w, name).await;
    let calls = sink.receives("/", count).await;
    assert_eq!(
        foreign("python", &[(webhook, &calls[count - 1])]),
        [(true, true)],
        "{name}"
    );
    deliveries(&w.platform, webhook, |found| {
        let delivered = found.iter().filter(|one| one["status"] == "delivered");
        delivered.count() == count
    })
    .await;
}

async fn another_key_takes_over_and_nobody_notices(db: Db) {
    let mut w = world(db).await;
    let sink = Sink::start().await;
    let webhook = registered(&w.platform, &sink.url("/")).await;
    arrives(&w, &sink, &webhook, "a", 1).await;
    let place = w.server.data().join("keys/sealing.key");
    let before = std::fs::read_to_string(&place).unwrap();

    // Out of turn it says what comes first.
    for out_of_turn in ["reseal", "finish"] {
        let (went, said) = step(&w, out_of_turn);
        assert!(!went && said.contains("sealing-key new makes it"), "{said}");
    }
    went(&w, "new");
    let (again, said) = step(&w, "new");
    assert!(!again && said.contains("is there already"), "{said}");
    let (early, said) = step(&w, "finish");
    assert!(
        !early && said.contains("first: takedown sealing-key reseal"),
        "{said}"
    );
    restarted(&mut w).await;
    arrives(&w, &sink, &webhook, "b", 2).await;

    // Beside the running node, which writes with the new one from then on.
    let said = went(&w, "reseal");
    assert!(
        said.contains("sealed anew: 1") && said.contains("sealed anew: 0"),
        "{said}"
    );
    arrives(&w, &sink, &webhook, "c", 3).await;
    let other = registered(&w.platform, &sink.url("/other")).await;
    let said = went(&w, "reseal");
    assert!(
        !said.contains("sealed anew: 1"),
        "the other one is sealed with it already: {said}"
    );

    went(&w, "finish");
    assert_ne!(std::fs::read_to_string(&place).unwrap(), before);
    restarted(&mut w).await;
    arrives(&w, &sink, &webhook, "d", 4).await;
    let keys = format!("{}/keys", at(&other));
    w.platform.api.post(&keys, &json!({})).await.is(201);
    assert!(
        !w.server.log().contains("sends no webhooks"),
        "{}",
        w.server.log()
    );
    let kept = std::fs::read_dir(w.server.data().join("keys")).unwrap();
    let kept = kept.map(|entry| std::fs::read_to_string(entry.unwrap().path()));
    assert!(
        kept.filter_map(Result::ok).any(|text| text == before),
        "the former key is kept for backups from before"
    );
}

/// As if the secrets of every webhook had been sealed with a key that was lost long ago.
fn lose(w: &World) {
    let change = "UPDATE webhooks SET secrets = replace(secrets, '\"sealed_with\":\"', '\"sealed_with\":\"lost')";
    match &**w.server.database() {
        Database::Sqlite => {
            let file = seams::database_file(w.server.data());
            let done = std::process::Command::new(takedown_tests::paths::tool("venv/bin/python"))
                .args(["-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=60); c.execute(sys.argv[2]); c.commit()"])
                .arg(file)
                .arg(change)
                .output()
                .unwrap();
            assert!(done.status.success(), "{done:?}");
        }
        database @ Database::Postgres { .. } => {
            psql(&database.url().unwrap(), change);
        }
    }
}

async fn what_neither_key_reads_does_not_keep_the_former_one_for_ever(db: Db) {
    let mut w = world(db).await;
    let sink = Sink::start().await;
    let webhook = registered(&w.platform, &sink.url("/")).await;
    let keys = w.server.data().join("keys");
    went(&w, "new");
    restarted(&mut w).await;
    lose(&w);
    let (sealed, said) = step(&w, "reseal");
    let id = webhook["id"].as_str().unwrap();
    assert!(
        !sealed && said.contains(id) && said.contains("webhooks rotate"),
        "{said}"
    );

    // Where the former key is missing it may be that one that is needed.
    let (place, aside) = (keys.join("sealing.key"), keys.join("elsewhere"));
    std::fs::rename(&place, &aside).unwrap();
    let (finished, said) = step(&w, "finish");
    assert!(
        !finished && said.contains("put the former key there"),
        "{said}"
    );
    std::fs::rename(&aside, &place).unwrap();
    let said = went(&w, "finish");
    assert!(
        said.contains(id) && said.contains("stay as they are"),
        "{said}"
    );
    assert!(!keys.join("sealing.key.next").exists());
    restarted(&mut w).await;
    let rotated = format!("{}/keys", at(&webhook));
    w.platform.api.post(&rotated, &json!({})).await.is(201);
}
