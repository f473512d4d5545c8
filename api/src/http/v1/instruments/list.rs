//! `GET /v1/instruments`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::page::KeysetCursor;
use utoipa::ToSchema;

use super::view::InstrumentDetail;
use crate::app::{Caller, Cx, instruments};
use crate::http::extract::Query;
use crate::http::problem::{Code, Problem};
use crate::http::v1::paging::Wanted;
use crate::http::v1::responses::Calling;

/// A page of instruments.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentPage {
    /// The page, in the order of their names.
    pub items: Vec<InstrumentDetail>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List instruments
///
/// Everything that can be filed under here: the built-in instruments and the operator's own, with what each allows
/// and needs. Any caller who is known may read it, with whatever scope.
#[utoipa::path(
    tag = "instruments",
    operation_id = "list_instruments",
    params(Wanted),
    responses((status = 200, description = "The instruments.", body = InstrumentPage), Calling),
)]
#[get("/v1/instruments")]
pub async fn list_instruments(
    caller: Caller,
    cx: web::Data<Cx>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let cursor = wanted.cursor.as_deref().map(KeysetCursor::decode);
    let place = match cursor.transpose() {
        Ok(cursor) => cursor.and_then(|cursor| usize::try_from(cursor.at_millis).ok()),
        Err(error) => return Err(Problem::new(Code::InvalidCursor, error.to_string())),
    };
    // The catalogue is the same until the exchange is started anew, so that a place in it is where one was.
    let (all, begin) = (instruments::list(&cx, &caller)?, place.unwrap_or(0));
    let end = begin.saturating_add(wanted.limit.into());
    let next = (end < all.len()).then(|| {
        KeysetCursor {
            at_millis: i64::try_from(end).unwrap_or(i64::MAX),
            id: "instrument".to_owned(),
        }
        .encode()
    });
    let page = all.into_iter().skip(begin).take(wanted.limit.into());
    let items = page.map(InstrumentDetail::of).collect();
    Ok(HttpResponse::Ok().json(InstrumentPage { items, next }))
}
