//! `GET /v1/instruments/{id}`

use actix_web::{HttpResponse, get, web};

use super::view::InstrumentDetail;
use crate::app::{Caller, Cx, instruments};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};

/// Read an instrument
///
/// What it allows and needs: who may use it, grounds, clock, floor of rank, forms, language, remarks. A request under
/// an instrument that has left this exchange stays readable; only filing under it is refused.
#[utoipa::path(
    tag = "instruments",
    operation_id = "read_instrument",
    params(("id" = String, Path, description = "Its name, such as `eu-tco-order`.")),
    responses((status = 200, description = "The instrument.", body = InstrumentDetail), Calling, Finding),
)]
#[get("/v1/instruments/{id}")]
pub async fn read_instrument(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let instrument = instruments::read(&cx, &caller, &id)?;
    Ok(HttpResponse::Ok().json(InstrumentDetail::of(instrument)))
}
