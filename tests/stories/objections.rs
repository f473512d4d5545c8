//! The uploader: what he is told in the place of what was removed, and what becomes of his objection.

mod page;
mod tombstone;

use serde_json::{Value, json};
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases, seams};

both_databases!(
    an_objection_reaches_the_platform_and_its_answer_the_uploader,
    what_is_upheld_is_put_back_in_the_same_commit,
    an_answer_is_corrected_and_the_same_again_changes_nothing,
);

const LINK: &str = "https://paste.example/removed#key";
const SAID: &str = "I am Janina Wzór <b>and</b> this quotes a report.";

async fn removed(w: &World, filing: &Filing, basis: &str) -> Value {
    let request = w.file(filing).await;
    w.acknowledge(&request).await;
    let item = &request["items"][0]["id"];
    let decision = json!({"items": [item], "outcome": "removed", "basis": basis});
    let call = w.platform.api.post(
        &format!("{}/decisions", path(&request)),
        &json!({"decisions": [decision]}),
    );
    call.if_match("*").await.is(201);
    request
}

fn page_of(request: &Value, query: &str) -> String {
    let item = request["items"][0]["id"].as_str().unwrap();
    format!("{}/items/{item}/tombstone{query}", path(request))
}

async fn tombstone(party: &Party, request: &Value, query: &str) -> Value {
    party.api.get(&page_of(request, query)).await.is(200).json()
}

async fn code(w: &World, request: &Value) -> String {
    let page = tombstone(&w.platform, request, "").await;
    page["objection"]["code"].as_str().unwrap().to_owned()
}

async fn send(w: &World, code: &str, text: &str, header: Option<(&str, &str)>) -> Answer {
    let written: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let form = format!("text={written}&language=pl");
    let mut call = w
        .anonymous
        .call(reqwest::Method::POST, &format!("/objection/{code}"));
    if let Some((name, value)) = header {
        call = call.header(name, value);
    }
    call.bytes("application/x-www-form-urlencoded", form).await
}

async fn inbox(party: &Party) -> Vec<Value> {
    let page = party.api.get("/v1/inbox?limit=200").await.is(200).json();
    page["items"].as_array().unwrap().clone()
}

async fn objections(party: &Party, request: &Value) -> Vec<Value> {
    party
        .api
        .list(&format!("{}/objections", path(request)))
        .await
}

fn outcome(word: &str, restore: bool) -> Value {
    json!({"outcome": word, "text": "We looked again.", "language": "en", "restore": restore})
}

async fn answer(w: &World, request: &Value, objection: &Value, body: &Value) -> Answer {
    let objection = objection["id"].as_str().unwrap();
    let place = format!("{}/objections/{objection}/outcome", path(request));
    w.platform.api.put(&place, body).await
}

