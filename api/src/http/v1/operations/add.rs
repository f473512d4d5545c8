//! `POST /v1/operations/{id}/requests`

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::id::RequestId;
use takedown_core::operation::TargetRole;
use utoipa::ToSchema;
use validator::Validate;

use super::view::Operation;
use crate::app::operations::{self, Adding};
use crate::app::{Caller, Cx};
use crate::http::extract::Sent;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Finding, Writing};
use crate::http::wire;

/// Requests to be put into an operation.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "requests": [{ "id": "req_01kapvcy0q5v2zq9v5m3c4t8hd", "role": "registrar" }] }))]
pub struct AddedRequests {
    /// Requests that your agency filed; all of them are added, or none.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_items = 1, max_items = 1000)]
    requests: Vec<AddedRequest>,
}

/// A request to be put into an operation.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddedRequest {
    /// Identifier, `req_…`.
    #[schema(value_type = String, pattern = "^req_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    id: RequestId,
    /// The part of its target; of a request that is in the operation already, its new part.
    #[schema(schema_with = wire::target_role_or_null, required = false)]
    role: Option<TargetRole>,
}

impl From<AddedRequest> for Adding {
    fn from(added: AddedRequest) -> Self {
        Self {
            request: added.id,
            role: added.role,
        }
    }
}

/// Put requests into an operation
///
/// Requests of your own, into an operation that your agency leads or has joined; they take its label. One that is in it
/// already is given the part that you name, so that the call can be repeated.
#[utoipa::path(
    tag = "operations",
    operation_id = "add_to_operation",
    params(("id" = String, Path, description = "Identifier, `op_…`.")),
    request_body(content = AddedRequests, description = "The requests."),
    responses((status = 200, description = "The operation with all of them.", body = Operation), Writing, Finding),
)]
#[post("/v1/operations/{id}/requests")]
pub async fn add_to_operation(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    sent: Sent<AddedRequests>,
) -> Result<HttpResponse, Problem> {
    let adding = sent.value.requests.into_iter().map(Into::into).collect();
    let view = operations::add(&cx, &caller, &id, adding).await?;
    Ok(HttpResponse::Ok().json(Operation::of(&view)))
}
