//! `POST /v1/sightings`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::contact::MailAddress;
use takedown_core::id::{ItemId, PlatformId, RequestId};
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::policy::Action;
use takedown_core::sighting::{Confidence, ContactSource, Moved, SeenAs};
use utoipa::ToSchema;
use validator::Validate;

use super::view::{NewRemark, Sighting, made};
use crate::app::sightings::{self, FoundContact};
use crate::app::{self, Caller, Cx, FieldError};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Writing};
use crate::http::wire::{self, Instant};

/// Something seen elsewhere after a request. A link needs `request`, `locator`, `seen_as` and `confidence` only.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSighting {
    /// After which request; one that your agency filed.
    #[schema(value_type = String, pattern = "^req_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    request: RequestId,
    /// Which item of it moved, where you know.
    #[schema(value_type = Option<String>, pattern = "^item_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    item: Option<ItemId>,
    /// Where to. Kept exactly as written; defanged links are understood. A whole host is a `site`.
    #[validate(length(min = 1))]
    #[schema(min_length = 1, max_length = 8192)]
    locator: String,
    /// What the locator points at; `url` unless said.
    #[serde(default = "url")]
    #[schema(schema_with = wire::item_kind)]
    kind: ItemKind,
    /// On which platform, where the locator has no host that says it.
    #[schema(value_type = Option<String>, pattern = "^platform_[0-9a-hjkmnp-tv-z]{26}$")]
    platform: Option<PlatformId>,
    /// Whether it was said where to go, or was there.
    #[schema(schema_with = wire::seen_as)]
    seen_as: SeenAs,
    /// What moved; `material` unless said.
    #[serde(default = "material")]
    #[schema(schema_with = wire::moved, required = false)]
    moved: Moved,
    /// How sure you are.
    #[schema(schema_with = wire::sighting_confidence)]
    confidence: Confidence,
    /// When it was seen, not in the future; now unless said.
    seen_at: Option<Instant>,
    /// What else is worth knowing. Stays within your agency.
    #[validate(nested)]
    note: Option<NewRemark>,
    /// Mail addresses that you found, for a platform that nobody speaks for.
    #[serde(default)]
    #[validate(length(max = 10))]
    #[schema(max_items = 10)]
    contacts: Vec<NewContact>,
}

/// A mail address of a platform.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// The address.
    #[schema(value_type = String, min_length = 3, max_length = 254)]
    address: MailAddress,
    /// Where it was found.
    #[schema(schema_with = wire::contact_source)]
    source: ContactSource,
}

impl From<NewContact> for FoundContact {
    fn from(contact: NewContact) -> Self {
        Self {
            address: contact.address,
            source: contact.source,
        }
    }
}

fn url() -> ItemKind {
    ItemKind::Url
}

fn material() -> Moved {
    Moved::Material
}

impl NewSighting {
    fn parse(self) -> Result<sightings::NewSighting, Problem> {
        // The locator itself is never repeated.
        let locator = Locator::parse(self.kind, &self.locator).map_err(|why| {
            let at = FieldError::new("/locator", why.to_string());
            Problem::from(app::Error::Invalid(vec![at]))
        })?;
        let contacts = self.contacts.into_iter();
        Ok(sightings::NewSighting {
            request: self.request,
            item: self.item,
            locator,
            platform: self.platform,
            seen_as: self.seen_as,
            moved: self.moved,
            confidence: self.confidence,
            seen_at: self.seen_at.map(|at| at.0),
            note: self.note.map(Into::into),
            contacts: contacts.map(Into::into).collect(),
        })
    }
}

/// Record a sighting
///
/// After a request you saw the same material, or its public, announced or found elsewhere. A host that leads to no platform
/// becomes one of standing `sighted` in the same commit, at most 100 in 24 hours; it can be asked like any other. Only your
/// agency and its auditors see the sighting.
#[utoipa::path(
    tag = "sightings",
    operation_id = "record_sighting",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each sighting; kept for 24 hours.")),
    request_body(content = NewSighting, description = "The sighting."),
    responses(
        (status = 201, description = "The sighting.", body = Sighting, headers(
            ("etag" = String, description = "Its version, for If-Match."),
            ("location" = String, description = "Where it is."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/sightings")]
pub async fn record_sighting(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let body = sent::<NewSighting>(&caller, Action::RecordSighting, &http, payload).await?;
    let key = once(&http, &body.bytes)?;
    let new = body.value.parse()?;
    Ok(answer(
        sightings::record(&cx, &caller, key, new, made).await?,
    ))
}
