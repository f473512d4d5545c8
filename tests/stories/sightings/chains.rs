//! The chain that sightings make, what a filing does with it, and who sees any of it.

use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

use super::{SIGHTINGS, at, filed, follow, record, seen};

both_databases!(
    a_chain_is_walked_both_ways_and_never_closes,
    a_filing_follows_sightings_in_its_own_commit,
    nobody_else_sees_what_an_agency_watches,
    an_agency_does_not_bring_in_platforms_without_end,
);

async fn a_chain_is_walked_both_ways_and_never_closes(db: Db) {
    let w = World::new(db).await;
    let one = filed(&w, "https://paste.example/1").await;
    let two = filed(&w, "https://paste.example/2").await;
    let three = filed(&w, "https://forum.example/3").await;
    let a = record(&w, &seen(&one, "https://paste.example/2")).await;
    let b = record(&w, &seen(&two, "https://forum.example/3")).await;
    let c = record(&w, &seen(&three, "https://paste.example/1")).await;
    follow(&w, &a, &two).await.is(200);
    follow(&w, &b, &three).await.is(200);
    // The third leads back to where it began.
    let refused = follow(&w, &c, &one)
        .await
        .problem_at(422, "invalid", "/request");
    let way = [&one, &two, &three, &one].map(|r| r["id"].as_str().unwrap());
    let detail = refused["errors"][0]["detail"].as_str().unwrap();
    assert!(detail.contains(&way.join(" → ")), "{detail}");
    follow(&w, &c, &three)
        .await
        .problem_at(422, "invalid", "/request");
    assert_eq!(w.unit.api.get(&at(&c)).await.json()["state"], "open");
    // A link that stands is not replaced unseen.
    follow(&w, &a, &three).await.problem(409, "conflict-state");

    let chain = |request: &Value, query: &str| {
        let address = format!("{}/chain{query}", path(request));
        let api = w.unit.api.clone();
        async move { api.get(&address).await.is(200) }
    };
    let ids = |chain: &Value, what: &str| -> Vec<String> {
        let rows = chain[what].as_array().unwrap();
        rows.iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let whole = chain(&two, "").await.json();
    assert_eq!(ids(&whole, "requests").len(), 3);
    assert_eq!(ids(&whole, "sightings").len(), 3);
    assert_eq!(whole["complete"], true);
    let back = chain(&two, "?direction=back").await.json();
    let forward = chain(&two, "?direction=forward").await.json();
    assert_eq!(ids(&back, "sightings"), [a["id"].as_str().unwrap()]);
    assert_eq!(
        ids(&forward, "sightings"),
        [b["id"].as_str().unwrap(), c["id"].as_str().unwrap()]
    );
    let follows = json!({"from": b["id"], "to": three["id"], "relation": "followed_by"});
    assert!(forward["edges"].as_array().unwrap().contains(&follows));
    // As pictures: the same nodes, nothing to click.
    let graphml = chain(&two, "?format=graphml").await;
    assert_eq!(graphml.header("content-type"), Some("application/xml"));
    let dot = chain(&two, "?format=dot").await;
    assert!(dot.text().starts_with("digraph chain {"), "{}", dot.text());
    for text in [graphml.text(), dot.text()] {
        for request in [&one, &two, &three] {
            assert!(text.contains(request["id"].as_str().unwrap()), "{text}");
        }
        assert!(!text.contains("https://"), "{text}");
        assert!(text.contains("paste[.]example"), "{text}");
    }
    // A link that was a mistake is taken back, and then the chain may go the other way.
    let none = json!({"request": null});
    let link = format!("{}/request", at(&a));
    w.unit
        .api
        .put(&link, &json!({}))
        .await
        .problem_at(422, "invalid", "/request");
    let open = w.unit.api.put(&link, &none).await.is(200).json();
    assert_eq!(open["state"], "open");
    follow(&w, &c, &one).await.is(200);
    follow(&w, &a, &two)
        .await
        .problem_at(422, "invalid", "/request");
}

async fn a_filing_follows_sightings_in_its_own_commit(db: Db) {
    let w = World::new(db).await;
    let one = filed(&w, "https://paste.example/1").await;
    let onto_forum = record(&w, &seen(&one, "https://forum.example/2")).await;
    let onto_paste = record(&w, &seen(&one, "https://paste.example/3")).await;
    let both = Filing::referral(&["https://forum.example/2", "https://paste.example/3"])
        .set("sightings", json!([onto_paste["id"], onto_forum["id"]]))
        .reference("KP-7/26")
        .json();
    let together = w.unit.api.post("/v1/requests", &both).await.is(200).json();
    for (sighting, part) in [(&onto_forum, 0), (&onto_paste, 1)] {
        let read = w.unit.api.get(&at(sighting)).await.json();
        assert_eq!(read["followed_by"]["id"], together["requests"][part]["id"]);
    }
    // The same filing is the same filing; one that cannot follow files nothing.
    w.unit.api.post("/v1/requests", &both).await.is(200);
    let count = w.unit.api.list("/v1/requests").await.len();
    let foreign = {
        let theirs = Filing::referral(&["https://forum.example/t"]).json();
        let theirs = w.other_unit.api.post("/v1/requests", &theirs).await;
        let new = seen(&theirs.is(201).json(), "https://paste.example/9");
        w.other_unit.api.post(SIGHTINGS, &new).await.is(201).json()
    };
    let elsewhere = record(&w, &seen(&one, "https://mirror.test/4")).await;
    for wrong in [&foreign, &onto_forum, &elsewhere] {
        let filing = Filing::referral(&["https://forum.example/5"])
            .set("sightings", json!([wrong["id"]]))
            .json();
        w.unit
            .api
            .post("/v1/requests", &filing)
            .await
            .problem_at(422, "invalid", "/sightings/0");
    }
    assert_eq!(w.unit.api.list("/v1/requests").await.len(), count);
    assert_eq!(
        w.unit.api.get(&at(&elsewhere)).await.json()["state"],
        "open"
    );
}

async fn nobody_else_sees_what_an_agency_watches(db: Db) {
    let w = World::new(db).await;
    let one = filed(&w, "https://paste.example/1").await;
    let sighting = record(&w, &seen(&one, "https://mirror.test/a")).await;
    let never = format!("{SIGHTINGS}/sighting_{}", crate::tenancy::NEVER);
    let id = sighting["id"].as_str().unwrap();
    for (method, below) in crate::tenancy::operations(&w, "sightings").await {
        let body = match (method.as_str(), below.as_str()) {
            ("POST", "revisions") => json!({"confidence": "confirmed"}),
            ("PUT", "request") => json!({"request": null}),
            ("PUT", "retraction") => json!({}),
            ("GET", "") => Value::Null,
            other => panic!("a new operation, {other:?}: say here what its body is"),
        };
        for (role, party) in w.everyone() {
            if role == "unit" {
                continue;
            }
            let to = |base: &str| format!("{base}/{below}").trim_end_matches('/').to_owned();
            let of_foreign = crate::tenancy::call(party, &method, &to(&at(&sighting)), &body).await;
            let of_never = crate::tenancy::call(party, &method, &to(&never), &body).await;
            let expected = match role {
                "other unit" => 404,
                "auditor" if method == "GET" => 200,
                _ => 403,
            };
            assert_eq!(of_foreign.status, expected, "{role} {method} {below}");
            if expected != 200 {
                let never = format!("sighting_{}", crate::tenancy::NEVER);
                assert_eq!(
                    crate::tenancy::seen(&of_foreign, id),
                    crate::tenancy::seen(&of_never, &never),
                    "{role} {method} {below}"
                );
            }
        }
    }
    let chain = format!("{}/chain", path(&one));
    for (role, party) in w.everyone() {
        let listed = party.api.get(SIGHTINGS).await;
        assert_eq!(
            listed.text().contains(id),
            matches!(role, "unit" | "auditor"),
            "{role}"
        );
        let walked = party.api.get(&chain).await;
        assert_eq!(
            walked.text().contains(id),
            matches!(role, "unit" | "auditor"),
            "{role}"
        );
        let due = party.api.get("/v1/outreach").await;
        assert_eq!(due.text().contains(id), role == "unit", "{role}");
    }
    // Neither the platform nor whoever works on the operation learns of it by the request.
    let history = w.history(&one).await;
    assert_eq!(history, ["request.filed"]);
    let shown = w.platform.api.get(&path(&one)).await.is(200).text();
    assert!(
        !shown.contains("mirror.test") && !shown.contains("sighting"),
        "{shown}"
    );
    let auditor = json!({"name": "For Paste", "auditor": {"platform": w.platform.id}});
    let auditor = takedown_tests::world::client(&w.operator, auditor).await;
    let auditor = w.anonymous.acting_as(auditor);
    assert!(auditor.list(SIGHTINGS).await.is_empty());
    auditor.get(&at(&sighting)).await.problem(404, "not-found");
    auditor.get(&chain).await.problem(404, "not-found");
}

async fn an_agency_does_not_bring_in_platforms_without_end(db: Db) {
    let w = World::new(db).await;
    let one = filed(&w, "https://paste.example/1").await;
    for host in 0..100 {
        record(&w, &seen(&one, &format!("https://m{host}.test/"))).await;
    }
    let more = seen(&one, "https://m100.test/");
    let refused = w.unit.api.post(SIGHTINGS, &more).await;
    let refused = refused.problem(409, "conflict-state");
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("100 platforms"),
        "{refused}"
    );
    // What is known already can be sighted all the same, and others may still bring in theirs.
    record(&w, &seen(&one, "https://m7.test/again")).await;
    let theirs = Filing::referral(&["https://forum.example/t"]).json();
    let theirs = w.other_unit.api.post("/v1/requests", &theirs).await;
    let theirs = seen(&theirs.is(201).json(), "https://m100.test/");
    w.other_unit.api.post(SIGHTINGS, &theirs).await.is(201);
}
