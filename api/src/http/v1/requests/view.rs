//! A request as it is answered.

use serde::Serialize;
use takedown_core::agency::OfficerRef;
use takedown_core::instrument::{Catalogue, Kind};
use takedown_core::locator::Locator;
use takedown_core::policy::Role;
use takedown_core::request::{Clock, Outcome as CoreOutcome};
use takedown_core::time::At;
use utoipa::ToSchema;

use crate::app::Caller;
use crate::app::requests::filing::Text as AppText;
use crate::app::requests::{ItemView, RequestView};
use crate::http::wire::Instant;

/// A takedown request with everything the caller may see of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Request {
    #[serde(flatten)]
    pub summary: RequestSummary,
    /// The platform's own ticket, if it gave one.
    #[schema(required = true)]
    pub platform_reference: Option<String>,
    /// Whose law, ISO 3166-1 alpha-2.
    pub jurisdiction: String,
    pub territory: Territory,
    /// The statement of reasons, as written.
    pub reasons: Text,
    /// The reasons in another language, if the agency gave one. Otherwise the reasons are untranslated.
    #[schema(required = true)]
    pub translation: Option<Text>,
    /// The provision of law that the agency cites.
    #[schema(required = true)]
    pub provision: Option<String>,
    #[schema(required = true)]
    pub officer: Option<Officer>,
    /// What is asked about, in the order of the filing.
    pub items: Vec<Item>,
    #[schema(required = true)]
    pub service: Option<Service>,
    #[schema(required = true)]
    pub specified: Option<Specified>,
    #[schema(required = true)]
    pub non_disclosure: Option<NonDisclosure>,
    #[schema(required = true)]
    pub preservation: Option<Preservation>,
    #[schema(required = true)]
    pub attribution: Option<Attribution>,
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
    pub instrument: Instrument,
    /// One plain sentence: who asks, may or must as claimed, and by when.
    pub summary: String,
    pub agency: AgencyBrief,
    pub platform: PlatformBrief,
    /// The agency's own file number.
    #[schema(required = true)]
    pub agency_reference: Option<String>,
    /// The operation the agency keeps it under.
    #[schema(required = true)]
    pub operation: Option<String>,
    pub grounds: Vec<Ground>,
    /// How many items there are.
    pub items_count: i32,
    /// How many have no outcome yet.
    pub undecided_count: i32,
    /// `null` for a referral, which has no deadline.
    #[schema(required = true)]
    pub clock: Option<ClockView>,
    /// Whose turn it is: `platform`, `agency` or `nobody`.
    pub waiting_for: String,
    /// After a withdrawal: `not_asked`, `asked` or `answered`.
    pub restoration: String,
    pub filed_at: Instant,
    /// The receipt: when the platform first read the full text.
    #[schema(required = true)]
    pub fetched_at: Option<Instant>,
    #[schema(required = true)]
    pub acknowledged_at: Option<Instant>,
    #[schema(required = true)]
    pub closed_at: Option<Instant>,
    #[schema(required = true)]
    pub withdrawn_at: Option<Instant>,
}

/// The named power under which is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Instrument {
    /// Name in the catalogue.
    pub id: String,
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
    pub verified_at: Instant,
    pub expires_at: Instant,
}

/// Who is asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlatformBrief {
    /// Identifier, `platform_…`.
    pub id: String,
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

/// Why something is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ground {
    /// Code in the catalogue, such as `tco:a`.
    pub code: String,
    pub title: String,
}

/// Where effect is asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct Territory {
    /// ISO 3166-1 alpha-2.
    pub countries: Vec<String>,
    pub worldwide: bool,
}

/// A text with its language.
#[derive(Debug, Serialize, ToSchema)]
pub struct Text {
    pub text: String,
    /// Language tag of BCP 47.
    pub language: String,
}

/// The officer in charge. The name is shown to the agency itself and to auditors only.
#[derive(Debug, Serialize, ToSchema)]
pub struct Officer {
    pub handle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
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
    #[schema(required = true)]
    pub seen_at: Option<Instant>,
    pub digests: Vec<Digest>,
    /// The latest answer for this item.
    #[schema(required = true)]
    pub outcome: Option<Outcome>,
}

/// A digest of the material.
#[derive(Debug, Serialize, ToSchema)]
pub struct Digest {
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
    pub effective_at: Instant,
    /// `yes`, `no`, `not_possible` or `non_disclosure`.
    pub uploader_informed: String,
    /// For `geo_blocked`: where it is blocked.
    pub countries: Vec<String>,
    /// For `duplicate`: of which request.
    #[schema(required = true)]
    pub duplicate_of: Option<String>,
    #[schema(required = true)]
    pub note: Option<String>,
    #[schema(required = true)]
    pub decided_at: Option<Instant>,
}

