//! `POST /v1/digests/lookup`

use actix_web::{FromRequest, HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Deserializer, Serialize};
use takedown_core::policy::{Action, Resource, authorize};
use utoipa::ToSchema;
use validator::Validate;

use crate::app::repeats::{self, look_up_digests as look_up};
use crate::app::{self, Caller, Cx};
use crate::http::extract::SentFiling;
use crate::http::middleware::lookup_limit;
use crate::http::problem::Problem;
use crate::http::v1::responses::Writing;
use crate::http::wire::{self, Instant};

/// Digests to look up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "digests": ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"] }))]
pub struct NewDigestLookup {
    /// SHA-256 (FIPS 180-4) of files, each as 64 hexadecimal digits.
    #[validate(length(min = 1, max = 1000))]
    #[schema(schema_with = wire::sha256s)]
    digests: Vec<Sha256>,
}

/// A digest, as bytes and as it was written.
#[derive(Debug, Clone, Serialize)]
struct Sha256 {
    bytes: Vec<u8>,
    written: String,
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let digits = written.len() == 64 && written.bytes().all(|b| b.is_ascii_hexdigit());
        let bytes: Option<Vec<u8>> = (0..32)
            .map(|n| u8::from_str_radix(written.get(2 * n..2 * n + 2)?, 16).ok())
            .collect();
        match bytes.filter(|_| digits) {
            Some(bytes) => Ok(Self { bytes, written }),
            None => Err(serde::de::Error::custom("must be 64 hexadecimal digits")),
        }
    }
}

/// What you were asked about each digest, in the order of the call.
#[derive(Debug, Serialize, ToSchema)]
pub struct DigestLookups {
    /// One for each digest.
    pub items: Vec<DigestLookup>,
}

/// What you were asked about one digest.
#[derive(Debug, Serialize, ToSchema)]
pub struct DigestLookup {
    /// The digest, as you wrote it.
    pub digest: String,
    /// The newest items that carry it, newest first, at most ten; none when you were never asked about it.
    pub matches: Vec<DigestMatch>,
    /// Whether there are older ones.
    pub more: bool,
}

/// An item of a request to you that carries the digest.
#[derive(Debug, Serialize, ToSchema)]
pub struct DigestMatch {
    /// Identifier of the request, `req_…`.
    pub request: String,
    /// Its reference.
    pub reference: String,
    /// Where it stands: `filed`, `fetched`, `acknowledged`, `needs_information`, `closed`, or `withdrawn`, the whole or this
    /// item.
    pub status: String,
    /// Identifier of the item, `item_…`.
    pub item: String,
    /// Its place in the request, from 1.
    pub position: i32,
    /// What you answered, such as `removed`.
    #[schema(required = true)]
    pub outcome: Option<String>,
    /// When it was filed.
    pub filed_at: Instant,
    /// When you answered.
    #[schema(required = true)]
    pub decided_at: Option<Instant>,
}

impl DigestMatch {
    fn of(found: &repeats::DigestMatch) -> Self {
        Self {
            request: found.request.clone(),
            reference: found.reference.clone(),
            status: found.status.to_string(),
            item: found.item.clone(),
            position: found.position,
            outcome: found.outcome.map(|code| code.to_string()),
            filed_at: Instant(found.filed_at),
            decided_at: found.decided_at.map(Instant),
        }
    }
}

/// Ask whether you were asked about files before
///
/// For platforms: which requests to your own service named a file by this SHA-256, and what you answered, so that an
/// upload that comes again is recognised. Nothing of other platforms is told, and nothing is matched or removed by itself:
/// a digest says that two files are the same, not that one of them is unlawful where it now stands.
#[utoipa::path(
    tag = "lookups",
    operation_id = "look_up_digests",
    request_body(content = NewDigestLookup, description = "The digests."),
    responses(
        (status = 200, description = "One answer for each digest, in their order.", body = DigestLookups),
        Writing,
    ),
)]
#[post("/v1/digests/lookup")]
pub async fn look_up_digests(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    authorize(&caller.actor, Action::LookUpDigests, &Resource::Exchange)
        .map_err(app::Error::from)?;
    let SentFiling(sent) =
        SentFiling::<NewDigestLookup>::from_request(&http, &mut payload.into_inner()).await?;
    let digests = sent.value.digests;
    lookup_limit(&http, caller.client, digests.len())?;
    let wanted = digests.iter().map(|digest| digest.bytes.clone()).collect();
    let found = look_up(&cx, &caller, wanted).await?;
    let items = digests
        .into_iter()
        .zip(found)
        .map(|(digest, found)| DigestLookup {
            digest: digest.written,
            matches: found.matches.iter().map(DigestMatch::of).collect(),
            more: found.more,
        });
    Ok(HttpResponse::Ok().json(DigestLookups {
        items: items.collect(),
    }))
}
