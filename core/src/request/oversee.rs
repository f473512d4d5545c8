//! What an authority that is neither side does to an order: it scrutinises it.

use super::{
    Request,
    command::{Applied, Change, EventType, Side},
    illegal::Illegal,
    status::{Status, WithdrawalReason},
    transition::Step,
};
use crate::{instrument::Kind, text::coded_enum, time::At};

coded_enum! {
    /// What the authority of the platform's country does (Regulation (EU) 2021/784, Article 4).
    pub enum Overseen, "an act of a scrutinising authority" {
        /// It tells the issuing authority that it means to find an infringement.
        Announced => "announce",
        /// It finds none: the order stands.
        Cleared => "clear",
        /// It finds one: the order ceases to have effect.
        Annulled => "annul",
    }
}

impl Request {
    /// Carries out what the authority decided. An order that it annuls ends as one that its agency takes back: what was
    /// acted on is asked back.
    ///
    /// # Errors
    /// [`Illegal::NotAnOrder`], [`Illegal::NoOrderLeft`] once it is withdrawn, [`Illegal::VersionsExhausted`].
    pub fn oversee(self, act: Overseen, at: At) -> Result<Change, Illegal> {
        if self.kind != Kind::Order {
            return Err(Illegal::NotAnOrder);
        }
        if self.status() == Status::Withdrawn {
            return Err(Illegal::NoOrderLeft);
        }
        let step = Step {
            request: self,
            // Neither side: whom these events tell does not depend on it.
            by: Side::Agency,
            at,
        };
        let applied = match act {
            Overseen::Announced => step.changed(EventType::ScrutinyAnnounced, Vec::new()),
            Overseen::Cleared => step.changed(EventType::ScrutinyDecided, Vec::new()),
            Overseen::Annulled => step.end(WithdrawalReason::Annulled, EventType::RequestAnnulled),
        };
        match applied? {
            Applied::Changed(change) => Ok(change),
            Applied::Unchanged(_) => Err(Illegal::NoOrderLeft),
        }
    }
}
