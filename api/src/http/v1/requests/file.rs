//! `POST /v1/requests`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::agency::OfficerRef;
use takedown_core::history::Digest;
use takedown_core::id::PlatformId;
use takedown_core::instrument::ServiceMethod;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::text::{Country, Language};
use utoipa::ToSchema;
use validator::Validate;

use super::view::Request;
use crate::app::requests::{self, filing};
use crate::app::{Caller, Cx, FieldError};
use crate::http::error::answer;
use crate::http::extract::SentFiling;
use crate::http::headers::once;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Creating, Writing};
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// A takedown request to be filed. A referral of one link needs `instrument`, `grounds`, `reasons` and `items` only.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "instrument": "referral",
    "grounds": ["tco:a"],
    "reasons": { "text": "The page calls for attacks and names a date.", "language": "en" },
    "items": [{ "locator": "hxxps[:]//paste[.]example/abc#key" }]
}))]
pub struct NewRequest {
    /// The claimed power: its name in the catalogue, such as `referral` or `eu-tco-order`.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    instrument: String,
    /// Who is asked, where the hosts of the items do not say it.
    #[schema(value_type = Option<String>, pattern = "^platform_[0-9a-hjkmnp-tv-z]{26}$")]
    platform: Option<PlatformId>,
    /// Your own file number; unique within your agency. The same filing sent twice under one is one filing.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    agency_reference: Option<String>,
    /// A label that keeps requests together.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    operation: Option<String>,
    /// Codes of the catalogue, such as `tco:a`.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    grounds: Vec<String>,
    #[validate(nested)]
    reasons: Text,
    /// The reasons in a language of the platform.
    #[validate(nested)]
    translation: Option<Text>,
    /// The provision of law that is broken.
    #[validate(length(min = 1, max = 500), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 500)]
    provision: Option<String>,
    /// Whose law; your own country's unless said.
    #[schema(schema_with = wire::country)]
    jurisdiction: Option<Country>,
    #[validate(nested)]
    territory: Option<Territory>,
    #[validate(nested)]
    officer: Option<Officer>,
    service: Option<Service>,
    #[validate(nested)]
    specified: Option<Specified>,
    #[validate(nested)]
    non_disclosure: Option<NonDisclosure>,
    preservation: Option<Preservation>,
    #[validate(nested)]
    attribution: Option<Attribution>,
    /// What is asked about.
    #[validate(length(min = 1, max = 1000), nested)]
    #[schema(min_items = 1, max_items = 1000)]
    items: Vec<NewItem>,
}

/// A text and its language.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewText)]
pub struct Text {
    #[validate(length(min = 1, max = 20000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 20000)]
    pub(super) text: String,
    #[schema(schema_with = wire::language)]
    pub(super) language: Language,
}

/// Where effect is asked: the narrowest that serves.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTerritory)]
pub struct Territory {
    #[serde(default)]
    #[validate(length(max = 249))]
    #[schema(value_type = Vec<String>, max_items = 249)]
    countries: Vec<Country>,
    #[serde(default)]
    worldwide: bool,
}

/// The officer in charge. Platforms see the handle and the rank, never the name.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOfficer)]
pub struct Officer {
    #[validate(length(min = 1, max = 60), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 60)]
    handle: String,
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    rank: Option<String>,
}

/// Formal service apart from the filing.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewService)]
pub struct Service {
    #[schema(schema_with = wire::service_method)]
    method: ServiceMethod,
    served_at: Instant,
}

/// A time that a court or authority set itself.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSpecified)]
pub struct Specified {
    due_at: Instant,
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    issued_by: String,
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    case_number: Option<String>,
}

/// Until when the uploader may not be told, and why.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewNonDisclosure)]
pub struct NonDisclosure {
    until: Instant,
    #[validate(length(min = 1, max = 2000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Until when what is removed must be kept.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPreservation)]
pub struct Preservation {
    until: Instant,
}

/// Whom the material is thought to come from.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAttribution)]
pub struct Attribution {
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    source: String,
    confidence: Confidence,
}

/// How sure an attribution is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Confidence {
    Confirmed,
    Probable,
    Possible,
    Doubtful,
    SuspectedDecoy,
}

/// One thing to act on.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewItem {
    /// Where it is. Kept exactly as written; defanged links are understood.
    #[validate(length(min = 1))]
    #[schema(min_length = 1, max_length = 8192)]
    locator: String,
    /// What it is; `url` unless said.
    #[serde(default = "url")]
    #[schema(schema_with = wire::item_kind)]
    kind: ItemKind,
    /// What it shows, in words.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::plain"))]
    #[schema(min_length = 1, max_length = 2000)]
    description: Option<String>,
    /// Language of the material.
    #[schema(schema_with = wire::language)]
    language: Option<Language>,
    /// How graphic it is, from 0 to 3.
    #[validate(range(max = 3))]
    #[schema(minimum = 0, maximum = 3)]
    graphic: Option<u8>,
    /// When it was seen.
    seen_at: Option<Instant>,
    /// Digests of the material, never the material itself.
    #[serde(default)]
    #[validate(length(max = 10), nested)]
    #[schema(max_items = 10)]
    digests: Vec<NewDigest>,
}

