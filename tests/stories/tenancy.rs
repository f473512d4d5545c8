//! Nobody sees a foreign request: to a party that may not know it, it does not exist.

mod bodies;
mod registry;
mod seen;

use bodies::{body, is_duty};
use reqwest::Method;
use serde_json::Value;
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

pub use seen::seen;

both_databases!(
    a_foreign_request_and_one_that_never_was_are_the_same_404_byte_for_byte,
    lists_inboxes_histories_and_exports_hold_only_ones_own,
    each_side_does_only_its_own_part,
);

/// A well-formed id that was never given out.
pub const NEVER: &str = "01h455vb4pex5vsknk084sn02q";

/// Every operation of the served description below a resource's `{id}`: method and what follows the id.
pub async fn operations(w: &World, resource: &str) -> Vec<(Method, String)> {
    let spec = w.anonymous.get("/openapi.json").await.is(200).json();
    let mut found = Vec::new();
    for (template, operations) in spec["paths"].as_object().unwrap() {
        let Some(rest) = template.strip_prefix(&format!("/v1/{resource}/{{")) else {
            continue;
        };
        let below = rest
            .split_once('}')
            .unwrap()
            .1
            .trim_start_matches('/')
            .to_owned();
        for method in operations.as_object().unwrap().keys() {
            if let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes())
                && ["get", "put", "post", "patch", "delete"]
                    .contains(&method.as_str().to_lowercase().as_str())
            {
                found.push((method, below.clone()));
            }
        }
    }
    assert!(
        !found.is_empty(),
        "no operation on {resource} in the description"
    );
    found
}

pub async fn call(party: &Party, method: &Method, address: &str, body: &Value) -> Answer {
    if method == Method::POST && address.ends_with("/documents") {
        return takedown_tests::pdf::send(&party.api, address).await;
    }
    let call = party.api.call(method.clone(), address).if_match("*");
    if body.is_null() {
        call.await
    } else {
        call.json(body).await
    }
}

async fn a_foreign_request_and_one_that_never_was_are_the_same_404_byte_for_byte(db: Db) {
    let w = World::new(db).await;
    let filed = w
        .file(&Filing::referral(&["https://paste.example/filed"]).reference("MINE-1"))
        .await;
    let acknowledged = w
        .file(&Filing::referral(&["https://paste.example/acknowledged"]))
        .await;
    w.acknowledge(&acknowledged).await;
    let before = [w.history(&filed).await, w.history(&acknowledged).await];

    for (method, below) in operations(&w, "requests").await {
        for request in [&filed, &acknowledged] {
            let body = body(&format!("{method} {below}"), request);
            let foreign = request["id"].as_str().unwrap();
            let never = format!("req_{NEVER}");
            for (role, party) in w.everyone() {
                if !matches!(role, "other unit" | "other platform" | "operator") {
                    continue;
                }
                let item = request["items"][0]["id"].as_str().unwrap();
                let below = below
                    .replace("{item}", item)
                    .replace("{form}", "annex_i")
                    .replace("{objection}", &format!("obj_{NEVER}"));
                let address = |id: &str| {
                    format!("/v1/requests/{id}/{below}")
                        .trim_end_matches('/')
                        .to_owned()
                };
                let of_foreign = call(party, &method, &address(foreign), &body).await;
                let of_never = call(party, &method, &address(&never), &body).await;
                // What a role may never do is refused before anything is looked up (docs/policy.md).
                let never_theirs = match below.as_str() {
                    _ if role == "operator" => true,
                    "acknowledgement" | "decisions" | "closure" | "scrutiny-request" | "doubt" => {
                        role == "other unit"
                    }
                    "preservation" | "preservation/deletion" => role == "other unit",
                    // Either side lists corrections; the agency alone corrects.
                    "corrections" if method == Method::GET => false,
                    "withdrawal" | "corrections" | "attributions" | "copy" | "finality"
                    | "erasure" | "chain" | "answer-links" => role == "other platform",
                    duty if is_duty(duty) => role == "other platform",
                    other
                        if ["/statement", "/tombstone", "/outcome"]
                            .iter()
                            .any(|end| other.ends_with(end)) =>
                    {
                        role == "other unit"
                    }
                    _ => false,
                };
                let refusal = if never_theirs { 403 } else { 404 };
                assert_eq!(
                    of_foreign.status,
                    refusal,
                    "{role}: {method} {below}: {}",
                    of_foreign.text()
                );
                assert_eq!(
                    seen(&of_foreign, foreign),
                    seen(&of_never, &never),
                    "{role}: {method} {below}"
                );
            }
        }
    }
    assert_eq!(
        before,
        [w.history(&filed).await, w.history(&acknowledged).await],
        "nothing happened to them"
    );
    // Filters do not tell either.
    for query in [
        format!("agency={}", w.unit.id),
        format!("reference={}", filed["reference"].as_str().unwrap()),
        "agency_reference=MINE-1".to_owned(),
    ] {
        assert_eq!(
            w.other_unit
                .api
                .list(&format!("/v1/requests?{query}"))
                .await,
            Vec::<Value>::new(),
            "{query}"
        );
    }
}

