//! Keys of a unit: who registers them, from when on they count, how they end.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_core::history::Digest;
use takedown_core::locator::Host;
use takedown_core::log::{Policy, Salt, TlogProof, leaf};
use takedown_core::signed::{Act, Claims, KeyClaims, Typ, UnitKey, sign};
use takedown_tests::world::path;
use takedown_tests::{Db, World, both_databases};

use super::{DOMAIN, JOSE, Unit, file, now, referral, world};

both_databases!(
    a_first_key_waits_for_the_operator_and_for_its_age,
    an_earlier_key_speaks_for_the_next,
    a_revoked_key_counts_no_more,
    a_stolen_key_takes_those_with_it_that_it_spoke_for,
    keys_that_are_not_the_units_keep_none_of_its_own_out,
    a_later_statement_is_doubted_as_the_filing_is,
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
    // Nor does one speak for a key of another domain.
    let moved = |by: &Unit| {
        let claims = KeyClaims {
            unit: w.unit.id.parse().unwrap(),
            domain: Host::parse("elsewhere.example").unwrap(),
            key: UnitKey::new(third.pair.public().clone()),
            issued_at: now(),
        };
        let said = sign(&by.pair, Typ::Key, &claims.payload());
        serde_json::from_str::<Value>(&said).unwrap()
    };
    let body = json!({"proof": moved(&third), "cosigned": moved(&first)});
    let problem = w
        .unit
        .api
        .post(&unit_keys(&w), &body)
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "domain");
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

fn unit_keys(w: &World) -> String {
    format!("/v1/agencies/{}/signing-keys", w.unit.id)
}

async fn revoke(w: &World, unit: &Unit, body: Value) -> Value {
    let address = format!("{}/{}/revocation", unit.keys(), unit.kid());
    w.unit.api.put(&address, &body).await.is(200).json()
}

async fn a_stolen_key_takes_those_with_it_that_it_spoke_for(db: Db) {
    let w = world(db).await;
    let first = Unit::known(&w, 1).await;
    let [before, stolen, of_thief, other] = [2, 3, 4, 5].map(|seed| Unit::with(&w, seed));
    before.register(&w, Some(&first)).await.is(201);
    let since = stolen.register(&w, Some(&first)).await.is(201).json()["added_at"].clone();
    of_thief.register(&w, Some(&stolen)).await.is(201);
    other.register(&w, None).await.is(201);
    // Ended without a theft, a key takes none with it.
    revoke(&w, &stolen, json!({})).await;
    file(&w.unit, &of_thief.filing(&referral("thief")))
        .await
        .is(201);
    let since = json!({ "compromised_at": since });
    for _ in 0..2 {
        revoke(&w, &first, since.clone()).await;
        let keys = w.unit.api.list(&unit_keys(&w)).await;
        let find = |unit: &Unit| keys.iter().find(|key| key["kid"] == unit.kid()).unwrap();
        for unit in [&stolen, &of_thief] {
            let key = find(unit);
            assert_eq!(key["compromised_at"], key["added_at"], "{key}");
            assert_ne!(key["revoked_at"], Value::Null);
        }
        assert_eq!(find(&other)["revoked_at"], Value::Null);
        // Added within the same millisecond it would be in doubt as well.
        let key = find(&before);
        let doubted = key["added_at"] == since["compromised_at"];
        assert_eq!(key["revoked_at"] != Value::Null, doubted, "{key}");
    }
    assert_eq!(rule(&w, &of_thief).await, "key_revoked");
    let done = w.server.command(&["verify"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

async fn keys_that_are_not_the_units_keep_none_of_its_own_out(db: Db) {
    let w = world(db).await;
    let first = Unit::known(&w, 1).await;
    let thiefs: Vec<Unit> = (10..15).map(|seed| Unit::with(&w, seed)).collect();
    for key in &thiefs {
        key.register(&w, None).await.is(201);
    }
    let more = Unit::with(&w, 20);
    let problem = more.register(&w, None).await.problem(409, "conflict-state");
    assert!(problem["detail"].as_str().unwrap().contains("5 keys"));
    // An earlier key speaks for one all the same.
    Unit::with(&w, 21).register(&w, Some(&first)).await.is(201);
    // Those that are revoked do not count.
    revoke(&w, &thiefs[0], json!({})).await;
    more.register(&w, None).await.is(201);
}

async fn a_later_statement_is_doubted_as_the_filing_is(db: Db) {
    let w = world(db).await;
    let (first, second) = (Unit::known(&w, 1).await, Unit::with(&w, 2));
    let since = second.register(&w, Some(&first)).await.is(201).json()["added_at"].clone();
    let statement = first.filing(&referral("later"));
    let filed = file(&w.unit, &statement).await.is(201).json();
    let claims = Claims {
        act: Act::Withdraw,
        replaces: Some(Digest::of(&statement)),
        ..second.claims()
    };
    let withdrawal = second.sign(&claims, &json!({"reason": "mistake"}));
    let address = format!("{}/withdrawal", path(&filed));
    let call = w.unit.api.call(Method::PUT, &address).if_match("*");
    call.bytes(JOSE, withdrawal).await.is(200);
    revoke(&w, &second, json!({ "compromised_at": since })).await;
    assert_eq!(
        w.read(&filed).await["signature"]["key_doubted_since"],
        since
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
    // By whom, and not with which of his logins.
    assert_eq!(said["by"]["id"], w.unit.id.as_str());
    assert!(!data.contains("client_"), "{data}");
}
