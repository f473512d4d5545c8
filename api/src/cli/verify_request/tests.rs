#![allow(clippy::unwrap_used)]

use clap::Parser;
use serde_json::{Value, json};
use takedown_core::ed25519::KeyPair;
use takedown_core::history::Digest;
use takedown_core::locator::Host;
use takedown_core::signed::{KeyClaims, sign};

use super::*;
use crate::cli::tests::{Scratch, scratch};

const UNIT: &str = "agency_01h455vb4pex5vsknk084sn02q";
const FILED: i64 = 1_800_000_000;
const TAKEN_BACK: i64 = FILED + 100;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: VerifyRequestArgs,
}

fn pair(seed: u8) -> KeyPair {
    KeyPair::from_seed(&[seed; 32]).unwrap()
}

fn key(seed: u8) -> UnitKey {
    UnitKey::new(pair(seed).public().clone())
}

fn host(text: &str) -> Host {
    Host::parse(text).unwrap()
}

fn filing(seed: u8) -> String {
    let body = json!({"instrument": "referral", "grounds": ["terms"], "items": [{"locator": "https://paste.example/x"}]});
    statement(seed, Act::File, FILED, None, &body)
}

fn withdrawal(seed: u8, of: &str) -> String {
    let replaces = Some(Digest::of(of));
    let body = json!({"reason": "mistake"});
    statement(seed, Act::Withdraw, TAKEN_BACK, replaces, &body)
}

fn statement(seed: u8, act: Act, at: i64, replaces: Option<Digest>, body: &Value) -> String {
    let claims = Claims {
        jti: format!("0123456789abcdef{at}"),
        unit: UNIT.parse().unwrap(),
        domain: host("police.example"),
        audience: host("paste.example"),
        issued_at: at,
        expires_at: at + 3600,
        act,
        replaces,
    };
    let payload = claims.with(body.as_object().unwrap().clone());
    sign(&pair(seed), Typ::Request, &payload)
}

fn at(second: i64) -> Value {
    json!(rfc3339(from_millis(second * 1000).unwrap()))
}

/// A key as the exchange lists it.
fn listed(seed: u8) -> Value {
    json!({
        "jwk": key(seed).to_jwk(), "counts_from": at(FILED - 1000), "revoked_at": null, "compromised_at": null, "cosigned": null,
    })
}

/// With the signature of an earlier key.
fn cosigned(seed: u8, earlier: u8) -> Value {
    let says = KeyClaims {
        unit: UNIT.parse().unwrap(),
        domain: host("police.example"),
        key: key(seed),
        issued_at: FILED - 500,
    };
    let mut listed = listed(seed);
    let by_it = sign(&pair(earlier), Typ::Key, &says.payload());
    listed["cosigned"] = serde_json::from_str(&by_it).unwrap();
    listed
}

/// Checks these statements in a directory that remembers; gives back whether nothing speaks against them, and what is told.
async fn check(folder: &Scratch, statements: &[&str], keys: Value) -> (bool, String) {
    let mut line = vec!["verify-request".to_owned()];
    for (n, text) in statements.iter().enumerate() {
        line.push(folder.file(&format!("{n}.jws"), text));
    }
    let keys = folder.file("keys.json", &json!({ "items": keys }).to_string());
    let pins = folder.path().join("pins.json").display().to_string();
    line.extend(["--agency-keys".into(), keys, "--pins".into(), pins]);
    output::tests::printed();
    let ended = run(Line::try_parse_from(line).unwrap().args).await.unwrap();
    (ended == Exit::Done, output::tests::printed())
}

fn remembered(folder: &Scratch) -> Vec<String> {
    let Ok(text) = std::fs::read(folder.path().join("pins.json")) else {
        return Vec::new();
    };
    let pins: Value = serde_json::from_slice(&text).unwrap();
    let keys = pins["police.example"].as_object().unwrap();
    keys.keys().cloned().collect()
}

#[tokio::test]
async fn a_stolen_key_is_believed_in_nothing_and_not_remembered() {
    let folder = scratch();
    let mut stolen = listed(1);
    // The thief says when he signed.
    stolen["compromised_at"] = at(FILED + 1_000_000);
    let (good, told) = check(&folder, &[&filing(1)], json!([stolen])).await;
    assert!(!good && told.contains("in foreign hands since"), "{told}");
    assert!(told.contains("not remembered"), "{told}");
    assert_eq!(remembered(&folder), Vec::<String>::new());
    let (good, told) = check(&folder, &[&filing(1)], json!([listed(1)])).await;
    assert!(good && told.contains("remembered from now on"), "{told}");
    assert_eq!(remembered(&folder), [key(1).thumbprint()]);
}

#[tokio::test]
async fn each_statement_is_judged_by_its_own_key_and_time() {
    let filed = filing(1);
    let both = [filed.as_str(), &withdrawal(2, &filed)];
    let with = |member: &str, value: Value| {
        let mut second = cosigned(2, 1);
        second[member] = value;
        json!([listed(1), second])
    };
    for (keys, against) in [
        (json!([listed(1), cosigned(2, 1)]), None),
        // Between the filing and the withdrawal.
        (with("revoked_at", at(FILED + 50)), Some("was revoked at")),
        (with("revoked_at", at(TAKEN_BACK + 1)), None),
        (
            with("counts_from", Value::Null),
            Some("has not confirmed it"),
        ),
        (
            with("counts_from", at(TAKEN_BACK + 60)),
            Some("counts from"),
        ),
        // Clocks differ by so much.
        (with("counts_from", at(TAKEN_BACK + 10)), None),
        (
            with("compromised_at", at(TAKEN_BACK + 60)),
            Some("in foreign hands since"),
        ),
    ] {
        let (good, told) = check(&scratch(), &both, keys.clone()).await;
        assert_eq!(good, against.is_none(), "{keys}: {told}");
        assert!(told.contains(against.unwrap_or_default()), "{told}");
    }
}

#[tokio::test]
async fn only_a_key_that_is_sound_speaks_for_another() {
    let folder = scratch();
    check(&folder, &[&filing(1)], json!([listed(1)])).await;
    let mut stolen = listed(1);
    stolen["compromised_at"] = at(FILED);
    for keys in [
        json!([stolen, cosigned(2, 1)]),
        json!([listed(1), listed(2)]),
        json!([cosigned(2, 9)]),
    ] {
        let (good, told) = check(&folder, &[&filing(2)], keys).await;
        assert!(!good && told.contains("no earlier one speaks"), "{told}");
        assert_eq!(remembered(&folder), [key(1).thumbprint()]);
    }
    // Nor does a stranger's key get in with a later statement.
    let filed = filing(1);
    let both = [filed.as_str(), &withdrawal(2, &filed)];
    let (good, told) = check(&folder, &both, json!([listed(1), listed(2)])).await;
    assert!(!good && told.contains("no earlier one speaks"), "{told}");
    let keys = json!([listed(1), cosigned(2, 1)]);
    let (good, told) = check(&folder, &both, keys).await;
    assert!(good, "{told}");
    assert_eq!(remembered(&folder).len(), 2);
}
