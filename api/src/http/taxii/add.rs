//! `POST /taxii2/exchange/collections/{id}/objects/`

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use takedown_core::policy::Action;

use super::caller::{Caller, is_taxii};
use super::written::ok;
use crate::app::collections;
use crate::http::problem::{Code, Problem};

/// Nobody adds objects: what a platform is asked is filed with the API.
#[post("/taxii2/exchange/collections/{id}/objects/")]
pub async fn add_objects(
    caller: Caller,
    id: web::Path<String>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let kind = http.headers().get(CONTENT_TYPE);
    if !kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(is_taxii)
    {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            "TAXII 2.1 sends application/taxii+json;version=2.1; and collections here are read only.",
        )
        .closing());
    }
    collections::refuse(&caller.0, Action::AddObjects, &id)
        .map_err(|error| Problem::from(error).closing())?;
    Ok(ok(&serde_json::json!({})))
}
