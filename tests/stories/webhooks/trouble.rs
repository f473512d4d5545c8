//! Receivers that fail, stall, move away, answer without end, or die; and the death of the exchange itself.

use super::{Party, at, deliveries, filed, ids, inbox, registered, settings, world};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use takedown_tests::seams::setting;
use takedown_tests::sink::{Reply, Sink};
use takedown_tests::{Db, World, both_databases, wait};

both_databases!(
    what_fails_is_sent_again_under_the_same_name,
    one_that_is_gone_is_disabled_and_goes_on_when_it_is_back,
    one_that_never_answers_is_given_up,
    neither_redirects_nor_endless_answers_lead_anywhere,
    killing_either_side_loses_nothing,
);

async fn shown(party: &Party, webhook: &Value) -> Value {
    party.api.get(&at(webhook)).await.is(200).json()
}

async fn disabled(party: &Party, webhook: &Value, reason: &str) -> Value {
    let shown = wait::until("the webhook to be disabled", || async {
        let shown = shown(party, webhook).await;
        (shown["status"] == "disabled").then_some(shown)
    })
    .await;
    assert_eq!(shown["disabled_reason"], reason);
    let inbox = inbox(party).await;
    let told = inbox.last().unwrap();
    assert_eq!(told["type"], "webhook.disabled");
    assert_eq!(
        told["webhook"],
        json!({"id": webhook["id"], "reason": reason})
    );
    shown
}

async fn what_fails_is_sent_again_under_the_same_name(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let body = "not\nnow \u{202e}\0".to_owned();
    let tries = [
        Reply::HangUp,
        Reply::Stall,
        Reply::With(503, "retry-after: 1\r\n", String::new()),
        Reply::With(200, "", "thanks".to_owned()),
    ];
    let troubled = registered(&w.platform, &sink.url("/troubled")).await;
    let stalled = registered(&w.platform, &sink.url("/stalled")).await;
    let good = registered(&w.platform, &sink.url("/good")).await;
    sink.answer("/troubled", [Reply::With(500, "", body)]);
    sink.answer("/stalled", [Reply::Stall]);
    filed(&w, "a").await;
    let first = deliveries(&w.platform, &troubled, |found| {
        found.first().is_some_and(|one| one["http_status"] == 500)
    });
    let first = first.await;
    assert_eq!(first[0]["status"], "pending");
    assert_eq!(first[0]["error"], "answered 500");
    assert_eq!(first[0]["answer"], "not\nnow <U+202E><U+0000>");
    sink.answer("/troubled", tries);

    // Whoever stalls holds nobody up.
    sink.receives("/good", 1).await;
    for name in ["b", "c", "d", "e"] {
        filed(&w, name).await;
    }
    sink.receives("/good", 5).await;

    let done = deliveries(&w.platform, &troubled, |found| {
        found.len() == 5 && found.iter().all(|one| one["status"] == "delivered")
    });
    let done = done.await;
    let calls = sink.received("/troubled");
    let names: BTreeSet<&str> = ids(&calls).into_iter().collect();
    assert_eq!(names.len(), 5);
    assert!(calls.len() >= 9, "{} calls", calls.len());
    let attempts: i64 = done
        .iter()
        .map(|one| one["attempts"].as_i64().unwrap())
        .sum();
    assert_eq!(attempts, i64::try_from(calls.len()).unwrap());
    assert!(done.iter().any(|one| one["answer"] == "thanks"));
    // A repeat is the same but for its time and its signatures.
    for name in names {
        let mut bodies = calls.iter().filter(|call| call.id() == name);
        let first = &bodies.next().unwrap().body;
        assert!(bodies.all(|call| call.body == *first));
    }
    let shown = shown(&w.platform, &troubled).await;
    assert_eq!(
        (&shown["failures"], &shown["failing_since"]),
        (&json!(0), &Value::Null)
    );

    let waiting = deliveries(&w.platform, &stalled, |found| !found.is_empty()).await;
    assert_eq!(waiting[0]["http_status"], Value::Null);
    let health = w.operator.api.list("/v1/webhook-health").await;
    let of = |webhook: &Value| {
        health
            .iter()
            .find(|one| one["id"] == webhook["id"])
            .unwrap()
    };
    assert_ne!(of(&stalled)["failing_since"], Value::Null);
    assert_eq!(of(&good)["failing_since"], Value::Null);
}

