//! `POST /v1/exports`

use actix_web::{HttpRequest, HttpResponse, post, web};
use takedown_core::age::Recipient;
use takedown_core::policy::Action;

use super::view::{ExportFile, NewExport, accepted};
use crate::app::export::{self, NewFile};
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::{FieldError, Problem};
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Writing};

/// Ask for an export as a file
///
/// It is made while nobody waits, and can be downloaded for seven days, in as many goes as it takes. Look at it with `GET
/// /v1/exports/{id}`. It is of the same rows as `GET /v1/exports/requests`, and its making is entered in the history.
///
/// A `package` holds the rows, the entries of the history that say so, their proofs, a signed checkpoint, and a text that says how
/// all of it is checked: `takedown verify PACKAGE.zip --vkey KEY`, offline, with nothing but the public key of the log.
#[utoipa::path(
    tag = "exports",
    operation_id = "make_export",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each export; kept for 24 hours.")),
    request_body(content = NewExport, description = "What is wanted."),
    responses(
        (status = 202, description = "It will be made.", body = ExportFile, headers(
            ("location" = String, description = "Where to look how it stands."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/exports")]
pub async fn make_export(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewExport>(&caller, Action::MakeExport, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let recipient = body
        .value
        .encrypt_to
        .as_deref()
        .map(str::parse::<Recipient>);
    let recipient = recipient.transpose().map_err(|error| {
        let at = FieldError::at("/encrypt_to", error.to_string());
        Problem::invalid(vec![at])
    })?;
    let new = NewFile {
        format: body.value.format,
        wanted: body.value.filter.into(),
        recipient,
    };
    Ok(answer(export::ask(&cx, &caller, key, new, accepted).await?))
}
