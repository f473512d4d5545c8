//! A database that is older than what was signed.

use super::{key_of, signed, size};
use takedown_tests::database::{Database, psql};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, Server, World, both_databases};

both_databases!(a_database_that_is_older_than_what_was_signed_only_reads);

/// Copies a database while its server is stopped.
pub(crate) fn copied(server: &Server, to: &str) {
    match &**server.database() {
        Database::Sqlite => {
            for name in ["takedown.db", "takedown.db-wal"] {
                let from = server.data().join(name);
                if from.exists() {
                    std::fs::copy(from, server.data().join(format!("{to}{name}"))).unwrap();
                }
            }
        }
        Database::Postgres { maintenance, name } => {
            psql(
                maintenance,
                &format!("CREATE DATABASE {name}{to} TEMPLATE {name}"),
            );
        }
    }
}

/// Puts the copy back in its place.
pub(crate) fn put_back(server: &Server, from: &str) {
    match &**server.database() {
        Database::Sqlite => {
            for name in ["takedown.db", "takedown.db-wal", "takedown.db-shm"] {
                let there = server.data().join(name);
                let _ = std::fs::remove_file(&there);
                let copy = server.data().join(format!("{from}{name}"));
                if copy.exists() {
                    std::fs::rename(copy, there).unwrap();
                }
            }
        }
        Database::Postgres { maintenance, name } => {
            psql(maintenance, &format!("DROP DATABASE {name}"));
            psql(
                maintenance,
                &format!("ALTER DATABASE {name}{from} RENAME TO {name}"),
            );
        }
    }
}

async fn a_database_that_is_older_than_what_was_signed_only_reads(db: Db) {
    let mut w = World::new(db).await;
    let kept = w
        .file(&Filing::referral(&["https://paste.example/kept"]))
        .await;
    signed(&w.unit.api, size(&w.unit.api).await).await;
    w.server.stop();
    copied(&w.server, "_backup");
    w.server.restart();
    w.file(&Filing::referral(&["https://paste.example/lost"]))
        .await;
    signed(&w.unit.api, size(&w.unit.api).await).await;
    w.server.stop();
    put_back(&w.server, "_backup");
    w.server.restart();

    w.unit.api.get(&path(&kept)).await.is(200);
    let body = Filing::referral(&["https://paste.example/new"]).json();
    let refused = w
        .unit
        .api
        .post("/v1/requests", &body)
        .await
        .problem(503, "history-behind");
    let says = refused["detail"].as_str().unwrap();
    assert!(says.contains("entries were signed, and it has"), "{says}");
    let log = w
        .unit
        .api
        .get("/v1/log")
        .without_token()
        .await
        .is(200)
        .json();
    assert!(
        log["stopped"]
            .as_str()
            .is_some_and(|why| why.contains("backup"))
    );
    assert!(
        w.server
            .log()
            .contains("the history in the database is not the one that was signed")
    );

    // Going on with the loss is a decision, and seen by everybody.
    let key = key_of(&w.unit.api).await;
    w.server.stop();
    let run = |w: &World, arguments: &[&str]| {
        let done = w.server.command(arguments).output().unwrap();
        (
            done.status.success(),
            String::from_utf8(done.stderr).unwrap(),
        )
    };
    let (went, says) = run(&w, &["restart-log"]);
    assert!(!went && says.contains("--accept-loss"), "{says}");
    let (went, says) = run(&w, &["restart-log", "--accept-loss"]);
    assert!(went, "{says}");
    w.server.restart();
    let filing = w.unit.api.post("/v1/requests", &body);
    let filed = filing.header("Prefer", "wait=20").await.is(201);
    assert_ne!(key_of(&w.unit.api).await, key, "another log");
    assert!(filed.header("takedown-proof").is_some());
    let (right, says) = run(&w, &["verify"]);
    assert!(right, "{says}");
}
