//! Each robot does what its host says, and the one that asks can be asked.

use super::{Tester, calm, inbox, started};
use serde_json::{Value, json};
use takedown_tests::seams::setting;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, both_databases, wait};

const WEBHOOKS: &str = "/v1/webhooks";

both_databases!(
    each_host_does_what_it_says,
    a_label_makes_a_robot_wait,
    receivers_of_webhooks_are_played,
    a_robot_asks_and_answers,
);

async fn each_host_does_what_it_says(db: Db) {
    let server = started(db, &calm());
    let t = Tester::new(&server).await;
    let (took, removes) = (
        t.refer("acknowledges.test").await,
        t.refer("removes.test").await,
    );
    let (refuses, reads) = (t.refer("refuses.test").await, t.refer("reads.test").await);
    let (asks, cannot) = (t.refer("asks.test").await, t.refer("cannot.test").await);
    let (objects, doubts) = (t.refer("objects.test").await, t.refer("doubts.test").await);
    let bounces = t.refer("bounces.test").await;
    let mut silent = Vec::new();
    for host in ["stalls.test", "fails.test", "gone.test"] {
        silent.push(t.refer(host).await);
    }
    let order = Filing::tco_order(&["https://x.refuses.test/page"]);
    let ordered = t.file(&order).await;

    t.becomes(&took, "acknowledged").await;
    t.becomes(&reads, "fetched").await;
    let closed = t.becomes(&removes, "closed").await;
    assert_eq!(closed["result"], "actioned");
    for (request, outcome) in [
        (&refuses, "declined_within_terms"),
        (&ordered, "declined_not_unlawful"),
    ] {
        let closed = t.becomes(request, "closed").await;
        assert_eq!(closed["result"], "not_actioned");
        let given = &closed["items"][0]["outcome"];
        assert_eq!(given["code"], outcome);
        assert!(given["note"].is_string(), "{given:#}");
    }

    for request in [&asks, &cannot] {
        let waiting = t.becomes(request, "needs_information").await;
        assert_eq!(waiting["waiting_for"], "agency");
        let answer = json!({ "kind": "answer", "text": "The second one.", "language": "en" });
        let messages = format!("{}/messages", path(request));
        t.unit.api.post(&messages, &answer).await.is(201);
        let closed = t.becomes(request, "closed").await;
        assert_eq!(closed["result"], "actioned");
    }

    t.becomes(&objects, "closed").await;
    let objections = format!("{}/objections", path(&objects));
    assert_eq!(t.unit.api.list(&objections).await.len(), 1);

    let doubted = wait::until("a doubt", || async {
        t.unit.api.list("/v1/doubts").await.pop()
    })
    .await;
    assert!(doubted.to_string().contains(doubts["id"].as_str().unwrap()));

    wait::until("the mail to come back", || async {
        let told = inbox(&t.unit).await;
        let failed = |entry: &Value| {
            entry["type"] == "delivery.failed" && entry["request"]["id"] == bounces["id"]
        };
        told.iter().any(failed).then_some(())
    })
    .await;
    for request in silent.iter().chain([&bounces]) {
        let seen = t.unit.api.get(&path(request)).await.is(200).json();
        assert_eq!(seen["status"], "filed");
    }
}

async fn a_label_makes_a_robot_wait(db: Db) {
    let server = started(db, &calm());
    let t = Tester::new(&server).await;
    let later = t
        .file(&Filing::referral(&["https://2h.removes.test/1"]))
        .await;
    // One that need not wait is done first, so the robot was there.
    let at_once = t.refer("removes.test").await;
    t.becomes(&at_once, "closed").await;
    let seen = t.unit.api.get(&path(&later)).await.is(200).json();
    assert_eq!(seen["status"], "filed");
    t.advance("PT119M").await;
    let at_once = t.file(&Filing::referral(&["https://removes.test/2"])).await;
    t.becomes(&at_once, "closed").await;
    let seen = t.unit.api.get(&path(&later)).await.is(200).json();
    assert_eq!(seen["status"], "filed");
    t.advance("PT2M").await;
    t.becomes(&later, "closed").await;
}

