//! `POST /v1/requests`

mod parse;

pub use parse::project;

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::id::{PlatformId, SightingId};
use takedown_core::instrument::ServiceMethod;
use takedown_core::locator::ItemKind;
use takedown_core::operation::TargetRole;
use takedown_core::request::Confidence;
use takedown_core::signed::Act;
use takedown_core::text::{Country, Language};
use utoipa::ToSchema;
use validator::Validate;

use super::signed::SignedStatement;
use super::view::{FiledTogether, Request};
use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::extract::{Size, signable};
use crate::http::headers::{once, strict};
use crate::http::middleware::lookup_limit;
use crate::http::problem::Problem;
use crate::http::v1::responses::{Creating, Writing};
use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

/// A takedown request to be filed. A referral of one link needs `instrument`, `grounds`, `reasons` and `items` only.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
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
    /// What keeps requests together: a label of your own, which begins an operation when it is new, or the identifier of
    /// an operation that your agency leads or has joined.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    operation: Option<String>,
    /// Codes of the catalogue, such as `tco:a`.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    grounds: Vec<String>,
    /// Why the material should go: the statement of reasons, in plain words.
    #[validate(nested)]
    reasons: Text,
    /// The reasons in a language of the platform.
    #[validate(nested)]
    translation: Option<Text>,
    /// The provision of law that is broken.
    #[validate(length(min = 1, max = 500), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 500)]
    provision: Option<String>,
    /// The law that gives you the power, where the instrument asks for it (Regulation (EU) 2022/2065, Article 9(2)(a)(i)).
    #[validate(length(min = 1, max = 500), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 500)]
    legal_basis: Option<String>,
    /// How provider and recipient can challenge it, where and by when; where the instrument asks for it
    /// (Article 9(2)(a)(v)). It also fills section G of Annex I of Regulation (EU) 2021/784.
    #[validate(nested)]
    redress: Option<Text>,
    /// Which other authority is told of the effect given, where that applies (Article 9(2)(a)(vi)).
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    effect_to: Option<String>,
    /// `true`: you believe in good faith that what you say is accurate and complete. A notice of Regulation (EU)
    /// 2022/2065, Article 16, needs it (2)(d); nothing else takes it.
    #[serde(default)]
    bona_fide: bool,
    /// Whose law; your own country's unless said.
    #[schema(schema_with = wire::country_or_null, required = false)]
    jurisdiction: Option<Country>,
    /// Where effect is asked; the jurisdiction only unless said (Regulation (EU) 2022/2065, Article 9(2)(b)).
    #[validate(nested)]
    territory: Option<Territory>,
    /// The officer in charge.
    #[validate(nested)]
    officer: Option<Officer>,
    /// For an instrument whose clock starts with formal service.
    service: Option<Service>,
    /// For an instrument whose time a court or authority sets itself.
    #[validate(nested)]
    specified: Option<Specified>,
    /// Until when the uploader may not be told, where the instrument allows it.
    #[validate(nested)]
    non_disclosure: Option<NonDisclosure>,
    /// Until when what is removed must be kept, where the instrument says so.
    preservation: Option<Preservation>,
    /// Whom the material is thought to come from.
    #[validate(nested)]
    attribution: Option<Attribution>,
    /// Before the first order to a platform under an instrument that asks for notice (`eu-tco-order`): the duly justified
    /// emergency that did not allow it. The platform reads it. Where no waiver is needed it is not recorded.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    prior_notice_waived: Option<String>,
    /// What to do when somebody may be at one of the items already: `file`, and say so in `repeats`, unless said; or
    /// `refuse` with 409 and the same list, so that you can join an open request of your own instead.
    #[serde(default)]
    if_repeated: IfRepeated,
    /// The sightings of your agency that it follows: what moved there is asked about here.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(value_type = Vec<String>, max_items = 100)]
    sightings: Vec<SightingId>,
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
    /// The text. Kept exactly as sent; no control characters but line breaks and tabs.
    #[validate(length(min = 1, max = 20000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 20000)]
    pub(super) text: String,
    /// Its language.
    #[schema(schema_with = wire::language)]
    pub(super) language: Language,
}

/// Where effect is asked: the narrowest that serves.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewTerritory)]
pub struct Territory {
    /// Countries, ISO 3166-1 alpha-2.
    #[serde(default)]
    #[validate(length(max = 249))]
    #[schema(value_type = Vec<String>, max_items = 249)]
    countries: Vec<Country>,
    /// Everywhere.
    #[serde(default)]
    worldwide: bool,
}

/// The officer in charge. Platforms see the handle and the rank, never the name.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewOfficer)]
pub struct Officer {
    /// A service number or the like: what a platform quotes when it calls back.
    #[validate(length(min = 1, max = 60), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 60)]
    pub(super) handle: String,
    /// The name. Kept for the agency itself and for auditors.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    pub(super) name: Option<String>,
    /// The rank, where the instrument asks for one; as the catalogue writes it.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    pub(super) rank: Option<String>,
}

