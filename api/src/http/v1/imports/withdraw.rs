//! `PUT /v1/imports/{id}/withdrawal`

use actix_web::{HttpRequest, HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use super::view::ImportedRecord;
use crate::app::values::Reason;
use crate::app::{Caller, Cx, imports};
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Finding, SaidOnce, Writing};

/// Why a record is taken back.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImportWithdrawal {
    /// One line, up to 500 characters.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Reason,
}

/// Take an imported record back
///
/// As a mistake. It stays to be seen, by you and by your auditors, and is not counted any more; the same row can be imported
/// again. Said again it changes nothing; said again for another reason it is refused, since the first one stays.
#[utoipa::path(
    tag = "imports",
    operation_id = "withdraw_import",
    params(("id" = String, Path, description = "Identifier, `imp_…`.")),
    request_body(content = NewImportWithdrawal, description = "Why."),
    responses((status = 200, description = "The record, taken back.", body = ImportedRecord), Writing, Finding, SaidOnce),
)]
#[put("/v1/imports/{id}/withdrawal")]
pub async fn withdraw_import(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewImportWithdrawal>(&caller, Action::WithdrawImport, &http, payload).await?;
    let record = imports::withdraw(&cx, &caller, &id, body.value.reason).await?;
    Ok(HttpResponse::Ok().json(ImportedRecord::of(&record)))
}
