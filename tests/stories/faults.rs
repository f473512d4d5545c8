//! Faults that were found once, each as it was found.

mod lists;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::filing::decide;
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, Filing, World, both_databases};

use crate::taken_back::{closed, inbox, send, withdraw};

both_databases!(
    an_open_request_is_found_behind_a_dozen_that_are_not,
    a_link_that_is_written_twice_is_open_while_one_of_both_is,
    of_two_careful_filings_at_once_one_is_refused,
    a_filing_sent_again_under_its_former_number_is_the_same,
    what_was_done_and_what_was_answered_are_two_facts,
    an_open_question_does_not_hide_what_is_asked_back,
    a_decision_and_a_restoration_in_one_call_are_both_told,
    the_same_revision_again_is_no_other_version,
    the_mistake_rate_counts_items,
);

const LINK: &str = "https://paste.example/again";

async fn look_up(party: &Party) -> Value {
    let body = json!({"items": [{"locator": LINK}]});
    let answer = party.api.post("/v1/lookups", &body).await.is(200).json();
    answer["items"][0].clone()
}

fn text(words: &str) -> Value {
    json!({"text": words, "language": "en"})
}

async fn an_open_request_is_found_behind_a_dozen_that_are_not(db: Db) {
    let w = World::new(db).await;
    let open = w.file(&Filing::referral(&[LINK])).await;
    for _ in 0..12 {
        let newer = w.file(&Filing::referral(&[LINK])).await;
        let mistake = json!({"reason": "mistake"});
        withdraw(&w, &newer, mistake).await.is(200);
    }
    let own = look_up(&w.unit).await;
    assert_eq!(own["own"]["times"], 13);
    let requests = own["own"]["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 10);
    assert_eq!(requests[9]["id"], open["id"], "{requests:#?}");
    assert!(own["join"].is_string(), "{own:#}");
    let seen = look_up(&w.other_unit).await;
    assert_eq!(seen["elsewhere"]["state"], "open");
    let careful = Filing::referral(&[LINK]).set("if_repeated", json!("refuse"));
    for party in [&w.unit, &w.other_unit] {
        let refused = party.api.post("/v1/requests", &careful.json()).await;
        refused.problem(409, "already-asked");
    }
    w.acknowledge(&open).await;
    w.decide_all(&open, "removed").await;
    w.close(&open).await;
    assert_eq!(
        look_up(&w.other_unit).await["elsewhere"]["state"],
        "withdrawn"
    );
    let body = json!({"reason": "new_facts", "text": text("It is back.")});
    send(&w.unit, Method::POST, &open, "reopening", body)
        .await
        .is(201);
    assert_eq!(look_up(&w.other_unit).await["elsewhere"]["state"], "open");
}

async fn a_link_that_is_written_twice_is_open_while_one_of_both_is(db: Db) {
    let w = World::new(db).await;
    let both = [LINK, "hxxps://PASTE[.]example:443/again"];
    let request = w.file(&Filing::referral(&both)).await;
    let [first, last] = [0, 1].map(|n| request["items"][n]["id"].clone());
    let mistake = |item: &Value| json!({"reason": "mistake", "items": [item]});
    withdraw(&w, &request, mistake(&last)).await.is(200);
    assert_eq!(look_up(&w.other_unit).await["elsewhere"]["state"], "open");
    let own = look_up(&w.unit).await["own"].clone();
    assert_eq!(own["times"], 1);
    assert_eq!(own["requests"].as_array().unwrap().len(), 1, "{own:#}");
    assert_eq!(own["requests"][0]["item"], first);
    withdraw(&w, &request, mistake(&first)).await.is(200);
    assert_eq!(
        look_up(&w.other_unit).await["elsewhere"]["state"],
        "withdrawn"
    );
}

async fn of_two_careful_filings_at_once_one_is_refused(db: Db) {
    let w = World::new(db).await;
    for round in 0..8 {
        let links = ["a", "b", "c"].map(|page| format!("https://paste.example/{round}/{page}"));
        let filing = |links: [&str; 3]| {
            Filing::referral(&links)
                .set("if_repeated", json!("refuse"))
                .json()
        };
        let [a, b, c] = links.each_ref().map(String::as_str);
        // In both orders: nobody waits for somebody who waits for him.
        let (one, other) = (filing([a, b, c]), filing([c, b, a]));
        let (one, other) = tokio::join!(
            w.unit.api.post("/v1/requests", &one),
            w.other_unit.api.post("/v1/requests", &other)
        );
        let answers = BTreeSet::from([one.status, other.status]);
        assert_eq!(
            answers,
            BTreeSet::from([201, 409]),
            "{}{}",
            one.text(),
            other.text()
        );
    }
}

async fn a_filing_sent_again_under_its_former_number_is_the_same(db: Db) {
    let w = World::new(db).await;
    let filing = Filing::referral(&[LINK]).reference("KP-17/26");
    let request = w.file(&filing).await;
    let number = json!({"agency_reference": "KP-71/26"});
    send(&w.unit, Method::POST, &request, "corrections", number)
        .await
        .is(201);
    let again = w.file(&filing).await;
    assert_eq!(again["id"], request["id"]);
    assert_eq!(again["agency_reference"], "KP-71/26");
    // The number was another case's: it is free for that one, and the first filing is still known.
    let true_one = Filing::referral(&["https://paste.example/other"]).reference("KP-17/26");
    let other = w.file(&true_one).await;
    assert_ne!(other["id"], request["id"]);
    assert_eq!(w.file(&filing).await["id"], request["id"]);
    assert_eq!(w.file(&true_one).await["id"], other["id"]);
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), 2);
    // Of a filing over two platforms one part may have another number.
    let two = Filing::referral(&["https://paste.example/x", "https://forum.example/x"])
        .reference("KP-2/26");
    let filed = w.unit.api.post("/v1/requests", &two.json()).await;
    let filed = filed.is(200).json();
    let part = filed["requests"][0].clone();
    let number = json!({"agency_reference": "KP-3/26"});
    send(&w.unit, Method::POST, &part, "corrections", number)
        .await
        .is(201);
    let again = w.unit.api.post("/v1/requests", &two.json()).await;
    let again = again.is(200).json();
    let ids = |of: &Value| [0, 1].map(|n| of["requests"][n]["id"].clone());
    assert_eq!(ids(&again), ids(&filed));
}

