//! An agency whose unit signs whatever it asks has everything else refused: a stolen login files nothing.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_core::history::Digest;
use takedown_core::signed::{Act, Claims};
use takedown_tests::world::path;
use takedown_tests::{Answer, Db, World, both_databases};

use super::{JOSE, Unit, file, referral, world};
use crate::retention::verified;

both_databases!(
    nothing_is_taken_without_the_signature,
    rows_of_a_batch_may_be_signed,
);

async fn require(w: &World, by: &takedown_tests::world::Party, required: bool) -> Answer {
    let address = format!("/v1/agencies/{}/signing", w.unit.id);
    by.api.put(&address, &json!({"required": required})).await
}

async fn nothing_is_taken_without_the_signature(db: Db) {
    let w = world(db).await;
    let plain = referral("before").json();
    let before = w.unit.api.post("/v1/requests", &plain).await.is(201).json();
    // Without a key that counts it could file nothing any more.
    require(&w, &w.unit, true)
        .await
        .problem(409, "conflict-state");
    let unit = Unit::known(&w, 1).await;
    for foreign in [&w.platform, &w.auditor] {
        require(&w, foreign, true).await.problem(403, "forbidden");
    }
    require(&w, &w.other_unit, true)
        .await
        .problem(404, "not-found");
    let set = require(&w, &w.unit, true).await.is(200).json();
    assert_eq!(set["signature_required"], true);
    let again = require(&w, &w.unit, true).await.is(200).json();
    assert_eq!(again, set, "said again it changes nothing");
    // Platforms see it.
    let agency = format!("/v1/agencies/{}", w.unit.id);
    let seen = w.platform.api.get(&agency).await.is(200).json();
    assert_eq!(seen["signature_required"], true);

    // The login alone files nothing, by itself or in a batch.
    let plain = referral("stolen").json();
    let refused = w.unit.api.post("/v1/requests", &plain).await;
    let refused = refused.problem(403, "signature-required");
    assert!(
        refused["detail"].as_str().unwrap().contains("not signed"),
        "{refused}"
    );
    let rows = Value::from(vec![plain.clone(), plain]);
    let batch = w
        .unit
        .api
        .post("/v1/requests/batch", &rows)
        .await
        .is(200)
        .json();
    assert_eq!((&batch["filed"], &batch["refused"]), (&json!(0), &json!(2)));
    assert_eq!(batch["items"][0]["problem"]["code"], "signature-required");
    // With the key it goes on, and what was signed is changed by signature only.
    let statement = unit.filing(&referral("signed"));
    let filed = file(&w.unit, &statement).await.is(201).json();
    let corrections = format!("{}/corrections", path(&filed));
    let withdrawal = format!("{}/withdrawal", path(&filed));
    let facts = json!({"agency_reference": "KP-7"});
    let taken = json!({"reason": "mistake"});
    let refused = w.unit.api.post(&corrections, &facts).if_match("*").await;
    refused.problem(403, "signature-required");
    let refused = w.unit.api.put(&withdrawal, &taken).if_match("*").await;
    refused.problem(403, "signature-required");
    assert_eq!(w.read(&filed).await["version"], 1, "nothing was changed");
    let claims = Claims {
        act: Act::Withdraw,
        replaces: Some(Digest::of(&statement)),
        ..unit.claims()
    };
    let call = w.unit.api.call(Method::PUT, &withdrawal).if_match("*");
    call.bytes(JOSE, unit.sign(&claims, &taken)).await.is(200);
    // What was filed unsigned before has nothing that a signature could continue.
    let early = format!("{}/withdrawal", path(&before));
    w.unit.api.put(&early, &taken).if_match("*").await.is(200);

    // Only the operator ends it.
    let refused = require(&w, &w.unit, false).await.problem(403, "forbidden");
    assert!(
        refused["detail"].as_str().unwrap().contains("operator"),
        "{refused}"
    );
    require(&w, &w.operator, false).await.is(200);
    let plain = referral("after").json();
    w.unit.api.post("/v1/requests", &plain).await.is(201);
}

async fn rows_of_a_batch_may_be_signed(db: Db) {
    let w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    require(&w, &w.unit, true).await.is(200);
    let signed = [unit.filing(&referral("a")), unit.filing(&referral("b"))];
    let changed = signed[0].replacen("\"payload\":\"ey", "\"payload\":\"eZ", 1);
    let rows = format!(
        "{}\r\n{changed}\n{}\n{}\n",
        signed[0],
        signed[1],
        referral("c").json()
    );
    let lines = w.unit.api.call(Method::POST, "/v1/requests/batch");
    let done = lines
        .bytes("application/x-ndjson", rows)
        .await
        .is(200)
        .json();
    let fates: Vec<&Value> = done["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["status"])
        .collect();
    assert_eq!(fates, [201, 422, 201, 403]);
    assert_eq!(done["items"][1]["problem"]["code"], "signature-refused");
    for (row, statement) in [(0, &signed[0]), (2, &signed[1])] {
        let request = &done["items"][row]["request"];
        assert_eq!(request["attestation"], "unit_signed");
        let kept = w
            .unit
            .api
            .get(&format!("{}/signed", path(request)))
            .await
            .is(200);
        assert_eq!(kept.text(), *statement, "byte for byte");
    }
    // The same in an array; sent again it is the same request.
    let array = w.unit.api.call(Method::POST, "/v1/requests/batch");
    let body = format!("[ {} ]", signed[0]);
    let again = array.bytes("application/json", body).await.is(200).json();
    assert_eq!(
        again["items"][0]["request"]["id"],
        done["items"][0]["request"]["id"]
    );
    assert_eq!(verified(&w).await["signed_by_units"], 2);
}
