//! `POST /v1/operations`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::add::AddedRequest;
use super::view::OperationBrief;
use crate::app::operations::{self, New};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::Sent;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::created;
use crate::http::v1::responses::{Creating, Writing};
use crate::http::v1::rules;

/// An operation to be begun.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "label": "Northern mirror", "requests": [] }))]
pub struct NewOperation {
    /// What you call it: one line, unique among the operations that your agency leads. Platforms that you ask see it.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    label: String,
    /// What it begins with: requests of your own that are in no operation.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(max_items = 1000)]
    requests: Vec<AddedRequest>,
}

/// Begin an operation
///
/// Your agency leads it. A filing under a new label begins one as well, and so does a filing whose items lie on several
/// platforms.
#[utoipa::path(
    tag = "operations",
    operation_id = "open_operation",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each call; kept for 24 hours.")),
    request_body(content = NewOperation, description = "The operation."),
    responses(
        (status = 201, description = "The operation.", body = OperationBrief, headers(
            ("location" = String, description = "Where the operation is."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/operations")]
pub async fn open_operation(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    sent: Sent<NewOperation>,
) -> Result<HttpResponse, Problem> {
    let key = once(&http, &sent.bytes)?;
    let new = New {
        label: sent.value.label,
        requests: sent.value.requests.into_iter().map(Into::into).collect(),
    };
    let begun = operations::open(&cx, &caller, key, new, |operation| {
        let operation = OperationBrief::of(operation);
        created(operation.location(), None, &operation)
    });
    Ok(answer(begun.await?))
}
