//! Mistakes are put right in the open: facts corrected, attributions revised, and counted for everyone to see.

use crate::main_job::instant;
use crate::taken_back::{closed, inbox, send, withdraw};
use chrono::{TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    a_correction_shows_what_was_and_tells_the_platform,
    a_correction_that_clarifies_is_the_answer,
    a_suspected_decoy_asks_to_wait,
    the_record_of_an_agency_is_what_its_history_says,
    of_a_correction_and_a_decision_at_once_one_is_told_to_read_again,
);

async fn correct(w: &World, request: &Value, body: Value) -> Answer {
    send(&w.unit, Method::POST, request, "corrections", body).await
}

fn reasons(text: &str) -> Value {
    json!({"text": text, "language": "en"})
}

async fn a_correction_shows_what_was_and_tells_the_platform(db: Db) {
    let w = World::new(db).await;
    let filing = Filing::referral(&["https://paste.example/a"])
        .reference("KP-1/26")
        .set("officer", json!({"handle": "M-17", "name": "Jan Kowalski"}));
    let request = w.file(&filing).await;
    let item = &request["items"][0]["id"];
    let body = json!({
        "reasons": reasons("It names a place, not a date."),
        "officer": {"handle": "M-18", "name": "Anna Nowak"},
        "agency_reference": "KP-2/26",
        "items": [{"item": item, "description": "A page of instructions.", "graphic": 1}],
        "text": {"text": "We had the wrong page before us.", "language": "en"},
    });
    let corrected = correct(&w, &request, body.clone()).await.is(201).json();
    assert_eq!(corrected["version"], 2);
    assert_eq!(
        corrected["reasons"]["text"],
        "It names a place, not a date."
    );
    assert_eq!(corrected["agency_reference"], "KP-2/26");
    assert_eq!(
        corrected["items"][0]["description"],
        "A page of instructions."
    );
    assert_eq!(
        corrected["items"][0]["locator"],
        request["items"][0]["locator"]
    );
    let facts = corrected["corrections"].as_array().unwrap();
    assert_eq!(facts.len(), 5, "{facts:#?}");
    assert_eq!(facts[0]["was"], request["reasons"]);
    assert_eq!(facts[1]["was"]["name"], "Jan Kowalski");
    // The same again is no change; another request's file number is refused.
    let again = correct(&w, &request, body).await.is(201).json();
    assert_eq!(again["version"], 2);
    let other = w
        .file(&Filing::referral(&["https://paste.example/b"]).reference("KP-3/26"))
        .await;
    correct(&w, &other, json!({"agency_reference": "KP-2/26"}))
        .await
        .problem(409, "duplicate-reference");
    // The platform is told, sees both, and never a name.
    let inbox = inbox(&w.platform).await;
    assert!(inbox.iter().any(|e| e["type"] == "request.corrected"));
    let seen = w.platform.api.get(&path(&request)).await.is(200);
    for name in ["Kowalski", "Nowak"] {
        assert!(!seen.text().contains(name), "{}", seen.text());
    }
    assert_eq!(seen.json()["corrections"][1]["was"]["handle"], "M-17");
    let history = w
        .unit
        .api
        .list(&format!("{}/history", path(&request)))
        .await;
    let entry = history
        .iter()
        .find(|e| e["type"] == "request.corrected")
        .unwrap();
    assert_eq!(entry["data"]["facts"].as_array().unwrap().len(), 5);
    assert_eq!(
        entry["data"]["facts"][0]["was"].as_str().unwrap().len(),
        64,
        "{entry:#}"
    );
    // Once it is closed, it stands on what was known.
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    w.close(&request).await;
    let late = correct(&w, &request, json!({"reasons": reasons("Otherwise.")})).await;
    let late = late.problem(409, "conflict-state");
    assert!(
        late["detail"].as_str().unwrap().contains("reopen"),
        "{late:#}"
    );
    correct(&w, &request, json!({"text": reasons("Nothing.")}))
        .await
        .problem(422, "invalid");
}

async fn a_correction_that_clarifies_is_the_answer(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::tco_order(&["https://paste.example/a"]))
        .await;
    w.acknowledge(&request).await;
    let body = json!({"grounds": ["tco:b"]});
    let refused = correct(&w, &request, body.clone()).await;
    let refused = refused.problem(409, "conflict-state");
    assert!(
        refused["detail"].as_str().unwrap().contains("Article 3(8)"),
        "{refused:#}"
    );
    let obstacle = json!({"kind": "obstacle", "obstacle": "manifest_error", "text": "The wrong box is ticked.", "language": "en"});
    w.platform
        .api
        .post(&format!("{}/messages", path(&request)), &obstacle)
        .await
        .is(201);
    let before = Utc::now();
    let answered = correct(&w, &request, body).await.is(201).json();
    assert_eq!(answered["status"], "acknowledged");
    assert_eq!(answered["grounds"][0]["code"], "tco:b");
    let due = instant(&answered["clock"]["due_at"]);
    assert!(
        due - before > TimeDelta::minutes(59),
        "a whole hour from the clarification"
    );
    // A ground that the instrument does not know stays refused, with the rule.
    let wrong = w
        .file(&Filing::tco_order(&["https://paste.example/b"]))
        .await;
    correct(&w, &wrong, json!({"grounds": ["no:such"]}))
        .await
        .problem(422, "contradicts-instrument");
}

