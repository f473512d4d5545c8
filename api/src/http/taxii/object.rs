//! `GET /taxii2/exchange/collections/{id}/objects/{object}/`

use actix_web::{HttpResponse, get, web};

use super::caller::Caller;
use super::chosen::Wanted;
use super::manifest::envelope;
use super::written::page;
use crate::app::{Cx, collections};
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// One object.
#[get("/taxii2/exchange/collections/{id}/objects/{object}/")]
pub async fn read_object(
    caller: Caller,
    cx: web::Data<Cx>,
    path: web::Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let (id, object) = path.into_inner();
    let found = collections::object(&cx, &caller.0, (&id, &object), wanted.of_one()?).await?;
    let body = envelope("objects", found.items, found.next);
    Ok(page(&body, found.added))
}
