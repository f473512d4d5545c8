//! A request as it is answered.

pub mod attested;
mod convert;
pub mod kept;
pub mod oversight;
pub mod revised;
mod times;

use serde::Serialize;
use utoipa::ToSchema;

use crate::http::v1::lookups::view::RepeatedItem;
use crate::http::v1::operations::view::OperationBrief;
use crate::http::wire::Instant;

pub use kept::{NonDisclosure, Preservation};
pub use times::{ClockView, Service, Specified};

/// A takedown request with everything the caller may see of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Request {
    /// What lists show of it too.
    #[serde(flatten)]
    pub summary: RequestSummary,
    /// The platform's own ticket, if it gave one.
    #[schema(required = true)]
    pub platform_reference: Option<String>,
    /// Whose law, ISO 3166-1 alpha-2.
    pub jurisdiction: String,
    /// Where effect is asked.
    pub territory: Territory,
    /// The statement of reasons, as written.
    pub reasons: Text,
    /// The reasons in another language, if the agency gave one. Otherwise the reasons are untranslated.
    #[schema(required = true)]
    pub translation: Option<Text>,
    /// The provision of law that the agency cites.
    #[schema(required = true)]
    pub provision: Option<String>,
    /// The law that gives the authority its power, where it was cited.
    #[schema(required = true)]
    pub legal_basis: Option<String>,
    /// How it can be challenged, in the agency's words.
    #[schema(required = true)]
    pub redress: Option<Text>,
    /// Which other authority is told of the effect given.
    #[schema(required = true)]
    pub effect_to: Option<String>,
    /// The agency says that it believes in good faith what it says (Regulation (EU) 2022/2065, Article 16(2)(d)).
    pub bona_fide: bool,
    /// The officer in charge, if the agency named one.
    #[schema(required = true)]
    pub officer: Option<Officer>,
    /// What is asked about, in the order of the filing.
    pub items: Vec<Item>,
    /// Formal service apart from the filing, where the instrument starts its clock there.
    #[schema(required = true)]
    pub service: Option<Service>,
    /// The time a court or authority set itself, where the instrument leaves it to them.
    #[schema(required = true)]
    pub specified: Option<Specified>,
    /// Until when the uploader may not be told (for an order of Regulation (EU) 2021/784: Article 11(3)).
    #[schema(required = true)]
    pub non_disclosure: Option<NonDisclosure>,
    /// Keeping what was removed (for an order of Regulation (EU) 2021/784: Article 6): as filed, or, where the filing says
    /// nothing and the law asks for it, from the first removal on.
    #[schema(required = true)]
    pub preservation: Option<Preservation>,
    /// Whom the material is thought to come from; for the agency itself and auditors only.
    #[schema(required = true)]
    pub attribution: Option<Attribution>,
    /// What took the place of what since the filing, oldest first: facts that were corrected, attributions that were
    /// revised; the newest ten. All of them: `GET /v1/requests/{id}/corrections`. Everything else in this answer is as it
    /// stands now.
    pub corrections: Vec<revised::Revision>,
    /// How many of them there are.
    pub corrections_count: usize,
    /// Who annulled the request or items of it, and by which decision.
    pub annulments: Vec<revised::Annulment>,
    /// For an order under an instrument that asks for it: by what the duty to tell the platform before a first order is met.
    #[schema(required = true)]
    pub prior_notice: Option<oversight::PriorNoticeGiven>,
    /// For an order that crosses a border: the copy for the authority of the platform's country, and its scrutiny.
    #[schema(required = true)]
    pub scrutiny: Option<oversight::Scrutiny>,
    /// That the order is final.
    #[schema(required = true)]
    pub finality: Option<oversight::Finality>,
    /// The unit's signature, where it signed.
    #[schema(required = true)]
    pub signature: Option<attested::Signature>,
}

/// A filing whose items lie on several platforms: one request for each, under one operation.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiledTogether {
    /// What keeps them together.
    pub operation: OperationBrief,
    /// One for each platform, in the order of the first item that lies with it.
    pub requests: Vec<Request>,
}

