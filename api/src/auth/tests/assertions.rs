//! How clients prove who they are, and how they cannot.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::auth::assertion::{TYPE, client_assertion};
use crate::auth::fixture::{ISSUER, Memory, NOW, client, id, now, tokens};
use crate::auth::*;
use takedown_core::policy::Scopes;

fn with_assertion(assertion: String) -> GrantRequest {
    GrantRequest {
        grant_type: Some("client_credentials".to_owned()),
        assertion_type: Some(TYPE.to_owned()),
        assertion: Some(assertion),
        ..GrantRequest::default()
    }
}

fn with_secret(name: &str, secret: &str) -> GrantRequest {
    GrantRequest {
        grant_type: Some("client_credentials".to_owned()),
        basic: Some((id(name).to_string(), secret.to_owned().into())),
        ..GrantRequest::default()
    }
}

fn keyed() -> (Arc<Tokens>, Arc<Memory>, SigningKey) {
    let (tokens, memory, _) = tokens();
    let key = SigningKey::generate().unwrap();
    memory.put(Client {
        keys: vec![key.public().clone()],
        ..client("client_a")
    });
    (tokens, memory, key)
}

fn claims(jti: &str) -> Value {
    json!({"iss": id("client_a"), "sub": id("client_a"), "aud": ISSUER, "jti": jti, "iat": NOW, "exp": NOW + 60})
}

async fn why(tokens: &Tokens, request: GrantRequest) -> String {
    match tokens.grant(request, now()).await {
        Err(error) => error.to_string(),
        Ok(granted) => panic!("granted to {}", granted.client),
    }
}

#[tokio::test]
async fn a_client_with_a_key_gets_a_token_once_per_assertion() {
    let (tokens, _, key) = keyed();
    let assertion = client_assertion(
        &key,
        key.public().kid(),
        &id("client_a").to_string(),
        ISSUER,
        "one",
        NOW,
    );
    let granted = tokens
        .grant(with_assertion(assertion.clone()), now())
        .await
        .unwrap();
    assert_eq!(
        (granted.expires_in, granted.scopes.to_string()),
        (300, "requests:read inbox:read".to_owned())
    );
    assert!(tokens.check(&granted.access_token, now()).await.is_ok());
    assert!(
        why(&tokens, with_assertion(assertion))
            .await
            .contains("used before")
    );
}

#[tokio::test]
async fn the_types_that_libraries_send_are_taken_and_no_other() {
    let (tokens, _, key) = keyed();
    let kid = key.public().kid();
    for (jti, header) in [
        (
            "1",
            json!({"alg": "EdDSA", "typ": "client-authentication+jwt", "kid": kid}),
        ),
        ("2", json!({"alg": "EdDSA", "typ": "JWT", "kid": kid})),
        ("3", json!({"alg": "EdDSA", "kid": kid})),
        ("4", json!({"alg": "Ed25519"})),
    ] {
        let assertion = key.sign(&header, &claims(jti));
        assert!(
            tokens.grant(with_assertion(assertion), now()).await.is_ok(),
            "{header}"
        );
    }
    for typ in ["at+jwt", "dpop+jwt", "jwt", "takedown-request+jws", ""] {
        let assertion = key.sign(
            &json!({"alg": "EdDSA", "typ": typ, "kid": kid}),
            &claims("5"),
        );
        assert_eq!(
            why(&tokens, with_assertion(assertion)).await,
            TokenError::Type.to_string(),
            "{typ}"
        );
    }
}

#[tokio::test]
async fn assertions_that_prove_nothing_are_refused() {
    let (tokens, memory, key) = keyed();
    memory.put(Client {
        keys: vec![SigningKey::generate().unwrap().public().clone()],
        ..client("client_b")
    });
    let header =
        json!({"alg": "EdDSA", "typ": "client-authentication+jwt", "kid": key.public().kid()});
    let cases = [
        ("aud", json!([ISSUER]), TokenError::Claims),
        (
            "aud",
            json!(format!("{ISSUER}/oauth/token")),
            TokenError::Audience,
        ),
        ("aud", json!(format!("{ISSUER}/v1")), TokenError::Audience),
        ("aud", json!("https://other.example"), TokenError::Audience),
        ("iss", json!(id("client_b")), TokenError::Issuer),
        ("exp", json!(NOW + 71), TokenError::TooLong),
        ("exp", json!(NOW - 10), TokenError::Expired),
        ("iat", json!(NOW + 11), TokenError::Future),
        ("jti", json!(null), TokenError::Claims),
        ("jti", json!("x".repeat(129)), TokenError::Claims),
        ("sub", json!(id("client_b")), TokenError::UnknownKey),
        ("sub", json!(id("client_none")), TokenError::UnknownKey),
        ("sub", json!(1), TokenError::Claims),
    ];
    for (name, value, error) in cases {
        let mut claims = claims("x");
        claims[name] = value.clone();
        let assertion = key.sign(&header, &claims);
        assert_eq!(
            why(&tokens, with_assertion(assertion)).await,
            error.to_string(),
            "{name} {value}"
        );
    }
    assert!(
        memory.used.lock().unwrap().is_empty(),
        "a refused assertion uses up nothing"
    );
}

