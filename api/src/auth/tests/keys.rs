//! Which keys may be registered.

use serde_json::{Value, json};

use crate::auth::*;

fn ed() -> Value {
    SigningKey::generate().unwrap().public().to_jwk()
}

fn refused(jwk: &Value) -> String {
    parse_jwks(&json!({"keys": [jwk]}).to_string())
        .unwrap_err()
        .to_string()
}

fn with(mut jwk: Value, name: &str, value: Value) -> Value {
    jwk[name] = value;
    jwk
}

#[test]
fn keys_are_read_from_a_set_or_alone_and_named_by_their_thumbprint() {
    let jwk = ed();
    let alone = parse_jwks(&jwk.to_string()).unwrap();
    let set = parse_jwks(&json!({"keys": [jwk, ed()]}).to_string()).unwrap();
    assert_eq!((alone.len(), set.len()), (1, 2));
    assert_eq!(alone[0], set[0]);
    assert_eq!(alone[0].to_jwk(), jwk);
    let named = parse_jwks(&with(jwk, "kid", json!("mine")).to_string()).unwrap();
    assert_eq!(named[0].kid(), "mine");
    assert_eq!(named[0].thumbprint(), alone[0].kid());
}

/// RFC 8037 appendix A.3 and RFC 7517 appendix A.1.
#[test]
fn the_examples_of_the_rfcs_are_read() {
    let ed = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!(
        parse_jwks(ed).unwrap()[0].kid(),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    let ec = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"1"}"#;
    let key = &parse_jwks(ec).unwrap()[0];
    assert_eq!((key.kid(), key.algorithm()), ("1", Algorithm::Es256));
    assert_eq!(parse_jwks(&key.to_jwk().to_string()).unwrap()[0], *key);
}

#[test]
fn keys_for_something_else_are_refused() {
    assert!(refused(&with(ed(), "d", json!("AAAA"))).contains("private"));
    assert!(refused(&json!({"kty": "oct", "k": "AAAA"})).contains("symmetric"));
    assert!(refused(&with(ed(), "use", json!("enc"))).contains("`use`"));
    assert!(refused(&with(ed(), "use", json!(1))).contains("`use`"));
    assert!(refused(&with(ed(), "key_ops", json!(["sign"]))).contains("`key_ops`"));
    assert!(refused(&with(ed(), "key_ops", json!(["verify", "sign"]))).contains("`key_ops`"));
    assert!(refused(&with(ed(), "key_ops", json!([]))).contains("`key_ops`"));
    assert!(refused(&with(ed(), "alg", json!("HS256"))).contains("`alg`"));
    assert!(refused(&with(ed(), "alg", json!("ES256"))).contains("`alg`"));
    assert!(refused(&with(ed(), "kid", json!(""))).contains("`kid`"));
    assert!(refused(&with(ed(), "kid", json!("a b"))).contains("`kid`"));
    assert!(refused(&with(ed(), "crv", json!("X25519"))).contains("Ed25519 key"));
    assert!(refused(&json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"})).contains("P-256"));
    assert!(refused(&with(ed(), "x", json!("AA=="))).contains("base64url"));
    assert!(refused(&with(ed(), "x", json!("AAAA"))).contains("32 bytes"));
    assert!(refused(&json!({"kty": "OKP", "crv": "Ed25519"})).contains("missing"));
}

#[test]
fn weak_and_impossible_points_are_refused() {
    let x = |bytes: [u8; 32]| data_encoding::BASE64URL_NOPAD.encode(&bytes);
    let mut identity = [0; 32];
    identity[0] = 1;
    for weak in [[0; 32], identity, [0xff; 32]] {
        assert!(refused(&with(ed(), "x", json!(x(weak)))).contains("weak"));
    }
    let off_curve = json!({"kty": "EC", "crv": "P-256", "x": x([1; 32]), "y": x([1; 32])});
    assert!(refused(&off_curve).contains("P-256"));
}

#[test]
fn sets_that_are_none_are_refused() {
    let (key, other) = (ed(), ed());
    let twice = json!({"keys": [key, key]});
    let same_kid =
        json!({"keys": [with(key.clone(), "kid", json!("k")), with(other, "kid", json!("k"))]});
    let many: Vec<Value> = (0..9).map(|_| ed()).collect();
    for (text, word) in [
        (twice.to_string(), "twice"),
        (same_kid.to_string(), "twice"),
        (json!({"keys": many}).to_string(), "1 to 8"),
        (json!({"keys": []}).to_string(), "1 to 8"),
        (json!({"keys": {}}).to_string(), "array"),
        (json!({"keys": ["x"]}).to_string(), "object"),
        ("{}".to_owned(), "no `keys`"),
        ("[]".to_owned(), "JSON object"),
        (r#"{"keys":[],"keys":[]}"#.to_owned(), "repeated"),
        (" ".repeat(20_000), "larger"),
    ] {
        let error = parse_jwks(&text).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}
