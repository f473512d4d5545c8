//! Nobody sees a foreign request: to a party that may not know it, it does not exist.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::world::{Party, path};
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    a_foreign_request_and_one_that_never_was_are_the_same_404_byte_for_byte,
    lists_inboxes_histories_and_exports_hold_only_ones_own,
    each_side_does_only_its_own_part,
    the_registry_is_the_operators,
);

/// A well-formed id that was never given out.
pub const NEVER: &str = "01h455vb4pex5vsknk084sn02q";

/// A body that the operation would accept from whoever may call it.
fn body(operation: &str, request: &Value) -> Value {
    let item = &request["items"][0]["id"];
    match operation {
        "PUT acknowledgement" | "PUT closure" | "POST credentials" | "POST documents" => json!({}),
        "POST decisions" => takedown_tests::filing::decide(&[item], "removed"),
        "POST messages" => json!({"kind": "note", "text": "A note.", "language": "en"}),
        "POST internal-notes" => json!({"text": "A note.", "language": "en"}),
        "PUT withdrawal" => json!({"reason": "mistake"}),
        "POST corrections" => json!({"agency_reference": "KP-9/26"}),
        "POST attributions" => json!({"source": "Example Outlet", "confidence": "possible"}),
        "POST reopening" => {
            json!({"reason": "mistake", "text": {"text": "It was decided on the wrong page.", "language": "en"}})
        }
        "PUT verification" => takedown_tests::world::verification(),
        "PUT naming" => json!({"agreed": true}),
        "PUT suspension" => json!({"reason": "test"}),
        "POST items/{item}/statement" => json!({}),
        "PATCH " => json!({"name": "Renamed"}),
        other if other.starts_with("GET") || other.starts_with("DELETE") => Value::Null,
        other => panic!(
            "a new operation, {other:?}: say here what its body is, so that its tenancy is tested"
        ),
    }
}

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

/// All that a caller could compare: status, headers and body, without what differs between any two answers.
pub fn seen(answer: &Answer, id: &str) -> (u16, Vec<String>, String) {
    let mut text = answer.text().replace(id, "ID");
    let request_id = answer.header("x-request-id").map(str::to_owned);
    if let Ok(problem) = serde_json::from_slice::<Value>(&answer.body)
        && let Some(request_id) = problem["request_id"].as_str()
    {
        text = text.replace(request_id, "REQUEST-ID");
    }
    // Whoever is refused before his body was read keeps his connection only if the body had come already.
    let varies = [
        "connection",
        "date",
        "x-request-id",
        "ratelimit",
        "x-ratelimit",
        "retry-after",
    ];
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| {
            !varies
                .iter()
                .any(|prefix| name.as_str().starts_with(prefix))
        })
        .map(|(name, value)| {
            format!(
                "{name}: {}",
                value.to_str().unwrap_or_default().replace(id, "ID")
            )
        })
        .collect();
    headers.sort();
    let text = request_id.map_or(text.clone(), |id| text.replace(&id, "REQUEST-ID"));
    (answer.status, headers, text)
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
                let below = below.replace("{item}", item).replace("{form}", "annex_i");
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
                    "acknowledgement" | "decisions" | "closure" => role == "other unit",
                    // Either side lists corrections; the agency alone corrects.
                    "corrections" if method == Method::GET => false,
                    "withdrawal" | "corrections" | "attributions" => role == "other platform",
                    other if other.ends_with("/statement") => role == "other unit",
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

async fn the_registry_is_the_operators(db: Db) {
    let w = World::new(db).await;
    let client = w.unit.api.credentials().id.clone();
    for (resource, real, prefix) in [
        ("agencies", &w.unit.id, "agency"),
        ("platforms", &w.platform.id, "platform"),
        ("clients", &client, "client"),
    ] {
        for (method, below) in operations(&w, resource).await {
            let body = body(&format!("{method} {below}"), &Value::Null);
            let never = format!("{prefix}_{NEVER}");
            for (role, party) in w.everyone() {
                if role == "operator" {
                    continue;
                }
                let address = |id: &str| {
                    format!("/v1/{resource}/{id}/{below}")
                        .trim_end_matches('/')
                        .to_owned()
                };
                let of_real = call(party, &method, &address(real), &body).await;
                let of_never = call(party, &method, &address(&never), &body).await;
                // What an agency decides for itself is its own: see the story of that.
                if below == "naming" && role == "unit" {
                    assert_eq!((of_real.status, of_never.status), (200, 404));
                    continue;
                }
                if of_real.status == 200 {
                    // Whoever asks and whoever is asked may be looked up by those who deal with them; nothing may be changed.
                    assert!(
                        method == Method::GET && resource != "clients",
                        "{role}: {method} {resource} {below}: {}",
                        of_real.text()
                    );
                } else {
                    assert_eq!(
                        seen(&of_real, real),
                        seen(&of_never, &never),
                        "{role}: {method} {resource} {below}"
                    );
                    assert!(
                        matches!(of_real.status, 403 | 404),
                        "{role}: {method} {resource} {below}: {}",
                        of_real.text()
                    );
                }
            }
        }
        let never = format!("/v1/{resource}/{prefix}_{NEVER}");
        w.operator.api.get(&never).await.problem(404, "not-found");
    }
    for (role, party) in w
        .everyone()
        .into_iter()
        .filter(|(role, _)| *role != "operator")
    {
        for address in ["/v1/agencies", "/v1/platforms", "/v1/clients"] {
            let answer = party.api.post(address, &json!({})).await;
            assert!(
                matches!(answer.status, 403 | 404),
                "{role}: POST {address}: {}",
                answer.text()
            );
        }
    }
    // No secret can be read again.
    let shown = w
        .operator
        .api
        .get(&format!("/v1/clients/{client}"))
        .await
        .is(200)
        .text();
    assert!(!shown.contains(&w.unit.api.credentials().secret));
}
