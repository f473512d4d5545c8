//! From a change and the words that came with it to the data of its entry.

use super::{Annulled, Corrected, Data, Decided, Digest, Said, digest_of};
use crate::{
    id::{AgencyId, ItemId},
    instrument::{Obstacle, PriorNotice},
    non_disclosure::NonDisclosure,
    platform::ControlMethod,
    request::{
        Change, Confidence, EventType, ItemRestoration, ReopenReason, RevisionReason, Status,
        WithdrawalReason,
    },
    signed::Signature,
    time::At,
};

/// The constructors take what a change does not know and read the rest from it.
impl Data {
    /// A filing, with the digest of its bytes, by what it meets the duty of prior notice, and who got a copy of it.
    pub fn filed(
        change: &Change,
        filing: Digest,
        prior_notice: Option<PriorNotice>,
        copied_to: Option<AgencyId>,
    ) -> Self {
        let request = &change.request;
        Self::RequestFiled {
            filing,
            agency: request.agency,
            platform: request.platform,
            kind: request.kind,
            instrument: request.instrument.clone(),
            items: request.items.iter().map(|item| item.id).collect(),
            due_at: request.clock.due_at(),
            copied_to,
            prior_notice,
            signature: None,
            locators: None,
            kept: None,
        }
    }

    /// The same with where its items lie.
    #[must_use]
    pub fn over<'l>(mut self, filed: impl IntoIterator<Item = &'l str>) -> Self {
        if let Self::RequestFiled { locators, .. } = &mut self {
            *locators = Some(digest_of(filed));
        }
        self
    }

    /// The receipt.
    pub const fn fetched(change: &Change) -> Self {
        Self::RequestFetched {
            due_at: change.request.clock.due_at(),
        }
    }

    /// An acknowledgement.
    pub const fn acknowledged(platform_reference: Option<String>, note: Option<Said>) -> Self {
        Self::RequestAcknowledged {
            platform_reference,
            note,
        }
    }

    /// Outcomes: decisions, or the answer to a withdrawal.
    pub fn decided(change: &Change) -> Self {
        let decisions = Decided::all(change);
        match change.event {
            EventType::RestorationAnswered => Self::RestorationAnswered {
                decisions,
                complete: change.request.restoration() == ItemRestoration::Answered,
            },
            _ => Self::RequestDecided { decisions },
        }
    }

    /// The same, with the outcomes marked whose uploader was told while `held` forbade it.
    #[must_use]
    pub fn under(mut self, held: Option<&NonDisclosure>, at: At) -> Self {
        if let (
            Self::RequestDecided { decisions }
            | Self::RequestClosed { decisions, .. }
            | Self::DecisionRevised { decisions, .. }
            | Self::RestorationAnswered { decisions, .. },
            Some(held),
        ) = (&mut self, held)
        {
            for decided in decisions {
                decided.against_non_disclosure = held.broken_by(decided.uploader_informed, at);
            }
        }
        self
    }

    /// The same, signed by the unit, where that can be said of it.
    #[must_use]
    pub fn signed(mut self, by: Option<Signature>) -> Self {
        if let Self::RequestFiled { signature, .. }
        | Self::RequestWithdrawn { signature, .. }
        | Self::ItemsWithdrawn { signature, .. }
        | Self::RequestCorrected { signature, .. } = &mut self
        {
            *signature = by;
        }
        self
    }

    /// Where it commits to what is kept of the filing, if it can: it says what was filed, or what takes the place of it.
    pub const fn kept_mut(&mut self) -> Option<&mut Option<Digest>> {
        match self {
            Self::RequestFiled { kept, .. }
            | Self::RequestCorrected { kept, .. }
            | Self::AttributionRevised { kept, .. }
            | Self::NonDisclosureExtended { kept, .. }
            | Self::NonDisclosureLifted { kept, .. } => Some(kept),
            _ => None,
        }
    }

    /// The commitment to what is kept of the filing, from an entry that could make one.
    #[must_use]
    pub const fn kept(&self) -> Option<Option<Digest>> {
        match self {
            Self::RequestFiled { kept, .. }
            | Self::RequestCorrected { kept, .. }
            | Self::AttributionRevised { kept, .. }
            | Self::NonDisclosureExtended { kept, .. }
            | Self::NonDisclosureLifted { kept, .. } => Some(*kept),
            _ => None,
        }
    }

    /// A closing.
    pub fn closed(change: &Change, note: Option<Said>) -> Self {
        Self::RequestClosed {
            result: change.request.result(),
            decisions: Decided::all(change),
            note,
        }
    }

    /// A question.
    pub const fn asked(question: Said) -> Self {
        Self::QuestionAsked { question }
    }

    /// An obstacle.
    pub const fn obstacle(obstacle: Obstacle, report: Said) -> Self {
        Self::ObstacleReported { obstacle, report }
    }

    /// The end of an obstacle.
    pub const fn obstacle_over(change: &Change, report: Said) -> Self {
        Self::ObstacleEnded {
            report,
            due_at: change.request.clock.due_at(),
        }
    }

    /// An answer.
    pub const fn answered(change: &Change, answer: Said) -> Self {
        Self::AnswerGiven {
            answer,
            due_at: change.request.clock.due_at(),
        }
    }

    /// A doubt that was settled.
    pub fn doubt_settled(change: &Change, genuine: bool, note: Said) -> Self {
        Self::DoubtSettled {
            genuine,
            note,
            restore: change.request.state.restoration().items().to_vec(),
            due_at: change.request.clock.due_at(),
        }
    }

    /// A note.
    pub const fn noted(note: Said) -> Self {
        Self::NoteAdded { note }
    }

    /// A withdrawal.
    pub fn withdrawn(
        change: &Change,
        reason: WithdrawalReason,
        text: Option<Digest>,
        annulment: Option<Annulled>,
    ) -> Self {
        Self::RequestWithdrawn {
            reason,
            text,
            restore: change.request.state.restoration().items().to_vec(),
            items: Vec::new(),
            annulment,
            signature: None,
        }
    }

    /// Items taken back; all that were left are the request.
    pub fn items_withdrawn(
        change: &Change,
        items: Vec<ItemId>,
        reason: WithdrawalReason,
        text: Option<Digest>,
        annulment: Option<Annulled>,
    ) -> Self {
        if change.request.status() == Status::Withdrawn {
            return Self::RequestWithdrawn {
                reason,
                text,
                restore: change.request.state.restoration().items().to_vec(),
                items,
                annulment,
                signature: None,
            };
        }
        let restore = |id: &&ItemId| {
            let item = change.request.item(**id);
            item.and_then(|item| item.withdrawal)
                .is_some_and(|withdrawal| withdrawal.restore)
        };
        Self::ItemsWithdrawn {
            restore: items.iter().filter(restore).copied().collect(),
            items,
            reason,
            text,
            result: change.request.result(),
            annulment,
            signature: None,
        }
    }

    /// A correction.
    pub fn corrected(
        change: &Change,
        before: Status,
        facts: Vec<Corrected>,
        text: Option<Digest>,
    ) -> Self {
        Self::RequestCorrected {
            facts,
            text,
            due_at: change.request.clock.due_at(),
            answer: before == Status::NeedsInformation
                && change.request.status() != Status::NeedsInformation,
            signature: None,
            kept: None,
        }
    }

    /// Another attribution.
    pub const fn attributed(
        confidence: Confidence,
        attribution: Digest,
        text: Option<Digest>,
    ) -> Self {
        Self::AttributionRevised {
            asks_to_wait: confidence.asks_to_wait(),
            attribution,
            text,
            kept: None,
        }
    }

    /// Other outcomes.
    pub fn revised(change: &Change, reason: RevisionReason) -> Self {
        Self::DecisionRevised {
            reason,
            decisions: Decided::all(change),
            result: change.request.result(),
        }
    }

    /// That an order ceased to have effect.
    pub fn annulled(change: &Change, text: Digest, annulment: Annulled, late: bool) -> Self {
        Self::RequestAnnulled {
            text,
            annulment,
            late,
            restore: change.request.state.restoration().items().to_vec(),
        }
    }

    /// That the operator found a platform's control to be proved.
    pub const fn platform_verified(method: ControlMethod, note: Option<String>) -> Self {
        Self::PlatformVerified {
            method,
            note,
            claim: None,
            host: None,
            seen: None,
        }
    }

    /// A reopening.
    pub const fn reopened(reason: ReopenReason, text: Digest) -> Self {
        Self::RequestReopened { reason, text }
    }
}
