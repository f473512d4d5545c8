#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use data_encoding::BASE64;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::auth::assertion::{TYPE, client_assertion};
use crate::auth::fixture::{ISSUER, client, id, tokens};
use crate::auth::{Client, SigningKey, new_secret};
use crate::config::{Config, Layers};
use crate::http::middleware::{Edge, edge};
use crate::observe::Metrics;

fn edge_data(burst: &str) -> web::Data<Edge> {
    let mut layers = Layers::default();
    layers.set("limits.token_burst", burst);
    let config = Config::from_layers(layers).unwrap();
    web::Data::new(Edge::new(&config, Arc::new(Metrics::default())))
}

macro_rules! service {
    ($edge:expr, $tokens:expr) => {
        init_service(
            App::new()
                .app_data($edge)
                .app_data(web::Data::from($tokens.clone()))
                .service(super::token::token)
                .service(super::metadata::authorization_server)
                .service(super::metadata::jwks)
                .wrap(from_fn(edge)),
        )
        .await
    };
}

macro_rules! answer {
    ($service:expr, $request:expr) => {{
        let response = call_service(&$service, $request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body: Value = serde_json::from_slice(&read_body(response).await).unwrap();
        (status, body, headers)
    }};
}

fn ask(form: &str) -> TestRequest {
    TestRequest::post()
        .uri("/oauth/token")
        .peer_addr("192.0.2.1:5000".parse().unwrap())
        .insert_header(("content-type", "application/x-www-form-urlencoded"))
        .set_payload(form.to_owned())
}

fn basic(name: &str, secret: &str) -> (&'static str, String) {
    (
        "authorization",
        format!(
            "Basic {}",
            BASE64.encode(format!("{}:{secret}", id(name)).as_bytes())
        ),
    )
}

const GRANT: &str = "grant_type=client_credentials";

#[actix_web::test]
async fn a_secret_and_a_key_both_open() {
    let (tokens, memory, _) = tokens();
    let (secret, hash) = new_secret().unwrap();
    let key = SigningKey::generate().unwrap();
    memory.put(Client {
        secrets: vec![(hash, None)],
        keys: vec![key.public().clone()],
        ..client("client_a")
    });
    let service = service!(edge_data("30"), tokens);
    let by_secret = ask(&format!("{GRANT}&scope=inbox%3Aread&unknown=1"))
        .insert_header(basic("client_a", secret.expose_secret()));
    let (status, body, headers) = answer!(service, by_secret);
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (&body["token_type"], &body["expires_in"], &body["scope"]),
        (&"Bearer".into(), &300.into(), &"inbox:read".into())
    );
    assert_eq!(headers.get("cache-control").unwrap(), "no-store");
    assert_eq!(headers.get("pragma").unwrap(), "no-cache");
    let token = body["access_token"].as_str().unwrap();
    assert!(tokens.check(token, chrono::Utc::now()).await.is_ok());

    let now = chrono::Utc::now().timestamp();
    let assertion = client_assertion(
        &key,
        key.public().kid(),
        &id("client_a").to_string(),
        ISSUER,
        "one",
        now,
    );
    let form = format!("{GRANT}&client_assertion_type={TYPE}&client_assertion={assertion}");
    assert_eq!(answer!(service, ask(&form)).0, 200);
    let (status, body, _) = answer!(service, ask(&form));
    assert_eq!(
        (status, &body["error"]),
        (401, &"invalid_client".into()),
        "{body}"
    );
}

