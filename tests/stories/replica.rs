//! Exports are read from a replica where there is one, show what had been filed all the same, and do without it when it is behind or away.

use serde_json::{Value, json};
use std::sync::Arc;
use takedown_tests::database::Database;
use takedown_tests::paths::Scratch;
use takedown_tests::postgres::Postgres;
use takedown_tests::{Filing, Server, World, seams, wait};

use crate::packages::{made, package, verify, vkey};

/// How often the primary was read in the replica's place, as the exchange tells it.
async fn passed_over(w: &World) -> u64 {
    let metrics = w.anonymous.get("/metrics").await.is(200).text();
    let counted = metrics
        .lines()
        .find_map(|line| line.strip_prefix("takedown_replica_passed_over_total "));
    counted.expect("it is counted").parse().unwrap()
}

/// The links of everything, as they are streamed.
async fn links(w: &World) -> Vec<String> {
    let stream = w
        .auditor
        .api
        .get("/v1/exports/requests")
        .await
        .is(200)
        .text();
    let link = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        row["locator"].as_str().unwrap().to_owned()
    };
    stream.lines().map(link).collect()
}

async fn file(w: &World, link: &str) {
    w.file(&Filing::referral(&[link])).await;
}

/// What `takedown doctor` says of the replica.
fn doctor(server: &Server, replica: Option<&str>) -> String {
    let mut command = server.command(&["doctor"]);
    if let Some(replica) = replica {
        command.env("TAKEDOWN_DATABASE_REPLICA", replica);
    }
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let line = said.lines().find(|line| line.contains(" replica "));
    line.unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exports_are_read_from_a_replica_that_has_kept_up() {
    let primary = Postgres::primary();
    // Half a second behind, so that whoever does not wait for it misses what was filed last.
    let mut replica = primary.replica(&["recovery_min_apply_delay=500ms"]);
    let database = Arc::new(Database::of(&primary));
    let url = database.url().unwrap();
    let name = url.rsplit('/').next().unwrap();
    let copy = replica.url(name);
    let setting = seams::setting("TAKEDOWN_DATABASE_REPLICA", &copy);
    let w = World::on(Server::on(database.clone(), &[setting])).await;

    let all = ["a", "b", "c", "d", "e"].map(|page| format!("https://paste.example/{page}"));
    file(&w, &all[0]).await;
    assert_eq!(links(&w).await, all[..1], "filed a moment ago");
    file(&w, &all[1]).await;
    let table = made(&w.auditor.api, &json!({"format": "parquet"})).await;
    assert_eq!(
        (&table["state"], &table["rows"]),
        (&json!("done"), &json!(2))
    );
    let files = Scratch::new("replica");
    let zip = files.join("evidence.zip");
    package(&w.auditor.api, json!({}), &zip).await;
    let (good, said) = verify(&zip, &["--vkey", &vkey(&w.unit.api).await]);
    assert!(good, "{said}");
    assert_eq!(
        (&said["rows"], &said["complete"]),
        (&json!(2), &json!(true))
    );
    assert_eq!(passed_over(&w).await, 0);
    // Nobody else asks there.
    let asked = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE '%FROM \"requests\"%'"
    );
    assert_ne!(replica.psql("postgres", &asked), "0");
    let said = doctor(&w.server, None);
    assert!(
        said.starts_with("ok") && said.contains("bytes behind"),
        "{said}"
    );

    // Behind, and not catching up.
    replica.psql("postgres", "SELECT pg_wal_replay_pause()");
    wait::until("replay to pause", || async {
        let state = replica.psql("postgres", "SELECT pg_get_wal_replay_pause_state()");
        (state == "paused").then_some(())
    })
    .await;
    file(&w, &all[2]).await;
    assert_eq!(links(&w).await, all[..3], "from the primary");
    assert_eq!(passed_over(&w).await, 1);
    assert!(w.server.log().contains("bytes behind and did not catch up"));
    replica.psql("postgres", "SELECT pg_wal_replay_resume()");
    assert_eq!(links(&w).await.len(), 3);
    assert_eq!(passed_over(&w).await, 1, "it is used again");

    // Away, and back.
    replica.kill();
    file(&w, &all[3]).await;
    assert_eq!(links(&w).await, all[..4], "from the primary");
    assert_eq!(passed_over(&w).await, 2);
    let said = doctor(&w.server, None);
    assert!(said.starts_with("FAILED"), "{said}");
    replica.restart();
    file(&w, &all[4]).await;
    assert_eq!(links(&w).await, all);
    assert_eq!(passed_over(&w).await, 2, "it is used again");

    // What is no replica of it is told.
    let said = doctor(&w.server, Some(&url));
    assert!(
        said.starts_with("FAILED") && said.contains("it is no replica"),
        "{said}"
    );
    let said = doctor(&w.server, Some(&replica.url("postgres")));
    assert!(
        said.starts_with("FAILED") && said.contains("another database"),
        "{said}"
    );
    assert!(
        !w.server.log().contains("for-this-story-only"),
        "no password is logged"
    );
}