async fn a_suspected_decoy_asks_to_wait(db: Db) {
    let w = World::new(db).await;
    let decoy = json!({"source": "Example Outlet", "confidence": "suspected_decoy"});
    let order = Filing::tco_order(&["https://paste.example/o"]);
    let contradictory = order.clone().set("attribution", decoy.clone()).json();
    w.unit
        .api
        .post("/v1/requests", &contradictory)
        .await
        .problem(422, "invalid");
    let order = w.file(&order).await;
    send(&w.unit, Method::POST, &order, "attributions", decoy.clone())
        .await
        .problem(422, "invalid");

    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]).set(
            "attribution",
            json!({"source": "Example Outlet", "confidence": "probable"}),
        ))
        .await;
    let revised = send(
        &w.unit,
        Method::POST,
        &request,
        "attributions",
        decoy.clone(),
    )
    .await;
    let revised = revised.is(201).json();
    assert_eq!(revised["asks_to_wait"], true);
    assert_eq!(revised["waiting_for"], "agency");
    let summary = revised["summary"].as_str().unwrap();
    assert!(
        summary.contains("to wait and not to remove") && summary.contains("decoy"),
        "{summary}"
    );
    assert_eq!(revised["corrections"][0]["was"]["confidence"], "probable");
    let inbox = inbox(&w.platform).await;
    let event = inbox.last().unwrap();
    assert_eq!(event["type"], "attribution.revised");
    assert_eq!(event["request"]["asks_to_wait"], true);
    let shown = w.platform.api.get(&path(&request)).await.is(200);
    assert!(!shown.text().contains("Example Outlet"), "{}", shown.text());
    // It stays voluntary: the platform may decide otherwise at any time.
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    let sure = json!({"source": "Example Outlet", "confidence": "confirmed"});
    let sure = send(&w.unit, Method::POST, &request, "attributions", sure).await;
    assert_eq!(sure.is(201).json()["asks_to_wait"], false);
}

async fn the_record_of_an_agency_is_what_its_history_says(db: Db) {
    let w = World::new(db).await;
    let request = closed(&w, &["https://paste.example/a", "https://paste.example/b"]).await;
    let first = &request["items"][0]["id"];
    withdraw(
        &w,
        &request,
        json!({"reason": "duplicate", "items": [first]}),
    )
    .await
    .is(200);
    let mistaken = w
        .file(&Filing::referral(&["https://paste.example/c"]))
        .await;
    correct(&w, &mistaken, json!({"reasons": reasons("Once.")}))
        .await
        .is(201);
    correct(&w, &mistaken, json!({"reasons": reasons("Twice.")}))
        .await
        .is(201);
    withdraw(&w, &mistaken, json!({"reason": "mistake"}))
        .await
        .is(200);
    let address = format!("/v1/agencies/{}/record", w.unit.id);
    let read = async |party: &Party| {
        let mut record = party.api.get(&address).await.is(200).json();
        let as_of = instant(&record["as_of"].take());
        (record, as_of)
    };
    let (record, as_of) = read(&w.unit).await;
    let mut history = Vec::new();
    for request in [&request, &mistaken] {
        history.extend(w.unit.api.list(&format!("{}/history", path(request))).await);
    }
    let count = |event: &str| history.iter().filter(|e| e["type"] == event).count();
    assert_eq!(record["filed"], count("request.filed"));
    assert_eq!(record["corrections"], count("request.corrected"));
    assert_eq!(record["corrected"], 1);
    assert_eq!(record["withdrawn"], json!({"mistake": 1}));
    assert_eq!(record["items_withdrawn"], json!({"duplicate": 1}));
    assert_eq!(record["restorations"], json!({"asked": 1}));
    assert_eq!(record["outcomes"], json!({"removed": 2, "undecided": 1}));
    assert_eq!(record["items"], 3);
    assert_eq!(record["mistake_rate"], 1.0 / 3.0, "one of three links");
    for party in [&w.operator, &w.auditor, &w.platform, &w.other_platform] {
        let (again, later) = read(party).await;
        assert_eq!(again, record);
        assert!(later >= as_of, "what is little is counted anew");
    }
    w.other_unit
        .api
        .get(&address)
        .await
        .problem(404, "not-found");
}

async fn of_a_correction_and_a_decision_at_once_one_is_told_to_read_again(db: Db) {
    let w = World::new(db).await;
    for round in 0..6 {
        let link = format!("https://paste.example/{round}");
        let request = w.file(&Filing::referral(&[&link])).await;
        let read = w.acknowledge(&request).await;
        let version = format!("\"{}\"", read["version"]);
        let at = path(&request);
        let correction = json!({"reasons": reasons("Other words.")});
        let (corrected, decided) = tokio::join!(
            async {
                w.unit
                    .api
                    .post(&format!("{at}/corrections"), &correction)
                    .if_match(&version)
                    .await
            },
            async {
                w.platform
                    .api
                    .post(
                        &format!("{at}/decisions"),
                        &takedown_tests::filing::decide_all("removed"),
                    )
                    .if_match(&version)
                    .await
            }
        );
        let mut statuses = [corrected.status, decided.status];
        statuses.sort_unstable();
        assert_eq!(
            statuses,
            [201, 412],
            "{} {}",
            corrected.text(),
            decided.text()
        );
        let now = w.unit.api.get(&at).await.is(200).json();
        let was_corrected = !now["corrections"].as_array().unwrap().is_empty();
        let was_decided = !now["items"][0]["outcome"].is_null();
        assert!(was_corrected != was_decided, "{now:#}");
    }
}
