//! The one job, by a program that knows the exchange only through what is generated from the published description.

use crate::clients::Language;
use serde_json::{Value, json};
use std::io::Write;
use std::process::Stdio;
use takedown_tests::paths;
use takedown_tests::world::path;
use takedown_tests::{Api, Db, World, both_databases};

both_databases!(a_generated_client_does_the_main_job);

async fn a_generated_client_does_the_main_job(db: Db) {
    let w = World::new(db).await;
    let links = [
        "https://paste.example/abc#key",
        "hxxps[:]//paste[.]example/%2F?q=ä",
    ];
    let login = |api: &Api| {
        let who = api.credentials();
        json!({"id": who.id, "secret": who.secret})
    };
    let setting = json!({
        "exchange": w.server.url(),
        "agency": login(&w.unit.api),
        "platform": login(&w.platform.api),
        "auditor": login(&w.auditor.api),
        "links": links,
    });
    let told = tokio::task::spawn_blocking(move || run(&setting))
        .await
        .unwrap();

    assert_eq!(
        told["again"], told["request"],
        "sent twice, it is one request"
    );
    let (first, last) = ("acknowledged", "closed");
    assert_eq!(
        told["statuses"],
        json!(["filed", "fetched", first, first, last, last])
    );
    assert_eq!(told["inbox"], json!(["request.filed"]));
    assert_eq!(told["asked_by"], "Cyber Unit Kraków");
    assert_eq!(told["messages"], json!(["question", "answer"]));
    let stale = told["stale"].as_str().unwrap_or_default();
    assert!(stale.starts_with("412 stale-version: "), "{stale:?}");
    assert_eq!(told["result"], "partly_actioned");
    assert_eq!(
        told["outcomes"],
        json!(["removed", "declined_within_terms"])
    );
    assert_eq!(told["effective_at_receipt"], true);
    assert_eq!(told["locators"], json!(links));
    assert_eq!(told["history"].as_array().unwrap().len(), 7);
    assert_eq!(told["history"][6], "request.closed");
    let rows = told["export"].as_array().unwrap();
    assert_eq!(rows.len(), links.len());
    for (row, link) in rows.iter().zip(links) {
        assert_eq!(row["locator"], link);
        assert_eq!(row["request_id"], told["request"]);
    }

    // The same, seen without the generated client: it lost and changed nothing on the way, in either direction.
    let seen = w.unit.api.get(&path(&told["whole"])).await.is(200).json();
    assert_eq!(seen["reasons"]["text"], told["reasons"]);
    assert_eq!(
        instants_alike(seen),
        instants_alike(told["whole"].clone()),
        "what the client read is what was answered"
    );
}

/// Runs the program; what it printed.
fn run(setting: &Value) -> Value {
    let mut program = Language::Python
        .command(&paths::root().join("tests/clients/python/main_job.py"))
        // A proxy is not for 127.0.0.1.
        .env("NO_PROXY", "*")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    stdin.write_all(setting.to_string().as_bytes()).unwrap();
    drop(stdin);
    let done = program.wait_with_output().unwrap();
    let (said, complained) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    assert!(
        done.status.success(),
        "{}\n{said}\n{complained}",
        done.status
    );
    serde_json::from_str(&said).unwrap_or_else(|problem| panic!("{problem}: {said}\n{complained}"))
}

/// `…Z` and `…+00:00` are the same instant.
fn instants_alike(mut value: Value) -> Value {
    match &mut value {
        Value::String(text) => {
            if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
                *text = at.to_utc().to_rfc3339();
            }
        }
        Value::Array(values) => {
            for value in values {
                *value = instants_alike(value.take());
            }
        }
        Value::Object(members) => {
            for value in members.values_mut() {
                *value = instants_alike(value.take());
            }
        }
        _ => {}
    }
    value
}
