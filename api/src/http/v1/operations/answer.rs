//! `PUT /v1/operations/{id}/membership`

use actix_web::{HttpResponse, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Operation;
use crate::app::{Caller, Cx, operations};
use crate::http::extract::Sent;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Creating, Finding, Writing};

/// Whether your agency takes part.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "joins": true }))]
pub struct Participation {
    /// `true` accepts the invitation; `false` declines it, or leaves.
    joins: bool,
}

/// Join an operation, decline or leave
///
/// For an agency that was invited. By joining it agrees that the others in the operation see which requests it puts into
/// it and where they stand.
#[utoipa::path(
    tag = "operations",
    operation_id = "answer_invitation",
    params(("id" = String, Path, description = "Identifier, `op_…`.")),
    request_body(content = Participation, description = "Whether."),
    responses(
        (status = 200, description = "The operation, which you have joined.", body = Operation),
        (status = 204, description = "Your agency has no part in it any more."),
        Writing, Finding, Creating,
    ),
)]
#[put("/v1/operations/{id}/membership")]
pub async fn answer_invitation(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    sent: Sent<Participation>,
) -> Result<HttpResponse, Problem> {
    let view = operations::answer(&cx, &caller, &id, sent.value.joins).await?;
    Ok(match view {
        Some(view) => HttpResponse::Ok().json(Operation::of(&view)),
        None => HttpResponse::NoContent().finish(),
    })
}
