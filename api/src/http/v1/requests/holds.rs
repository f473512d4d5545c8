//! `GET`, `PUT` and `DELETE /v1/requests/{id}/hold`

use actix_web::{HttpResponse, delete, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::extract::Body;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Erased, Finding, Writing};
use crate::http::v1::rules;
use crate::http::wire::Instant;

/// Why a request is to be kept.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHold {
    /// Why, for your own side: proceedings, a complaint, an inquiry. Nobody else reads it.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Why one side wants a request to be kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hold {
    /// Why, exactly as it was sent.
    pub reason: String,
    /// The client by which it was placed.
    pub client: String,
    /// When.
    pub placed_at: Instant,
}

impl From<requests::Hold> for Hold {
    fn from(hold: requests::Hold) -> Self {
        Self {
            reason: hold.reason,
            client: hold.client,
            placed_at: Instant(hold.placed_at),
        }
    }
}

/// Keep a request whatever its time
///
/// For either side, each by itself; the other does not see it. While one holds a request it is not erased, neither when its
/// time is over nor by its agency. Said again it changes nothing; other words take the place of the former.
#[utoipa::path(
    tag = "requests",
    operation_id = "place_hold",
    params(("id" = String, Path, description = "Identifier, `req_…`.")),
    request_body(content = NewHold, description = "Why."),
    responses((status = 200, description = "It is held.", body = Hold), Writing, Finding, Erased),
)]
#[put("/v1/requests/{id}/hold")]
pub async fn place_hold(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Body(body): Body<NewHold>,
) -> Result<HttpResponse, Problem> {
    let hold = requests::place_hold(&cx, &caller, &id, body.reason).await?;
    Ok(super::page(&Hold::from(hold)))
}

/// Read whether your side holds a request
///
/// 404 when it does not.
#[utoipa::path(
    tag = "requests",
    operation_id = "read_hold",
    params(("id" = String, Path, description = "Identifier, `req_…`.")),
    responses((status = 200, description = "It is held.", body = Hold), Calling, Finding),
)]
#[get("/v1/requests/{id}/hold")]
pub async fn read_hold(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let hold = requests::hold_of(&cx, &caller, &id).await?;
    Ok(super::page(&Hold::from(hold)))
}

/// Need a request no longer
///
/// Lifts the hold of your own side; from then on its time counts again. 404 when there is none.
#[utoipa::path(
    tag = "requests",
    operation_id = "lift_hold",
    params(("id" = String, Path, description = "Identifier, `req_…`.")),
    responses((status = 204, description = "Your side does not hold it any more."), Calling, Finding),
)]
#[delete("/v1/requests/{id}/hold")]
pub async fn lift_hold(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    requests::lift_hold(&cx, &caller, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
