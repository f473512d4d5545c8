//! Misbehaviour on purpose: messages that come twice, late and after the next ones, and streams that break, are coped with by what is
//! documented.

use super::{Tester, calm, inbox, started};
use crate::clients::{Driver, Language};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use takedown_tests::events::Events;
use takedown_tests::seams::setting;
use takedown_tests::sink::{Received, Sink};
use takedown_tests::{Db, both_databases, wait};

both_databases!(
    messages_come_twice_late_and_out_of_order_and_a_client_copes,
    whoever_wants_none_of_it_has_none,
    a_stream_breaks_and_goes_on_where_it_was,
);

const MESSAGES: usize = 20;

fn misbehaving(percents: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut settings = calm();
    settings.push(setting("TAKEDOWN_WEBHOOKS_LOOPBACK", "true"));
    settings.retain(|(name, _)| percents.iter().all(|(other, _)| !name.ends_with(other)));
    let all = percents.iter();
    settings.extend(all.map(|(name, value)| setting(&format!("TAKEDOWN_SANDBOX_{name}"), value)));
    settings
}

/// What the header says of each position.
fn marks(calls: &[Received]) -> BTreeMap<i64, String> {
    let each = calls.iter().map(|call| {
        let position = call.json()["data"]["position"].as_i64().unwrap();
        (position, call.headers["takedown-sandbox"].clone())
    });
    each.collect()
}

fn ids(calls: &[Received]) -> BTreeSet<&str> {
    calls.iter().map(Received::id).collect()
}

async fn messages_come_twice_late_and_out_of_order_and_a_client_copes(db: Db) {
    let settings = misbehaving(&[
        ("SEED", "7"),
        ("DOUBLED", "30"),
        ("LATE", "30"),
        ("LATE_FOR", "1s"),
        ("REORDERED", "30"),
    ]);
    let server = started(db, &settings);
    let (one, other) = (Tester::new(&server).await, Tester::new(&server).await);
    // A receiver compares the time in a signature with its own clock, which nobody moves.
    one.advance("P2D").await;
    let sink = Sink::start().await;
    let register = async |tester: &Tester, place: &str| {
        let wanted = json!({ "url": sink.url(place) });
        let made = tester.site.api.post("/v1/webhooks", &wanted);
        made.await.is(201).json()
    };
    let made = register(&one, "/one").await;
    register(&other, "/other").await;
    for _ in 0..MESSAGES {
        one.asked(&json!({})).await;
        other.asked(&json!({})).await;
    }
    let held_back = format!("/v1/webhooks/{}/deliveries", made["id"].as_str().unwrap());
    let told = wait::until("a message to be held back", || async {
        let list = one.site.api.list(&held_back).await;
        let words = list.iter().filter_map(|one| one["error"].as_str());
        let mut words = words.filter(|error| error.contains("on purpose"));
        words.next().map(str::to_owned)
    })
    .await;
    assert!(told.contains("by the sandbox"), "{told}");
    // Long enough for whatever is held back, by the clock that it is held back by.
    one.advance("PT1M").await;
    for place in ["/one", "/other"] {
        wait::until("every message", || async {
            (ids(&sink.received(place)).len() == MESSAGES).then_some(())
        })
        .await;
    }
    let twice = |word: &&String| *word == "doubled";
    let wanted = MESSAGES + marks(&sink.received("/one")).values().filter(twice).count();
    let calls = sink.receives("/one", wanted).await;
    let said = marks(&calls);
    let words: BTreeSet<&str> = said.values().map(String::as_str).collect();
    assert!(
        ["doubled", "late", "reordered"]
            .iter()
            .all(|word| words.contains(word)),
        "{words:?}"
    );
    // From the same seed the same places of every inbox.
    assert_eq!(said, marks(&sink.received("/other")));

    let mut first_seen = Vec::new();
    let mut bodies = BTreeMap::new();
    for call in &calls {
        let position = call.json()["data"]["position"].as_i64().unwrap();
        let known = bodies.insert(call.id().to_owned(), call.body.clone());
        match known {
            None => first_seen.push(position),
            Some(body) => {
                assert_eq!(body, call.body, "under one name always the same");
                assert_eq!(said[&position], "doubled");
            }
        }
    }
    assert!(!first_seen.is_sorted(), "{first_seen:?}");

    // The Python client as its README shows it: each message is checked, and one that was seen is passed over.
    let driver = Driver::start(Language::Python);
    let (mut seen, mut handled) = (BTreeSet::new(), Vec::new());
    for call in &calls {
        let verify = json!({
            "do": "verify", "headers": call.headers, "body": call.body, "keys": made["secret"], "now": null,
        });
        let message = driver.ok(verify).await;
        if seen.insert(message["id"].to_string()) {
            handled.push(message["request"].clone());
        }
    }
    let in_order: Vec<Value> = inbox(&one.site)
        .await
        .iter()
        .map(|entry| entry["request"]["id"].clone())
        .collect();
    assert_eq!(handled.len(), in_order.len());
    assert!(in_order.iter().all(|request| handled.contains(request)));
}

async fn whoever_wants_none_of_it_has_none(db: Db) {
    let server = started(db, &misbehaving(&[]));
    let t = Tester::new(&server).await;
    let sink = Sink::start().await;
    let wanted = json!({ "url": sink.url("/") });
    t.site.api.post("/v1/webhooks", &wanted).await.is(201);
    for _ in 0..MESSAGES {
        t.asked(&json!({})).await;
    }
    let calls = sink.receives("/", MESSAGES).await;
    assert!(marks(&calls).values().all(|word| word == "true"));
    assert_eq!(ids(&calls).len(), MESSAGES);
    let told = t.unit.api.get("/v1/sandbox").await.is(200).json();
    assert_eq!(told["mischief"]["doubled"], 0);
}

async fn a_stream_breaks_and_goes_on_where_it_was(db: Db) {
    let server = started(db, &misbehaving(&[("CUT", "100")]));
    let t = Tester::new(&server).await;
    let mut filed = Vec::new();
    for _ in 0..3 {
        filed.push(t.asked(&json!({})).await["id"].clone());
    }
    let (mut told, mut last) = (Vec::new(), None::<String>);
    for _ in 0..filed.len() {
        let mut call = t.site.api.get("/v1/inbox/events");
        if let Some(last) = &last {
            call = call.header("last-event-id", last);
        }
        let mut events = Events::open(call).await;
        let event = events.next().await.unwrap();
        told.push(event.json()["request"]["id"].clone());
        last = event.id;
        assert!(events.piece().await.unwrap().comment, "it says so");
        assert_eq!(events.piece().await, None, "and breaks without an end");
    }
    assert_eq!(told, filed, "nothing missed, nothing twice");
}
