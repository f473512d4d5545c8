//! Whether something was asked about before: told at filing and before it, and no more of others than was promised.

mod lookups;

use serde_json::{Value, json};
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    ones_own_open_request_is_named_and_can_be_joined,
    others_are_counted_and_not_named,
    two_agencies_are_named_to_each_other_only_when_both_agreed,
    what_may_not_be_disclosed_is_counted_and_nothing_more,
);

const LINK: &str = "https://paste.example/again#key";

async fn file(party: &Party, filing: &Filing) -> Value {
    party
        .api
        .post("/v1/requests", &filing.json())
        .await
        .is(201)
        .json()
}

async fn look_up(party: &Party, locator: &str) -> Value {
    let body = json!({"items": [{"locator": locator}]});
    let answer = party.api.post("/v1/lookups", &body).await.is(200).json();
    answer["items"][0].clone()
}

async fn agree(party: &Party, agency: &str, agreed: bool) {
    let naming = format!("/v1/agencies/{agency}/naming");
    let answer = party.api.put(&naming, &json!({"agreed": agreed})).await;
    assert_eq!(answer.is(200).json()["naming_agreed"], json!(agreed));
}

async fn ones_own_open_request_is_named_and_can_be_joined(db: Db) {
    let w = World::new(db).await;
    let first = file(&w.unit, &Filing::referral(&[LINK])).await;
    assert_eq!(first["repeats"], json!([]), "said, even when there is none");

    // Another writing of the same link, beside one that is new. The repeat is filed all the same.
    let again = Filing::referral(&[
        "https://paste.example/new",
        "hxxps://PASTE[.]example:443/again#key",
    ]);
    let second = file(&w.unit, &again).await;
    let repeats = second["repeats"].as_array().unwrap();
    assert_eq!(repeats.len(), 1, "{second:#}");
    let own = &repeats[0]["own"];
    assert_eq!(
        (&repeats[0]["position"], &own["times"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(own["requests"][0]["reference"], first["reference"]);
    assert_eq!(own["requests"][0]["open"], json!(true));
    assert_eq!(own["requests"][0]["item"], first["items"][0]["id"]);
    assert_eq!(repeats[0]["elsewhere"], Value::Null);
    let join = repeats[0]["join"].as_str().unwrap();
    assert!(
        join.contains(first["reference"].as_str().unwrap()),
        "{join}"
    );
    // It is part of the answer, not of the request, and the platform learns nothing of it.
    assert_eq!(w.read(&second).await["repeats"], Value::Null);
    let inbox = w.platform.api.get("/v1/inbox").await.is(200).text();
    assert!(!inbox.contains("repeats"), "{inbox}");

    // Whoever would rather join than ask again is refused and told what there is.
    let careful = Filing::referral(&[LINK]).set("if_repeated", json!("refuse"));
    let refused = w.unit.api.post("/v1/requests", &careful.json()).await;
    let problem = refused.problem(409, "already-asked");
    let known = &problem["repeats"][0]["own"];
    assert_eq!(
        (&known["times"], known["requests"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    assert_eq!(known["requests"][1]["id"], first["id"], "newest first");
    let note = json!({"kind": "note", "text": "Seen again today.", "language": "en"});
    let messages = format!("{}/messages", path(&first));
    w.unit.api.post(&messages, &note).await.is(201);

    // A fragment may be the only thing that tells two pages apart.
    let other = file(
        &w.unit,
        &Filing::referral(&["https://paste.example/again#other"]),
    )
    .await;
    assert_eq!(other["repeats"], json!([]));

    // A link that was taken back alone is nothing to join, though the rest of its request goes on.
    let taken = "https://paste.example/taken-back";
    let two = file(
        &w.unit,
        &Filing::referral(&[taken, "https://paste.example/kept"]),
    )
    .await;
    let back = json!({"reason": "mistake", "items": [two["items"][0]["id"]]});
    let withdrawal = format!("{}/withdrawal", path(&two));
    w.unit
        .api
        .put(&withdrawal, &back)
        .if_match("*")
        .await
        .is(200);
    let own = look_up(&w.unit, taken).await;
    assert_eq!(
        (&own["own"]["requests"][0]["status"], &own["join"]),
        (&json!("withdrawn"), &Value::Null)
    );
    let seen = look_up(&w.other_unit, taken).await;
    assert_eq!(seen["elsewhere"]["state"], json!("withdrawn"));

    // Nothing is open any more: asking again is nothing to refuse, but is still said.
    for request in [&first, &second] {
        w.acknowledge(request).await;
        w.decide_all(request, "removed").await;
        w.close(request).await;
    }
    let batch = json!([careful.json()]);
    let answer = w
        .unit
        .api
        .post("/v1/requests/batch", &batch)
        .await
        .is(200)
        .json();
    assert_eq!(answer["filed"], json!(1), "{answer:#}");
    let third = &answer["items"][0]["request"]["repeats"][0];
    assert_eq!(third["own"]["times"], json!(2));
    assert_eq!(third["own"]["requests"][0]["outcome"], json!("removed"));
    assert_eq!(third["join"], Value::Null);
}

async fn others_are_counted_and_not_named(db: Db) {
    let w = World::new(db).await;
    let filing = Filing::referral(&[LINK]).reference("SECRET-7");
    let foreign = file(
        &w.other_unit,
        &filing.set("officer", json!({"handle": "M-17", "name": "Jean Dupont"})),
    )
    .await;
    let second = file(&w.other_unit, &Filing::referral(&[LINK])).await;
    let own = w
        .unit
        .api
        .post("/v1/requests", &Filing::referral(&[LINK]).json())
        .await
        .is(201);
    let repeat = own.json()["repeats"][0].clone();
    let today = &foreign["filed_at"].as_str().unwrap()[..10];
    assert_eq!(
        repeat,
        json!({
            "position": 1, "own": null, "imported": null, "join": null,
            "elsewhere": {"times": 2, "first_on": today, "last_on": today, "state": "open", "outcome": null, "agencies": []},
        })
    );
    // Nothing else of the foreign case stands anywhere in the answer.
    let said = repeat.to_string();
    for secret in [
        &foreign["id"],
        &foreign["reference"],
        &foreign["filed_at"],
        &foreign["items"][0]["id"],
        &foreign["agency"]["id"],
        &foreign["agency"]["name"],
        &json!("SECRET-7"),
        &json!("M-17"),
    ] {
        assert!(!said.contains(secret.as_str().unwrap()), "{secret}: {said}");
    }
    // Whoever is at it counts, though a later request ended; what became of that is told.
    let state = async || {
        let told = look_up(&w.unit, LINK).await["elsewhere"].clone();
        (told["state"].clone(), told["outcome"].clone())
    };
    for (request, expected) in [
        (&second, (json!("open"), json!("removed"))),
        (&foreign, (json!("closed"), json!("removed"))),
    ] {
        w.acknowledge(request).await;
        w.decide_all(request, "removed").await;
        w.close(request).await;
        assert_eq!(state().await, expected);
    }
    // Being refused for a foreign case tells no more than this.
    let careful = Filing::referral(&[LINK]).set("if_repeated", json!("refuse"));
    let refused = w.other_unit.api.post("/v1/requests", &careful.json()).await;
    let problem = refused.problem(409, "already-asked");
    assert_eq!(problem["repeats"][0]["elsewhere"]["times"], json!(1));
    assert!(!problem.to_string().contains(&w.unit.id), "{problem}");
}

async fn two_agencies_are_named_to_each_other_only_when_both_agreed(db: Db) {
    let w = World::new(db).await;
    let foreign = file(&w.other_unit, &Filing::referral(&[LINK])).await;
    let named = async || look_up(&w.unit, LINK).await["elsewhere"]["agencies"].clone();
    assert_eq!(named().await, json!([]), "nobody agrees until he says so");
    agree(&w.other_unit, &w.other_unit.id, true).await;
    assert_eq!(named().await, json!([]), "one alone is not enough");
    // The operator may record it for an agency.
    agree(&w.operator, &w.unit.id, true).await;
    let told = named().await;
    assert_eq!(told[0]["name"], json!("Unité de Lyon"));
    assert_eq!(
        (&told[0]["times"], &told[0]["state"]),
        (&json!(1), &json!("open"))
    );
    let filed = file(&w.unit, &Filing::referral(&[LINK])).await;
    let repeat = &filed["repeats"][0];
    assert!(
        repeat["join"].as_str().unwrap().contains("Unité de Lyon"),
        "{repeat:#}"
    );
    assert!(!repeat.to_string().contains(foreign["id"].as_str().unwrap()));
    assert!(
        !repeat
            .to_string()
            .contains(foreign["reference"].as_str().unwrap())
    );
    // It can be taken back at any time, and counts at once.
    agree(&w.other_unit, &w.other_unit.id, false).await;
    assert_eq!(named().await, json!([]));

    // Nobody speaks for another agency, and nobody else sees what it decided.
    let naming = format!("/v1/agencies/{}/naming", w.unit.id);
    let body = json!({"agreed": false});
    w.other_unit
        .api
        .put(&naming, &body)
        .await
        .problem(404, "not-found");
    for party in [&w.platform, &w.auditor] {
        party
            .api
            .put(&naming, &body)
            .await
            .problem(403, "forbidden");
    }
    let seen = w
        .platform
        .api
        .get(&format!("/v1/agencies/{}", w.unit.id))
        .await
        .is(200)
        .json();
    assert_eq!(seen["naming_agreed"], Value::Null);
    let own = w
        .unit
        .api
        .get(&format!("/v1/agencies/{}", w.unit.id))
        .await
        .is(200)
        .json();
    assert_eq!(own["naming_agreed"], json!(true));
}

async fn what_may_not_be_disclosed_is_counted_and_nothing_more(db: Db) {
    let w = World::new(db).await;
    agree(&w.unit, &w.unit.id, true).await;
    agree(&w.other_unit, &w.other_unit.id, true).await;
    let until = chrono::Utc::now() + chrono::TimeDelta::days(14);
    let order = Filing::tco_order(&[LINK]).set(
        "non_disclosure",
        json!({"until": until.to_rfc3339(), "reason": "An arrest is being prepared."}),
    );
    let plain = file(&w.other_unit, &Filing::referral(&[LINK])).await;
    w.acknowledge(&plain).await;
    w.decide_all(&plain, "declined_within_terms").await;
    w.close(&plain).await;
    let before = look_up(&w.unit, LINK).await["elsewhere"].clone();
    assert_eq!(before["agencies"][0]["name"], json!("Unité de Lyon"));
    let secret = file(&w.other_unit, &order).await;
    let during = look_up(&w.unit, LINK).await["elsewhere"].clone();
    assert_eq!(
        (&during["state"], &during["times"], &during["outcome"]),
        (&json!("withheld"), &json!(2), &Value::Null)
    );
    // Whose it is cannot be told from what is said of the agency that is named, nor does anything that becomes of it show.
    assert_eq!(during["agencies"], before["agencies"]);
    w.acknowledge(&secret).await;
    w.decide_all(&secret, "removed").await;
    w.close(&secret).await;
    assert_eq!(look_up(&w.unit, LINK).await["elsewhere"], during);
    // It may be open, so whoever does not want to interfere is refused as for any other.
    let careful = Filing::referral(&[LINK]).set("if_repeated", json!("refuse"));
    let refused = w.unit.api.post("/v1/requests", &careful.json()).await;
    let problem = refused.problem(409, "already-asked");
    assert_eq!(problem["repeats"][0]["elsewhere"], during);
    // Its own agency knows what it does.
    let own = look_up(&w.other_unit, LINK).await["own"].clone();
    assert_eq!(own["times"], json!(2));
    assert_eq!(own["requests"][0]["id"], secret["id"], "newest first");
    assert_eq!(own["requests"][0]["outcome"], json!("removed"));
}
