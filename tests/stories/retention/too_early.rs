//! Whoever asked does not erase it before the others had their say.

use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

use super::closed;

both_databases!(those_it_concerns_keep_their_remedies);

async fn refused(w: &World, request: &Value, why: &Value) -> String {
    let call = w.unit.api.post(&format!("{}/erasure", path(request)), why);
    let problem = call.if_match("*").await.problem(409, "conflict-state");
    problem["detail"].as_str().unwrap().to_owned()
}

async fn those_it_concerns_keep_their_remedies(db: Db) {
    let w = World::new(db).await;
    let request = closed(&w, &Filing::referral(&["https://paste.example/over"])).await;
    for early in [
        json!({"reason": "no_longer_needed"}),
        json!({"reason": "no_longer_needed", "reference": "DPA 17/26"}),
        json!({"reason": "unlawful"}),
        json!({"reason": "legal_obligation"}),
    ] {
        let says = refused(&w, &request, &early).await;
        assert!(says.contains("may complain about it until"), "{says}");
    }
    assert!(w.read(&request).await["erased_at"].is_null());
    let files = [&w.unit, &w.auditor].map(|party| &party.api);
    let mut made = Vec::new();
    for api in files {
        let file = crate::packages::made(api, &json!({"format": "ndjson"})).await;
        assert_eq!(file["state"], "done", "{file}");
        made.push(file);
    }
    super::erase(&w, &request).await.is(201);
    for (api, file) in files.into_iter().zip(&made) {
        // It is over at once, and soon nothing knows of it.
        let answer = api.get(file["content"].as_str().unwrap()).await;
        assert!([404, 409].contains(&answer.status), "{}", answer.status);
    }

    // A release does not shorten what the law asks.
    let filing = Filing::tco_order(&["https://paste.example/order"]);
    let order = w.file(&filing).await;
    w.acknowledge(&order).await;
    w.decide_all(&order, "removed").await;
    w.close(&order).await;
    w.unit
        .api
        .put(
            &format!("{}/preservation/release", path(&order)),
            &json!({}),
        )
        .if_match("*")
        .await
        .is(200);
    let ordered = json!({"reason": "legal_obligation", "reference": "DPA 17/26"});
    let says = refused(&w, &order, &ordered).await;
    assert!(says.contains("Article 6"), "{says}");
}
