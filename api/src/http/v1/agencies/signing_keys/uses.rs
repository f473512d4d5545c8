//! `GET /v1/agencies/{id}/signing-key-uses`

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use takedown_core::page::KeysetCursor;
use utoipa::ToSchema;

use crate::app::{Caller, Cx, signed};
use crate::http::extract::Query;
use crate::http::problem::{Code, Problem};
use crate::http::v1::paging::Wanted;
use crate::http::v1::registry::next;
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::Instant;

/// A page of what was handed in under an agency's signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct SigningKeyUsePage {
    /// The page, in the order of `jti`.
    pub items: Vec<SigningKeyUse>,
    /// Send it as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// Something that was handed in under an agency's signature.
#[derive(Debug, Serialize, ToSchema)]
pub struct SigningKeyUse {
    /// The statement's own name.
    pub jti: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// The thumbprint of the key.
    pub kid: String,
    /// `file`, `correct` or `withdraw`.
    pub act: String,
    /// Which request it made or changed, `req_…`.
    pub request: String,
    /// When it was handed in.
    pub at: Instant,
}

/// List what was handed in under the agency's signature
///
/// For the agency, to compare with its own ledger of what it signed: `takedown monitor` does. A statement that is not in the
/// ledger means that somebody else signs with its key.
#[utoipa::path(
    tag = "registry",
    operation_id = "list_signing_key_uses",
    params(("id" = String, Path, description = "Identifier, `agency_…`."), Wanted),
    responses((status = 200, description = "A page of uses.", body = SigningKeyUsePage), Calling, Finding),
)]
#[get("/v1/agencies/{id}/signing-key-uses")]
pub async fn list_signing_key_uses(
    caller: Caller,
    cx: web::Data<Cx>,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let cursor = wanted.cursor.as_deref().map(KeysetCursor::decode);
    let after = cursor
        .transpose()
        .map_err(|error| Problem::new(Code::InvalidCursor, error.to_string()))?;
    let after = after.map(|cursor| cursor.id);
    let page = signed::uses(&cx, &caller, &id, after, usize::from(wanted.limit)).await?;
    let last = page.items.last().map(|one| (one.at, one.jti.clone()));
    Ok(HttpResponse::Ok().json(SigningKeyUsePage {
        next: next(page.more, last),
        items: page
            .items
            .into_iter()
            .map(|one| SigningKeyUse {
                jti: one.jti,
                digest: one.digest.to_string(),
                kid: one.kid,
                act: one.act.as_str().to_owned(),
                request: one.request,
                at: Instant(one.at),
            })
            .collect(),
    }))
}
