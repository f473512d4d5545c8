//! Corrections and withdrawals are signed the same way, and one that is not is told.

use reqwest::Method;
use serde_json::{Value, json};
use takedown_core::history::Digest;
use takedown_core::signed::{Act, Claims};
use takedown_tests::world::path;
use takedown_tests::{Answer, Db, World, both_databases};

use super::{JOSE, Unit, file, referral, world};
use crate::retention::verified;

both_databases!(a_signed_request_is_corrected_and_taken_back_signed);

async fn change(w: &World, request: &Value, act: Act, statement: &str) -> Answer {
    let (method, what) = match act {
        Act::Correct => (Method::POST, "corrections"),
        _ => (Method::PUT, "withdrawal"),
    };
    let address = format!("{}/{what}", path(request));
    let call = w.unit.api.call(method, &address).if_match("*");
    call.bytes(JOSE, statement.to_owned()).await
}

async fn a_signed_request_is_corrected_and_taken_back_signed(db: Db) {
    let w = world(db).await;
    let unit = Unit::known(&w, 1).await;
    let statement = unit.filing(&referral("changed"));
    let filed = file(&w.unit, &statement).await.is(201).json();
    let after = |act, replaces: &str| Claims {
        act,
        replaces: Some(Digest::of(replaces)),
        ..unit.claims()
    };
    let facts = json!({"reasons": {"text": "The page names a place.", "language": "en"}});

    let stray = unit.sign(&after(Act::Correct, "another"), &facts);
    let problem = change(&w, &filed, Act::Correct, &stray)
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "replaces");
    let named = json!({"officer": {"handle": "M-17", "name": "Jan Example"}});
    let named = unit.sign(&after(Act::Correct, &statement), &named);
    let problem = change(&w, &filed, Act::Correct, &named)
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "escrowed");
    let elsewhere = Claims {
        audience: takedown_core::locator::Host::parse("sub.paste.example").unwrap(),
        ..after(Act::Correct, &statement)
    };
    let problem = change(&w, &filed, Act::Correct, &unit.sign(&elsewhere, &facts)).await;
    assert_eq!(
        problem.problem(422, "signature-refused")["rule"],
        "audience"
    );
    assert_eq!(w.read(&filed).await["version"], 1, "nothing was changed");

    let correction = unit.sign(&after(Act::Correct, &statement), &facts);
    let corrected = change(&w, &filed, Act::Correct, &correction)
        .await
        .is(201)
        .json();
    assert_eq!(corrected["reasons"]["text"], "The page names a place.");
    let acts: Vec<&Value> = corrected["signature"]["statements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["act"])
        .collect();
    assert_eq!(acts, ["file", "correct"]);
    // Without a signature it is allowed, and told to whoever reads it.
    let plain = json!({"agency_reference": "KP-7"});
    let address = format!("{}/corrections", path(&filed));
    w.unit
        .api
        .post(&address, &plain)
        .if_match("*")
        .await
        .is(201);
    let seen = w.platform.api.get(&path(&filed)).await.is(200).json();
    assert_eq!(seen["signature"]["unsigned_changes"], 1);
    assert_eq!(seen["attestation"], "unit_signed");

    // The withdrawal continues what was signed last.
    let early = unit.sign(
        &after(Act::Withdraw, &statement),
        &json!({"reason": "mistake"}),
    );
    let problem = change(&w, &filed, Act::Withdraw, &early)
        .await
        .problem(422, "signature-refused");
    assert_eq!(problem["rule"], "replaces");
    let withdrawal = unit.sign(
        &after(Act::Withdraw, &correction),
        &json!({"reason": "mistake"}),
    );
    let withdrawn = change(&w, &filed, Act::Withdraw, &withdrawal)
        .await
        .is(200)
        .json();
    assert_eq!(withdrawn["status"], "withdrawn");
    let digest = Digest::of(&withdrawal).to_string();
    let address = format!("{}/signed?digest={digest}", path(&filed));
    assert_eq!(
        w.platform.api.get(&address).await.is(200).text(),
        withdrawal
    );
    let history = w
        .unit
        .api
        .get(&format!("{}/history", path(&filed)))
        .await
        .is(200)
        .json();
    let last = history["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["data"]["signature"]["statement"], digest, "{history}");
    assert_eq!(verified(&w).await["signed_by_units"], 3);

    // A request that was filed without a signature is not continued by one.
    let plain = w.file(&referral("unsigned")).await;
    let stray = unit.sign(&after(Act::Withdraw, "x"), &json!({"reason": "mistake"}));
    change(&w, &plain, Act::Withdraw, &stray)
        .await
        .problem(409, "conflict-state");
}
