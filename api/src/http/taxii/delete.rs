//! `DELETE /taxii2/exchange/collections/{id}/objects/{object}/`

use actix_web::{HttpResponse, delete, web};
use takedown_core::policy::Action;

use super::caller::Caller;
use super::written::ok;
use crate::app::collections;
use crate::http::problem::Problem;

/// Nobody deletes objects: what was asked stays as it was asked.
#[delete("/taxii2/exchange/collections/{id}/objects/{object}/")]
pub async fn delete_object(
    caller: Caller,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (id, _) = path.into_inner();
    collections::refuse(&caller.0, Action::DeleteObject, &id)?;
    Ok(ok(&serde_json::json!({})))
}
