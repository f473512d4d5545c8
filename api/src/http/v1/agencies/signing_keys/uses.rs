//! `GET /v1/agencies/{id}/signing-key-uses`

use actix_web::{HttpResponse, get, web};
use data_encoding::HEXLOWER;
use serde::Serialize;
use takedown_core::page::KeysetCursor;
use utoipa::ToSchema;

use super::view::KeyEntry;
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
    /// The how manieth use of the agency's keys it is. None is left out between two others. `null` for what was handed in before they
    /// were counted.
    #[schema(required = true)]
    pub number: Option<u32>,
    /// 32 random bytes in hexadecimal that stand for the agency, which keeps them for itself: `null` for everybody else. The entry is tagged with SHA-256 of
    /// `takedown-exchange/use/v1`, a line feed, these bytes, and the number as four bytes, the highest first.
    #[schema(required = true)]
    pub pseudonym: Option<String>,
    /// The entry of the sealed history that says so, with its `signature`: key, statement and tag.
    #[schema(required = true)]
    pub entry: Option<KeyEntry>,
}

/// List what was handed in under the agency's signature
///
/// For the agency, to compare with its own ledger of what it signed: `takedown monitor` does. A statement that is not in the
/// ledger means that somebody else signs with its key. Each use has its number, and its entry in the sealed history has a tag
/// that says so to the agency and to nobody else: whoever checks both knows that none is kept from him.
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
                number: one.number,
                pseudonym: one.pseudonym.map(|bytes| HEXLOWER.encode(&bytes)),
                entry: one.entry.as_ref().map(KeyEntry::from),
            })
            .collect(),
    }))
}
