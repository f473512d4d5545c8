//! `POST /v1/texts`

use actix_web::{HttpRequest, HttpResponse, post, web};
use takedown_core::policy::Action;

use super::view::{NewSavedText, SavedText, made};
use crate::app::{Caller, Cx, texts};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Writing};

/// Save a text
///
/// For an agency its reasons, for a platform its answers; nobody else ever sees them. Placeholders such as
/// `{{case_number}}` are filled before the text is sent: no text with one left in it leaves for the other side.
#[utoipa::path(
    tag = "texts",
    operation_id = "save_text",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each text; kept for 24 hours.")),
    request_body(content = NewSavedText, description = "The text."),
    responses(
        (status = 201, description = "The text.", body = SavedText, headers(
            ("etag" = String, description = "Its version, for If-Match."),
            ("location" = String, description = "Where it is."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/texts")]
pub async fn save_text(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewSavedText>(&caller, Action::SaveText, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    Ok(answer(
        texts::save(&cx, &caller, key, body.value.into(), made).await?,
    ))
}