/// The newest delivery of a webhook of the site, once it stands like this.
async fn newest(t: &Tester, webhook: &Value, enough: impl Fn(&Value) -> bool) -> Value {
    let list = format!("{WEBHOOKS}/{}/deliveries", webhook["id"].as_str().unwrap());
    wait::until("an attempt", || async {
        let newest = t.site.api.list(&list).await.into_iter().next()?;
        enough(&newest).then_some(newest)
    })
    .await
}

async fn receivers_of_webhooks_are_played(db: Db) {
    let mut settings = calm();
    settings.push(setting("TAKEDOWN_WEBHOOKS_TIMEOUT", "200ms"));
    let server = started(db, &settings);
    let t = Tester::new(&server).await;
    let add = async |host: &str| {
        let wanted = json!({ "url": format!("https://{host}/hook") });
        t.site.api.post(WEBHOOKS, &wanted).await.is(201).json()
    };
    let (good, bad) = (add("acknowledges.test").await, add("fails.test").await);
    let (slow, over) = (add("stalls.test").await, add("gone.test").await);
    t.asked(&json!({})).await;

    let arrived = newest(&t, &good, |one| one["status"] == "delivered").await;
    assert!(arrived.to_string().contains("204"), "{arrived:#}");
    let failed = newest(&t, &bad, |one| one["attempts"] == 1).await;
    assert_eq!(failed["status"], "pending");
    assert!(failed.to_string().contains("500"), "{failed:#}");
    let stalled = newest(&t, &slow, |one| one["attempts"] == 1).await;
    assert!(
        stalled.to_string().contains("no answer within"),
        "{stalled:#}"
    );

    // What would take an hour is seen at once.
    t.advance("PT1H").await;
    newest(&t, &bad, |one| one["attempts"].as_i64() > Some(1)).await;
    let ended = wait::until("the webhook to be disabled", || async {
        let at = format!("{WEBHOOKS}/{}", over["id"].as_str().unwrap());
        let seen = t.site.api.get(&at).await.is(200).json();
        (seen["status"] == "disabled").then_some(seen)
    })
    .await;
    assert!(ended.to_string().contains("gone"), "{ended:#}");

    // Nothing else is let through because this is a sandbox.
    for private in [
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "http://fails.test/",
    ] {
        let wanted = json!({ "url": private });
        t.site.api.post(WEBHOOKS, &wanted).await.is(422);
    }
}

async fn a_robot_asks_and_answers(db: Db) {
    let server = started(db, &calm());
    let t = Tester::new(&server).await;
    let filed = t
        .asked(&json!({ "instrument": "eu-tco-order", "items": 3 }))
        .await;
    assert_eq!(filed.as_object().unwrap().len(), 2, "no content: {filed:#}");
    let entry = inbox(&t.site).await.remove(0);
    assert_eq!(entry["request"]["id"], filed["id"]);
    let read = t.site.api.get(&path(&filed)).await.is(200).json();
    assert_eq!(
        (&read["kind"], &read["status"]),
        (&json!("order"), &json!("fetched"))
    );
    let items = read["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    let link = items[0]["locator"].as_str().unwrap();
    assert!(link.starts_with(&format!("https://{}/", t.host)), "{link}");

    let question = json!({ "kind": "question", "text": "Which one?", "language": "en" });
    let messages = format!("{}/messages", path(&filed));
    t.site.api.post(&messages, &question).await.is(201);
    wait::until("the robot's answer", || async {
        let said = t.site.api.list(&messages).await;
        said.iter().any(|one| one["kind"] == "answer").then_some(())
    })
    .await;
    let seen = t.site.api.get(&path(&filed)).await.is(200).json();
    assert_eq!(seen["status"], "fetched");

    for wrong in [
        json!({ "items": 0 }),
        json!({ "items": 21 }),
        json!({ "instrument": "court-order" }),
        json!({ "more": 1 }),
    ] {
        let call = t.site.api.post("/v1/sandbox/requests", &wrong).await;
        assert!(matches!(call.status, 400 | 422), "{wrong}: {}", call.text());
    }
}
