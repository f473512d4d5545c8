//! Webhooks: both sides are told of what comes into their inbox, whatever the receiver does, and nothing is said on the way.

mod addresses;
mod by_shell;
mod mailed;
mod owners;
mod page;
mod resealed;
mod tls;
mod trouble;

use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Stdio};
use takedown_tests::seams::setting;
use takedown_tests::sink::{Received, Sink};
use takedown_tests::world::Party;
use takedown_tests::{Db, Filing, World, both_databases, paths, wait};

both_databases!(
    both_sides_are_told_and_the_reference_libraries_agree,
    two_keys_live_during_a_rotation,
    what_was_sent_is_sent_again,
);

/// To receivers on this machine; short, so that stories about repeats end soon.
fn settings() -> Vec<(String, String)> {
    vec![
        setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"),
        setting("TAKEDOWN_WEBHOOKS_TIMEOUT", "1s"),
        setting(
            "TAKEDOWN_WEBHOOKS_RETRY_SCHEDULE",
            &["300ms"; 100].join(","),
        ),
        setting("TAKEDOWN_WORKER_POLL_INTERVAL", "50ms"),
    ]
}

async fn world(db: Db) -> World {
    World::with(db, &settings()).await
}

/// Registers an address; the answer has the secret.
async fn registered(party: &Party, url: &str) -> Value {
    let wanted = json!({ "url": url });
    party.api.post("/v1/webhooks", &wanted).await.is(201).json()
}

fn at(webhook: &Value) -> String {
    format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap())
}

/// What a party has been told so far. The inbox always says where to go on, so it is no list that ends.
async fn inbox(party: &Party) -> Vec<Value> {
    let page = party.api.get("/v1/inbox?limit=100").await.is(200).json();
    page["items"].as_array().unwrap().clone()
}

async fn filed(w: &World, name: &str) -> Value {
    let locator = format!("https://paste.example/hidden-{name}#s3cr3t");
    w.file(&Filing::referral(&[&locator])).await
}

/// The deliveries of a webhook, once `enough` of them holds.
async fn deliveries(
    party: &Party,
    webhook: &Value,
    enough: impl Fn(&[Value]) -> bool,
) -> Vec<Value> {
    let list = format!("{}/deliveries", at(webhook));
    wait::until("the deliveries to be written down", || async {
        let found = party.api.list(&list).await;
        enough(&found).then_some(found)
    })
    .await
}

fn ids(calls: &[Received]) -> Vec<&str> {
    calls.iter().map(Received::id).collect()
}

