//! Keys of a unit: who registers them, from when on they count, how they end.

use serde_json::{Value, json};
use takedown_core::log::{Policy, Salt, TlogProof, leaf};
use takedown_tests::world::path;
use takedown_tests::{Db, World, both_databases};

use super::{DOMAIN, Unit, file, now, referral, world};

both_databases!(
    a_first_key_waits_for_the_operator_and_for_its_age,
    an_earlier_key_speaks_for_the_next,
    a_revoked_key_counts_no_more,
    anybody_proves_since_when_a_key_is_known,
);

async fn rule(w: &World, unit: &Unit) -> Value {
    let answer = file(&w.unit, &unit.filing(&referral("key"))).await;
    answer.problem(422, "signature-refused")["rule"].clone()
}

async fn a_first_key_waits_for_the_operator_and_for_its_age(db: Db) {
    let w = World::new(db).await;
    let unit = Unit::with(&w, 1);
    assert_eq!(rule(&w, &unit).await, "key_unknown");
    let added = unit.register(&w, None).await.is(201).json();
    assert_eq!(
        (&added["kid"], &added["counts_from"]),
        (&json!(unit.kid()), &Value::Null)
    );
    assert_eq!(rule(&w, &unit).await, "key_unconfirmed");
    // The same key again is the same key.
    unit.register(&w, None).await.is(201);
    let confirmed = unit.confirm(&w).await.is(200).json();
    let from =
        chrono::DateTime::parse_from_rfc3339(confirmed["counts_from"].as_str().unwrap()).unwrap();
    let hours = (from.timestamp() - now() + 30) / 3600;
    assert_eq!(hours, 24, "a day after it was added: {confirmed}");
    assert_eq!(
        unit.confirm(&w).await.is(200).json()["counts_from"],
        confirmed["counts_from"]
    );
    assert_eq!(rule(&w, &unit).await, "key_too_young");

    // Nobody registers a key for another unit, or one that he does not have.
    let body = json!({"proof": unit.says_of(&unit.pair)});
    w.other_unit
        .api
        .post(&unit.keys(), &body)
        .await
        .problem(404, "not-found");
    w.platform
        .api
        .post(&unit.keys(), &body)
        .await
        .problem(403, "forbidden");
    let other = Unit::with(&w, 2);
    let theirs = json!({"proof": unit.says_of(&other.pair)});
    let problem = w
        .unit
        .api
        .post(&unit.keys(), &theirs)
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "signature");
    let foreign = format!("/v1/agencies/{}/signing-keys", w.other_unit.id);
    let problem = w
        .other_unit
        .api
        .post(&foreign, &body)
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "unit");
    // Only the operator confirms, and only what is there.
    let mine = format!("{}/{}/confirmation", unit.keys(), unit.kid());
    w.unit
        .api
        .put(&mine, &json!({}))
        .await
        .problem(403, "forbidden");
    let never = format!("{}/{}/confirmation", unit.keys(), other.kid());
    w.operator
        .api
        .put(&never, &json!({}))
        .await
        .problem(404, "not-found");
    // Whoever is asked sees the keys; what was signed with them is the unit's own to list.
    let seen = w.platform.api.list(&unit.keys()).await;
    assert_eq!((seen.len(), &seen[0]["domain"]), (1, &json!(DOMAIN)));
    let uses = format!("/v1/agencies/{}/signing-key-uses", w.unit.id);
    w.other_unit.api.get(&uses).await.problem(404, "not-found");
    w.platform.api.get(&uses).await.problem(403, "forbidden");
    assert_eq!(w.unit.api.list(&uses).await.len(), 0);
}