async fn an_objection_reaches_the_platform_and_its_answer_the_uploader(db: Db) {
    let w = World::with(db, &seams::no_rate_limit()).await;
    let request = removed(&w, &Filing::referral(&[LINK]), "terms").await;
    let code = code(&w, &request).await;
    let at = format!("/objection/{code}");
    let before = w.anonymous.get(&at).await.is(200);
    assert!(before.text().contains("Cyber Unit") && before.text().contains("<textarea"));
    assert!(!before.text().contains(LINK));
    let history = w.history(&request).await;

    let sent = send(&w, &code, SAID, None).await.is(303);
    let next = sent.header("location").unwrap().to_owned();
    let told = w.anonymous.get(&next).await.is(200).text();
    assert!(told.contains("is with the platform"), "{told}");
    // Whoever saw the code reads that there is one, and not what it says.
    assert!(
        !told.contains("Janina") && !told.contains("<textarea"),
        "{told}"
    );

    let inbox = inbox(&w.platform).await;
    assert!(
        inbox.iter().any(|entry| entry["type"] == "objection.made"),
        "{inbox:?}"
    );
    assert!(!json!(inbox).to_string().contains("Janina"));
    let read = objections(&w.platform, &request).await;
    assert_eq!(
        (&read[0]["text"]["text"], &read[0]["text"]["language"]),
        (&json!(SAID), &json!("pl"))
    );
    let messages = format!("{}/messages", path(&request));
    let message = w.platform.api.list(&messages).await.pop().unwrap();
    assert_eq!(
        (&message["kind"], &message["side"]),
        (&json!("objection"), &json!("uploader"))
    );
    assert_eq!(message["id"], read[0]["message"]);
    assert_eq!(objections(&w.auditor, &request).await, read);

    // The agency sees that there is one, by its history and in the list; never the words, nor their digest.
    let seen = objections(&w.unit, &request).await;
    assert_eq!(
        (&seen[0]["id"], &seen[0]["text"]),
        (&read[0]["id"], &Value::Null)
    );
    assert_eq!(w.unit.api.list(&messages).await, Vec::<Value>::new());
    let timeline = format!("{}/history", path(&request));
    let entry = w.unit.api.list(&timeline).await.pop().unwrap();
    assert_eq!(
        (&entry["type"], &entry["by"]["side"]),
        (&json!("objection.made"), &json!("uploader"))
    );
    assert!(entry["data"]["text"].is_null(), "{entry}");
    let entry = w.platform.api.list(&timeline).await.pop().unwrap();
    assert!(entry["data"]["text"].is_string(), "{entry}");
    assert_eq!(w.history(&request).await.len(), history.len() + 1);
    // Nor can it reply to what it may not see.
    let reply =
        json!({"kind": "note", "text": "x", "language": "en", "in_reply_to": message["id"]});
    w.unit
        .api
        .post(&messages, &reply)
        .await
        .problem(422, "invalid");

    // Another one has to wait for the answer.
    let second = send(&w, &code, "And another thing.", None)
        .await
        .is(409)
        .text();
    assert!(second.contains("And another thing."), "{second}");
    let done = answer(&w, &request, &read[0], &outcome("rejected", false))
        .await
        .is(200);
    assert_eq!(done.json()["answer"]["outcome"], "rejected");
    let told = w
        .anonymous
        .get(&format!("{at}?lang=pl"))
        .await
        .is(200)
        .text();
    assert!(
        told.contains("We looked again.") && told.contains("nie przyznaje"),
        "{told}"
    );
    let seen = objections(&w.unit, &request).await;
    assert_eq!(seen[0]["answer"]["outcome"], "rejected");
    assert!(seen[0]["answer"]["text"].is_null());
    let export = w
        .auditor
        .api
        .get("/v1/exports/requests?format=ndjson")
        .await
        .text();
    let row: Value = serde_json::from_str(export.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&row["objections"], &row["objection_outcome"]),
        (&json!(1), &json!("rejected"))
    );

    // Three are enough; what is not looked into is not counted, since a stranger may have written it.
    for word in ["inadmissible", "rejected", "rejected"] {
        send(&w, &code, "Once more.", None).await.is(303);
        let latest = objections(&w.platform, &request).await.pop().unwrap();
        answer(&w, &request, &latest, &outcome(word, false))
            .await
            .is(200);
    }
    assert!(
        send(&w, &code, "Once more.", None)
            .await
            .is(409)
            .text()
            .contains("No more objections are taken")
    );
    let open = w.platform.api.list("/v1/objections?open=true").await;
    assert_eq!(open, Vec::<Value>::new());
    let pages = w.platform.api.list("/v1/objections?limit=1").await;
    assert_eq!(pages.len(), 4);
    for other in [&w.other_platform, &w.other_unit] {
        assert_eq!(other.api.list("/v1/objections").await, Vec::<Value>::new());
    }
}

