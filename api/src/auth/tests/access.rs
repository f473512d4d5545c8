//! What must never be taken for one of our access tokens.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::auth::fixture::{ISSUER, NOW, client, id, now, tokens};
use crate::auth::*;
use takedown_core::policy::{Scope, Scopes};

fn header(signer: &SigningKey) -> Value {
    json!({"alg": "EdDSA", "typ": "at+jwt", "kid": signer.public().kid()})
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": format!("{ISSUER}/v1"), "sub": id("client_a"), "client_id": id("client_a"),
        "iat": NOW, "exp": NOW + 300, "jti": "j", "scope": "inbox:read", "issued_ms": NOW * 1000,
    })
}

fn with(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name);
    value
}

fn raw(signer: &SigningKey, header: &str, payload: &str) -> String {
    // The signer takes values, so texts that no value can have are signed by hand.
    let signed = format!(
        "{}.{}",
        BASE64URL_NOPAD.encode(header.as_bytes()),
        BASE64URL_NOPAD.encode(payload.as_bytes())
    );
    format!(
        "{signed}.{}",
        BASE64URL_NOPAD.encode(&signer.signature(signed.as_bytes()))
    )
}

async fn refused(tokens: &Tokens, token: &str) -> TokenError {
    match tokens.verify(token, now()).await {
        Err(Refused::Token(error)) => error,
        other => panic!("taken or refused otherwise: {other:?}: {token}"),
    }
}

#[tokio::test]
async fn a_token_of_ours_is_taken_and_remembered() {
    let (tokens, memory, _) = tokens();
    memory.put(client("client_a"));
    let token = tokens
        .issue(
            id("client_a"),
            [Scope::InboxRead].into_iter().collect(),
            now(),
        )
        .unwrap();
    let (found, access) = tokens.check(&token, now()).await.unwrap();
    assert_eq!((found.id, access.client), (id("client_a"), id("client_a")));
    assert_eq!(access.scopes.to_string(), "inbox:read");
    assert_eq!(access.expires_at, NOW + 300);
    // Without its key's record only the memory can still know it.
    memory.keys.lock().unwrap().clear();
    assert!(tokens.check(&token, now()).await.is_ok());
    let late = now() + chrono::Duration::seconds(311);
    assert!(tokens.check(&token, late).await.is_err());
}

#[tokio::test]
async fn headers_that_are_not_ours_are_refused() {
    let (tokens, memory, signer) = tokens();
    memory.put(client("client_a"));
    let h = header(&signer);
    let cases = [
        (with(h.clone(), "alg", json!("none")), TokenError::Algorithm),
        (
            with(h.clone(), "alg", json!("HS256")),
            TokenError::Algorithm,
        ),
        (
            with(h.clone(), "alg", json!("ES256")),
            TokenError::Algorithm,
        ),
        (
            with(h.clone(), "alg", json!("eddsa")),
            TokenError::Algorithm,
        ),
        (with(h.clone(), "alg", json!(null)), TokenError::Header),
        (without(h.clone(), "alg"), TokenError::Header),
        (with(h.clone(), "typ", json!("JWT")), TokenError::Type),
        (with(h.clone(), "typ", json!("AT+JWT")), TokenError::Type),
        (
            with(h.clone(), "typ", json!("application/at+jwt")),
            TokenError::Type,
        ),
        (
            with(h.clone(), "typ", json!("client-authentication+jwt")),
            TokenError::Type,
        ),
        (
            with(h.clone(), "typ", json!("takedown-request+jws")),
            TokenError::Type,
        ),
        (without(h.clone(), "typ"), TokenError::Type),
        (
            with(h.clone(), "kid", json!("other")),
            TokenError::UnknownKey,
        ),
        (without(h.clone(), "kid"), TokenError::UnknownKey),
        (with(h.clone(), "kid", json!(7)), TokenError::Header),
        (with(h.clone(), "crit", json!(["exp"])), TokenError::Header),
        (with(h.clone(), "b64", json!(false)), TokenError::Header),
        (
            with(h.clone(), "jku", json!("https://evil.example/keys")),
            TokenError::Header,
        ),
        (
            with(h.clone(), "jwk", signer.public().to_jwk()),
            TokenError::Header,
        ),
        (
            with(h.clone(), "x5u", json!("https://evil.example")),
            TokenError::Header,
        ),
        (with(h.clone(), "x5c", json!([])), TokenError::Header),
        (with(h.clone(), "zip", json!("DEF")), TokenError::Header),
        (with(h.clone(), "anything", json!(1)), TokenError::Header),
    ];
    for (header, error) in cases {
        let token = signer.sign(&header, &claims());
        assert_eq!(refused(&tokens, &token).await, error, "{header}");
    }
}

