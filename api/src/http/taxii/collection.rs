//! `GET /taxii2/exchange/collections/{id}/`

use actix_web::{HttpResponse, get, web};
use serde_json::{Value, json};

use super::STIX;
use super::caller::Caller;
use super::written::ok;
use crate::app::collections::Collection;
use crate::app::{Cx, collections};
use crate::http::problem::Problem;

/// What a collection is.
#[get("/taxii2/exchange/collections/{id}/")]
pub async fn read_collection(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let collection = collections::read(&cx, &caller.0, &id).await?;
    Ok(ok(&written(&collection)))
}

pub(super) fn written(collection: &Collection) -> Value {
    json!({
        "id": collection.id.hyphenated().to_string(),
        "title": collection.title,
        "description": "Each request as a report, with what it is about. Reading objects is the receipt of the requests they belong to.",
        "can_read": true,
        "can_write": false,
        "media_types": [STIX],
    })
}
