//! `PUT /v1/texts/{id}`

use actix_web::{HttpRequest, HttpResponse, put, web};
use takedown_core::policy::Action;

use super::view::{NewSavedText, SavedText, ok};
use crate::app::{Caller, Cx, texts};
use crate::http::headers::if_match;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Finding, Versioned, Writing};

/// Replace a saved text
///
/// What was written with its help stays as it was sent.
#[utoipa::path(
    tag = "texts",
    operation_id = "replace_text",
    params(
        ("id" = String, Path, description = "Identifier, `text_…`."),
        ("If-Match" = Option<String>, Header, description = "The version you have read, or `*`."),
    ),
    request_body(content = NewSavedText, description = "All of the new text."),
    responses(
        (status = 200, description = "The text.", body = SavedText, headers(("etag" = String, description = "Its version."))),
        Writing, Finding, Creating, Versioned,
    ),
)]
#[put("/v1/texts/{id}")]
pub async fn replace_text(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewSavedText>(&caller, Action::ReplaceText, &http, payload).await?;
    let expected = if_match(&http)?;
    let saved = texts::replace(&cx, &caller, &id, expected, body.value.into()).await?;
    Ok(ok(&saved))
}
