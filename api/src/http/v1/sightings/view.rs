//! A sighting as it is answered.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};
use takedown_core::id::Reference;
use takedown_core::text::Language;
use utoipa::ToSchema;
use validator::Validate;

use crate::app::once::Answer;
use crate::app::parties;
use crate::app::requests::filing::Text;
use crate::app::sightings::SightingView;
use crate::http::v1::registry::{created, versioned};
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// Words for one's own file, and their language.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRemark {
    /// The text.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 2000)]
    text: String,
    /// Its language.
    #[schema(schema_with = wire::language)]
    language: Language,
}

impl From<NewRemark> for Text {
    fn from(new: NewRemark) -> Self {
        Self {
            text: new.text,
            language: new.language,
        }
    }
}

/// Words of an agency's own file.
#[derive(Debug, Serialize, ToSchema)]
pub struct Remark {
    /// The text.
    pub text: String,
    /// Language tag of BCP 47.
    pub language: String,
}

impl Remark {
    fn of(text: &Text) -> Self {
        Self {
            text: text.text.clone(),
            language: text.language.to_string(),
        }
    }
}

/// The platform on which something was seen.
#[derive(Debug, Serialize, ToSchema)]
pub struct SightedPlatform {
    /// Identifier, `platform_…`.
    pub id: String,
    /// Its name; of one that came in by a sighting, its host.
    pub name: String,
    /// ISO 3166-1 alpha-2; `null` while nobody knows.
    #[schema(required = true)]
    pub country: Option<String>,
    /// How well it is known: `sighted`, `contacted`, `claimed`, `active` or `gone`.
    pub standing: String,
    /// The hosts that lead to it; what lies below one is included.
    pub hosts: Vec<String>,
}

impl SightedPlatform {
    pub(in crate::http::v1) fn of(platform: &parties::Platform) -> Self {
        Self {
            id: platform.id.to_string(),
            name: platform.name.clone(),
            country: platform.country.map(|country| country.to_string()),
            standing: platform.standing.to_string(),
            hosts: platform.hosts.clone(),
        }
    }
}

/// A request by its names.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestBrief {
    /// Identifier, `req_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
}

impl RequestBrief {
    fn of(id: takedown_core::id::RequestId) -> Self {
        Self {
            id: id.to_string(),
            reference: Reference::from_request(id).to_string(),
        }
    }
}

/// How sure the agency was before it said something else.
#[derive(Debug, Serialize, ToSchema)]
pub struct SightingRevision {
    /// What it had said: `confirmed`, `probable`, `possible` or `doubtful`.
    pub was: String,
    /// When it said something else.
    pub at: Instant,
    /// Why.
    #[schema(required = true)]
    pub text: Option<Remark>,
}

/// What an agency saw elsewhere after one of its requests. Only the agency itself and its auditors see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sighting {
    /// Identifier, `sighting_…`.
    pub id: String,
    /// After which request.
    pub request: RequestBrief,
    /// The item of it that moved, where that is known.
    #[schema(required = true)]
    pub item: Option<String>,
    /// `announced` or `found`.
    pub seen_as: String,
    /// `material` or `audience`.
    pub moved: String,
    /// `url`, `account`, `channel`, `site`, `file_hash` or `listing`.
    pub kind: String,
    /// Where to, exactly as written.
    pub locator: String,
    /// The same, so that nothing can click it.
    pub defanged: String,
    /// The host, if there is one.
    #[schema(required = true)]
    pub host: Option<String>,
    /// On which platform.
    pub platform: SightedPlatform,
    /// How sure the agency is: `confirmed`, `probable`, `possible` or `doubtful`.
    pub confidence: String,
    /// How sure it was before, oldest first.
    pub revisions: Vec<SightingRevision>,
    /// When it was seen.
    pub seen_at: Instant,
    /// What else the agency noted.
    #[schema(required = true)]
    pub note: Option<Remark>,
    /// `open`, `followed` or `retracted`.
    pub state: String,
    /// The request that follows it.
    #[schema(required = true)]
    pub followed_by: Option<RequestBrief>,
    /// Since when.
    #[schema(required = true)]
    pub followed_at: Option<Instant>,
    /// When it was taken back as a mistake.
    #[schema(required = true)]
    pub retracted_at: Option<Instant>,
    /// Why.
    #[schema(required = true)]
    pub retraction: Option<Remark>,
    /// Counts its versions from 1; also the ETag.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

impl Sighting {
    /// A sighting as it is answered.
    #[must_use]
    pub fn of(view: &SightingView) -> Self {
        let sighting = &view.sighting;
        let revisions = sighting.revisions.iter();
        Self {
            id: sighting.id.to_string(),
            request: RequestBrief::of(sighting.from),
            item: view.item.map(|id| id.to_string()),
            seen_as: view.seen_as.to_string(),
            moved: view.moved.to_string(),
            kind: view.locator.kind().to_string(),
            locator: view.locator.filed().to_owned(),
            defanged: view.locator.defanged(),
            host: view.locator.host().map(|host| host.as_str().to_owned()),
            platform: SightedPlatform::of(&view.platform),
            confidence: sighting.confidence.to_string(),
            revisions: revisions
                .map(|revision| SightingRevision {
                    was: revision.was.to_string(),
                    at: Instant(revision.at),
                    text: revision.why.as_ref().map(|why| Remark {
                        text: why.text.clone(),
                        language: why.language.to_string(),
                    }),
                })
                .collect(),
            seen_at: Instant(view.seen_at),
            note: view.note.as_ref().map(Remark::of),
            state: sighting.state().to_string(),
            followed_by: sighting.followed_by.map(RequestBrief::of),
            followed_at: view.followed_at.map(Instant),
            retracted_at: sighting.retracted_at.map(Instant),
            retraction: view.retraction.as_ref().map(Remark::of),
            version: view.version,
            created_at: Instant(view.created_at),
            updated_at: Instant(view.updated_at),
        }
    }
}

/// 201 with its address.
pub(super) fn made(view: &SightingView) -> Answer {
    let location = format!("/v1/sightings/{}", view.sighting.id);
    created(location, Some(view.version), &Sighting::of(view))
}

/// 200 with its version.
pub(super) fn ok(view: &SightingView) -> HttpResponse {
    versioned(view.version, &Sighting::of(view))
}
