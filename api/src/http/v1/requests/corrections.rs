//! `GET /v1/requests/{id}/corrections`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::page::KeysetCursor;
use utoipa::ToSchema;

use super::view::revised::Revision;
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::{Code, Problem};
use crate::http::v1::paging::Wanted;
use crate::http::v1::responses::{Calling, Finding};

/// A page of corrections, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionPage {
    /// The page.
    pub items: Vec<Revision>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// List what was put right in a request
///
/// Facts that were corrected and attributions that were revised, newest first, each with what stood there before. The
/// request itself carries the newest ten.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_corrections",
    params(("id" = String, Path, description = "Identifier, `req_…`."), Wanted),
    responses((status = 200, description = "The corrections.", body = CorrectionPage), Calling, Finding),
)]
#[get("/v1/requests/{id}/corrections")]
pub async fn list_corrections(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let cursor = wanted.cursor.as_deref().map(KeysetCursor::decode);
    let before = match cursor.transpose() {
        Ok(None) => i32::MAX,
        Ok(Some(cursor)) => i32::try_from(cursor.at_millis).unwrap_or(i32::MAX),
        Err(error) => return Err(Problem::new(Code::InvalidCursor, error.to_string())),
    };
    let limit = usize::from(wanted.limit);
    let most = i64::from(wanted.limit) + 1;
    let mut found = requests::corrections(&cx, &caller, &id, before, most).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more);
    Ok(super::page(&CorrectionPage {
        next: last.map(|(place, one)| {
            KeysetCursor {
                at_millis: i64::from(*place),
                id: one.fact.clone(),
            }
            .encode()
        }),
        items: found
            .iter()
            .map(|(_, one)| Revision::of(one, caller.sees_escrowed()))
            .collect(),
    }))
}
