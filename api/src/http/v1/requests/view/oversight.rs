//! What other authorities have to do with an order, as it is answered.

use serde::Serialize;
use takedown_core::oversight::{CopySent, Scrutiny as CoreScrutiny};
use utoipa::ToSchema;

use super::Text;
use crate::app::requests::RequestView;
use crate::http::wire::Instant;

/// By what the duty to tell the platform before a first order is met.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorNoticeGiven {
    /// `earlier_order`: it is not the first one; `notice`: the platform was told in time; `waived`: it was not, for the
    /// reason below.
    pub by: String,
    /// When it was told, where it was.
    #[schema(required = true)]
    pub given_at: Option<Instant>,
    /// The duly justified emergency, in the agency's words.
    #[schema(required = true)]
    pub reason: Option<String>,
}

/// The copy for the authority of the platform's country, and what that authority does.
#[derive(Debug, Serialize, ToSchema)]
pub struct Scrutiny {
    /// `exchange`: the authority has its copy here; `due`: none is registered, so the agency sends it by another way;
    /// `by_hand`: it did.
    pub copy: String,
    /// To whom the copy went; `null` while it is due.
    #[schema(required = true)]
    pub copied_to: Option<String>,
    /// When.
    #[schema(required = true)]
    pub copied_at: Option<Instant>,
    /// Until when the platform can ask for scrutiny here; `null` before it read the order, once it asked, after the
    /// decision, and where no authority can be asked here.
    #[schema(required = true)]
    pub ask_until: Option<Instant>,
    /// Who asked for it: `platform` or `content_provider`.
    #[schema(required = true)]
    pub asked_by: Option<String>,
    /// When.
    #[schema(required = true)]
    pub asked_at: Option<Instant>,
    /// Until when the authority decides: from the request, else from the copy. `null` once it has.
    #[schema(required = true)]
    pub decide_until: Option<Instant>,
    /// When it told the agency that it means to find an infringement.
    #[schema(required = true)]
    pub announced_at: Option<Instant>,
    /// Why it means to; for the agency, its auditors and the authority itself.
    #[schema(required = true)]
    pub announcement: Option<Text>,
    /// `no_infringement`, or `infringement`: then the order has no legal effect any more.
    #[schema(required = true)]
    pub finding: Option<String>,
    /// When it decided.
    #[schema(required = true)]
    pub decided_at: Option<Instant>,
    /// Whether that was after its time; `null` before.
    #[schema(required = true)]
    pub late: Option<bool>,
    /// The reference of its decision.
    #[schema(required = true)]
    pub decision: Option<String>,
    /// The reasons of its decision.
    #[schema(required = true)]
    pub reasons: Option<Text>,
    /// Where all this is written down.
    pub citation: String,
}

/// That an order is final.
#[derive(Debug, Serialize, ToSchema)]
pub struct Finality {
    /// `appeal_period_expired` or `confirmed_on_appeal`.
    pub how: String,
    /// Since when.
    pub final_at: Instant,
    /// When the agency said so.
    pub recorded_at: Instant,
}

impl PriorNoticeGiven {
    pub(super) fn of(view: &RequestView) -> Option<Self> {
        let known = view.filing.prior_notice.as_ref()?;
        Some(Self {
            by: known.by.to_string(),
            given_at: known.given_at.map(Instant),
            reason: known.reason.clone(),
        })
    }
}

impl Scrutiny {
    /// As the caller may see it: `issuer` tells whether he may know why an infringement was announced.
    pub(in crate::http::v1) fn of(view: &RequestView, issuer: bool) -> Option<Self> {
        let kept = &view.oversight;
        let scrutiny = kept.core.scrutiny.as_ref()?;
        let decision = scrutiny.decision;
        Some(Self {
            copy: match &scrutiny.copy {
                CopySent::Exchange { .. } => "exchange",
                CopySent::Due => "due",
                CopySent::ByHand { .. } => "by_hand",
            }
            .to_owned(),
            copied_to: match &scrutiny.copy {
                CopySent::Exchange { .. } => kept.authority_name.clone(),
                CopySent::Due => None,
                CopySent::ByHand { to, .. } => Some(to.clone()),
            },
            copied_at: scrutiny.copied_at().map(Instant),
            ask_until: ask_until(view, scrutiny).map(Instant),
            asked_by: scrutiny.asked.map(|asked| asked.by.to_string()),
            asked_at: scrutiny.asked.map(|asked| Instant(asked.at)),
            decide_until: scrutiny.due_at().map(Instant),
            announced_at: scrutiny.announced_at.map(Instant),
            announcement: kept
                .announcement
                .as_ref()
                .filter(|_| issuer)
                .map(Into::into),
            finding: decision.map(|made| made.finding.to_string()),
            decided_at: decision.map(|made| Instant(made.at)),
            late: decision.map(|made| made.late),
            decision: kept.decision_reference.clone(),
            reasons: kept.reasons.as_ref().map(Into::into),
            citation: scrutiny.citation.clone(),
        })
    }
}

fn ask_until(view: &RequestView, scrutiny: &CoreScrutiny) -> Option<takedown_core::time::At> {
    let open = scrutiny.authority().is_some()
        && scrutiny.asked.is_none()
        && scrutiny.decision.is_none()
        && view.request.state.withdrawn_at().is_none();
    let received_at = view.request.state.fetched_at().filter(|_| open)?;
    Some(scrutiny.ask_until(received_at))
}

impl Finality {
    pub(super) fn of(view: &RequestView) -> Option<Self> {
        let finality = view.oversight.core.finality?;
        Some(Self {
            how: finality.how.to_string(),
            final_at: Instant(finality.final_at),
            recorded_at: Instant(finality.recorded_at),
        })
    }
}
