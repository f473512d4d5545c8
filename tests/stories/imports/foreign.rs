//! Nobody else sees a record, the platform that it names included.

use super::{LINK, id, import, look_up, row};
use crate::tenancy::{NEVER, call, operations, seen};
use serde_json::{Value, json};
use takedown_tests::world::{Party, client};
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    a_foreign_record_and_one_that_never_was_are_the_same_404,
    nobody_else_is_told_of_a_record,
);

fn body(operation: &str) -> Value {
    match operation {
        "PUT withdrawal" => json!({"reason": "a mistake"}),
        other if other.starts_with("GET") => Value::Null,
        other => panic!("a new call, {other:?}: say here what its body is"),
    }
}

/// An auditor appointed for one party.
async fn auditor(w: &World, of: Value) -> Party {
    let who = client(&w.operator, json!({"name": "An auditor", "auditor": of})).await;
    Party {
        id: who.id.clone(),
        api: w.anonymous.acting_as(who),
    }
}

async fn a_foreign_record_and_one_that_never_was_are_the_same_404(db: Db) {
    let w = World::new(db).await;
    let answer = import(&w.unit, &[row(LINK, "A-1", "2019-05-02", 4)]).await;
    let (foreign, never) = (id(&answer, 0), format!("imp_{NEVER}"));
    let of_platform = auditor(&w, json!({"platform": w.platform.id})).await;
    let of_other = auditor(&w, json!({"agency": w.other_unit.id})).await;
    let of_unit = auditor(&w, json!({"agency": w.unit.id})).await;
    for (method, below) in operations(&w, "imports").await {
        let body = body(&format!("{method} {below}"));
        let address = |id: &str| {
            let address = format!("/v1/imports/{id}/{below}");
            address.trim_end_matches('/').to_owned()
        };
        let mut callers: Vec<(&str, &Party)> = w.everyone().to_vec();
        callers.extend([("of platform", &of_platform), ("of other", &of_other)]);
        for (role, party) in callers {
            let changes = method != reqwest::Method::GET;
            let refusal = match role {
                "other unit" => 404,
                "of platform" | "of other" if !changes => 404,
                "of platform" | "of other" => 403,
                "platform" | "other platform" | "operator" => 403,
                "auditor" if changes => 403,
                _ => continue,
            };
            let of_foreign = call(party, &method, &address(&foreign), &body).await;
            let of_never = call(party, &method, &address(&never), &body).await;
            assert_eq!(of_foreign.status, refusal, "{role}: {method} {below}");
            assert_eq!(
                seen(&of_foreign, &foreign),
                seen(&of_never, &never),
                "{role}: {method} {below}"
            );
        }
    }
    let read = format!("/v1/imports/{foreign}");
    for party in [&w.unit, &w.auditor, &of_unit] {
        assert_eq!(
            party.api.get(&read).await.is(200).json()["withdrawal"],
            Value::Null
        );
        assert_eq!(party.api.list("/v1/imports").await.len(), 1);
    }
    for party in [&w.other_unit, &of_platform, &of_other] {
        for list in [
            "/v1/imports".to_owned(),
            format!("/v1/imports?agency={}", w.unit.id),
        ] {
            assert!(party.api.list(&list).await.is_empty(), "{list}");
        }
        let export = party.api.get("/v1/exports/imports").await.is(200).text();
        assert!(export.is_empty(), "{export}");
    }
    for party in [&w.platform, &w.operator, &w.auditor] {
        let refused = party
            .api
            .post("/v1/imports", &json!([row(LINK, "A-2", "2019-05-02", 4)]))
            .await;
        refused.problem(403, "forbidden");
    }
    for party in [&w.platform, &w.operator] {
        party.api.get("/v1/imports").await.problem(403, "forbidden");
        party
            .api
            .get("/v1/exports/imports")
            .await
            .problem(403, "forbidden");
    }
    w.anonymous
        .get("/v1/imports")
        .await
        .problem(401, "unauthenticated");
}

async fn nobody_else_is_told_of_a_record(db: Db) {
    let w = World::new(db).await;
    for unit in [&w.unit, &w.other_unit] {
        // Even where both agreed to be named.
        let naming = format!("/v1/agencies/{}/naming", unit.id);
        unit.api
            .put(&naming, &json!({"agreed": true}))
            .await
            .is(200);
    }
    import(&w.unit, &[row(LINK, "A-1", "2019-05-02", 4)]).await;
    let found = look_up(&w.other_unit, LINK).await;
    assert_eq!(
        (&found["asked"], &found["elsewhere"], &found["imported"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    let filing = Filing::referral(&[LINK]).json();
    let filed = w
        .other_unit
        .api
        .post("/v1/requests", &filing)
        .await
        .is(201)
        .json();
    assert_eq!(filed["repeats"], json!([]));
    let request = format!("/v1/requests/{}", filed["id"].as_str().unwrap());
    let seen = w.platform.api.get(&request).await.is(200).text();
    assert!(!seen.contains("imported"), "{seen}");
    // Of the unit's own filing the platform sees nothing of the record either.
    let filed = w.file(&Filing::referral(&[LINK])).await;
    assert_eq!(filed["repeats"][0]["imported"]["times"], 1);
    let request = format!("/v1/requests/{}", filed["id"].as_str().unwrap());
    let seen = w.platform.api.get(&request).await.is(200).text();
    assert!(
        !seen.contains("\"imported\"") && !seen.contains("2019-05-02"),
        "{seen}"
    );
    let inbox = w.platform.api.get("/v1/inbox").await.is(200).text();
    assert!(
        !inbox.contains("imp_") && !inbox.contains("2019-05-02"),
        "{inbox}"
    );
}
