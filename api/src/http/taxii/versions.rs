//! `GET /taxii2/exchange/collections/{id}/objects/{object}/versions/`

use actix_web::{HttpResponse, get, web};
use serde_json::Value;
use takedown_core::time::rfc3339;

use super::caller::Caller;
use super::chosen::Wanted;
use super::manifest::envelope;
use super::written::page;
use crate::app::{Cx, collections};
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// The versions of an object: the last one.
#[get("/taxii2/exchange/collections/{id}/objects/{object}/versions/")]
pub async fn read_object_versions(
    caller: Caller,
    cx: web::Data<Cx>,
    path: web::Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let (id, object) = path.into_inner();
    let found = collections::versions(&cx, &caller.0, (&id, &object), wanted.of_one()?).await?;
    let versions = found
        .items
        .iter()
        .map(|record| Value::String(rfc3339(record.version)));
    let body = envelope("versions", versions.collect(), found.next);
    Ok(page(&body, found.added))
}