#[actix_web::test]
async fn refusals_are_those_of_oauth() {
    let (tokens, memory, _) = tokens();
    let (secret, hash) = new_secret().unwrap();
    memory.put(Client {
        secrets: vec![(hash, None)],
        ..client("client_a")
    });
    let good = basic("client_a", secret.expose_secret());
    let service = service!(edge_data("1000"), tokens);
    let cases = [
        (ask("").insert_header(good.clone()), 400, "invalid_request"),
        (
            ask("grant_type=").insert_header(good.clone()),
            400,
            "invalid_request",
        ),
        (
            ask("grant_type=password").insert_header(good.clone()),
            400,
            "unsupported_grant_type",
        ),
        (
            ask(&format!("{GRANT}&{GRANT}")).insert_header(good.clone()),
            400,
            "invalid_request",
        ),
        (
            ask(&format!("{GRANT}&scope=a&scope=b")).insert_header(good.clone()),
            400,
            "invalid_request",
        ),
        (
            ask(&format!("{GRANT}&scope=everything")).insert_header(good.clone()),
            400,
            "invalid_scope",
        ),
        (
            ask(&format!("{GRANT}&client_id=x")).insert_header(good.clone()),
            400,
            "invalid_request",
        ),
        (
            ask(&format!("{GRANT}&client_secret=x")),
            400,
            "invalid_request",
        ),
        (
            ask(&format!("{GRANT}&client_assertion=x")),
            400,
            "invalid_request",
        ),
        (ask(GRANT), 401, "invalid_client"),
        (
            ask(GRANT).insert_header(("authorization", "Bearer x")),
            401,
            "invalid_client",
        ),
        (
            ask(GRANT).insert_header(basic("client_a", "tdx_wrong")),
            401,
            "invalid_client",
        ),
        (
            ask(GRANT).insert_header(basic("client_none", "tdx_wrong")),
            401,
            "invalid_client",
        ),
        (
            ask(&format!(
                "{GRANT}&client_assertion_type={TYPE}&client_assertion=a.b.c"
            )),
            401,
            "invalid_client",
        ),
    ];
    for (request, status, error) in cases {
        let (found, body, headers) = answer!(service, request);
        assert_eq!((found, &body["error"]), (status, &error.into()), "{body}");
        let description = body["error_description"].as_str().unwrap();
        assert!(
            description
                .bytes()
                .all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
            "{description}"
        );
        assert_eq!(headers.get("cache-control").unwrap(), "no-store");
        assert_eq!(headers.contains_key("www-authenticate"), status == 401);
    }
    let (_, unknown, _) = answer!(service, ask(GRANT).insert_header(basic("client_none", "x")));
    let (_, wrong, _) = answer!(service, ask(GRANT).insert_header(basic("client_a", "x")));
    assert_eq!(unknown, wrong);
}

#[actix_web::test]
async fn what_is_no_matter_of_oauth_is_a_problem() {
    let (tokens, memory, _) = tokens();
    let service = service!(edge_data("3"), tokens);
    let json = TestRequest::post()
        .uri("/oauth/token")
        .insert_header(("content-type", "application/json"))
        .set_payload("{}");
    let (status, body, _) = answer!(service, json);
    assert_eq!(
        (status, &body["code"]),
        (415, &"unsupported-media-type".into())
    );
    memory
        .down
        .store(true, std::sync::atomic::Ordering::Relaxed);
    let (status, body, _) = answer!(service, ask(GRANT).insert_header(basic("client_a", "x")));
    assert_eq!(
        (status, &body["code"]),
        (503, &"database-unavailable".into()),
        "{body}"
    );
    for _ in 0..2 {
        assert_eq!(answer!(service, ask(GRANT)).0, 401);
    }
    let (status, body, headers) = answer!(service, ask(GRANT));
    assert_eq!((status, &body["code"]), (429, &"too-many-requests".into()));
    assert!(headers.contains_key("retry-after"));
    assert_eq!(
        headers.get("ratelimit-policy").unwrap(),
        "\"token\";q=3;w=3"
    );
}

#[actix_web::test]
async fn the_server_describes_itself() {
    let (tokens, _, signer) = tokens();
    let service = service!(edge_data("30"), tokens);
    let (status, body, _) = answer!(
        service,
        TestRequest::get().uri("/.well-known/oauth-authorization-server")
    );
    assert_eq!((status, &body["issuer"]), (200, &ISSUER.into()));
    assert_eq!(body["token_endpoint"], format!("{ISSUER}/oauth/token"));
    let (status, body, _) = answer!(service, TestRequest::get().uri("/.well-known/jwks.json"));
    assert_eq!((status, &body["keys"][0]), (200, &signer.public().to_jwk()));
    assert!(body["keys"][0].get("d").is_none());
}
