//! For machines that watch: is the process alive, can it serve.

use actix_web::{HttpResponse, get, web};
use serde_json::json;

use super::problem::{Code, Problem};
use crate::app::Cx;

/// The process answers.
#[get("/livez")]
pub async fn livez() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

/// The database answers too; and how many instruments this node has, so that nodes can be compared.
#[get("/readyz")]
pub async fn readyz(cx: web::Data<Cx>) -> Result<HttpResponse, Problem> {
    crate::app::health::ready(&cx).await.map_err(|error| {
        Problem::new(
            Code::DatabaseUnavailable,
            "The database does not answer just now.",
        )
        .retry_after(2)
        .because(error)
    })?;
    let powers = &cx.powers;
    let own = powers.own();
    let all = powers.catalogue.iter().count();
    let mut told = json!({
        "status": "ready",
        "instruments": { "built_in": all - own, "own": own, "mistakes": powers.refused.len() },
    });
    if cx.sandbox.is_some() {
        told["sandbox"] = json!(true);
    }
    Ok(HttpResponse::Ok().json(told))
}
