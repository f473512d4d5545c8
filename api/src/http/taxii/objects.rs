//! `GET /taxii2/exchange/collections/{id}/objects/`

use actix_web::{HttpResponse, get, web};

use super::caller::Caller;
use super::chosen::Wanted;
use super::manifest::envelope;
use super::written::page;
use crate::app::{Cx, collections};
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// The objects. Of each request among them this is the receipt.
#[get("/taxii2/exchange/collections/{id}/objects/")]
pub async fn read_objects(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let found = collections::objects_of(&cx, &caller.0, &id, wanted.read()?).await?;
    let body = envelope("objects", found.items, found.next);
    Ok(page(&body, found.added))
}