async fn an_earlier_key_speaks_for_the_next(db: Db) {
    let w = world(db).await;
    let (first, second, third) = (
        Unit::known(&w, 1).await,
        Unit::with(&w, 2),
        Unit::with(&w, 3),
    );
    let added = second.register(&w, Some(&first)).await.is(201).json();
    assert_eq!(added["cosigned_by"], first.kid());
    assert_ne!(added["counts_from"], Value::Null);
    file(&w.unit, &second.filing(&referral("second")))
        .await
        .is(201);
    // Both count while they overlap.
    file(&w.unit, &first.filing(&referral("first")))
        .await
        .is(201);
    // A key that does not count itself speaks for none.
    let waits = Unit::with(&w, 4);
    waits.register(&w, None).await.is(201);
    let problem = third
        .register(&w, Some(&waits))
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "key_unconfirmed");
    let problem = third
        .register(&w, Some(&Unit::with(&w, 9)))
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "key_unknown");
    let uses = format!("/v1/agencies/{}/signing-key-uses", w.unit.id);
    let uses = w.unit.api.list(&uses).await;
    let kids: Vec<&Value> = uses.iter().map(|one| &one["kid"]).collect();
    assert!(
        kids.len() == 2
            && kids.contains(&&json!(first.kid()))
            && kids.contains(&&json!(second.kid())),
        "{uses:?}"
    );
}

async fn a_revoked_key_counts_no_more(db: Db) {
    let w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    let filed = file(&w.unit, &unit.filing(&referral("before")))
        .await
        .is(201)
        .json();
    let revocation = format!("{}/{}/revocation", unit.keys(), unit.kid());
    w.other_unit
        .api
        .put(&revocation, &json!({}))
        .await
        .problem(404, "not-found");
    w.platform
        .api
        .put(&revocation, &json!({}))
        .await
        .problem(403, "forbidden");
    let to_come = json!({"compromised_at": "2999-01-01T00:00:00Z"});
    w.unit
        .api
        .put(&revocation, &to_come)
        .await
        .problem_at(422, "invalid", "/compromised_at");
    let revoked = w.unit.api.put(&revocation, &json!({})).await.is(200).json();
    assert_ne!(revoked["revoked_at"], Value::Null);
    assert_eq!(rule(&w, &unit).await, "key_revoked");
    // What was filed before it ended stands, until it is known that the key was in foreign hands then.
    assert_eq!(
        w.read(&filed).await["signature"]["key_doubted_since"],
        Value::Null
    );
    let since = json!({"compromised_at": "2026-01-01T00:00:00Z"});
    w.operator.api.put(&revocation, &since).await.is(200);
    let doubted =
        &w.platform.api.get(&path(&filed)).await.is(200).json()["signature"]["key_doubted_since"];
    assert_eq!(doubted, "2026-01-01T00:00:00.000Z");
    // No call takes that back.
    w.unit.api.put(&revocation, &json!({})).await.is(200);
    assert_eq!(
        w.read(&filed).await["signature"]["key_doubted_since"],
        *doubted
    );
    unit.confirm(&w).await.problem(409, "conflict-state");
    unit.register(&w, None).await.problem(409, "conflict-state");
    let done = w.server.command(&["verify"]).output().unwrap();
    assert!(
        done.status.success(),
        "it counted when it was used: {done:?}"
    );
}

async fn anybody_proves_since_when_a_key_is_known(db: Db) {
    let w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    let key = w.platform.api.list(&unit.keys()).await.remove(0);
    let entry = &key["entry"];
    let salt = data_encoding::BASE64
        .decode(entry["salt"].as_str().unwrap().as_bytes())
        .unwrap();
    let data = entry["data"].as_str().unwrap();
    let leaf = leaf::hash(&Salt::from_slice(&salt).unwrap(), data.as_bytes());
    let proof = format!("/v1/log/proofs/{}", entry["id"].as_str().unwrap());
    let proof = w
        .anonymous
        .get(&proof)
        .header("prefer", "wait=20")
        .await
        .is(200)
        .text();
    let proof: TlogProof = proof.parse().unwrap();
    let vkey = w.anonymous.get("/v1/log").await.is(200).json()["vkey"].clone();
    let policy = Policy::of_log(vkey.as_str().unwrap().parse().unwrap());
    proof.verify(&leaf, &policy).expect("proven");
    let said: Value = serde_json::from_str(data).unwrap();
    assert_eq!(said["type"], "signing_key.added");
    assert_eq!(said["data"]["kid"], unit.kid());
}
