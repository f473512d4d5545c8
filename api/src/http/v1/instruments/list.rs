//! `GET /v1/instruments`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::InstrumentDetail;
use crate::app::{Caller, Cx, instruments};
use crate::http::problem::Problem;
use crate::http::v1::responses::Calling;

/// Every instrument of this exchange.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstrumentList {
    /// In the order of their names.
    pub items: Vec<InstrumentDetail>,
}

/// List instruments
///
/// Everything that can be filed under here: the built-in instruments and the operator's own, with what each allows
/// and needs. Any caller who is known may read it, with whatever scope.
#[utoipa::path(
    tag = "instruments",
    operation_id = "list_instruments",
    responses((status = 200, description = "The instruments.", body = InstrumentList), Calling),
)]
#[get("/v1/instruments")]
pub async fn list_instruments(caller: Caller, cx: web::Data<Cx>) -> Result<HttpResponse, Problem> {
    let items = instruments::list(&cx, &caller)?;
    let items = items.into_iter().map(InstrumentDetail::of).collect();
    Ok(HttpResponse::Ok().json(InstrumentList { items }))
}
