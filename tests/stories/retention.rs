//! What is kept how long: content goes in its time or by decision, and what came of it stays, with a history that still proves
//! itself.

mod by_itself;
mod by_shell;
mod too_early;

use serde_json::{Value, json};
use takedown_tests::database::psql;
use takedown_tests::world::path;
use takedown_tests::{Answer, Db, Filing, World, both_databases, pdf, seams, wait};

both_databases!(
    an_agency_erases_and_nothing_of_it_is_left_but_what_came_of_it,
    what_is_needed_is_not_erased_and_says_why,
    either_side_holds_for_itself,
);

/// In every word and locator of a request that is erased.
pub const MARK: &str = "marked-for-erasure-51c7";

pub fn marked() -> Filing {
    let mut filing = Filing::referral(&[&format!("https://paste.example/{MARK}")]).json();
    filing["reasons"]["text"] = json!(format!("Reasons {MARK}"));
    filing["items"][0]["description"] = json!(format!("Shows {MARK}"));
    filing["officer"] = json!({"handle": format!("M {MARK}")});
    let fields = filing.as_object().unwrap().clone();
    fields
        .into_iter()
        .fold(Filing::referral(&[]), |filing, (name, value)| {
            filing.set(&name, value)
        })
}

pub async fn closed(w: &World, filing: &Filing) -> Value {
    let request = w.file(filing).await;
    w.acknowledge(&request).await;
    let mut decision = takedown_tests::filing::decide_all("removed");
    decision["decisions"][0]["note"] = json!(format!("Note {MARK}"));
    w.platform
        .api
        .post(&format!("{}/decisions", path(&request)), &decision)
        .if_match("*")
        .await
        .is(201);
    w.close(&request).await;
    request
}

pub async fn erase(w: &World, request: &Value) -> Answer {
    let body = json!({"reason": "legal_obligation", "reference": "DPA 17/26"});
    w.unit
        .api
        .post(&format!("{}/erasure", path(request)), &body)
        .if_match("*")
        .await
}

pub async fn asked(w: &World) -> bool {
    let items = json!({"items": [{"locator": format!("https://paste.example/{MARK}")}]});
    let found = w.unit.api.post("/v1/lookups", &items).await.is(200).json();
    found["items"][0]["asked"].as_bool().unwrap()
}

/// `takedown verify` on the server's machine, once everything is signed.
pub async fn verified(w: &World) -> Value {
    wait::until("all of it to be signed", async || {
        let done = w.server.command(&["verify", "--json"]).output().unwrap();
        let said: Value =
            serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"));
        assert_eq!(said["faults"], 0, "{said}");
        assert!(done.status.success(), "{done:?}");
        (said["waiting"] == 0 && said["signed"] == said["entries"]).then_some(said)
    })
    .await
}

