//! What an agency writes, parsed.

use serde::{Deserialize, Serialize};
use takedown_core::agency::OfficerRef;
use takedown_core::id::SightingId;
use takedown_core::instrument::PriorNotice;
use takedown_core::locator::{ItemKind, Locator};
pub use takedown_core::non_disclosure::NonDisclosure;
use takedown_core::operation::TargetRole;
use takedown_core::text::{Country, Language};
use takedown_core::time::At;

use crate::app::signed::Statement;

/// By what the duty to tell the platform before a first order is met, as it was when the order was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beforehand {
    /// By what.
    pub by: PriorNotice,
    /// When it was told, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_at: Option<At>,
    /// Why it was not, where the notice is waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A text and the language it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The text as written.
    pub text: String,
    /// Its language.
    pub language: Language,
}

/// Where effect is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Territory {
    /// The countries; the narrowest that serves.
    pub countries: Vec<Country>,
    /// Everywhere: only when said.
    pub worldwide: bool,
}

/// Formal service apart from the filing (Terrorism Act 2006 s.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// `in_person` or `recorded_post`.
    pub method: String,
    /// When the notice was given.
    pub served_at: At,
}

/// A time that a court or authority set itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specified {
    /// By when.
    pub due_at: At,
    /// The court or authority.
    pub issued_by: String,
    /// Its file number.
    pub case_number: Option<String>,
}

/// Until when what is removed must be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preservation {
    /// The end of the duty.
    pub until: At,
}

/// Whom the material is thought to come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The claimed source.
    pub source: String,
    /// How sure: `confirmed`, `probable`, `possible`, `doubtful`, `suspected_decoy`.
    pub confidence: String,
}

/// What some laws ask of a filing beside grounds and reasons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Elements {
    /// The law that gives the authority its power (Regulation (EU) 2022/2065, Article 9(2)(a)(i)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// How it can be challenged (Article 9(2)(a)(v)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redress: Option<Text>,
    /// Which other authority is told of the effect (Article 9(2)(a)(vi)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_to: Option<String>,
    /// Made in good faith (Article 16(2)(d)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bona_fide: bool,
}

/// The part of a filing that never changes; kept as JSON beside the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// Codes of the catalogue.
    pub grounds: Vec<String>,
    /// The statement of reasons.
    pub reasons: Text,
    /// The same in another language.
    pub translation: Option<Text>,
    /// The provision of law cited.
    pub provision: Option<String>,
    /// Where effect is asked.
    pub territory: Territory,
    /// Who of the agency; the name is escrowed.
    pub officer: Option<OfficerRef>,
    /// Formal service.
    pub service: Option<Service>,
    /// A specified time.
    pub specified: Option<Specified>,
    /// Non-disclosure.
    pub non_disclosure: Option<NonDisclosure>,
    /// Preservation.
    pub preservation: Option<Preservation>,
    /// Attribution.
    pub attribution: Option<Attribution>,
    /// By what the duty to tell the platform before a first order is met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior_notice: Option<Beforehand>,
    /// What some laws ask for besides.
    #[serde(default, flatten)]
    pub elements: Elements,
    /// What is kept of an instrument that is not of this release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<super::power::Kept>,
}

/// A digest of the material, for recognising it without keeping it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// `sha256`.
    pub algorithm: String,
    /// Lower-case hex.
    pub value: String,
}

/// What an agency says of an item besides where it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ItemDetail {
    /// What it shows, in words.
    pub description: Option<String>,
    /// The language of the material.
    pub language: Option<Language>,
    /// How graphic it is, 0 to 3.
    pub graphic: Option<u8>,
    /// When it was seen.
    pub seen_at: Option<At>,
    /// Digests of it.
    pub digests: Vec<Digest>,
}

/// An item to be filed.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// What it is.
    pub kind: ItemKind,
    /// Where it is.
    pub locator: Locator,
    /// What is said of it.
    pub detail: ItemDetail,
    /// The part that its platform plays in the operation.
    pub role: Option<TargetRole>,
}

/// What to do when somebody may be at one of the items already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfRepeated {
    /// File, and say so.
    #[default]
    File,
    /// Refuse, and say so.
    Refuse,
}

/// A whole filing.
#[derive(Debug, Clone)]
pub struct NewFiling {
    /// The claimed power.
    pub instrument: String,
    /// Who is asked, where the items do not say it.
    pub platform: Option<String>,
    /// The agency's own file number.
    pub agency_reference: Option<String>,
    /// The operation it belongs to: a label of the agency's own, or the identifier of one it leads or has joined.
    pub operation: Option<String>,
    /// Whether it is to be refused when its items lie on several platforms, rather than to become one request for each.
    pub one_platform: bool,
    /// Whose law; the agency's country unless said.
    pub jurisdiction: Option<Country>,
    /// Everything that is kept as it is.
    pub filing: Filing,
    /// What to do when somebody may be at one of the items already.
    pub if_repeated: IfRepeated,
    /// The sightings that it follows.
    pub sightings: Vec<SightingId>,
    /// Why the platform was not told before a first order: a duly justified emergency.
    pub prior_notice_waived: Option<String>,
    /// One to a thousand.
    pub items: Vec<NewItem>,
    /// What the unit signed, where it did.
    pub signed: Option<Statement>,
    /// Of exactly the bytes the agency sent for this filing.
    pub digest: takedown_core::history::Digest,
}