/// A takedown request as lists show it: without its text and its items.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestSummary {
    /// Identifier, `req_…`.
    pub id: String,
    /// Short, speakable, with a check character.
    pub reference: String,
    /// `filed`, `fetched`, `acknowledged`, `needs_information`, `closed` or `withdrawn`.
    pub status: String,
    /// Once closed: `actioned`, `partly_actioned` or `not_actioned`.
    #[schema(required = true)]
    pub result: Option<String>,
    /// Counts changes, from 1; also the ETag.
    pub version: i32,
    /// `referral` or `order`.
    pub kind: String,
    /// The named power under which is asked.
    pub instrument: Instrument,
    /// One plain sentence: who asks, may or must as claimed, and by when.
    pub summary: String,
    /// Who asks, and how that was verified.
    pub agency: AgencyBrief,
    /// Who is asked.
    pub platform: PlatformBrief,
    /// The agency's own file number.
    #[schema(required = true)]
    pub agency_reference: Option<String>,
    /// The label of the operation that the agency keeps it under; for the agency itself and auditors only.
    #[schema(required = true)]
    pub operation: Option<String>,
    /// Why it is asked for, in the order of the filing.
    pub grounds: Vec<Ground>,
    /// How many items there are.
    pub items_count: i32,
    /// How many of them were taken back by themselves.
    pub taken_back_count: i32,
    /// How many wait for an outcome; none once the request is withdrawn.
    pub undecided_count: i32,
    /// `null` for a referral, which has no deadline.
    #[schema(required = true)]
    pub clock: Option<ClockView>,
    /// Whose turn it is: `platform`, `agency`, `both` (the agency's to answer, and the platform's to say whether it restores)
    /// or `nobody`.
    pub waiting_for: String,
    /// After a withdrawal of the request or of items: `not_asked`, `asked` while one is unanswered, or `answered`.
    pub restoration: String,
    /// Keeping what was removed: `asked`, `held`, `released`, `expired` or `deleted`; `null` where nothing is asked.
    #[schema(required = true)]
    pub preservation_status: Option<String>,
    /// The end of that.
    #[schema(required = true)]
    pub preservation_until: Option<Instant>,
    /// `unit_signed`, or `exchange_only`: nobody but this exchange says that the agency asked.
    pub attestation: String,
    /// A decoy is suspected: the agency asks to wait rather than to remove.
    pub asks_to_wait: bool,
    /// Since when the platform doubts that it is really the agency who asks; the clock stands until that is settled.
    #[schema(required = true)]
    pub doubted_at: Option<Instant>,
    /// When it was stored for good.
    pub filed_at: Instant,
    /// The receipt: when the platform first read the full text.
    #[schema(required = true)]
    pub fetched_at: Option<Instant>,
    /// When the platform said "we have it".
    #[schema(required = true)]
    pub acknowledged_at: Option<Instant>,
    /// When it was closed, the last time if it was reopened.
    #[schema(required = true)]
    pub closed_at: Option<Instant>,
    /// When the agency took it back.
    #[schema(required = true)]
    pub withdrawn_at: Option<Instant>,
    /// When what it was about was destroyed: its texts and locators are empty since then, and nothing more can be done with it.
    #[schema(required = true)]
    pub erased_at: Option<Instant>,
    /// In the answer to a filing, and nowhere else: which of its items were asked about before. Those that are not named
    /// here were not. Not there when the same filing had been filed already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Vec<RepeatedItem>>,
}

/// The named power under which is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Instrument {
    /// Name in the catalogue.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Where it is written down.
    pub citation: String,
    /// `voluntary`, or `binding_as_claimed`: the exchange records the claim and does not judge it.
    pub power: String,
}

/// Who asks, and how that is known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgencyBrief {
    /// Identifier, `agency_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// `police`, `judicial`, `regulator` or `other`.
    pub r#type: String,
    /// `pending`, `verified` or `suspended`.
    pub status: String,
    /// How the operator of this exchange verified it.
    #[schema(required = true)]
    pub verification: Option<VerificationBrief>,
    /// Where to complain: a mail address or an https URL.
    pub complaints: String,
}

