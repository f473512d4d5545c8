//! Errors and headers.

use actix_web::App;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use serde_json::Value;
use tracing_actix_web::TracingLogger;

use super::*;
use crate::auth::fixture::tokens;

#[actix_web::test]
async fn every_error_is_a_problem_and_betrays_nothing() {
    let service = service!(edge_data(&[]), tokens().0);
    let json = ("content-type", "application/json");
    let post = |body: &'static str| {
        TestRequest::post()
            .uri("/v1/notes")
            .insert_header(json)
            .set_payload(body)
    };
    let get = |path: &str| TestRequest::get().uri(path);
    let cases = [
        (post("{"), 400, "malformed-body"),
        (post(r#"{"text":"a","b":1}"#), 422, "unknown-field"),
        (post(r#"{"text":""}"#), 422, "invalid"),
        (
            TestRequest::post().uri("/v1/notes").set_payload("{}"),
            415,
            "unsupported-media-type",
        ),
        (
            post("{}").insert_header(("content-encoding", "gzip")),
            415,
            "unsupported-media-type",
        ),
        (get("/v1/page?limit=x"), 400, "invalid-parameter"),
        (get("/v1/page?limi=1"), 400, "invalid-parameter"),
        (get("/v1/none"), 404, "not-found"),
        (get("/v1/items/x"), 404, "not-found"),
        (get("/v1/notes"), 405, "method-not-allowed"),
        (
            TestRequest::delete().uri("/v1/items/7"),
            405,
            "method-not-allowed",
        ),
        (get("/v1/fails"), 500, "internal"),
        (get("/v1/foreign"), 500, "internal"),
        (get("/v1/inbox"), 401, "unauthenticated"),
    ];
    for (request, status, code) in cases {
        let (found, found_code, body, _) = problem!(service, request);
        assert_eq!((found, found_code.as_str()), (status, code), "{body}");
        assert!(!body.to_string().contains("secret detail"), "{body}");
    }
    let (_, _, _, headers) = problem!(service, get("/v1/notes"));
    assert_eq!(headers.get("allow").unwrap(), "POST");
    let big = TestRequest::post()
        .uri("/v1/notes")
        .insert_header(json)
        .set_payload(vec![b' '; 1_025]);
    assert_eq!(problem!(service, big).1, "body-too-large");
}

#[actix_web::test]
async fn answers_are_named_and_protected() {
    let service = service!(edge_data(&[]), tokens().0);
    let get = |id: &str| {
        TestRequest::get()
            .uri("/v1/page")
            .insert_header(("X-Request-Id", id))
            .to_request()
    };
    let response = call_service(&service, get("mine-1.2_3")).await;
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .map(|v| v.to_str().unwrap().to_owned())
    };
    assert_eq!(header("x-request-id").unwrap(), "mine-1.2_3");
    assert_eq!(header("x-content-type-options").unwrap(), "nosniff");
    assert_eq!(header("referrer-policy").unwrap(), "no-referrer");
    assert_eq!(
        header("content-security-policy").unwrap(),
        "default-src 'none'; frame-ancestors 'none'"
    );
    assert_eq!(header("cache-control").unwrap(), "no-store");
    for hostile in ["a b", "a\"b", "<script>", &"x".repeat(65), ""] {
        let response = call_service(&service, get(hostile)).await;
        let id = response
            .headers()
            .get("x-request-id")
            .unwrap()
            .to_str()
            .unwrap();
        assert_ne!(id, hostile);
        assert_eq!(id.len(), 32);
    }
    let docs = call_service(&service, TestRequest::get().uri("/docs/a").to_request()).await;
    assert!(docs.headers().get("content-security-policy").is_none());
}
