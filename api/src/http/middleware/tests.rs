#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};

use super::*;
use crate::config::{Config, Layers};
use crate::http::extract::{Authenticated, Body, BodyLimit, Query};
use crate::http::problem::{Problem, install};
use crate::observe::Metrics;
use takedown_core::policy::Scope;

#[derive(Debug, serde::Deserialize, validator::Validate)]
#[serde(deny_unknown_fields)]
struct Note {
    #[validate(length(min = 1))]
    text: String,
}

#[derive(Debug, serde::Deserialize, validator::Validate)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u8>,
}

async fn note(body: Body<Note>) -> HttpResponse {
    HttpResponse::Ok().body(body.0.text)
}

async fn page(query: Query<Page>) -> HttpResponse {
    HttpResponse::Ok().body(format!("{:?}", query.0.limit))
}

async fn fails() -> Result<HttpResponse, Problem> {
    Err(Problem::internal("secret detail of the database"))
}

async fn foreign() -> Result<HttpResponse, actix_web::Error> {
    Err(actix_web::error::ErrorInternalServerError(
        "secret detail of actix",
    ))
}

async fn panics() -> HttpResponse {
    assert!(std::hint::black_box(false), "secret detail of a panic");
    HttpResponse::Ok().finish()
}

async fn never() -> HttpResponse {
    std::future::pending().await
}

async fn unchanged(request: HttpRequest, caller: Authenticated) -> HttpResponse {
    if request.headers().contains_key("if-none-match") {
        return HttpResponse::NotModified().finish();
    }
    HttpResponse::Ok().body(caller.id().to_string())
}

async fn exports(caller: Authenticated) -> Result<HttpResponse, Problem> {
    caller.require(Scope::ExportRead)?;
    Ok(HttpResponse::Ok().finish())
}

fn routes(config: &mut web::ServiceConfig) {
    install(config);
    config
        .app_data(BodyLimit {
            usual: 1_024,
            filing: 1_024,
        })
        .route("/v1/notes", web::post().to(note))
        .route("/v1/page", web::get().to(page))
        .route("/v1/fails", web::get().to(fails))
        .route("/v1/foreign", web::get().to(foreign))
        .route("/v1/panics", web::get().to(panics))
        .route("/v1/never", web::get().to(never))
        .route("/v1/inbox", web::get().to(unchanged))
        .route("/v1/exports", web::get().to(exports))
        .route(
            "/v1/items/{id}",
            web::get().to(|id: web::Path<u32>| async move { id.to_string() }),
        )
        .route("/docs/a", web::get().to(HttpResponse::Ok))
        .route("/check", web::get().to(HttpResponse::Ok))
        .route("/check/{code}", web::get().to(HttpResponse::Ok))
        .route("/unsubscribe/{link}", web::get().to(HttpResponse::Ok))
        .default_service(web::to(fallback));
}

fn edge_data(set: &[(&str, &str)]) -> web::Data<Edge> {
    let mut layers = Layers::default();
    layers.set("server.public_url", "https://takedown.example");
    for (name, value) in set {
        layers.set(name, value);
    }
    let config = Config::from_layers(layers).unwrap();
    web::Data::new(Edge::new(&config, Arc::new(Metrics::default())))
}

fn allowed() -> web::Data<Allowed> {
    web::Data::new(
        Allowed::default().and([("/v1/notes", vec!["POST"]), ("/v1/items/{id}", vec!["GET"])]),
    )
}

macro_rules! service {
    ($edge:expr, $tokens:expr) => {
        init_service(
            App::new()
                .app_data($edge.clone())
                .app_data(allowed())
                .app_data(web::Data::from($tokens))
                .configure(routes)
                .wrap(TracingLogger::<CallSpan>::new())
                .wrap(from_fn(edge)),
        )
        .await
    };
}

macro_rules! problem {
    ($service:expr, $request:expr) => {{
        let response = call_service(&$service, $request.to_request()).await;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body: Value = serde_json::from_slice(&read_body(response).await).unwrap();
        assert_eq!(
            headers.get("content-type").unwrap(),
            "application/problem+json",
            "{body}"
        );
        assert_eq!(
            headers.get("x-request-id").unwrap().to_str().unwrap(),
            body["request_id"].as_str().unwrap()
        );
        assert_eq!(headers.get("cache-control").unwrap(), "no-store");
        assert!(
            body["type"]
                .as_str()
                .unwrap()
                .starts_with("https://takedown.example/docs/problems/")
        );
        assert_eq!(body["status"], status);
        (
            status,
            body["code"].as_str().unwrap().to_owned(),
            body,
            headers,
        )
    }};
}

mod callers;
mod problems;
mod slow;