/// How an agency was verified.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerificationBrief {
    /// `in_person`, `call_back`, `official_letter`, `official_domain`, `official_list` or `vouched`.
    pub method: String,
    /// When.
    pub verified_at: Instant,
    /// Until when that holds.
    pub expires_at: Instant,
    /// How many people of the operator found it out: 1, or 2 when a second one called back.
    pub persons: u8,
}

/// Who is asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlatformBrief {
    /// Identifier, `platform_…`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2; `null` while nobody knows.
    #[schema(required = true)]
    pub country: Option<String>,
}

/// Why something is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ground {
    /// Code in the catalogue, such as `tco:a`.
    pub code: String,
    /// What the code means.
    pub title: String,
}

/// Where effect is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Territory {
    /// ISO 3166-1 alpha-2.
    pub countries: Vec<String>,
    /// Everywhere; the countries are then a remark.
    pub worldwide: bool,
}

/// A text with its language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Text {
    /// The text, exactly as it was sent.
    pub text: String,
    /// Language tag of BCP 47.
    pub language: String,
}

/// The officer in charge. The name is shown to the agency itself and to auditors only.
#[derive(Debug, Serialize, ToSchema)]
pub struct Officer {
    /// A service number or the like.
    pub handle: String,
    /// The name, for the agency itself and auditors only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The rank, where an instrument asks for one.
    #[schema(required = true)]
    pub rank: Option<String>,
}

/// One thing asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Item {
    /// Identifier, `item_…`.
    pub id: String,
    /// Its place in the filing, from 1.
    pub position: i32,
    /// `url`, `account`, `channel`, `site`, `file_hash` or `listing`.
    pub kind: String,
    /// Exactly as filed.
    pub locator: String,
    /// The same, made inert for showing.
    pub defanged: String,
    /// The host it lies on.
    #[schema(required = true)]
    pub host: Option<String>,
    /// What it shows, in words.
    #[schema(required = true)]
    pub description: Option<String>,
    /// Language of the material.
    #[schema(required = true)]
    pub language: Option<String>,
    /// How graphic it is, from 0 to 3.
    #[schema(required = true)]
    pub graphic: Option<u8>,
    /// When the agency saw it.
    #[schema(required = true)]
    pub seen_at: Option<Instant>,
    /// Digests of the material, never the material itself.
    pub digests: Vec<Digest>,
    /// The latest answer for this item.
    #[schema(required = true)]
    pub outcome: Option<Outcome>,
    /// Why this item was taken back by itself, while the rest of the request goes on.
    #[schema(required = true)]
    pub withdrawal_reason: Option<String>,
    /// When it was.
    #[schema(required = true)]
    pub withdrawn_at: Option<Instant>,
    /// Whether it is to be put back: `not_asked`, `asked` or `answered`.
    pub restoration: String,
    /// What the platform answered to that: `restored`, or one of the `declined_…`, which leaves the outcome as it was.
    #[schema(required = true)]
    pub restoration_answer: Option<Outcome>,
}

/// A digest of the material.
#[derive(Debug, Serialize, ToSchema)]
pub struct Digest {
    /// `sha256`.
    pub algorithm: String,
    /// Lower-case hexadecimal.
    pub value: String,
}

/// The answer for one item.
#[derive(Debug, Serialize, ToSchema)]
pub struct Outcome {
    /// What became of it, such as `removed` or `declined_within_terms`.
    pub code: String,
    /// `law` or `terms`.
    pub basis: String,
    /// When it took effect.
    pub effective_at: Instant,
    /// `yes`, `no`, `not_possible` or `non_disclosure`.
    pub uploader_informed: String,
    /// For `geo_blocked`: where it is blocked.
    pub countries: Vec<String>,
    /// For `duplicate`: of which request.
    #[schema(required = true)]
    pub duplicate_of: Option<String>,
    /// A word from the platform.
    #[schema(required = true)]
    pub note: Option<String>,
    /// Language of the note, where the platform said it.
    #[schema(required = true)]
    pub note_language: Option<String>,
    /// When the exchange was told.
    #[schema(required = true)]
    pub decided_at: Option<Instant>,
}

/// Whom the material is thought to come from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attribution {
    /// A name of a group or outlet, in the words of the agency.
    pub source: String,
    /// `confirmed`, `probable`, `possible`, `doubtful` or `suspected_decoy`.
    pub confidence: String,
}