async fn one_that_is_gone_is_disabled_and_goes_on_when_it_is_back(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let webhook = registered(&w.platform, &sink.url("/")).await;
    let other = registered(&w.platform, &sink.url("/other")).await;
    sink.answer("/", [Reply::status(410), Reply::status(204)]);
    filed(&w, "a").await;
    disabled(&w.platform, &webhook, "gone").await;
    filed(&w, "b").await;
    // The other one is told of both, and of what became of this one.
    let heard = sink.receives("/other", 3).await;
    let told = heard.iter().map(|call| call.json());
    let told: Vec<_> = told
        .filter(|told| told["type"] == "webhook.disabled")
        .collect();
    assert_eq!(told[0]["data"]["webhook"], webhook["id"]);
    assert_eq!(sink.received("/").len(), 1);
    for (path, body) in [
        ("tests", json!({})),
        ("replays", json!({"since": "2000-01-01T00:00:00Z"})),
    ] {
        let refused = w
            .platform
            .api
            .post(&format!("{}/{path}", at(&webhook)), &body)
            .await;
        refused.problem(409, "conflict-state");
    }

    let on = json!({"status": "active"});
    let shown = w
        .platform
        .api
        .patch(&at(&webhook), &on)
        .await
        .is(200)
        .json();
    assert_eq!(shown["disabled_reason"], Value::Null);
    let calls = sink.receives("/", 4).await;
    let names: BTreeSet<&str> = ids(&calls).into_iter().collect();
    let others: BTreeSet<&str> = ids(&heard).into_iter().collect();
    assert_eq!(
        names, others,
        "all of it, what was answered with 410 included"
    );
    drop(other);
}

async fn one_that_never_answers_is_given_up(db: Db) {
    let mut short = settings();
    short.retain(|(name, _)| name != "TAKEDOWN_WEBHOOKS_RETRY_SCHEDULE");
    short.push(setting("TAKEDOWN_WEBHOOKS_RETRY_SCHEDULE", "50ms,100ms"));
    let w = World::with(db, &short).await;
    let sink = Sink::start().await;
    let webhook = registered(&w.unit, &sink.url("/")).await;
    sink.answer("/", [Reply::status(500)]);
    let request = filed(&w, "a").await;
    w.acknowledge(&request).await;
    let shown = disabled(&w.unit, &webhook, "failing").await;
    assert_eq!(shown["last_error"], "answered 500");
    let log = deliveries(&w.unit, &webhook, |found| {
        found.iter().any(|one| one["status"] == "failed")
    });
    let failed = log
        .await
        .into_iter()
        .find(|one| one["status"] == "failed")
        .unwrap();
    assert_eq!(failed["attempts"], 3);
}

async fn neither_redirects_nor_endless_answers_lead_anywhere(db: Db) {
    let w = world(db).await;
    let sink = Sink::start().await;
    let webhook = registered(&w.platform, &sink.url("/")).await;
    let elsewhere = [Reply::With(307, "location: /elsewhere\r\n", String::new())];
    sink.answer("/", elsewhere);
    filed(&w, "a").await;
    let refused = deliveries(&w.platform, &webhook, |found| {
        found.first().is_some_and(|one| one["http_status"] == 307)
    });
    let error = refused.await[0]["error"].clone();
    assert!(
        error
            .as_str()
            .unwrap()
            .contains("redirects are not followed"),
        "{error}"
    );
    sink.answer("/", [Reply::Endless]);
    let done = deliveries(&w.platform, &webhook, |found| {
        found[0]["status"] == "delivered"
    })
    .await;
    assert_eq!(done[0]["answer"].as_str().unwrap().len(), 2_048);
    assert!(sink.received("/elsewhere").is_empty());
}

async fn killing_either_side_loses_nothing(db: Db) {
    let mut w = world(db).await;
    let sink = Sink::start().await;
    registered(&w.platform, &sink.url("/")).await;
    // Nothing is acknowledged before the exchange dies in the middle of it.
    sink.answer("/", [Reply::Stall]);
    for number in 0..40 {
        filed(&w, &format!("{number}")).await;
    }
    sink.receives("/", 5).await;
    w.server.kill9();
    let before = sink.received("/").len();
    sink.answer("/", [Reply::status(204)]);
    w.server.restart();

    let sink = sink
        .killed_and_restarted(async || {
            for number in 40..60 {
                filed(&w, &format!("{number}")).await;
            }
        })
        .await;
    let inbox = inbox(&w.platform).await;
    let all: BTreeSet<&str> = inbox
        .iter()
        .map(|entry| entry["id"].as_str().unwrap())
        .collect();
    assert_eq!(all.len(), 60);
    wait::until("all of it to arrive", || async {
        let calls = sink.received("/");
        let arrived: BTreeSet<String> = calls[before..].iter().map(|c| c.id().to_owned()).collect();
        (arrived.iter().map(String::as_str).collect::<BTreeSet<_>>() == all).then_some(())
    })
    .await;
}
