//! What was said once and is said again: the same changes nothing, and nothing else is dropped without a word.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

use crate::imports::{id, import, row};
use crate::kept::{in_days, silent};
use crate::sightings::{at, filed, record, seen};
use crate::taken_back::{closed, inbox, send, withdraw};

both_databases!(
    a_sighting_is_retracted_for_one_reason,
    a_record_is_taken_back_for_one_reason,
    a_request_is_withdrawn_for_one_reason,
    a_duty_is_ended_with_one_word,
    an_attribution_drops_no_words,
);

fn word(text: &str) -> Value {
    json!({"text": {"text": text, "language": "en"}})
}

/// The refusal says when it was said, and that it stays.
fn stays(answer: Answer, at: &Value) {
    let problem = answer.problem(409, "conflict-state");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("already"), "{detail}");
    assert!(detail.contains(at.as_str().unwrap()), "{detail}");
    assert!(detail.contains("what was said then stays"), "{detail}");
}

async fn a_sighting_is_retracted_for_one_reason(db: Db) {
    let w = World::new(db).await;
    let first = filed(&w, "https://paste.example/a").await;
    let (why, other) = (word("Another site."), word("It was a rumour."));
    for (said, refused) in [(why.clone(), vec![&other]), (json!({}), vec![&why, &other])] {
        let sighting = record(&w, &seen(&first, "https://mirror.test/a")).await;
        let retraction = format!("{}/retraction", at(&sighting));
        let put = async |body: &Value| w.unit.api.put(&retraction, body).await;
        let gone = put(&said).await.is(200).json();
        for same in [&said, &json!({})] {
            assert_eq!(put(same).await.is(200).json(), gone);
        }
        for other in refused {
            stays(put(other).await, &gone["retracted_at"]);
        }
        let read = w.unit.api.get(&at(&sighting)).await.is(200).json();
        assert_eq!(read, gone);
    }
    // As sure as before, but for another reason: that is something new.
    let sighting = record(&w, &seen(&first, "https://mirror.test/a")).await;
    let revise = async |text: &str| {
        let mut body = word(text);
        body["confidence"] = sighting["confidence"].clone();
        let revisions = format!("{}/revisions", at(&sighting));
        w.unit.api.post(&revisions, &body).await.is(201).json()
    };
    let revised = revise("Seen again.").await;
    assert_eq!(revised["revisions"][0]["text"]["text"], "Seen again.");
    assert_eq!(revise("Seen again.").await, revised);
}

async fn a_record_is_taken_back_for_one_reason(db: Db) {
    let w = World::new(db).await;
    let rows = [row("https://paste.example/old", "A-1", "2019-05-02", 1)];
    let record = format!("/v1/imports/{}", id(&import(&w.unit, &rows).await, 0));
    let put = async |reason: &str| {
        let body = json!({"reason": reason});
        w.unit.api.put(&format!("{record}/withdrawal"), &body).await
    };
    let gone = put("The wrong list.").await.is(200).json();
    assert_eq!(put("The wrong list.").await.is(200).json(), gone);
    stays(put("A typing error.").await, &gone["withdrawal"]["at"]);
    assert_eq!(w.unit.api.get(&record).await.is(200).json(), gone);
}

async fn a_request_is_withdrawn_for_one_reason(db: Db) {
    let w = World::new(db).await;
    let links = ["https://paste.example/a", "https://paste.example/b"];
    let request = closed(&w, &links).await;
    let item = &request["items"][0]["id"];
    let of = |reason: &str| json!({"reason": reason, "items": [item]});
    let taken = withdraw(&w, &request, of("mistake")).await.is(200).json();
    for reason in ["mistake", "duplicate"] {
        let again = withdraw(&w, &request, of(reason)).await;
        let again = again.problem(422, "invalid");
        let detail = again["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("withdrawn already"), "{detail}");
    }
    assert_eq!(w.read(&request).await["version"], taken["version"]);
    let whole = json!({"reason": "mistake"});
    let gone = withdraw(&w, &request, whole).await.is(200).json();
    for reason in ["mistake", "no_longer_needed"] {
        let again = withdraw(&w, &request, json!({"reason": reason})).await;
        again.problem(409, "conflict-state");
    }
    assert_eq!(w.read(&request).await["version"], gone["version"]);
}

async fn a_duty_is_ended_with_one_word(db: Db) {
    let w = World::new(db).await;
    let order = w.file(&silent(14)).await;
    w.acknowledge(&order).await;
    w.decide_all(&order, "removed").await;
    let put = async |what: &str, body: &Value| {
        send(&w.unit, Method::PUT, &order, what, body.clone()).await
    };
    let ended = |shown: &Value, what: &str| match what {
        "preservation/release" => shown["preservation"]["ended_at"].clone(),
        _ => shown["non_disclosure"]["lifted_at"].clone(),
    };
    for what in ["preservation/release", "non-disclosure/lifting"] {
        let said = word("It is over.");
        let done = put(what, &said).await.is(200).json();
        let told = inbox(&w.platform).await.len();
        for same in [&said, &json!({})] {
            let same = put(what, same).await.is(200).json();
            assert_eq!(same["version"], done["version"]);
        }
        stays(put(what, &word("Never mind.")).await, &ended(&done, what));
        assert_eq!(w.read(&order).await["version"], done["version"]);
        assert_eq!(inbox(&w.platform).await.len(), told);
    }
    let messages = format!("{}/messages", path(&order));
    let messages = w.platform.api.list(&messages).await;
    assert_eq!(messages.len(), 2, "{messages:?}");
    // Nothing was said with the first: what comes too late is refused all the same.
    let asks = json!({"until": in_days(250)});
    let other = Filing::tco_order(&["https://paste.example/2"]).set("preservation", asks);
    let other = w.file(&other).await;
    let release = async |party: &Party, body: Value| {
        send(party, Method::PUT, &other, "preservation/release", body).await
    };
    let done = release(&w.unit, json!({})).await.is(200).json();
    let late = release(&w.unit, word("It is over.")).await;
    stays(late, &ended(&done, "preservation/release"));
}

async fn an_attribution_drops_no_words(db: Db) {
    let w = World::new(db).await;
    let request = filed(&w, "https://paste.example/a").await;
    let say = async |confidence: &str, text: &str| {
        let mut body = word(text);
        body["source"] = json!("Example Outlet");
        body["confidence"] = json!(confidence);
        send(&w.unit, Method::POST, &request, "attributions", body).await
    };
    let known = say("probable", "By its style.").await.is(201).json();
    let again = say("probable", "By its style.").await.is(201).json();
    assert_eq!(again["version"], known["version"]);
    let other = say("probable", "By its address.").await;
    let other = other.problem_at(422, "invalid", "/text");
    let detail = other["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("internal-notes"), "{detail}");
}