async fn lists_inboxes_histories_and_exports_hold_only_ones_own(db: Db) {
    let w = World::new(db).await;
    let mine = w
        .file(&Filing::referral(&["https://paste.example/mine"]))
        .await;
    let filing = Filing::referral(&["https://forum.example/theirs"]).json();
    let theirs = w
        .other_unit
        .api
        .post("/v1/requests", &filing)
        .await
        .is(201)
        .json();
    for (party, own, foreign) in [
        (&w.unit, &mine, &theirs),
        (&w.platform, &mine, &theirs),
        (&w.other_unit, &theirs, &mine),
        (&w.other_platform, &theirs, &mine),
    ] {
        let foreign_id = foreign["id"].as_str().unwrap();
        let list = party.api.list("/v1/requests").await;
        assert_eq!(
            list.iter()
                .map(|request| &request["id"])
                .collect::<Vec<_>>(),
            [&own["id"]]
        );
        for address in [
            "/v1/inbox",
            "/v1/exports/requests?format=ndjson",
            "/v1/exports/requests?format=csv",
            "/v1/exports",
            "/v1/deliveries",
        ] {
            let answer = party.api.get(address).await;
            assert!(
                matches!(answer.status, 200 | 403 | 404),
                "{address}: {}",
                answer.text()
            );
            let shown = answer.text();
            assert!(!shown.contains(foreign_id), "{address}: {shown}");
            assert!(
                !shown.contains(foreign["items"][0]["locator"].as_str().unwrap()),
                "{address}: {shown}"
            );
        }
    }
    assert_eq!(w.auditor.api.list("/v1/requests").await.len(), 2);
    // The operator runs the exchange and does not read the content.
    for address in [
        "/v1/requests",
        "/v1/inbox",
        "/v1/exports/requests?format=ndjson",
    ] {
        let answer = w.operator.api.get(address).await;
        for request in [&mine, &theirs] {
            for content in [&request["id"], &request["items"][0]["locator"]] {
                assert!(
                    !answer.text().contains(content.as_str().unwrap()),
                    "{address}: {}",
                    answer.text()
                );
            }
        }
    }
}

async fn each_side_does_only_its_own_part(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    w.acknowledge(&request).await;
    let before = w.history(&request).await;
    let at = path(&request);
    let not_theirs: [(&Party, &[&str]); 3] = [
        (
            &w.unit,
            &["PUT acknowledgement", "POST decisions", "PUT closure"],
        ),
        (&w.platform, &["PUT withdrawal"]),
        (
            &w.auditor,
            &[
                "PUT acknowledgement",
                "POST decisions",
                "PUT closure",
                "PUT withdrawal",
                "POST reopening",
                "POST messages",
            ],
        ),
    ];
    for (party, operations) in not_theirs {
        for operation in operations {
            let (method, below) = operation.split_once(' ').unwrap();
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = call(
                party,
                &method,
                &format!("{at}/{below}"),
                &body(operation, &request),
            )
            .await;
            let code = answer.json()["code"].clone();
            assert!(
                answer.status == 403 && (code == "forbidden" || code == "insufficient-scope"),
                "{operation}: {}",
                answer.text()
            );
        }
    }
    for (role, party) in w.everyone() {
        if !matches!(role, "unit" | "other unit") {
            let refused = party
                .api
                .post(
                    "/v1/requests",
                    &Filing::referral(&["https://paste.example/b"]).json(),
                )
                .await;
            assert_eq!(refused.status, 403, "{role}: {}", refused.text());
        }
    }
    assert_eq!(w.history(&request).await, before);
}