#[tokio::test]
async fn one_kind_of_token_never_passes_for_the_other() {
    let (tokens, memory, signer) = tokens();
    // Even when a client registered the exchange's own key.
    memory.put(Client {
        keys: vec![signer.public().clone()],
        ..client("client_a")
    });
    let access = tokens.issue(id("client_a"), Scopes::all(), now()).unwrap();
    assert_eq!(
        why(&tokens, with_assertion(access)).await,
        TokenError::Type.to_string()
    );
    let assertion = client_assertion(
        &signer,
        signer.public().kid(),
        &id("client_a").to_string(),
        ISSUER,
        "j",
        NOW,
    );
    assert!(matches!(
        tokens.verify(&assertion, now()).await,
        Err(Refused::Token(TokenError::Type))
    ));
}

#[tokio::test]
async fn es256_is_taken_from_es256_keys_alone() {
    let (tokens, memory, ed) = keyed();
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = pair.public_key().as_ref().to_vec();
    let key = PublicKey::p256(&point[1..33], &point[33..], Some("ec")).unwrap();
    memory.put(Client {
        keys: vec![ed.public().clone(), key],
        ..client("client_a")
    });
    let sign = |header: Value, jti: &str| {
        let signed = format!(
            "{}.{}",
            BASE64URL_NOPAD.encode(header.to_string().as_bytes()),
            BASE64URL_NOPAD.encode(claims(jti).to_string().as_bytes())
        );
        let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    };
    let good = sign(json!({"alg": "ES256", "kid": "ec"}), "1");
    assert!(tokens.grant(with_assertion(good), now()).await.is_ok());
    for (header, error) in [
        (json!({"alg": "EdDSA", "kid": "ec"}), TokenError::Algorithm),
        (
            json!({"alg": "ES256", "kid": ed.public().kid()}),
            TokenError::Algorithm,
        ),
        // Two keys and no name: nobody guesses.
        (json!({"alg": "ES256"}), TokenError::UnknownKey),
    ] {
        assert_eq!(
            why(&tokens, with_assertion(sign(header, "2"))).await,
            error.to_string()
        );
    }
}

#[tokio::test]
async fn secrets_open_and_old_ones_live_as_long_as_they_were_given() {
    let (tokens, memory, _) = tokens();
    let (old, old_hash) = new_secret().unwrap();
    let (new, new_hash) = new_secret().unwrap();
    let tomorrow = now() + chrono::Duration::hours(24);
    memory.put(Client {
        secrets: vec![(old_hash, Some(tomorrow)), (new_hash, None)],
        ..client("client_a")
    });
    for secret in [&old, &new] {
        assert!(
            tokens
                .grant(with_secret("client_a", secret.expose_secret()), now())
                .await
                .is_ok()
        );
    }
    assert!(
        tokens
            .grant(with_secret("client_a", old.expose_secret()), tomorrow)
            .await
            .is_err()
    );
    assert!(
        tokens
            .grant(with_secret("client_a", new.expose_secret()), tomorrow)
            .await
            .is_ok()
    );
    let wrong = why(&tokens, with_secret("client_a", "tdx_wrong")).await;
    let unknown = why(&tokens, with_secret("client_none", new.expose_secret())).await;
    let empty = why(&tokens, with_secret("client_a", "")).await;
    assert_eq!((&wrong, &wrong), (&unknown, &empty));
}

#[tokio::test]
async fn the_grant_is_refused_for_what_oauth_names() {
    let (tokens, memory, _) = tokens();
    let (secret, hash) = new_secret().unwrap();
    memory.put(Client {
        secrets: vec![(hash, None)],
        ..client("client_a")
    });
    let ask = |change: &dyn Fn(&mut GrantRequest)| {
        let mut request = with_secret("client_a", secret.expose_secret());
        change(&mut request);
        request
    };
    let kind = |result: Result<Granted, GrantError>| match result {
        Ok(granted) => granted.scopes.to_string(),
        Err(GrantError::InvalidRequest(_)) => "invalid_request".to_owned(),
        Err(GrantError::InvalidClient(_)) => "invalid_client".to_owned(),
        Err(GrantError::InvalidScope(_)) => "invalid_scope".to_owned(),
        Err(GrantError::UnsupportedGrantType) => "unsupported_grant_type".to_owned(),
        Err(other) => other.to_string(),
    };
    type Change<'a> = &'a dyn Fn(&mut GrantRequest);
    let cases: [(Change<'_>, &str); 9] = [
        (&|r| r.grant_type = None, "invalid_request"),
        (
            &|r| r.grant_type = Some("password".to_owned()),
            "unsupported_grant_type",
        ),
        (&|r| r.basic = None, "invalid_client"),
        (&|r| r.assertion = Some("x".to_owned()), "invalid_request"),
        (
            &|r| r.client_id = Some(id("client_b").to_string()),
            "invalid_request",
        ),
        (
            &|r| r.client_id = Some(id("client_a").to_string()),
            "requests:read inbox:read",
        ),
        (&|r| r.scope = Some("inbox:read".to_owned()), "inbox:read"),
        (
            &|r| r.scope = Some("inbox:read export:read".to_owned()),
            "invalid_scope",
        ),
        (&|r| r.scope = Some("all".to_owned()), "invalid_scope"),
    ];
    for (change, expected) in cases {
        assert_eq!(kind(tokens.grant(ask(change), now()).await), expected);
    }
    memory.put(Client {
        secrets: vec![(hash, None)],
        enabled: false,
        ..client("client_a")
    });
    assert!(why(&tokens, ask(&|_| ())).await.contains("suspended"));
}
