//! Tokens and limits.

use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use serde_json::Value;
use tracing_actix_web::TracingLogger;

use super::*;
use crate::auth::Client;
use crate::auth::fixture::{client, id, tokens};

#[actix_web::test]
async fn calls_are_limited_per_client_and_nothing_new_costs_nothing() {
    let (tokens, memory, _) = tokens();
    memory.put(client("client_a"));
    memory.put(client("client_b"));
    let bearer = |name: &str| {
        let token = tokens
            .issue(
                id(name),
                Scope::ALL.iter().copied().collect(),
                chrono::Utc::now(),
            )
            .unwrap();
        ("authorization", format!("Bearer {token}"))
    };
    let (a, b) = (bearer("client_a"), bearer("client_b"));
    let edge_data = edge_data(&[
        ("limits.client_per_minute", "1"),
        ("limits.client_burst", "2"),
    ]);
    let service = service!(edge_data, tokens.clone());
    let inbox = || TestRequest::get().uri("/v1/inbox").insert_header(a.clone());
    for _ in 0..10 {
        let request = inbox()
            .insert_header(("if-none-match", "\"x\""))
            .to_request();
        let response = call_service(&service, request).await;
        assert_eq!(response.status(), 304);
        assert_eq!(
            response.headers().get("ratelimit").unwrap(),
            "\"client\";r=2;t=60"
        );
    }
    let response = call_service(&service, inbox().to_request()).await;
    assert_eq!(
        response.headers().get("ratelimit-policy").unwrap(),
        "\"client\";q=2;w=120"
    );
    assert_eq!(
        response.headers().get("ratelimit").unwrap(),
        "\"client\";r=1;t=60"
    );
    assert_eq!(
        call_service(&service, inbox().to_request()).await.status(),
        200
    );
    let (status, code, body, headers) = problem!(service, inbox());
    assert_eq!((status, code.as_str()), (429, "too-many-requests"));
    assert_eq!(body["violated-policies"], serde_json::json!(["client"]));
    let retry: u64 = headers
        .get("retry-after")
        .unwrap()
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&retry));
    assert!(
        headers
            .get("ratelimit")
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("\"client\";r=0;t=")
    );
    let other = TestRequest::get()
        .uri("/v1/inbox")
        .insert_header(b)
        .to_request();
    assert_eq!(call_service(&service, other).await.status(), 200);
    let text = edge_data.metrics.text().unwrap();
    assert!(
        text.contains(r#"route="/v1/inbox",status="304"} 10"#),
        "{text}"
    );
    assert!(
        text.contains(r#"takedown_http_rate_limited_total{policy="client"} 1"#),
        "{text}"
    );
}

#[actix_web::test]
async fn check_codes_are_limited_per_address_and_the_form_is_not() {
    let edge_data = edge_data(&[
        ("limits.check_per_minute", "1"),
        ("limits.check_burst", "2"),
    ]);
    let (tokens, _, _) = tokens();
    let service = service!(edge_data, tokens);
    let from = |host: u8, path: &str| {
        TestRequest::get()
            .uri(path)
            .peer_addr(([192, 0, 2, host], 4_000).into())
    };
    for path in ["/check/7J3F", "/check?code=7J3F"] {
        let response = call_service(&service, from(1, path).to_request()).await;
        assert_eq!(response.status(), 200);
    }
    for path in [
        "/check/7J3F",
        "/check?code=7J3F",
        "/%63heck/7J3F",
        "/check/other",
        "/unsubscribe/7J3F",
    ] {
        let (status, code, body, headers) = problem!(service, from(1, path));
        assert_eq!((status, code.as_str()), (429, "too-many-requests"));
        assert_eq!(body["violated-policies"], serde_json::json!(["check"]));
        assert!(headers.contains_key("retry-after") && headers.contains_key("ratelimit"));
    }
    for (host, path) in [(1, "/check"), (1, "/docs/a"), (2, "/check/7J3F")] {
        let response = call_service(&service, from(host, path).to_request()).await;
        assert_eq!(response.status(), 200, "{path}");
    }
    let text = edge_data.metrics.text().unwrap();
    assert!(
        text.contains(r#"route="/check/{code}",status="429"} 2"#)
            && text.contains(r#"takedown_http_rate_limited_total{policy="check"} 5"#),
        "{text}"
    );
}

#[actix_web::test]
async fn only_a_good_token_of_an_enabled_client_opens() {
    let (tokens, memory, _) = tokens();
    memory.put(client("client_a"));
    let token = tokens
        .issue(
            id("client_a"),
            Scope::ALL.iter().copied().collect(),
            chrono::Utc::now(),
        )
        .unwrap();
    let service = service!(edge_data(&[]), tokens.clone());
    let with = |value: &str| {
        TestRequest::get()
            .uri("/v1/inbox")
            .insert_header(("authorization", value))
    };
    let good = format!("Bearer {token}");
    assert_eq!(
        call_service(&service, with(&good).to_request())
            .await
            .status(),
        200
    );
    for (value, challenge) in [
        (format!("Basic {token}"), r#"Bearer realm="takedown""#),
        (token.clone(), r#"Bearer realm="takedown""#),
        (format!("Bearer {token}x"), r#"error="invalid_token""#),
        (format!("Bearer  {token}"), r#"error="invalid_token""#),
        ("Bearer ".to_owned(), r#"error="invalid_token""#),
    ] {
        let (status, _, _, headers) = problem!(service, with(&value));
        assert_eq!(status, 401);
        assert!(
            headers
                .get("www-authenticate")
                .unwrap()
                .to_str()
                .unwrap()
                .contains(challenge),
            "{value}"
        );
    }
    let twice = with(&good).append_header(("authorization", good.clone()));
    assert_eq!(problem!(service, twice).0, 401);
    let in_query = TestRequest::get().uri(&format!("/v1/inbox?access_token={token}"));
    assert_eq!(problem!(service, in_query).0, 401);
    // The token has the scope, the client no longer.
    let export = TestRequest::get()
        .uri("/v1/exports")
        .insert_header(("authorization", good.clone()));
    let (status, code, _, headers) = problem!(service, export);
    assert_eq!((status, code.as_str()), (403, "insufficient-scope"));
    assert!(
        headers
            .get("www-authenticate")
            .unwrap()
            .to_str()
            .unwrap()
            .contains(r#"scope="export:read""#)
    );
    memory.put(Client {
        enabled: false,
        ..client("client_a")
    });
    assert_eq!(problem!(service, with(&good)).0, 401);
    memory
        .down
        .store(true, std::sync::atomic::Ordering::Relaxed);
    let (status, code, body, headers) = problem!(service, with(&good));
    assert_eq!((status, code.as_str()), (503, "database-unavailable"));
    assert!(!body.to_string().contains("10.9.8.7"));
    assert!(headers.contains_key("retry-after"));
}