#[tokio::test]
async fn claims_that_are_missing_wrong_or_out_of_time_are_refused() {
    let (tokens, memory, signer) = tokens();
    memory.put(client("client_a"));
    let c = claims();
    for name in [
        "iss",
        "aud",
        "sub",
        "client_id",
        "iat",
        "exp",
        "jti",
        "scope",
        "issued_ms",
    ] {
        let token = signer.sign(&header(&signer), &without(c.clone(), name));
        assert_eq!(refused(&tokens, &token).await, TokenError::Claims, "{name}");
        let token = signer.sign(&header(&signer), &with(c.clone(), name, json!([])));
        assert_eq!(refused(&tokens, &token).await, TokenError::Claims, "{name}");
    }
    let cases = [
        ("iss", json!("https://evil.example"), TokenError::Issuer),
        (
            "iss",
            json!("https://takedown.example/"),
            TokenError::Issuer,
        ),
        ("aud", json!(ISSUER), TokenError::Audience),
        ("aud", json!([format!("{ISSUER}/v1")]), TokenError::Claims),
        ("sub", json!(id("client_b")), TokenError::Issuer),
        ("exp", json!(NOW - 10), TokenError::Expired),
        ("exp", json!(NOW + 3_601), TokenError::TooLong),
        ("exp", json!((NOW + 300) as f64 + 0.5), TokenError::Claims),
        ("exp", json!(NOW.to_string()), TokenError::Claims),
        ("exp", json!(-1), TokenError::Claims),
        ("exp", json!(u64::MAX), TokenError::Claims),
        ("exp", json!(NOW), TokenError::Claims),
        ("iat", json!(NOW + 11), TokenError::Future),
        ("nbf", json!(NOW + 11), TokenError::Future),
        ("nbf", json!("now"), TokenError::Claims),
        ("jti", json!(""), TokenError::Claims),
        ("jti", json!("a b"), TokenError::Claims),
        ("scope", json!("everything"), TokenError::Claims),
        ("issued_ms", json!(0), TokenError::Claims),
    ];
    for (name, value, error) in cases {
        let token = signer.sign(&header(&signer), &with(c.clone(), name, value.clone()));
        assert_eq!(refused(&tokens, &token).await, error, "{name} {value}");
    }
    // Ten seconds of difference between clocks are forgiven in both directions.
    let ahead = with(
        with(c.clone(), "iat", json!(NOW + 10)),
        "issued_ms",
        json!((NOW + 10) * 1000),
    );
    let late = with(
        with(with(c, "exp", json!(NOW - 9)), "iat", json!(NOW - 300)),
        "issued_ms",
        json!((NOW - 300) * 1000),
    );
    for claims in [ahead, late] {
        assert!(
            tokens
                .verify(&signer.sign(&header(&signer), &claims), now())
                .await
                .is_ok()
        );
    }
}

