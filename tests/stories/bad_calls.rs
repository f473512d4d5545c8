//! Calls that are wrong before their body is: addresses, methods, parameters, versions. And the page about each problem.

use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    wrong_addresses_methods_and_parameters,
    every_problem_has_a_page
);

async fn wrong_addresses_methods_and_parameters(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let (unit, platform) = (&w.unit.api, &w.platform.api);
    for nothing in [
        "/",
        "/v2/requests",
        "/v1/nothing",
        "/v1/requests/",
        "/v1/requests/7",
        "/v1/requests/agency_01h455vb4pex5vsknk084sn02q",
    ] {
        unit.get(nothing).await.problem(404, "not-found");
    }
    let at = path(&request);
    for (method, address) in [
        (Method::DELETE, at.clone()),
        (Method::PATCH, at.clone()),
        (Method::PUT, "/v1/requests".to_owned()),
        (Method::DELETE, "/v1/exports/requests".to_owned()),
        (Method::DELETE, "/v1/exports/imports".to_owned()),
        (Method::DELETE, "/v1/exports/transparency".to_owned()),
    ] {
        let answer = unit.call(method, &address).await;
        assert!(answer.header("allow").is_some(), "{:?}", answer.headers);
        answer.problem(405, "method-not-allowed");
    }
    for query in [
        "limit=0",
        "limit=201",
        "limit=many",
        "status=open",
        "filed_from=yesterday",
        "no_such=1",
    ] {
        unit.get(&format!("/v1/requests?{query}"))
            .await
            .problem(400, "invalid-parameter");
    }
    for list in [
        "/v1/requests",
        &format!("{at}/history"),
        &format!("{at}/messages"),
    ] {
        unit.get(&format!("{list}?cursor=garbage"))
            .await
            .problem(400, "invalid-cursor");
    }
    platform
        .get("/v1/inbox?cursor=garbage")
        .await
        .problem(400, "invalid-cursor");
    let page = platform.get("/v1/inbox").await.is(200).json();
    let foreign = format!("/v1/inbox?cursor={}", page["next"].as_str().unwrap());
    let elsewhere = w.other_platform.api.get(&foreign).await;
    assert!(
        matches!(elsewhere.status, 200 | 400),
        "{}",
        elsewhere.text()
    );
    assert!(!elsewhere.text().contains(request["id"].as_str().unwrap()));

    // Versions: missing, stale, not ours, and then nothing has changed.
    w.acknowledge(&request).await;
    let decisions = format!("{at}/decisions");
    let decide = takedown_tests::filing::decide_all("removed");
    platform
        .post(&decisions, &decide)
        .await
        .problem(428, "precondition-required");
    platform
        .post(&decisions, &decide)
        .if_match("\"1\"")
        .await
        .problem(412, "stale-version");
    let odd = platform.post(&decisions, &decide).if_match("three").await;
    assert!(matches!(odd.status, 400 | 412), "{}", odd.text());
    for wrong in [
        json!({"decisions": []}),
        json!({"decisions": [{"all_undecided": true, "outcome": "deleted", "basis": "terms"}]}),
        json!({"decisions": [{"all_undecided": true, "outcome": "geo_blocked", "basis": "terms"}]}),
        json!({"decisions": [{"all_undecided": true, "outcome": "duplicate", "basis": "terms"}]}),
        json!({"decisions": [{"all_undecided": true, "outcome": "removed", "basis": "mood"}]}),
        json!({"decisions": [{"items": ["item_01h455vb4pex5vsknk084sn02q"], "outcome": "removed", "basis": "terms"}]}),
        json!({"decisions": [{"outcome": "removed", "basis": "terms"}]}),
        json!({"decisions": [{"all_undecided": true, "outcome": "restored", "basis": "terms"}]}),
        json!({"decisions": [{"all_undecided": true, "outcome": "removed", "basis": "terms", "effective_at": "2999-01-01T00:00:00Z"}]}),
    ] {
        let answer = platform.post(&decisions, &wrong).if_match("*").await;
        assert!(
            matches!(answer.status, 409 | 422),
            "{wrong}: {}",
            answer.text()
        );
    }
    assert_eq!(w.read(&request).await["version"], 3);
    assert_eq!(w.history(&request).await.len(), 3);
}

async fn every_problem_has_a_page(db: Db) {
    let w = World::new(db).await;
    let index = w.anonymous.get("/docs/problems").await.is(200).text();
    let codes: BTreeSet<_> = index
        .split("/docs/problems/")
        .skip(1)
        .map(|rest| {
            &rest[..rest
                .find(|c: char| !c.is_ascii_lowercase() && c != '-')
                .unwrap_or(rest.len())]
        })
        .filter(|code| !code.is_empty())
        .collect();
    for code in [
        "malformed-body",
        "invalid",
        "unknown-field",
        "not-found",
        "stale-version",
        "storage-full",
        "internal",
        "contradicts-instrument",
    ] {
        assert!(codes.contains(code), "{code} is not listed: {codes:?}");
    }
    for code in codes {
        let page = w
            .anonymous
            .get(&format!("/docs/problems/{code}"))
            .await
            .is(200);
        assert!(page.text().contains(code), "{code}");
    }
    w.anonymous
        .get("/docs/problems/no-such")
        .await
        .problem(404, "not-found");
}