/// What a foreign library says of calls signed with a webhook's keys: whether `v1` and `v1a` hold of each.
fn foreign(program: &str, calls: &[(&Value, &Received)]) -> Vec<(bool, bool)> {
    let mut command = match program {
        "python" => Command::new(paths::tool("venv/bin/python")),
        _ => Command::new("node"),
    };
    let script = if program == "python" {
        "verify.py"
    } else {
        "verify.cjs"
    };
    let calls: Vec<Value> = calls
        .iter()
        .map(|(made, call)| {
            let key = made["keys"].as_array().unwrap().last().unwrap();
            json!({
                "secret": made["secret"], "public_key": key["public_key"], "headers": call.headers, "body": call.body,
            })
        })
        .collect();
    let mut child = command
        .arg(paths::root().join("tests/webhooks").join(script))
        .env("NODE_PATH", paths::tool("node/node_modules"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(json!(calls).to_string().as_bytes())
        .unwrap();
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{program}: {}", done.status);
    let said: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    said.iter()
        .map(|one| (one["v1"] == true, one["v1a"] == true))
        .collect()
}

async fn both_sides_are_told_and_the_reference_libraries_agree(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let ours = registered(&w.platform, &sink.url("/platform")).await;
    let theirs = registered(&w.unit, &sink.url("/unit?token=t0ken")).await;
    assert!(ours["secret"].as_str().unwrap().starts_with("whsec_"));
    assert!(
        ours["keys"][0]["public_key"]
            .as_str()
            .unwrap()
            .starts_with("whpk_")
    );

    let request = filed(&w, "a").await;
    let calls = sink.receives("/platform", 1).await;
    let told = calls[0].json();
    let inbox = w.platform.api.get("/v1/inbox").await.is(200).json();
    let entry = &inbox["items"][0];
    assert_eq!(
        told,
        json!({
            "type": "request.filed", "timestamp": entry["at"],
            "data": {
                "id": entry["id"], "position": 1, "request": request["id"], "notice": null, "operation": null, "webhook": null,
            },
        })
    );
    assert_eq!(calls[0].id(), entry["id"]);
    assert_eq!(calls[0].headers["content-type"], "application/json");
    let agent = &calls[0].headers["user-agent"];
    assert!(agent.starts_with("takedown-webhooks/"), "{agent}");
    for word in ["hidden", "s3cr3t", "paste.example"] {
        assert!(!calls[0].body.contains(word), "{}", calls[0].body);
    }

    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    let heard = sink.receives("/unit?token=t0ken", 3).await;
    let types: Vec<_> = heard
        .iter()
        .map(|call| call.json()["type"].clone())
        .collect();
    for told in ["request.fetched", "request.acknowledged", "request.decided"] {
        assert!(types.contains(&json!(told)), "{types:?}");
    }
    let mut positions: Vec<_> = heard
        .iter()
        .map(|c| c.json()["data"]["position"].as_i64())
        .collect();
    positions.sort_unstable();
    assert_eq!(positions, [Some(1), Some(2), Some(3)]);

    let test = w
        .platform
        .api
        .post(&format!("{}/tests", at(&ours)), &json!({}))
        .await;
    let test = test.is(202).json();
    let calls = sink.receives("/platform", 2).await;
    assert_eq!(calls[1].id(), test["message"]);
    assert_eq!(calls[1].json()["type"], "webhook.test");
    assert_eq!(calls[1].json()["data"]["position"], Value::Null);

    let mut changed = calls[0].clone();
    changed.body = changed.body.replace("request.filed", "request.closed");
    let mut later = calls[0].clone();
    later.headers.insert("webhook-timestamp".into(), "1".into());
    let checked = [
        (&ours, &calls[0]),
        (&ours, &calls[1]),
        (&theirs, &heard[0]),
        (&theirs, &calls[0]),
        (&ours, &changed),
        (&ours, &later),
    ];
    let (right, wrong) = ((true, true), (false, false));
    for program in ["python", "node"] {
        let said = foreign(program, &checked);
        assert_eq!(
            said,
            [right, right, right, wrong, wrong, wrong],
            "{program}"
        );
    }

    let all = |found: &[Value]| found.iter().all(|one| one["status"] == "delivered");
    let log = deliveries(&w.platform, &ours, |found| found.len() == 2 && all(found)).await;
    assert_eq!(log[0]["event"], "webhook.test");
    assert_eq!(
        (&log[1]["message"], &log[1]["position"]),
        (&entry["id"], &json!(1))
    );
    assert_eq!(
        (&log[1]["attempts"], &log[1]["http_status"]),
        (&json!(1), &json!(204))
    );
    let webhook = w.platform.api.get(&at(&ours)).await.is(200).json();
    assert_eq!(
        (&webhook["position"], &webhook["failures"]),
        (&json!(1), &json!(0))
    );
    assert_ne!(webhook["delivered_at"], Value::Null);
}

async fn two_keys_live_during_a_rotation(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let first = registered(&w.platform, &sink.url("/")).await;
    let rotate = async |revoke: bool| {
        let wanted = json!({ "revoke_old": revoke });
        let path = format!("{}/keys", at(&first));
        w.platform.api.post(&path, &wanted).await.is(201).json()
    };
    let second = rotate(false).await;
    assert_ne!(first["secret"], second["secret"]);
    assert_eq!(second["keys"].as_array().unwrap().len(), 2);
    assert_ne!(second["keys"][0]["expires_at"], Value::Null);
    filed(&w, "a").await;
    let calls = sink.receives("/", 1).await;
    assert_eq!(calls[0].headers["webhook-signature"].split(' ').count(), 4);
    let right = (true, true);
    for program in ["python", "node"] {
        let said = foreign(program, &[(&first, &calls[0]), (&second, &calls[0])]);
        assert_eq!(said, [right, right], "{program}");
    }

    let third = rotate(true).await;
    assert_eq!(third["keys"].as_array().unwrap().len(), 1);
    filed(&w, "b").await;
    let calls = sink.receives("/", 2).await;
    let said = foreign(
        "python",
        &[
            (&first, &calls[1]),
            (&second, &calls[1]),
            (&third, &calls[1]),
        ],
    );
    let wrong = (false, false);
    assert_eq!(said, [wrong, wrong, right]);

    // Who lost a secret rotates: a repeated call does not show it again.
    let again = || {
        let call = w
            .platform
            .api
            .post("/v1/webhooks", &json!({"url": sink.url("/k")}));
        call.key("k")
    };
    let made = again().await.is(201);
    assert_eq!(made.header("cache-control"), Some("no-store"));
    let repeated = again().await.is(201).json();
    assert_eq!(
        (&repeated["id"], &repeated["secret"]),
        (&made.json()["id"], &Value::Null)
    );
}

async fn what_was_sent_is_sent_again(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    filed(&w, "before").await;
    let webhook = registered(&w.platform, &sink.url("/")).await;
    for name in ["a", "b"] {
        filed(&w, name).await;
    }
    // It was registered after the first.
    let calls = sink.receives("/", 2).await;
    let first: Vec<String> = ids(&calls).into_iter().map(str::to_owned).collect();
    deliveries(&w.platform, &webhook, |found| found.len() == 2).await;

    let replay = async |what: Value| {
        let path = format!("{}/replays", at(&webhook));
        w.platform.api.post(&path, &what).await
    };
    let one = replay(json!({"message": first[0]})).await.is(202).json();
    assert_eq!(one["messages"], 1);
    let calls = sink.receives("/", 3).await;
    assert_eq!(calls[2].id(), first[0]);
    assert_eq!(
        calls[2].body,
        calls.iter().find(|c| c.id() == first[0]).unwrap().body
    );

    let inbox = inbox(&w.platform).await;
    let since = &inbox[1]["at"];
    let some = replay(json!({"since": since})).await.is(202).json();
    assert_eq!(some["messages"], 2);
    let calls = sink.receives("/", 5).await;
    let mut again = ids(&calls[3..]);
    let mut before: Vec<&str> = first.iter().map(String::as_str).collect();
    again.sort_unstable();
    before.sort_unstable();
    assert_eq!(again, before);
    // What happened before it was registered can be had as well.
    let all = replay(json!({"since": "2000-01-01T00:00:00Z"}))
        .await
        .is(202)
        .json();
    assert_eq!(all["messages"], 3);
    let calls = sink.receives("/", 8).await;
    assert!(ids(&calls[5..]).contains(&inbox[0]["id"].as_str().unwrap()));

    let unknown = "evt_01kb0000000000000000000000";
    for (what, pointer) in [
        (json!({}), ""),
        (json!({"message": first[0], "since": since}), ""),
        (json!({"message": unknown}), "/message"),
        (
            json!({"message": "req_01kb0000000000000000000000"}),
            "/message",
        ),
        (json!({"since": "yesterday"}), "/since"),
    ] {
        replay(what).await.problem_at(422, "invalid", pointer);
    }
}
