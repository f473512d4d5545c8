//! The one job, whole: a unit files, a platform fetches, acknowledges, decides and closes, an auditor exports.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

pub fn instant(value: &Value) -> DateTime<Utc> {
    let text = value
        .as_str()
        .unwrap_or_else(|| panic!("not an instant: {value}"));
    assert!(
        text.ends_with('Z') && text.contains('.'),
        "not UTC with milliseconds: {text}"
    );
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

both_databases!(
    from_filing_to_export,
    a_referral_shows_no_deadline_and_no_duty,
    closing_may_carry_one_outcome_for_all_that_is_left_and_never_leaves_anything_undecided,
);

async fn from_filing_to_export(db: Db) {
    let w = World::new(db).await;
    let links = [
        "https://paste.example/a#key=Zm9v",
        "hxxps[:]//files.paste[.]example/b?x=1&y=%2F",
    ];
    let officer = json!({"handle": "M-17", "name": "Maria Nowak", "rank": "podinspektor"});
    let filing = Filing::tco_order(&links)
        .reference("KP-1/26")
        .set("officer", officer)
        .set(
            "attribution",
            json!({"source": "a group", "confidence": "possible"}),
        );

    // The unit files: stored for good, addressed to the platform its hosts name, no clock running yet.
    let filed = w
        .unit
        .api
        .post("/v1/requests", &filing.json())
        .await
        .is(201);
    let request = filed.json();
    assert!(
        filed.header("location").unwrap().ends_with(&path(&request)),
        "{:?}",
        filed.headers
    );
    assert_eq!(filed.etag(), "\"1\"");
    assert_eq!(request["version"], 1);
    assert_eq!(request["status"], "filed");
    assert_eq!(request["kind"], "order");
    assert_eq!(request["instrument"]["power"], "binding_as_claimed");
    assert_eq!(request["platform"]["id"], w.platform.id.as_str());
    assert_eq!(request["agency"]["country"], "PL");
    assert_eq!(request["agency_reference"], "KP-1/26");
    assert_eq!(request["clock"]["state"], "waiting");
    assert_eq!(request["clock"]["due_at"], Value::Null);
    assert_eq!(request["waiting_for"], "platform");
    for (item, link) in request["items"].as_array().unwrap().iter().zip(links) {
        assert_eq!(item["locator"], link, "kept exactly as filed");
        assert_eq!(item["outcome"], Value::Null);
    }
    assert_eq!(request["items"][1]["host"], "files.paste.example");
    assert!(
        !request["items"][0]["defanged"]
            .as_str()
            .unwrap()
            .contains("https://")
    );

    // The platform sees it in its inbox: who asks and what for, but nothing of the content.
    let inbox = w.platform.api.get("/v1/inbox").await.is(200);
    let page = inbox.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "{page:#}");
    let entry = &page["items"][0];
    assert_eq!(entry["type"], "request.filed");
    assert_eq!(entry["request"]["id"], request["id"]);
    assert_eq!(entry["request"]["reference"], request["reference"]);
    assert_eq!(entry["request"]["agency"]["name"], "Cyber Unit Kraków");
    assert_eq!(entry["request"]["items_count"], 2);
    for content in ["paste.example/a", "Zm9v", "solicits", "Nowak"] {
        assert!(
            !inbox.text().contains(content),
            "{content} in {}",
            inbox.text()
        );
    }
    // A summary is not receipt, and neither is the unit's own reading.
    assert_eq!(w.read(&request).await["status"], "filed");

    // Reading the full text is receipt: the hour begins.
    let fetched = w.platform.api.get(&path(&request)).await.is(200).json();
    assert_eq!(fetched["status"], "fetched");
    assert_eq!(fetched["clock"]["state"], "running");
    assert_eq!(
        instant(&fetched["clock"]["due_at"]) - instant(&fetched["fetched_at"]),
        TimeDelta::hours(1)
    );
    assert_eq!(fetched["officer"]["handle"], "M-17");
    assert_eq!(
        fetched["officer"]
            .get("name")
            .filter(|name| !name.is_null()),
        None,
        "the name is escrowed"
    );
    assert_eq!(fetched["attribution"], Value::Null, "not the platform's");
    let again = w.platform.api.get(&path(&request)).await.is(200).json();
    assert_eq!(again, fetched, "a second reading changes nothing");

    let acknowledgement = json!({"platform_reference": "T-9001"});
    let acknowledged = w
        .platform
        .api
        .put(
            &format!("{}/acknowledgement", path(&request)),
            &acknowledgement,
        )
        .await
        .is(200)
        .json();
    assert_eq!(acknowledged["status"], "acknowledged");
    assert_eq!(acknowledged["platform_reference"], "T-9001");

    // Decisions per item, under the version that was read.
    let etag = format!("\"{}\"", acknowledged["version"]);
    let [first, second] = [0, 1].map(|at| &request["items"][at]["id"]);
    let decisions = json!({"decisions": [
        {"items": [first], "outcome": "removed", "basis": "law", "uploader_informed": "non_disclosure"},
        {"items": [second], "outcome": "declined_not_unlawful", "basis": "law", "note": "A news report of the event."},
    ]});
    let decided = w
        .platform
        .api
        .post(&format!("{}/decisions", path(&request)), &decisions)
        .if_match(&etag)
        .await
        .is(201)
        .json();
    assert_eq!(decided["items"][0]["outcome"]["code"], "removed");
    assert_eq!(
        decided["items"][1]["outcome"]["note"],
        "A news report of the event."
    );
    let stale = w
        .platform
        .api
        .put(&format!("{}/closure", path(&request)), &json!({}))
        .if_match(&etag)
        .await;
    stale.problem(412, "stale-version");

    let closed = w.close(&request).await;
    assert_eq!(closed["status"], "closed");
    assert_eq!(closed["result"], "partly_actioned");
    assert_eq!(closed["clock"]["state"], "stopped");
    assert_eq!(closed["waiting_for"], "nobody");
    instant(&closed["closed_at"]);

    // The unit sees the outcome and everything that led there, and the other side's inbox is not the place for it.
    let seen = w.read(&request).await;
    assert_eq!(
        (&seen["status"], &seen["result"]),
        (&closed["status"], &closed["result"])
    );
    assert_eq!(seen["officer"]["name"], "Maria Nowak");
    assert_eq!(seen["attribution"]["source"], "a group");
    let history = w
        .unit
        .api
        .list(&format!("{}/history", path(&request)))
        .await;
    let told: Vec<_> = history
        .iter()
        .map(|entry| entry["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        [
            "request.filed",
            "request.fetched",
            "request.acknowledged",
            "request.decided",
            "request.closed"
        ]
    );
    for (position, entry) in history.iter().enumerate() {
        assert_eq!(entry["version"], position + 1);
        assert_eq!(
            entry["by"]["side"],
            if position == 0 { "agency" } else { "platform" }
        );
    }
    assert!(history.is_sorted_by_key(|entry| instant(&entry["at"])));
    assert_eq!(
        w.platform
            .api
            .list(&format!("{}/history", path(&request)))
            .await
            .len(),
        history.len()
    );

    // The auditor exports one row per item.
    let export = w
        .auditor
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .is(200);
    let rows: Vec<Value> = export
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 2, "{}", export.text());
    for (row, link) in rows.iter().zip(links) {
        assert!(
            row.as_object().unwrap().values().any(|cell| cell == link),
            "{row:#}"
        );
    }
}