/// A digest of the material.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDigest {
    algorithm: DigestAlgorithm,
    /// 64 hexadecimal digits.
    #[validate(custom(function = "rules::sha256_hex"))]
    #[schema(pattern = "^[0-9A-Fa-f]{64}$")]
    value: String,
}

/// How a digest was made.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DigestAlgorithm {
    Sha256,
}

fn url() -> ItemKind {
    ItemKind::Url
}

impl From<Text> for filing::Text {
    fn from(text: Text) -> Self {
        Self {
            text: text.text,
            language: text.language,
        }
    }
}

impl NewRequest {
    /// Parses what the rules of the schema cannot judge: the locators.
    ///
    /// # Errors
    /// Every locator that is none, with its pointer. The locator itself is never repeated.
    pub fn parse(self, sent: &[u8]) -> Result<filing::NewFiling, Problem> {
        let mut errors = Vec::new();
        let mut items = Vec::with_capacity(self.items.len());
        for (index, item) in self.items.into_iter().enumerate() {
            match Locator::parse(item.kind, &item.locator) {
                Ok(locator) => items.push(item.parsed(locator)),
                Err(why) => errors.push(FieldError::new(
                    format!("/items/{index}/locator"),
                    why.to_string(),
                )),
            }
        }
        if !errors.is_empty() {
            return Err(crate::app::Error::Invalid(errors).into());
        }
        let territory =
            self.territory
                .map_or_else(filing::Territory::default, |t| filing::Territory {
                    countries: t.countries,
                    worldwide: t.worldwide,
                });
        Ok(filing::NewFiling {
            instrument: self.instrument,
            platform: self.platform.map(|id| id.to_string()),
            agency_reference: self.agency_reference,
            operation: self.operation,
            jurisdiction: self.jurisdiction,
            filing: filing::Filing {
                grounds: self.grounds,
                reasons: self.reasons.into(),
                translation: self.translation.map(Into::into),
                provision: self.provision,
                territory,
                officer: self.officer.map(|o| OfficerRef {
                    handle: o.handle,
                    name: o.name,
                    rank: o.rank,
                }),
                service: self.service.map(|s| filing::Service {
                    method: s.method.as_str().to_owned(),
                    served_at: s.served_at.0,
                }),
                specified: self.specified.map(|s| filing::Specified {
                    due_at: s.due_at.0,
                    issued_by: s.issued_by,
                    case_number: s.case_number,
                }),
                non_disclosure: self.non_disclosure.map(|n| filing::NonDisclosure {
                    until: n.until.0,
                    reason: n.reason,
                }),
                preservation: self
                    .preservation
                    .map(|p| filing::Preservation { until: p.until.0 }),
                attribution: self.attribution.map(|a| filing::Attribution {
                    source: a.source,
                    confidence: a.confidence.as_str().to_owned(),
                }),
            },
            items,
            digest: Digest::of(sent),
        })
    }
}

impl Confidence {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Probable => "probable",
            Self::Possible => "possible",
            Self::Doubtful => "doubtful",
            Self::SuspectedDecoy => "suspected_decoy",
        }
    }
}

impl NewItem {
    fn parsed(self, locator: Locator) -> filing::NewItem {
        filing::NewItem {
            kind: self.kind,
            locator,
            detail: filing::ItemDetail {
                description: self.description,
                language: self.language,
                graphic: self.graphic,
                seen_at: self.seen_at.map(|i| i.0),
                digests: self
                    .digests
                    .into_iter()
                    .map(|d| {
                        let DigestAlgorithm::Sha256 = d.algorithm;
                        filing::Digest {
                            algorithm: "sha256".into(),
                            value: d.value.to_ascii_lowercase(),
                        }
                    })
                    .collect(),
            },
        }
    }
}

/// File a request
///
/// Stores the request for good and puts it into the platform's inbox; the answer is given after the commit. The hosts
/// of the items say which platform is asked. A filing that contradicts its own instrument is refused with the rule it
/// broke. Repeating the call with the same `Idempotency-Key`, or the same filing under the same `agency_reference`,
/// gives the first answer again.
#[utoipa::path(
    tag = "requests",
    operation_id = "file_request",
    params(("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each filing; kept for 24 hours.")),
    request_body(content = NewRequest, description = "The filing."),
    responses(
        (status = 201, description = "Filed.", body = Request, headers(
            ("etag" = String, description = "The version, for If-Match."),
            ("location" = String, description = "Where the request is."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/requests")]
pub async fn file_request(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    SentFiling(sent): SentFiling<NewRequest>,
) -> Result<HttpResponse, Problem> {
    let key = once(&http, &sent.bytes)?;
    let new = sent.value.parse(&sent.bytes)?;
    Ok(answer(
        requests::file(&cx, &caller, key, new, super::created).await?,
    ))
}