/// Formal service apart from the filing.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewService)]
pub struct Service {
    /// How it was served.
    #[schema(schema_with = wire::service_method)]
    pub(super) method: ServiceMethod,
    /// When; not in the future.
    pub(super) served_at: Instant,
}

/// A time that a court or authority set itself.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSpecified)]
pub struct Specified {
    /// By when.
    due_at: Instant,
    /// The court or authority that set it.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    issued_by: String,
    /// The number of the case there.
    #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 100)]
    case_number: Option<String>,
}

/// Until when the uploader may not be told, and why.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewNonDisclosure)]
pub struct NonDisclosure {
    /// Until when; in the future, and no longer than the instrument allows.
    until: Instant,
    /// Why the uploader may not be told.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Until when what is removed must be kept.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPreservation)]
pub struct Preservation {
    /// Until when; in the future.
    until: Instant,
}

/// Whom the material is thought to come from.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAttribution)]
pub struct Attribution {
    /// A name of a group or outlet.
    #[validate(length(min = 1, max = 200), custom(function = "rules::one_line"))]
    #[schema(min_length = 1, max_length = 200)]
    source: String,
    /// How sure you are; `suspected_decoy` asks the platform to wait, and goes with a referral only.
    #[schema(schema_with = wire::confidence)]
    confidence: Confidence,
}

/// What to do when somebody may be at one of the items already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum IfRepeated {
    /// File, and say so.
    #[default]
    File,
    /// Refuse, and say so.
    Refuse,
}

impl NewRequest {
    /// Takes the items out of what the client may look up, if being refused would tell him what a lookup tells.
    ///
    /// # Errors
    /// 429 when there are not so many left.
    pub(super) fn limit(&self, http: &HttpRequest, caller: &Caller) -> Result<(), Problem> {
        match self.if_repeated {
            IfRepeated::File => Ok(()),
            IfRepeated::Refuse => lookup_limit(http, caller.client, self.items.len()),
        }
    }
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
    /// The part that its platform plays in the operation: `site`, `host`, `registrar`, `promoter`, `mirror` or `other`. The
    /// same for all items on one platform that say it.
    #[schema(schema_with = wire::target_role_or_null, required = false)]
    role: Option<TargetRole>,
    /// What it shows, in words.
    #[validate(length(min = 1, max = 2000), custom(function = "rules::filled"))]
    #[schema(min_length = 1, max_length = 2000)]
    description: Option<String>,
    /// Language of the material.
    #[schema(schema_with = wire::language_or_null, required = false)]
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
    /// How it was made.
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
    /// FIPS 180-4, as 64 hexadecimal digits.
    Sha256,
}

fn url() -> ItemKind {
    ItemKind::Url
}

/// File a request
///
/// Stores the request for good and puts it into the platform's inbox; the answer is given after the commit. The hosts
/// of the items say which platform is asked. When they lie on several, one request is filed for each, all in one commit
/// and under one operation: the one named in `operation`, else one labelled with the `agency_reference`, else with the
/// reference of the first request; all carry the `agency_reference`. With `Prefer: handling=strict` such a filing is
/// refused instead. A filing that contradicts its own instrument is refused with the rule it broke. Repeating the call
/// with the same `Idempotency-Key`, or the same filing under the same `agency_reference`, gives the first answer again. `repeats`
/// says which items were asked about before, by you or by others; that is a warning, and nothing is dropped.
///
/// As `application/jose+json` the filing is the payload of a JWS that the unit signed with a key of its own, beside the claims
/// that `docs/signed-requests.md` lists. It is kept and handed to the platform byte for byte, goes to one platform, and is
/// filed once: sending it again gives the request again.
#[utoipa::path(
    tag = "requests",
    operation_id = "file_request",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A fresh UUID for each filing; kept for 24 hours."),
        ("Prefer" = Option<String>, Header, description = "`handling=strict` refuses a filing whose items lie on several platforms (RFC 7240)."),
    ),
    request_body(
        content((NewRequest = "application/json"), (SignedStatement = "application/jose+json")),
        description = "The filing, or the same signed by the unit."
    ),
    responses(
        (status = 201, description = "Filed.", body = Request, headers(
            ("etag" = String, description = "The version, for If-Match."),
            ("location" = String, description = "Where the request is."),
        )),
        (status = 200, description = "Filed on several platforms: the operation, and one request for each.", body = FiledTogether, headers(
            ("location" = String, description = "Where the operation is."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/requests")]
pub async fn file_request(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = signable::<NewRequest>(&http, payload, Act::File, Size::Filing).await?;
    let key = once(&http, &sent.bytes)?;
    sent.value.limit(&http, &caller)?;
    let mut new = sent.value.parse(&sent.bytes)?;
    new.one_platform = strict(&http);
    new.signed = sent.statement;
    Ok(answer(
        requests::file(&cx, &caller, key, new, super::filed).await?,
    ))
}