#[tokio::test]
async fn forms_that_two_readers_could_read_differently_are_refused() {
    let (tokens, memory, signer) = tokens();
    memory.put(client("client_a"));
    let good = signer.sign(&header(&signer), &claims());
    assert!(tokens.verify(&good, now()).await.is_ok());
    let parts: Vec<&str> = good.split('.').collect();
    let (h, p, s) = (parts[0], parts[1], parts[2]);
    for token in [
        String::new(),
        "..".to_owned(),
        format!("{h}.{p}"),
        format!("{h}.{p}."),
        format!("{h}.{p}.{s}="),
        format!("{h}.{p}.{s} "),
        format!(" {h}.{p}.{s}"),
        format!("{h}.{p}\n.{s}"),
        format!("{h}.{p}.{s}.{s}"),
        format!("{h}.{h}.{p}.{s}"),
        format!("{h}.{p}.{}", s.replace(['-', '_'], "+")) + "+",
        format!("{h}.{p}.{s}{}", "A".repeat(9_000)),
        "\u{202e}.\u{202e}.\u{202e}".to_owned(),
    ] {
        let error = refused(&tokens, &token).await;
        assert!(
            matches!(
                error,
                TokenError::Form | TokenError::Signature | TokenError::Header
            ),
            "{error:?} {token}"
        );
    }
    let kid = signer.public().kid();
    let twice = [
        (
            format!(r#"{{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"{kid}"}}"#),
            claims().to_string(),
            TokenError::Header,
        ),
        (
            header(&signer).to_string(),
            claims()
                .to_string()
                .replacen('{', r#"{"sub":"client_b","#, 1),
            TokenError::Claims,
        ),
        (
            header(&signer).to_string(),
            claims()
                .to_string()
                .replacen('{', r#"{"x":{"a":1,"a":2},"#, 1),
            TokenError::Claims,
        ),
        (
            header(&signer).to_string(),
            "[]".to_owned(),
            TokenError::Claims,
        ),
        ("[]".to_owned(), claims().to_string(), TokenError::Header),
    ];
    for (header, payload, error) in twice {
        assert_eq!(
            refused(&tokens, &raw(&signer, &header, &payload)).await,
            error,
            "{header} {payload}"
        );
    }
}

#[tokio::test]
async fn a_signature_that_is_not_the_keys_is_refused() {
    let (tokens, memory, signer) = tokens();
    memory.put(client("client_a"));
    let other = SigningKey::generate().unwrap();
    // Signed by another key under the name of ours.
    assert_eq!(
        refused(&tokens, &other.sign(&header(&signer), &claims())).await,
        TokenError::Signature
    );
    // HMAC with the public key as its secret, the classic confusion.
    let hs = with(header(&signer), "alg", json!("HS256"));
    let signed = raw(&signer, &hs.to_string(), &claims().to_string());
    let (signed, _) = signed.rsplit_once('.').unwrap();
    let x = BASE64URL_NOPAD
        .decode(signer.public().to_jwk()["x"].as_str().unwrap().as_bytes())
        .unwrap();
    let mac = aws_lc_rs::hmac::sign(
        &aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &x),
        signed.as_bytes(),
    );
    let token = format!("{signed}.{}", BASE64URL_NOPAD.encode(mac.as_ref()));
    assert_eq!(refused(&tokens, &token).await, TokenError::Algorithm);
    // Every single changed character.
    let good = signer.sign(&header(&signer), &claims());
    for (index, old) in good.char_indices() {
        let new = if old == 'A' { 'B' } else { 'A' };
        let mut changed = good.clone();
        changed.replace_range(index..=index, &new.to_string());
        assert!(tokens.verify(&changed, now()).await.is_err(), "{index}");
    }
}

#[tokio::test]
async fn suspension_and_revocation_work_at_once() {
    let (tokens, memory, _) = tokens();
    memory.put(client("client_a"));
    let token = tokens.issue(id("client_a"), Scopes::all(), now()).unwrap();
    assert!(tokens.check(&token, now()).await.is_ok());
    memory.put(Client {
        enabled: false,
        ..client("client_a")
    });
    assert!(matches!(
        tokens.check(&token, now()).await,
        Err(Refused::Revoked)
    ));
    let since = now() + chrono::Duration::milliseconds(1);
    memory.put(Client {
        tokens_not_before: Some(since),
        ..client("client_a")
    });
    assert!(matches!(
        tokens.check(&token, now()).await,
        Err(Refused::Revoked)
    ));
    let fresh = tokens.issue(id("client_a"), Scopes::all(), since).unwrap();
    assert!(tokens.check(&fresh, since).await.is_ok());
    memory.clients.lock().unwrap().clear();
    assert!(matches!(
        tokens.check(&fresh, since).await,
        Err(Refused::Revoked)
    ));
    memory
        .down
        .store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(
        tokens.check(&fresh, since).await,
        Err(Refused::Directory(_))
    ));
}

#[tokio::test]
async fn every_node_takes_the_tokens_of_every_other_and_a_rotation_loses_none() {
    let (tokens, memory, _) = tokens();
    memory.put(client("client_a"));
    let before = tokens.issue(id("client_a"), Scopes::all(), now()).unwrap();
    let next = Arc::new(SigningKey::generate().unwrap());
    memory.keys.lock().unwrap().push(next.public().clone());
    tokens.rotate(next);
    let after = tokens.issue(id("client_a"), Scopes::all(), now()).unwrap();
    for token in [before, after] {
        assert!(tokens.check(&token, now()).await.is_ok());
    }
}
