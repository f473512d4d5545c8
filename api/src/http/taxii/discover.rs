//! `GET /taxii2/`

use actix_web::{HttpResponse, get, web};
use serde_json::json;

use super::caller::Caller;
use super::written::ok;
use crate::app::{Cx, collections};
use crate::http::problem::Problem;

/// Which collections there are begins here.
#[get("/taxii2/")]
pub async fn discover_collections(
    caller: Caller,
    cx: web::Data<Cx>,
) -> Result<HttpResponse, Problem> {
    collections::discover(&caller.0)?;
    let root = format!("{}/taxii2/exchange/", cx.settings.public_url);
    Ok(ok(&json!({
        "title": "takedown-exchange",
        "description": "What a platform is asked to remove, as STIX 2.1. Read only.",
        "default": root,
        "api_roots": [root],
    })))
}