/// The deadline of an order, computed from its instrument.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockView {
    /// `none`, `waiting`, `running`, `standing` or `stopped`.
    pub state: String,
    /// What starts it: `receipt`, `given`, `knowledge` or `specified`.
    #[schema(required = true)]
    pub starts_on: Option<String>,
    #[schema(required = true)]
    pub due_at: Option<Instant>,
    /// While it stands: what is left of it.
    #[schema(required = true)]
    pub left_seconds: Option<i64>,
}

/// Formal service apart from the filing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Service {
    /// `in_person` or `recorded_post`.
    pub method: String,
    pub served_at: Instant,
}

/// A time set by a court or authority itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct Specified {
    pub due_at: Instant,
    pub issued_by: String,
    #[schema(required = true)]
    pub case_number: Option<String>,
}

/// Until when the uploader may not be told.
#[derive(Debug, Serialize, ToSchema)]
pub struct NonDisclosure {
    pub until: Instant,
    pub reason: String,
}

/// Until when what is removed must be kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preservation {
    pub until: Instant,
}

/// Whom the material is thought to come from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attribution {
    pub source: String,
    /// `confirmed`, `probable`, `possible`, `doubtful` or `suspected_decoy`.
    pub confidence: String,
}

impl Request {
    /// The whole request as `caller` may see it.
    #[must_use]
    pub fn of(view: &RequestView, caller: &Caller) -> Self {
        let filing = &view.filing;
        Self {
            summary: RequestSummary::of(view),
            platform_reference: view.platform_reference.clone(),
            jurisdiction: view.jurisdiction.to_string(),
            territory: Territory {
                countries: filing
                    .territory
                    .countries
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
                worldwide: filing.territory.worldwide,
            },
            reasons: (&filing.reasons).into(),
            translation: filing.translation.as_ref().map(Into::into),
            provision: filing.provision.clone(),
            officer: filing.officer.as_ref().map(|o| officer(o, caller)),
            items: view.items.iter().map(Item::of).collect(),
            service: filing.service.as_ref().map(|s| Service {
                method: s.method.clone(),
                served_at: Instant(s.served_at),
            }),
            specified: filing.specified.as_ref().map(|s| Specified {
                due_at: Instant(s.due_at),
                issued_by: s.issued_by.clone(),
                case_number: s.case_number.clone(),
            }),
            non_disclosure: filing.non_disclosure.as_ref().map(|n| NonDisclosure {
                until: Instant(n.until),
                reason: n.reason.clone(),
            }),
            preservation: filing.preservation.as_ref().map(|p| Preservation {
                until: Instant(p.until),
            }),
            attribution: filing.attribution.as_ref().map(|a| Attribution {
                source: a.source.clone(),
                confidence: a.confidence.clone(),
            }),
        }
    }
}

impl RequestSummary {
    /// The request without its text and items.
    #[must_use]
    pub fn of(view: &RequestView) -> Self {
        let request = &view.request;
        let state = &request.state;
        Self {
            id: request.id.to_string(),
            reference: view.reference.to_string(),
            status: request.status().to_string(),
            result: request.result().map(|r| r.to_string()),
            version: request.version,
            kind: request.kind.to_string(),
            instrument: instrument(view),
            summary: sentence(view),
            agency: AgencyBrief::of(&view.agency),
            platform: PlatformBrief {
                id: view.platform.id.to_string(),
                name: view.platform.name.clone(),
                country: view.platform.country.to_string(),
            },
            agency_reference: view.agency_reference.clone(),
            operation: view.operation.clone(),
            grounds: view
                .filing
                .grounds
                .iter()
                .map(|code| ground(code))
                .collect(),
            items_count: view.items_count,
            undecided_count: view.undecided_count,
            clock: clock(view),
            waiting_for: request.waiting_for().to_string(),
            restoration: state.restoration().as_str().to_owned(),
            filed_at: Instant(request.filed_at),
            fetched_at: state.fetched_at().map(Instant),
            acknowledged_at: state.acknowledged_at().map(Instant),
            closed_at: state.closed_at().map(Instant),
            withdrawn_at: state.withdrawn_at().map(Instant),
        }
    }
}

impl AgencyBrief {
    /// What a platform sees of an agency.
    #[must_use]
    pub fn of(agency: &crate::app::parties::Agency) -> Self {
        Self {
            id: agency.id.to_string(),
            name: agency.name.clone(),
            country: agency.country.to_string(),
            r#type: agency.agency_type.to_string(),
            status: agency.status.to_string(),
            verification: agency.verification.as_ref().map(|v| VerificationBrief {
                method: v.method.to_string(),
                verified_at: Instant(v.verified_at),
                expires_at: Instant(v.expires_at),
            }),
            complaints: agency.complaints.clone(),
        }
    }
}