async fn what_was_done_and_what_was_answered_are_two_facts(db: Db) {
    let w = World::new(db).await;
    let digest = "ab".repeat(32);
    let filing = Filing::referral(&[LINK, "https://paste.example/b"]);
    let mut body = filing.json();
    body["items"][0]["digests"] = json!([{"algorithm": "sha256", "value": digest}]);
    let request = w.unit.api.post("/v1/requests", &body).await.is(201).json();
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    w.close(&request).await;
    let item = &request["items"][0]["id"];
    let back = json!({"reason": "mistake", "items": [item]});
    withdraw(&w, &request, back).await.is(200);
    let no = decide(&[item], "declined_not_unlawful");
    let declined = send(&w.platform, Method::POST, &request, "decisions", no).await;
    let declined = declined.is(201).json();
    let shown = &declined["items"][0];
    assert_eq!(shown["outcome"]["code"], "removed");
    assert_eq!(shown["restoration"], "answered");
    assert_eq!(shown["restoration_answer"]["code"], "declined_not_unlawful");
    let record = format!("/v1/agencies/{}/record", w.unit.id);
    let counts = w.unit.api.get(&record).await.is(200).json();
    assert_eq!(counts["outcomes"], json!({"removed": 2}));
    assert_eq!(
        counts["restoration_answers"],
        json!({"declined_not_unlawful": 1})
    );
    let export = w.unit.api.get("/v1/exports/requests").await.is(200).text();
    let row: Value = serde_json::from_str(export.lines().next().unwrap()).unwrap();
    assert_eq!(row["outcome"], "removed", "{row:#}");
    assert_eq!(row["restoration_answer"], "declined_not_unlawful");
    let asked = json!({"digests": [digest]});
    let found = w.platform.api.post("/v1/digests/lookup", &asked).await;
    let found = found.is(200).json();
    assert_eq!(
        found["items"][0]["matches"][0]["outcome"], "removed",
        "{found:#}"
    );
    // Put back after all: now it is undone.
    let yes = decide(&[item], "restored");
    let restored = send(&w.platform, Method::POST, &request, "decisions", yes).await;
    let restored = restored.is(201).json();
    assert_eq!(restored["items"][0]["outcome"]["code"], "restored");
    let counts = w.unit.api.get(&record).await.is(200).json();
    assert_eq!(counts["outcomes"], json!({"removed": 1, "restored": 1}));
}

async fn an_open_question_does_not_hide_what_is_asked_back(db: Db) {
    let w = World::new(db).await;
    let links = [LINK, "https://paste.example/b"];
    let request = w.file(&Filing::referral(&links)).await;
    w.acknowledge(&request).await;
    let item = &request["items"][0]["id"];
    let removed = decide(&[item], "removed");
    send(&w.platform, Method::POST, &request, "decisions", removed)
        .await
        .is(201);
    let back = json!({"reason": "mistake", "items": [item]});
    withdraw(&w, &request, back).await.is(200);
    let question = json!({"kind": "question", "text": "Which page?", "language": "en"});
    send(&w.platform, Method::POST, &request, "messages", question)
        .await
        .is(201);
    assert_eq!(
        w.unit.api.get(&path(&request)).await.json()["waiting_for"],
        "both"
    );
    let listed = w.platform.api.list("/v1/requests").await;
    assert_eq!(listed[0]["waiting_for"], "both");
}

