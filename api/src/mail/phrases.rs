//! Which text of a language belongs to which event, side and power.

use super::event::MailEvent;
use super::facts::{MailSide, Obstacle, Power, Verified};
use super::sheet::Writer;

impl Writer<'_> {
    /// Whether the platform is asked to wait. An order never asks that.
    fn decoy(&self) -> bool {
        self.facts.asks_to_wait && self.binding().is_none()
    }

    /// What happened, as a subject says it.
    pub(super) fn what(&self) -> &'static str {
        let w = self.words;
        match self.facts.event {
            MailEvent::RequestFiled | MailEvent::AttributionRevised if self.decoy() => w.what_decoy,
            MailEvent::RequestFiled if self.binding().is_some() => w.what_filed_binding,
            MailEvent::RequestFiled => w.what_filed_voluntary,
            MailEvent::RequestFetched => w.what_fetched,
            MailEvent::RequestAcknowledged => w.what_acknowledged,
            MailEvent::RequestDecided => w.what_decided,
            MailEvent::RequestClosed => w.what_closed,
            MailEvent::QuestionAsked => w.what_question,
            MailEvent::ObstacleReported => w.what_obstacle,
            MailEvent::ObstacleEnded => w.what_obstacle_over,
            MailEvent::AnswerGiven => w.what_answer,
            MailEvent::NoteAdded => w.what_note,
            MailEvent::RequestWithdrawn => w.what_withdrawn,
            MailEvent::ItemsWithdrawn => w.what_items_withdrawn,
            MailEvent::RequestCorrected => w.what_corrected,
            MailEvent::AttributionRevised => w.what_attribution,
            MailEvent::NonDisclosureExtended => w.what_non_disclosure_extended,
            MailEvent::NonDisclosureLifted => w.what_non_disclosure_lifted,
            MailEvent::PreservationExtended => w.what_preservation_extended,
            MailEvent::PreservationReleased => w.what_preservation_released,
            MailEvent::PreservationEnding => w.what_preservation_ending,
            MailEvent::PreservationExpired => w.what_preservation_expired,
            MailEvent::DecisionRevised => w.what_revised,
            MailEvent::ObjectionMade => w.what_objection,
            MailEvent::RequestReopened => w.what_reopened,
            MailEvent::RestorationAnswered => w.what_restoration,
            MailEvent::OrderCopied => w.what_copied,
            MailEvent::ScrutinyAsked => w.what_scrutiny_asked,
            MailEvent::ScrutinyAnnounced => w.what_scrutiny_announced,
            MailEvent::ScrutinyDecided => w.what_scrutiny_decided,
            MailEvent::RequestAnnulled => w.what_annulled,
            MailEvent::OrderFinal => w.what_final,
            MailEvent::NoticeGiven => w.what_notice,
            MailEvent::OperationInvited => w.what_invited,
            MailEvent::OperationJoined => w.what_joined,
            MailEvent::OperationLeft => w.what_left,
            MailEvent::OperationRemoved => w.what_removed,
            MailEvent::DeadlineNear => w.what_deadline,
            MailEvent::DoubtRaised => w.what_doubt,
            MailEvent::DoubtSettled if self.facts.withdrawn => w.what_forged,
            MailEvent::DoubtSettled => w.what_genuine,
            MailEvent::ContactRejected => w.what_not_mine,
            MailEvent::LinkSent => w.what_link,
            MailEvent::DeliveryFailed => w.what_undelivered,
        }
    }

    /// What happened, as the first line says it.
    pub(super) fn headline(&self) -> &'static str {
        let w = self.words;
        match self.facts.event {
            MailEvent::RequestFiled | MailEvent::AttributionRevised if self.decoy() => {
                w.headline_decoy
            }
            MailEvent::RequestFiled if self.binding().is_some() => w.headline_filed_binding,
            MailEvent::RequestFiled => w.headline_filed_voluntary,
            MailEvent::RequestFetched => w.headline_fetched,
            MailEvent::RequestAcknowledged => w.headline_acknowledged,
            MailEvent::RequestDecided => w.headline_decided,
            MailEvent::RequestClosed => w.headline_closed,
            MailEvent::QuestionAsked => w.headline_question,
            MailEvent::ObstacleReported => w.headline_obstacle,
            MailEvent::ObstacleEnded => w.headline_obstacle_over,
            MailEvent::AnswerGiven => w.headline_answer,
            MailEvent::NoteAdded => w.headline_note,
            MailEvent::RequestWithdrawn => w.headline_withdrawn,
            MailEvent::ItemsWithdrawn => w.headline_items_withdrawn,
            MailEvent::RequestCorrected => w.headline_corrected,
            MailEvent::AttributionRevised => w.headline_attribution,
            MailEvent::NonDisclosureExtended => w.headline_non_disclosure_extended,
            MailEvent::NonDisclosureLifted => w.headline_non_disclosure_lifted,
            MailEvent::PreservationExtended => w.headline_preservation_extended,
            MailEvent::PreservationReleased => w.headline_preservation_released,
            MailEvent::PreservationEnding => w.headline_preservation_ending,
            MailEvent::PreservationExpired => w.headline_preservation_expired,
            MailEvent::DecisionRevised => w.headline_revised,
            MailEvent::ObjectionMade => w.headline_objection,
            MailEvent::RequestReopened => w.headline_reopened,
            MailEvent::RestorationAnswered => w.headline_restoration,
            MailEvent::OrderCopied => w.headline_copied,
            MailEvent::ScrutinyAsked => w.headline_scrutiny_asked,
            MailEvent::ScrutinyAnnounced => w.headline_scrutiny_announced,
            MailEvent::ScrutinyDecided => w.headline_scrutiny_decided,
            MailEvent::RequestAnnulled => w.headline_annulled,
            MailEvent::OrderFinal => w.headline_final,
            MailEvent::NoticeGiven => w.headline_notice,
            MailEvent::OperationInvited => w.headline_invited,
            MailEvent::OperationJoined => w.headline_joined,
            MailEvent::OperationLeft => w.headline_left,
            MailEvent::OperationRemoved => w.headline_removed,
            MailEvent::DeadlineNear => w.headline_deadline,
            MailEvent::DoubtRaised => w.headline_doubt,
            MailEvent::DoubtSettled if self.facts.withdrawn => w.headline_forged,
            MailEvent::DoubtSettled => w.headline_genuine,
            MailEvent::ContactRejected => w.headline_not_mine,
            MailEvent::LinkSent => w.headline_link,
            MailEvent::DeliveryFailed => w.headline_undelivered,
        }
    }

    /// What the recipient does next, and whether the request is to be opened for it.
    pub(super) fn next(&self) -> (&'static str, bool) {
        let w = self.words;
        let answer = if self.binding().is_some() {
            w.next_binding
        } else {
            w.next_voluntary
        };
        match (self.facts.to, self.facts.event) {
            (MailSide::Platform, MailEvent::ItemsWithdrawn) if self.facts.restoration_asked => {
                (w.next_restore, true)
            }
            (MailSide::Platform, MailEvent::ItemsWithdrawn) => (w.next_items_withdrawn, true),
            (
                MailSide::Platform,
                MailEvent::RequestFiled
                | MailEvent::RequestReopened
                | MailEvent::AttributionRevised
                | MailEvent::RequestCorrected,
            ) if self.decoy() => (w.next_decoy, true),
            (MailSide::Platform, MailEvent::RequestCorrected) => (w.next_read_correction, true),
            (MailSide::Platform, MailEvent::ObjectionMade) => (w.next_read_objection, true),
            (
                MailSide::Platform,
                MailEvent::RequestFiled
                | MailEvent::RequestReopened
                | MailEvent::AttributionRevised
                | MailEvent::DeadlineNear,
            ) => (answer, true),
            (MailSide::Platform, MailEvent::AnswerGiven) => (w.next_read_answer, true),
            (MailSide::Platform, MailEvent::RequestWithdrawn | MailEvent::RequestAnnulled)
                if self.facts.restoration_asked =>
            {
                (w.next_restore, true)
            }
            (MailSide::Platform, MailEvent::RequestWithdrawn)
                if self.facts.lasts_until.is_some() =>
            {
                (w.next_withdrawn_keep, false)
            }
            (MailSide::Platform, MailEvent::RequestWithdrawn | MailEvent::RequestAnnulled) => {
                (w.next_withdrawn, false)
            }
            (MailSide::Authority, MailEvent::OrderCopied | MailEvent::ScrutinyAsked) => {
                (w.next_scrutinise, true)
            }
            (MailSide::Platform, MailEvent::DoubtSettled) if self.facts.restoration_asked => {
                (w.next_restore, true)
            }
            (MailSide::Platform, MailEvent::DoubtSettled) if self.facts.withdrawn => {
                (w.next_withdrawn, false)
            }
            (MailSide::Platform, MailEvent::DoubtSettled | MailEvent::LinkSent) => (answer, true),
            (MailSide::Agency, MailEvent::DoubtRaised) => (w.next_settle, true),
            (MailSide::Agency, MailEvent::ContactRejected) => (w.next_find_contact, true),
            (MailSide::Agency, MailEvent::DeliveryFailed) => (w.next_undelivered, true),
            (_, MailEvent::NoticeGiven) => (w.next_notice, true),
            (_, MailEvent::OperationInvited) => (w.next_invited, true),
            (_, MailEvent::OperationRemoved) => (w.next_removed, false),
            (MailSide::Agency, MailEvent::ScrutinyAnnounced) => (w.next_announced, true),
            (
                MailSide::Agency | MailSide::Platform,
                MailEvent::ScrutinyDecided | MailEvent::RequestAnnulled,
            ) => (w.next_read_finding, true),
            (MailSide::Platform, MailEvent::NonDisclosureExtended) => (w.next_stay_silent, true),
            (MailSide::Platform, MailEvent::NonDisclosureLifted) => (w.next_tell, false),
            (MailSide::Platform, MailEvent::PreservationExtended) => (w.next_keep, true),
            (
                MailSide::Platform,
                MailEvent::PreservationReleased | MailEvent::PreservationExpired,
            ) => (w.next_delete, true),
            (MailSide::Agency, MailEvent::PreservationEnding) => (w.next_extend, true),
            (_, MailEvent::NoteAdded) => (w.next_read_note, true),
            (MailSide::Agency, MailEvent::QuestionAsked) => (w.next_answer_question, true),
            (MailSide::Agency, MailEvent::ObstacleReported) if self.out_of_control() => {
                (w.next_until_over, false)
            }
            (MailSide::Agency, MailEvent::ObstacleReported) => (w.next_clear_obstacle, true),
            (
                MailSide::Agency,
                MailEvent::RequestDecided
                | MailEvent::RequestClosed
                | MailEvent::DecisionRevised
                | MailEvent::RestorationAnswered,
            ) => (w.next_read_outcome, true),
            (MailSide::Agency, MailEvent::DeadlineNear | MailEvent::RequestReopened) => {
                (w.next_wait, false)
            }
            _ => (w.next_nothing, false),
        }
    }

    /// Whether what stands in the way ends by itself and not by an answer (Regulation (EU) 2021/784, Article 3(7)).
    pub(super) fn out_of_control(&self) -> bool {
        self.facts.obstacle == Some(Obstacle::ForceMajeure)
    }

    /// How far the agency is verified.
    pub(super) fn verified(&self) -> &'static str {
        let w = self.words;
        match &self.facts.agency.verified {
            Verified::By {
                until: Some(until), ..
            } if *until <= self.facts.at => w.verified_ran_out,
            Verified::By { until: Some(_), .. } => w.verified_until,
            Verified::By { until: None, .. } => w.verified,
            Verified::Pending => w.verified_not,
            Verified::Suspended => w.verified_suspended,
        }
    }

    /// The third line: may or must, as claimed.
    pub(super) fn power(&self) -> &'static str {
        match (self.facts.power, self.facts.event) {
            (_, event) if event.is_between_agencies() => self.words.power_operation,
            (Power::Voluntary, _) => self.words.power_voluntary,
            (_, MailEvent::RequestWithdrawn) => self.words.power_was_binding,
            (_, MailEvent::NoticeGiven) => self.words.power_notice,
            (_, MailEvent::RequestAnnulled) => self.words.power_annulled,
            _ if self.facts.withdrawn => self.words.power_was_binding,
            _ => self.words.power_binding,
        }
    }
}