impl Item {
    fn of(view: &ItemView) -> Self {
        // Filed locators were parsed when they came in; one that no longer parses is shown without its inert form.
        let defanged = Locator::parse(view.kind, &view.locator).map(|l| l.defanged());
        Self {
            id: view.item.id.to_string(),
            position: view.item.position,
            kind: view.kind.to_string(),
            defanged: defanged
                .unwrap_or_else(|_| takedown_core::text::visible(&view.locator).into_owned()),
            locator: view.locator.clone(),
            host: view.host.clone(),
            description: view.detail.description.clone(),
            language: view.detail.language.as_ref().map(ToString::to_string),
            graphic: view.detail.graphic,
            seen_at: view.detail.seen_at.map(Instant),
            digests: view
                .detail
                .digests
                .iter()
                .map(|d| Digest {
                    algorithm: d.algorithm.clone(),
                    value: d.value.clone(),
                })
                .collect(),
            outcome: view
                .item
                .outcome
                .as_ref()
                .map(|o| Outcome::of(o, view.decided_at)),
        }
    }
}

impl Outcome {
    fn of(outcome: &CoreOutcome, decided_at: Option<At>) -> Self {
        Self {
            code: outcome.code.to_string(),
            basis: outcome.basis.to_string(),
            effective_at: Instant(outcome.effective_at),
            uploader_informed: outcome.uploader_informed.to_string(),
            countries: outcome.countries.iter().map(ToString::to_string).collect(),
            duplicate_of: outcome.duplicate_of.clone(),
            note: outcome.note.clone(),
            decided_at: decided_at.map(Instant),
        }
    }
}

impl From<&AppText> for Text {
    fn from(text: &AppText) -> Self {
        Self {
            text: text.text.clone(),
            language: text.language.to_string(),
        }
    }
}

/// The name of an officer is escrowed: for his own agency and for auditors.
fn officer(officer: &OfficerRef, caller: &Caller) -> Officer {
    let may_see = matches!(caller.actor.role(), Role::Agency | Role::Auditor);
    Officer {
        handle: officer.handle.clone(),
        name: officer.name.clone().filter(|_| may_see),
        rank: officer.rank.clone(),
    }
}

fn instrument(view: &RequestView) -> Instrument {
    let id = view.request.instrument.as_str();
    let known = Catalogue::builtin().get(id);
    Instrument {
        id: id.to_owned(),
        title: known.map_or_else(|| id.to_owned(), |i| i.title.clone()),
        citation: known.map(|i| i.citation.clone()).unwrap_or_default(),
        power: view.request.kind.power().to_owned(),
    }
}

fn ground(code: &str) -> Ground {
    let title = Catalogue::builtin().ground(code).map(|g| g.title.clone());
    Ground {
        code: code.to_owned(),
        title: title.unwrap_or_else(|| code.to_owned()),
    }
}

fn clock(view: &RequestView) -> Option<ClockView> {
    if view.request.kind == Kind::Referral {
        return None;
    }
    let clock = &view.request.clock;
    let left = match clock {
        Clock::Standing { left_ms, .. } => Some(left_ms / 1000),
        _ => None,
    };
    Some(ClockView {
        state: clock.state().to_string(),
        starts_on: clock.starts().map(|s| s.to_string()),
        due_at: clock.due_at().map(Instant),
        left_seconds: left,
    })
}

/// May or must, who and by when, in one sentence. A referral never speaks of a duty or a date.
fn sentence(view: &RequestView) -> String {
    let who = format!("{} ({})", view.agency.name, view.agency.country);
    let what = match view.items_count {
        1 => "1 item".to_owned(),
        n => format!("{n} items"),
    };
    match view.request.kind {
        Kind::Referral => format!(
            "{who} asks {} to consider {what} under its own terms. This is voluntary; declining is an ordinary answer.",
            view.platform.name
        ),
        Kind::Order => {
            let citation = Catalogue::builtin()
                .get(view.request.instrument.as_str())
                .map_or_else(
                    || view.request.instrument.as_str().to_owned(),
                    |i| i.citation.clone(),
                );
            let due = match (&view.request.clock, view.request.clock.due_at()) {
                (Clock::Waiting { rule, .. }, _) => format!(", within {rule}"),
                (Clock::Standing { .. }, _) => "; its clock stands still".to_owned(),
                (_, Some(due)) => format!(", by {}", takedown_core::time::rfc3339(due)),
                (_, None) => String::new(),
            };
            format!(
                "{who} orders {} to act on {what}, binding as claimed under {citation}{due}.",
                view.platform.name
            )
        }
    }
}