async fn a_decision_and_a_restoration_in_one_call_are_both_told(db: Db) {
    let w = World::new(db).await;
    let links = [LINK, "https://paste.example/b"];
    let request = w.file(&Filing::referral(&links)).await;
    w.acknowledge(&request).await;
    let [first, second] = [0, 1].map(|n| &request["items"][n]["id"]);
    let removed = decide(&[first], "removed");
    send(&w.platform, Method::POST, &request, "decisions", removed)
        .await
        .is(201);
    let back = json!({"reason": "mistake", "items": [first]});
    withdraw(&w, &request, back).await.is(200);
    let before = inbox(&w.unit).await.len();
    let both = json!({"decisions": [
        {"items": [first], "outcome": "restored", "basis": "terms"},
        {"items": [second], "outcome": "removed", "basis": "terms"},
    ]});
    let wrong = json!({"decisions": [
        {"items": [first], "outcome": "removed", "basis": "terms"},
        {"items": [second], "outcome": "removed", "basis": "terms"},
    ]});
    let refused = send(&w.platform, Method::POST, &request, "decisions", wrong).await;
    let refused = refused.problem(422, "invalid");
    assert_eq!(
        refused["errors"][0]["pointer"], "#/decisions/0/outcome",
        "{refused:#}"
    );
    let done = send(&w.platform, Method::POST, &request, "decisions", both).await;
    let done = done.is(201).json();
    assert_eq!(done["items"][0]["outcome"]["code"], "restored");
    assert_eq!(done["items"][1]["outcome"]["code"], "removed");
    let told = inbox(&w.unit).await;
    let told: Vec<&Value> = told[before..].iter().map(|event| &event["type"]).collect();
    assert_eq!(told, ["request.decided", "restoration.answered"]);
    let history = w.history(&request).await;
    assert_eq!(
        history[history.len() - 2..],
        ["request.decided", "restoration.answered"]
    );
}

async fn the_same_revision_again_is_no_other_version(db: Db) {
    let w = World::new(db).await;
    let request = closed(&w, &[LINK]).await;
    let item = &request["items"][0]["id"];
    let mut body = decide(&[item], "restored");
    body["reason"] = json!("appeal_upheld");
    let once = send(
        &w.platform,
        Method::POST,
        &request,
        "decisions",
        body.clone(),
    )
    .await;
    let once = once.is(201).json();
    let again = send(
        &w.platform,
        Method::POST,
        &request,
        "decisions",
        body.clone(),
    )
    .await;
    assert_eq!(again.is(201).json(), once);
    // Whoever names another moment says something else.
    let mut version = once["version"].clone();
    for day in ["2026-01-01", "2026-01-02"] {
        let mut body = decide(&[item], "removed");
        body["reason"] = json!("correction");
        body["decisions"][0]["effective_at"] = json!(format!("{day}T00:00:00Z"));
        let moved = send(&w.platform, Method::POST, &request, "decisions", body).await;
        let moved = moved.is(201).json();
        assert_ne!(moved["version"], version);
        version = moved["version"].clone();
    }
}

async fn the_mistake_rate_counts_items(db: Db) {
    let w = World::new(db).await;
    let links = [0, 1, 2, 3].map(|n| format!("https://paste.example/{n}"));
    let links = links.each_ref().map(String::as_str);
    let request = w.file(&Filing::referral(&links)).await;
    let [a, b, c, d] = [0, 1, 2, 3].map(|n| &request["items"][n]["id"]);
    let most = json!({"reason": "mistake", "items": [a, b, c]});
    withdraw(&w, &request, most).await.is(200);
    let last = json!({"reason": "duplicate", "items": [d]});
    let last = withdraw(&w, &request, last).await.is(200).json();
    assert_eq!(last["status"], "withdrawn");
    let whole = w.file(&Filing::referral(&[LINK])).await;
    withdraw(&w, &whole, json!({"reason": "mistake"}))
        .await
        .is(200);
    let record = format!("/v1/agencies/{}/record", w.unit.id);
    let record = w.unit.api.get(&record).await.is(200).json();
    assert_eq!(
        record["items_taken_back"],
        json!({"mistake": 4, "duplicate": 1})
    );
    assert_eq!(record["mistake_rate"], 0.8);
}
