//! From what the hallway hands over to what is answered.

use takedown_core::agency::OfficerRef;
use takedown_core::instrument::Kind;
use takedown_core::locator::Locator;
use takedown_core::request::{Clock, Outcome as CoreOutcome};
use takedown_core::time::At;

use super::*;
use crate::app::Caller;
use crate::app::requests::filing::Text as AppText;
use crate::app::requests::{ItemView, RequestView};

impl Request {
    /// The whole request as `caller` may see it.
    #[must_use]
    pub fn of(view: &RequestView, caller: &Caller) -> Self {
        let filing = &view.filing;
        Self {
            summary: RequestSummary::of(view, caller.sees_escrowed()),
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
            legal_basis: filing.elements.legal_basis.clone(),
            redress: filing.elements.redress.as_ref().map(Into::into),
            effect_to: filing.elements.effect_to.clone(),
            bona_fide: filing.elements.bona_fide,
            officer: filing.officer.as_ref().map(|o| officer(o, caller)),
            items: view.items.iter().map(|item| Item::of(item, view)).collect(),
            service: filing.service.as_ref().map(|s| Service {
                method: s.method.clone(),
                served_at: Instant(s.served_at),
            }),
            specified: filing.specified.as_ref().map(|s| Specified {
                due_at: Instant(s.due_at),
                issued_by: s.issued_by.clone(),
                case_number: s.case_number.clone(),
            }),
            non_disclosure: filing
                .non_disclosure
                .as_ref()
                .map(|held| NonDisclosure::of(held, view)),
            preservation: view.preservation.as_ref().map(Preservation::of),
            // A clue of the investigation: the platform is told only whether it is asked to wait.
            attribution: filing
                .attribution
                .as_ref()
                .filter(|_| caller.sees_escrowed())
                .map(|a| Attribution {
                    source: a.source.clone(),
                    confidence: a.confidence.clone(),
                }),
            corrections: revised::Revision::newest(view, caller.sees_escrowed()),
            corrections_count: view.revisions.count(caller.sees_escrowed()),
            annulments: revised::Annulment::all(view),
            prior_notice: oversight::PriorNoticeGiven::of(view),
            scrutiny: oversight::Scrutiny::of(view, caller.sees_escrowed()),
            finality: oversight::Finality::of(view),
            signature: view.signed.as_ref().map(Into::into),
        }
    }
}

impl RequestSummary {
    /// The request without its text and items. How agencies keep requests together is their own business: a label names
    /// an investigation, and another one would be another request to its platform without a version of it.
    #[must_use]
    pub fn of(view: &RequestView, sees_operation: bool) -> Self {
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
            platform: PlatformBrief::of(&view.platform),
            agency_reference: view.agency_reference.clone(),
            operation: view.operation.clone().filter(|_| sees_operation),
            grounds: view
                .filing
                .grounds
                .iter()
                .map(|code| Ground {
                    code: code.clone(),
                    title: view.filing.ground_title(code),
                })
                .collect(),
            items_count: view.items_count,
            taken_back_count: view.taken_back_count,
            undecided_count: view.undecided_count,
            clock: clock(view),
            waiting_for: view.waiting_for().to_string(),
            restoration: view.restoration.to_string(),
            preservation_status: view.preservation.as_ref().map(|p| p.status().to_string()),
            preservation_until: view.preservation.as_ref().map(|p| Instant(p.until)),
            attestation: attested::word(view).to_owned(),
            asks_to_wait: view.asks_to_wait(),
            doubted_at: request.doubted_at.map(Instant),
            filed_at: Instant(request.filed_at),
            fetched_at: state.fetched_at().map(Instant),
            acknowledged_at: state.acknowledged_at().map(Instant),
            closed_at: state.closed_at().map(Instant),
            withdrawn_at: state.withdrawn_at().map(Instant),
            erased_at: view.erased_at.map(Instant),
            repeats: view.repeats.as_deref().map(RepeatedItem::all),
        }
    }
}

impl PlatformBrief {
    /// Who it is, in short.
    #[must_use]
    pub fn of(platform: &crate::app::parties::Platform) -> Self {
        Self {
            id: platform.id.to_string(),
            name: platform.name.clone(),
            country: platform.country.map(|country| country.to_string()),
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
                persons: if v.is_by_two() { 2 } else { 1 },
            }),
            complaints: agency.complaints.clone(),
        }
    }
}

impl Item {
    fn of(view: &ItemView, request: &RequestView) -> Self {
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
            withdrawal_reason: view.item.withdrawal.map(|w| w.reason.to_string()),
            withdrawn_at: view.item.withdrawal.map(|w| Instant(w.at)),
            restoration: request.request.restoration_of(&view.item).to_string(),
            restoration_answer: view
                .item
                .answer
                .as_ref()
                .map(|answer| Outcome::of(&answer.outcome, Some(answer.at))),
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
            note_language: outcome.note_language.as_ref().map(ToString::to_string),
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

fn officer(officer: &OfficerRef, caller: &Caller) -> Officer {
    Officer {
        handle: officer.handle.clone(),
        name: officer.name.clone().filter(|_| caller.sees_escrowed()),
        rank: officer.rank.clone(),
    }
}

fn instrument(view: &RequestView) -> Instrument {
    let id = view.request.instrument.as_str();
    let (title, citation) = view.filing.power(id);
    Instrument {
        id: id.to_owned(),
        title,
        citation,
        power: view.request.kind.power().to_owned(),
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
    let what = match view.asked_count() {
        1 => "1 item".to_owned(),
        n => format!("{n} items"),
    };
    match view.request.kind {
        Kind::Referral if view.asks_to_wait() => format!(
            "{who} asks {} to wait and not to remove {what} for now: it suspects a decoy, put there to look like somebody \
             else's. This is voluntary.",
            view.platform.name
        ),
        Kind::Referral => format!(
            "{who} asks {} to consider {what} under its own terms. This is voluntary; declining is an ordinary answer.",
            view.platform.name
        ),
        Kind::Order => {
            let (title, citation) = view.filing.power(view.request.instrument.as_str());
            let citation = if citation.is_empty() { title } else { citation };
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
