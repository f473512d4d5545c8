//! Where it moved next: what was seen elsewhere, whom to write to on Monday, and the chain that comes of it.

mod by_shell;
mod chains;

use serde_json::{Value, json};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    a_host_that_nobody_knows_becomes_a_platform_and_is_written_to,
    what_cannot_be_a_sighting_is_refused_with_the_rule,
    a_confidence_is_revised_and_a_mistake_stays_to_be_seen,
);

pub const SIGHTINGS: &str = "/v1/sightings";

pub fn seen(request: &Value, locator: &str) -> Value {
    json!({
        "request": request["id"], "locator": locator, "seen_as": "found", "confidence": "probable",
    })
}

pub async fn record(w: &World, new: &Value) -> Value {
    w.unit.api.post(SIGHTINGS, new).await.is(201).json()
}

pub async fn filed(w: &World, link: &str) -> Value {
    w.file(&Filing::referral(&[link])).await
}

pub fn at(sighting: &Value) -> String {
    format!("{SIGHTINGS}/{}", sighting["id"].as_str().unwrap())
}

pub async fn follow(w: &World, sighting: &Value, request: &Value) -> Answer {
    let body = json!({"request": request["id"]});
    w.unit
        .api
        .put(&format!("{}/request", at(sighting)), &body)
        .await
}