async fn a_referral_shows_no_deadline_and_no_duty(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    assert_eq!(request["kind"], "referral");
    assert_eq!(request["instrument"]["power"], "voluntary");
    let mut seen = vec![request.to_string()];
    let fetched = w.platform.api.get(&path(&request)).await.is(200);
    seen.push(fetched.text());
    seen.push(w.acknowledge(&request).await.to_string());
    seen.push(w.platform.api.get("/v1/inbox").await.is(200).text());
    for text in seen {
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            answer.get("clock").cloned().unwrap_or(Value::Null),
            Value::Null,
            "{answer:#}"
        );
        for word in [" must ", "overdue", "deadline"] {
            assert!(
                !text.to_lowercase().contains(word),
                "{word:?} in {answer:#}"
            );
        }
    }
    // Declining is an ordinary, unpunished answer.
    w.decide_all(&request, "declined_within_terms").await;
    assert_eq!(w.close(&request).await["result"], "not_actioned");
}

async fn closing_may_carry_one_outcome_for_all_that_is_left_and_never_leaves_anything_undecided(
    db: Db,
) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&[
            "https://paste.example/a",
            "https://paste.example/b",
            "https://paste.example/c",
        ]))
        .await;
    w.acknowledge(&request).await;
    let closure = format!("{}/closure", path(&request));
    w.platform
        .api
        .put(&closure, &json!({}))
        .if_match("*")
        .await
        .problem(409, "conflict-state");
    w.platform
        .api
        .put(&closure, &json!({}))
        .await
        .problem(428, "precondition-required");
    let first = takedown_tests::filing::decide(&[&request["items"][0]["id"]], "restricted");
    w.platform
        .api
        .post(&format!("{}/decisions", path(&request)), &first)
        .if_match("*")
        .await
        .is(201);
    let rest = json!({"remaining": {"outcome": "already_gone", "basis": "terms"}});
    let closed = w
        .platform
        .api
        .put(&closure, &rest)
        .if_match("*")
        .await
        .is(200)
        .json();
    let codes: Vec<_> = closed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["outcome"]["code"].clone())
        .collect();
    assert_eq!(codes, ["restricted", "already_gone", "already_gone"]);
    assert_eq!(closed["status"], "closed");
}