async fn what_is_upheld_is_put_back_in_the_same_commit(db: Db) {
    let w = World::new(db).await;
    let request = removed(&w, &Filing::referral(&[LINK]), "terms").await;
    w.close(&request).await;
    let code = code(&w, &request).await;
    send(&w, &code, SAID, None).await.is(303);
    let made = objections(&w.platform, &request).await.pop().unwrap();
    let refused = answer(&w, &request, &made, &outcome("rejected", true)).await;
    let refused = refused.problem(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "#/restore");
    answer(&w, &request, &made, &outcome("upheld", true))
        .await
        .is(200);
    let now = w.read(&request).await;
    assert_eq!(now["items"][0]["outcome"]["code"], "restored");
    assert_eq!(
        (&now["status"], &now["result"]),
        (&json!("closed"), &json!("not_actioned"))
    );
    let history = w.history(&request).await;
    assert_eq!(
        history[history.len() - 2..],
        ["decision.revised", "objection.answered"]
    );
    let inbox = inbox(&w.unit).await;
    let types: Vec<&str> = inbox.iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(
        types[types.len() - 2..],
        ["decision.revised", "objection.answered"]
    );
    let told = w
        .anonymous
        .get(&format!("/objection/{code}"))
        .await
        .is(200)
        .text();
    assert!(
        told.contains("was put back") && !told.contains("<textarea"),
        "{told}"
    );
    w.platform
        .api
        .get(&page_of(&request, ""))
        .await
        .problem(409, "no-tombstone");

    // What the agency has taken back is restored as it asked, and the objection is answered with it.
    let order = removed(&w, &Filing::tco_order(&["https://paste.example/o"]), "law").await;
    let code = self::code(&w, &order).await;
    send(&w, &code, SAID, None).await.is(303);
    let withdrawal = format!("{}/withdrawal", path(&order));
    let call = w.unit.api.put(&withdrawal, &json!({"reason": "mistake"}));
    call.if_match("*").await.is(200);
    let told = w
        .anonymous
        .get(&format!("/objection/{code}"))
        .await
        .is(200)
        .text();
    assert!(told.contains("has since taken back"), "{told}");
    let made = objections(&w.platform, &order).await.pop().unwrap();
    answer(&w, &order, &made, &outcome("upheld", true))
        .await
        .is(200);
    let history = w.history(&order).await;
    assert_eq!(
        history[history.len() - 2..],
        ["restoration.answered", "objection.answered"]
    );
}

async fn an_answer_is_corrected_and_the_same_again_changes_nothing(db: Db) {
    let w = World::new(db).await;
    let request = removed(&w, &Filing::referral(&[LINK]), "terms").await;
    let code = code(&w, &request).await;
    send(&w, &code, SAID, None).await.is(303);
    let made = objections(&w.platform, &request).await.pop().unwrap();
    let first = answer(&w, &request, &made, &outcome("rejected", false))
        .await
        .is(200);
    let again = answer(&w, &request, &made, &outcome("rejected", false))
        .await
        .is(200);
    assert_eq!((first.etag(), first.json()), (again.etag(), again.json()));
    let upheld = outcome("upheld", true);
    let corrected = answer(&w, &request, &made, &upheld).await.is(200).json();
    assert_eq!(corrected["answer"]["corrections"], 1);
    let again = answer(&w, &request, &made, &upheld).await.is(200).json();
    assert_eq!(again, corrected);
    let history = w.history(&request).await;
    let answers = history
        .iter()
        .filter(|e| *e == "objection.answered")
        .count();
    assert_eq!(answers, 2);
    let messages = w
        .platform
        .api
        .list(&format!("{}/messages", path(&request)))
        .await;
    let kinds: Vec<&str> = messages
        .iter()
        .map(|m| m["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["objection", "objection_answer", "objection_answer"]);
    assert_eq!(messages[2]["in_reply_to"], messages[0]["id"]);
    for wrong in ["obj_01h455vb4pex5vsknk084sn02q", "obj_x", "x"] {
        let never = json!({"id": wrong});
        answer(&w, &request, &never, &upheld)
            .await
            .problem(404, "not-found");
    }
}