/// Where the mark stands in the stopped server's database, table by table or in its file.
pub fn found(w: &World) -> Vec<String> {
    let Some(url) = w.server.database().url() else {
        let file = seams::database_file(w.server.data());
        let wal = file.with_extension("db-wal");
        return [file, wal]
            .iter()
            .filter(|file| {
                let bytes = std::fs::read(file).unwrap_or_default();
                bytes
                    .windows(MARK.len())
                    .any(|some| some == MARK.as_bytes())
            })
            .map(|file| file.display().to_string())
            .collect();
    };
    let tables = psql(
        &url,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    tables
        .lines()
        .filter(|table| {
            let rows = psql(&url, &format!("SELECT t::text FROM \"{table}\" t"));
            // Binary columns are shown in hexadecimal.
            let hex: String = MARK.bytes().map(|byte| format!("{byte:02x}")).collect();
            rows.contains(MARK) || rows.contains(&hex)
        })
        .map(str::to_owned)
        .collect()
}

async fn an_agency_erases_and_nothing_of_it_is_left_but_what_came_of_it(db: Db) {
    let mut w = World::new(db).await;
    let other = w
        .file(&Filing::referral(&["https://paste.example/other"]))
        .await;
    let request = closed(&w, &marked()).await;
    let at = path(&request);
    let words = json!({"kind": "note", "text": format!("Word {MARK}"), "language": "en"});
    for party in [&w.unit, &w.platform] {
        party
            .api
            .post(&format!("{at}/messages"), &words)
            .await
            .is(201);
        let note = json!({"text": format!("Own {MARK}"), "language": "en"});
        party
            .api
            .post(&format!("{at}/internal-notes"), &note)
            .await
            .is(201);
    }
    // A repeated call gets its first answer from the database, and the answer to a message does not name its request.
    w.unit
        .api
        .post(&format!("{at}/messages"), &words)
        .key("said-once")
        .await
        .is(201);
    let seen = json!({"request": request["id"], "locator": format!("https://forum.example/{MARK}"), "seen_as": "found",
        "confidence": "probable", "note": {"text": format!("Seen {MARK}"), "language": "en"}});
    w.unit.api.post("/v1/sightings", &seen).await.is(201);
    pdf::send(&w.unit.api, &format!("{at}/documents"))
        .await
        .is(201);
    let corrected = json!({"provision": "Art. 5", "reasons": {"text": format!("Better {MARK}"), "language": "en"}});
    let _ = w
        .unit
        .api
        .post(&format!("{at}/corrections"), &corrected)
        .if_match("*")
        .await;
    let tombstone = format!(
        "{at}/items/{}/tombstone",
        request["items"][0]["id"].as_str().unwrap()
    );
    w.platform.api.get(&tombstone).await.is(200);
    assert!(asked(&w).await);
    let before = w.read(&request).await;

    let answer = erase(&w, &request).await.is(201);
    let left = answer.json();
    assert!(left["erased_at"].is_string());
    assert_eq!(left["version"], before["version"].as_i64().unwrap() + 1);
    assert_eq!(
        answer.header("etag"),
        Some(format!("\"{}\"", left["version"]).as_str())
    );
    for kept in [
        "reference",
        "status",
        "result",
        "grounds",
        "filed_at",
        "closed_at",
    ] {
        assert_eq!(left[kept], before[kept], "{kept}");
    }
    assert_eq!(left["items"][0]["locator"], "");
    assert_eq!(left["items"][0]["outcome"]["code"], "removed");
    assert_eq!(left["reasons"]["text"], "");
    for (what, party) in [
        ("unit", &w.unit),
        ("platform", &w.platform),
        ("auditor", &w.auditor),
    ] {
        for below in ["", "/messages", "/history", "/corrections"] {
            let said = party.api.get(&format!("{at}{below}")).await.is(200).text();
            assert!(!said.contains(MARK), "{what} {below}: {said}");
        }
    }
    let messages = w.unit.api.list(&format!("{at}/messages")).await;
    assert!(messages.len() >= 3, "that they were written stays");
    assert!(
        messages
            .iter()
            .all(|message| message["text"] == "" && message["document"].is_null())
    );
    assert!(!asked(&w).await, "no lookup finds it");
    let history = w.unit.api.list(&format!("{at}/history")).await;
    let last = history.last().unwrap();
    assert_eq!(last["type"], "request.erased");
    assert_eq!(last["data"]["reference"], "DPA 17/26");
    let gone: Vec<&Value> = history
        .iter()
        .filter(|e| e["erased"] == true)
        .map(|e| &e["id"])
        .collect();
    let named = last["data"]["entries"].as_array().unwrap();
    assert!(gone.iter().all(|id| named.contains(id)), "{last}");
    assert!(
        named.len() > gone.len(),
        "entries about notes of one side go as well: {last}"
    );
    let event = crate::taken_back::inbox(&w.platform).await.pop().unwrap();
    assert_eq!(
        event["type"], "request.erased",
        "the platform does the same with its copy"
    );
    let rows = w
        .auditor
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .is(200)
        .text();
    assert!(!rows.contains(MARK), "{rows}");
    let row: Value = rows
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .find(|row: &Value| row["request_id"] == request["id"])
        .expect("it is counted still");
    assert_eq!(
        (&row["outcome"], &row["erased_at"]),
        (&json!("removed"), &left["erased_at"])
    );
    assert_eq!(
        w.read(&other).await["items"][0]["locator"],
        "https://paste.example/other"
    );

    // Nothing can be done with it any more.
    for (party, method, below, body) in [
        (
            &w.unit,
            reqwest::Method::POST,
            "reopening",
            json!({"reason": "mistake", "text": {"text": "Again.", "language": "en"}}),
        ),
        (
            &w.platform,
            reqwest::Method::POST,
            "messages",
            words.clone(),
        ),
        (
            &w.unit,
            reqwest::Method::POST,
            "internal-notes",
            json!({"text": "Own.", "language": "en"}),
        ),
        (
            &w.unit,
            reqwest::Method::PUT,
            "hold",
            json!({"reason": "Late."}),
        ),
        (
            &w.unit,
            reqwest::Method::POST,
            "erasure",
            json!({"reason": "unlawful"}),
        ),
    ] {
        let call = party.api.call(method, &format!("{at}/{below}"));
        let refused = call
            .if_match("*")
            .json(&body)
            .await
            .problem(409, "conflict-state");
        assert!(
            refused["detail"].as_str().unwrap().contains("erased on"),
            "{below}: {refused}"
        );
    }
    w.platform
        .api
        .get(&tombstone)
        .await
        .problem(409, "conflict-state");

    assert_eq!(w.unit.api.list("/v1/sightings").await, Vec::<Value>::new());
    let said = verified(&w).await;
    let and_the_sighting = named.len() as u64 + 1;
    assert_eq!(said["erased"].as_u64(), Some(and_the_sighting), "{said}");
    // The job looks at the start and then every ten minutes.
    w.server.stop();
    w.server.restart();
    let gone = async || found(&w).is_empty().then_some(());
    wait::until("nothing of it to be in the database", gone).await;
}

async fn what_is_needed_is_not_erased_and_says_why(db: Db) {
    let w = World::new(db).await;
    let open = w.file(&marked()).await;
    let says = async |request: &Value, why: &str| {
        let refused = erase(&w, request).await.problem(409, "conflict-state");
        assert!(
            refused["detail"].as_str().unwrap().contains(why),
            "{refused}"
        );
    };
    says(&open, "Withdraw it first").await;
    let order = w
        .file(&Filing::tco_order(&["https://paste.example/order"]))
        .await;
    w.acknowledge(&order).await;
    w.decide_all(&order, "removed").await;
    w.close(&order).await;
    says(&order, "Article 6").await;
    let wrong = w
        .unit
        .api
        .post(
            &format!("{}/erasure", path(&open)),
            &json!({"reason": "tidy"}),
        )
        .if_match("*")
        .await;
    wrong.problem_at(422, "invalid", "/reason");
    let unsaid = w
        .unit
        .api
        .post(
            &format!("{}/erasure", path(&open)),
            &json!({"reason": "unlawful"}),
        )
        .await;
    unsaid.problem(428, "precondition-required");
    assert_eq!(
        w.history(&open).await,
        ["request.filed"],
        "nothing half-done"
    );
    w.platform
        .api
        .post(
            &format!("{}/erasure", path(&open)),
            &json!({"reason": "unlawful"}),
        )
        .if_match("*")
        .await
        .problem(403, "forbidden");
}

async fn either_side_holds_for_itself(db: Db) {
    let w = World::new(db).await;
    let request = closed(&w, &marked()).await;
    let hold = format!("{}/hold", path(&request));
    let before = w.history(&request).await;
    w.platform.api.get(&hold).await.problem(404, "not-found");
    let reason = json!({"reason": "Proceedings before the court."});
    let held = w.platform.api.put(&hold, &reason).await.is(200).json();
    assert_eq!(held["reason"], "Proceedings before the court.");
    assert_eq!(
        w.platform.api.put(&hold, &reason).await.is(200).json(),
        held,
        "said again"
    );
    assert_eq!(w.platform.api.get(&hold).await.is(200).json(), held);
    // The other side sees that it is held when it wants to erase, and nothing else.
    w.unit.api.get(&hold).await.problem(404, "not-found");
    let refused = erase(&w, &request).await.problem(409, "conflict-state");
    assert!(!refused.to_string().contains("court"), "{refused}");
    assert_eq!(w.history(&request).await, before);
    w.unit.api.delete(&hold).await.problem(404, "not-found");
    w.platform.api.delete(&hold).await.is(204);
    w.platform.api.delete(&hold).await.problem(404, "not-found");
    erase(&w, &request).await.is(201);
    for party in [&w.auditor, &w.operator] {
        party
            .api
            .put(&hold, &reason)
            .await
            .problem(403, "forbidden");
    }
}