async fn a_host_that_nobody_knows_becomes_a_platform_and_is_written_to(db: Db) {
    let w = World::new(db).await;
    let first = filed(&w, "https://paste.example/a").await;
    let mut new = seen(&first, "hxxps[:]//www[.]mirror[.]test/a?x=1");
    new["contacts"] = json!([{"address": "abuse@mirror.test", "source": "abuse_mailbox"}]);
    new["note"] = json!({"text": "Linked from the old page.", "language": "en"});
    new["item"] = first["items"][0]["id"].clone();
    let post = || w.unit.api.post(SIGHTINGS, &new).key("sighting-1");
    let answer = post().await.is(201);
    let sighting = answer.json();
    assert_eq!(answer.header("location"), Some(at(&sighting).as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(post().await.is(201).json(), sighting, "by its key");
    assert_eq!(sighting["locator"], "hxxps[:]//www[.]mirror[.]test/a?x=1");
    assert_eq!(sighting["request"]["reference"], first["reference"]);
    assert_eq!(
        (&sighting["state"], &sighting["moved"]),
        (&json!("open"), &json!("material"))
    );
    let platform = &sighting["platform"];
    assert_eq!(
        (&platform["name"], &platform["hosts"]),
        (&json!("mirror.test"), &json!(["mirror.test"]))
    );
    assert_eq!(
        (&platform["standing"], &platform["country"]),
        (&json!("sighted"), &Value::Null)
    );
    // Another page below the same host is on the same platform; an onion service and an address are platforms of their own.
    let again = record(&w, &seen(&first, "https://deep.mirror.test/b")).await;
    assert_eq!(again["platform"]["id"], platform["id"]);
    let onion = format!("{}.onion", "a".repeat(56));
    for (host, kind) in [(onion.as_str(), "site"), ("http://192.0.2.7/x", "url")] {
        let mut new = seen(&first, host);
        new["kind"] = json!(kind);
        let other = record(&w, &new).await;
        assert_eq!(other["platform"]["standing"], "sighted");
        assert_ne!(other["platform"]["id"], platform["id"]);
    }

    // Monday: whom to write to.
    let due = w.unit.api.list("/v1/outreach?state=to_write").await;
    assert_eq!(due.len(), 3, "{due:?}");
    assert_eq!(due[0]["platform"]["id"], platform["id"]);
    assert_eq!(due[0]["state"], "to_write");
    assert_eq!(due[0]["reachable"], true);
    assert_eq!(due[0]["contacts"][0]["source"], "abuse_mailbox");
    assert_eq!(due[0]["sightings"].as_array().unwrap().len(), 2);
    assert_eq!(due[1]["reachable"], false);
    let week = due[0]["week"].as_str().unwrap();
    let in_week = w.unit.api.list(&format!("/v1/outreach?week={week}")).await;
    assert!(
        in_week
            .iter()
            .any(|entry| entry["platform"]["id"] == platform["id"]),
        "{in_week:?}"
    );
    assert!(
        w.unit
            .api
            .list("/v1/outreach?week=2001-W01")
            .await
            .is_empty()
    );
    // It reads the same over single pages.
    let paged = w.unit.api.list("/v1/outreach?state=to_write&limit=1").await;
    assert_eq!(paged, due);

    // Written to: the standing changes in the commit of the filing, and it waits for an answer.
    let next = w
        .file(
            &Filing::referral(&["https://www.mirror.test/a?x=1"])
                .set("sightings", json!([sighting["id"], again["id"]])),
        )
        .await;
    let read = w.unit.api.get(&at(&sighting)).await.is(200).json();
    assert_eq!(
        (&read["state"], &read["followed_by"]["id"]),
        (&json!("followed"), &next["id"])
    );
    assert_eq!(read["platform"]["standing"], "contacted");
    let due = w.unit.api.list("/v1/outreach?state=to_write").await;
    assert_eq!(due.len(), 2, "{due:?}");
    let unanswered = w.unit.api.list("/v1/outreach?state=unanswered").await;
    let entry = unanswered
        .iter()
        .find(|entry| entry["platform"]["id"] == platform["id"])
        .unwrap();
    assert_eq!(entry["requests"][0]["id"], next["id"]);
    // The operator sees the platform and can say what is known of it by now.
    let of_platform = format!("/v1/platforms/{}", platform["id"].as_str().unwrap());
    let known = w.operator.api.get(&of_platform).await.is(200).json();
    assert_eq!(known["contacts"], json!(["abuse@mirror.test"]));
    assert_eq!(known["languages"], json!([]));
    let change = json!({"country": "NL", "languages": ["nl"], "name": "Mirror"});
    let changed = w
        .operator
        .api
        .call(reqwest::Method::PATCH, &of_platform)
        .json(&change)
        .if_match("*")
        .await
        .is(200)
        .json();
    assert_eq!(changed["country"], "NL");
    // Two that are one are put together: the host moves, what was filed stays where it is.
    let patch = |id: &Value, change: Value| {
        let at = format!("/v1/platforms/{}", id.as_str().unwrap());
        let call = w.operator.api.call(reqwest::Method::PATCH, &at);
        call.json(&change).if_match("*")
    };
    let bare = json!({"hosts": []});
    patch(&due[1]["platform"]["id"], bare)
        .await
        .problem_at(422, "invalid", "/hosts");
    let gone = json!({"standing": "gone", "hosts": []});
    patch(&due[1]["platform"]["id"], gone).await.is(200);
    let all = json!({"hosts": ["mirror.test", due[1]["platform"]["hosts"][0]]});
    patch(&platform["id"], all).await.is(200);
    let left = w.unit.api.list("/v1/outreach?state=to_write").await;
    assert_eq!(left.len(), 1, "{left:?}");
    // One that answers is no longer waited for.
    let asked = w.unit.api.list("/v1/outreach?state=unanswered").await.len();
    w.acknowledge(&first).await;
    let left = w.unit.api.list("/v1/outreach?state=unanswered").await.len();
    assert_eq!(asked - 1, left);
}

async fn what_cannot_be_a_sighting_is_refused_with_the_rule(db: Db) {
    let w = World::new(db).await;
    let first = filed(&w, "https://paste.example/a").await;
    let theirs = Filing::referral(&["https://forum.example/t"]).json();
    let theirs = w.other_unit.api.post("/v1/requests", &theirs).await;
    let theirs = theirs.is(201).json();
    let with = |member: &str, value: Value| {
        let mut new = seen(&first, "https://mirror.test/a");
        new[member] = value;
        new
    };
    let contact = |address: &str| json!([{"address": address, "source": "rdap"}]);
    for (new, pointer) in [
        (with("request", theirs["id"].clone()), "/request"),
        (with("item", theirs["items"][0]["id"].clone()), "/item"),
        (
            with("locator", json!("https://paste.example/a")),
            "/locator",
        ),
        (with("locator", json!("https://co.uk/x")), "/locator"),
        (with("locator", json!("nowhere")), "/locator"),
        (with("seen_at", json!("2999-01-01T00:00:00Z")), "/seen_at"),
        (with("seen_as", json!("guessed")), "/seen_as"),
        (with("confidence", json!("suspected_decoy")), "/confidence"),
        (
            with("platform", json!("platform_01h455vb4pex5vsknk084sn02q")),
            "/platform",
        ),
        (
            with("contacts", contact("not an address")),
            "/contacts/0/address",
        ),
    ] {
        w.unit
            .api
            .post(SIGHTINGS, &new)
            .await
            .problem_at(422, "invalid", pointer);
    }
    // A plain name needs its platform.
    let mut named = seen(&first, "nightowl");
    named["kind"] = json!("account");
    let refused = w.unit.api.post(SIGHTINGS, &named).await;
    refused.problem_at(422, "invalid", "/locator");
    named["platform"] = json!(w.other_platform.id);
    record(&w, &named).await;
    w.unit
        .api
        .post(SIGHTINGS, &named)
        .await
        .problem(409, "conflict-state");
    // Who speaks for a platform says himself where he is written to.
    let verification = json!({"method": "dns_txt"});
    let verify = format!("/v1/platforms/{}/verification", w.other_platform.id);
    w.operator.api.put(&verify, &verification).await.is(200);
    let mut claimed = seen(&first, "https://forum.example/x");
    claimed["contacts"] = contact("somebody@elsewhere.test");
    w.unit
        .api
        .post(SIGHTINGS, &claimed)
        .await
        .problem_at(422, "invalid", "/contacts");
    assert_eq!(
        w.unit.api.list(SIGHTINGS).await.len(),
        1,
        "nothing half-done"
    );
    let platforms = w.operator.api.list("/v1/platforms").await;
    assert_eq!(platforms.len(), 2, "{platforms:?}");
    for query in ["week=2026-48", "state=lost", "cursor=x", "host=co.uk"] {
        let answer = w.unit.api.get(&format!("{SIGHTINGS}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
}

async fn a_confidence_is_revised_and_a_mistake_stays_to_be_seen(db: Db) {
    let w = World::new(db).await;
    let first = filed(&w, "https://paste.example/a").await;
    let sighting = record(&w, &seen(&first, "https://mirror.test/a")).await;
    let revisions = format!("{}/revisions", at(&sighting));
    let surer = json!({"confidence": "confirmed", "text": {"text": "Compared.", "language": "en"}});
    let post = || {
        w.unit
            .api
            .post(&revisions, &surer)
            .key("r-1")
            .if_match("\"1\"")
    };
    let revised = post().await.is(201).json();
    assert_eq!(post().await.is(201).json(), revised, "by its key");
    assert_eq!(
        (&revised["confidence"], &revised["version"]),
        (&json!("confirmed"), &json!(2))
    );
    assert_eq!(revised["revisions"][0]["was"], "probable");
    assert_eq!(revised["revisions"][0]["text"]["text"], "Compared.");
    w.unit
        .api
        .post(&revisions, &json!({"confidence": "doubtful"}))
        .if_match("\"1\"")
        .await
        .problem(412, "stale-version");
    let retraction = format!("{}/retraction", at(&sighting));
    let why = json!({"text": {"text": "Another site of the same name.", "language": "en"}});
    let gone = w.unit.api.put(&retraction, &why).await.is(200).json();
    assert_eq!(gone["state"], "retracted");
    assert_eq!(gone["retraction"], why["text"]);
    assert_eq!(
        w.unit.api.put(&retraction, &json!({})).await.is(200).json(),
        gone,
        "said twice"
    );
    w.unit
        .api
        .post(&revisions, &json!({"confidence": "possible"}))
        .await
        .problem(409, "conflict-state");
    follow(&w, &sighting, &first)
        .await
        .problem(409, "conflict-state");
    assert!(
        w.unit
            .api
            .list("/v1/outreach?state=to_write")
            .await
            .is_empty()
    );
    let listed = w
        .unit
        .api
        .list(&format!("{SIGHTINGS}?state=retracted"))
        .await;
    assert_eq!(listed, [gone]);
    // The same can be recorded anew, and filters find it.
    let anew = record(&w, &seen(&first, "https://mirror.test/a")).await;
    for query in [
        "state=open",
        "confidence=probable",
        "host=mirror.test&state=open",
        "standing=sighted&limit=1&state=open",
    ] {
        let found = w.unit.api.list(&format!("{SIGHTINGS}?{query}")).await;
        assert_eq!(found, std::slice::from_ref(&anew), "{query}");
    }
    let of = format!("{SIGHTINGS}?request={}", first["id"].as_str().unwrap());
    assert_eq!(w.unit.api.list(&of).await.len(), 2);
}
