//! `GET /taxii2/exchange/collections/`

use actix_web::{HttpResponse, get, web};
use serde_json::json;

use super::caller::Caller;
use super::collection::written;
use super::written::ok;
use crate::app::{Cx, collections};
use crate::http::problem::Problem;

/// The caller's own collection, and no other.
#[get("/taxii2/exchange/collections/")]
pub async fn list_collections(caller: Caller, cx: web::Data<Cx>) -> Result<HttpResponse, Problem> {
    let found = collections::list(&cx, &caller.0).await?;
    let found: Vec<_> = found.iter().map(written).collect();
    Ok(ok(&json!({ "collections": found })))
}
