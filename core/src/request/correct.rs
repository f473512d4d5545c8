//! Putting mistakes right: items taken back, facts corrected, outcomes revised.

use super::{
    command::{Applied, CommandName, EventType},
    correction::{Confidence, Correction, Fact, Served},
    illegal::{Illegal, Refused},
    item::ItemWithdrawal,
    outcome::{Outcome, OutcomeError},
    status::{ResultCode, State, Status, WithdrawalReason},
    transition::Step,
};
use crate::{id::ItemId, instrument::Kind};

impl Step {
    /// The rest goes on as it stood; what is left decides the result. The last ones are the request itself.
    pub(super) fn withdraw_items(
        mut self,
        items: Vec<ItemId>,
        reason: WithdrawalReason,
    ) -> Result<Applied, Illegal> {
        if self.request.status() == Status::Withdrawn {
            return Err(self.refuse(CommandName::WithdrawItems, None));
        }
        if items.is_empty() {
            return Err(Illegal::NothingWithdrawn);
        }
        for (index, id) in items.iter().enumerate() {
            let item = self.request.items.iter_mut().find(|item| item.id == *id);
            match item {
                Some(item) if item.withdrawal.is_none() => {
                    item.withdrawal = Some(ItemWithdrawal {
                        at: self.at,
                        reason,
                        restore: item.acted_on(),
                    });
                }
                found => {
                    return Err(Illegal::Item {
                        index,
                        item: *id,
                        known: found.is_some(),
                    });
                }
            }
        }
        if self
            .request
            .items
            .iter()
            .all(|item| item.withdrawal.is_some())
        {
            return self.withdraw(reason);
        }
        self.derive();
        self.changed(EventType::ItemsWithdrawn, Vec::new())
    }

    fn derive(&mut self) {
        if let State::Closed(closure) = &mut self.request.state {
            closure.result = ResultCode::derive(&self.request.items);
        }
    }

    /// A correction that supplies what the platform called missing or wrong is the answer to it: the request goes back
    /// to where it came from, and the clock goes on as after an answer.
    pub(super) fn correct(mut self, correction: Correction) -> Result<Applied, Illegal> {
        let status = self.request.status();
        if status == Status::Withdrawn {
            return Err(self.refuse(CommandName::Correct, None));
        }
        if correction.facts.is_empty() {
            return self.unchanged();
        }
        // What the platform does not wait for the agency to clarify stands as in a request that is in work.
        let stands = match self.request.state {
            State::NeedsInformation { awaiting, .. } if !awaiting.ends_with_answer() => {
                Status::Acknowledged
            }
            _ => status,
        };
        for fact in &correction.facts {
            fact.correctable(self.request.kind, stands)
                .map_err(|why| Illegal::Fact { fact: *fact, why })?;
        }
        if correction.facts.contains(&Fact::Service) {
            self.serve(correction.served)?;
        }
        let event = EventType::RequestCorrected;
        match self.request.state {
            State::NeedsInformation {
                before, awaiting, ..
            } if awaiting.ends_with_answer()
                && correction.facts.iter().any(|fact| fact.clarifies()) =>
            {
                self.go_on(before, awaiting, event)
            }
            _ => self.changed(event, Vec::new()),
        }
    }

    fn serve(&mut self, served: Option<Served>) -> Result<(), Illegal> {
        let refused = |why| Illegal::Fact {
            fact: Fact::Service,
            why,
        };
        let Some(served) = served else {
            return Err(refused("say when it was served"));
        };
        if served.now > self.at {
            return Err(refused("it cannot have been served yet"));
        }
        let asked = match self.request.state {
            State::NeedsInformation { since, .. } => Some(since),
            _ => None,
        };
        let since = [asked, self.request.doubted_at].into_iter().flatten().min();
        let clock = self.request.clock.clone();
        self.request.clock = clock
            .served(served.was, served.now, since)?
            .ok_or(refused(
                "its clock does not wait for service, or has been interrupted since; withdraw the request and file anew",
            ))?;
        Ok(())
    }

    /// A referral may be asked to wait for at any time; an order that asks to wait contradicts itself. Attributions are
    /// the agency's own business, so the platform is told only when it is asked to wait, or no longer.
    pub(super) fn attribute(
        self,
        was: Option<Confidence>,
        now: Confidence,
    ) -> Result<Applied, Illegal> {
        if self.request.status() == Status::Withdrawn {
            return Err(self.refuse(CommandName::Attribute, None));
        }
        if self.request.kind == Kind::Order && now.asks_to_wait() {
            return Err(Illegal::DecoyOrdered);
        }
        let told = was.is_some_and(Confidence::asks_to_wait) != now.asks_to_wait();
        let mut applied = self.changed(EventType::AttributionRevised, Vec::new())?;
        if let Applied::Changed(change) = &mut applied {
            change.notices.retain(|_| told);
        }
        Ok(applied)
    }

    /// Adds outcomes to those that were given. A closed request stays closed: its result follows from the items.
    pub(super) fn revise(mut self, outcomes: Vec<(ItemId, Outcome)>) -> Result<Applied, Illegal> {
        match self.request.status() {
            Status::Closed => {}
            Status::Withdrawn => {
                let why = "after a withdrawal, answer whether it is restored, without a reason";
                return Err(self.refuse(CommandName::Revise, Some(why)));
            }
            _ => {
                self.decidable(CommandName::Revise)?;
            }
        }
        if outcomes.is_empty() {
            return Err(Illegal::NothingDecided);
        }
        self.revisable(&outcomes)?;
        self.check(&outcomes)?;
        let decided = self.record(outcomes);
        if decided.is_empty() {
            return self.unchanged();
        }
        self.derive();
        self.changed(EventType::DecisionRevised, decided)
    }

    fn revisable(&self, outcomes: &[(ItemId, Outcome)]) -> Result<(), Illegal> {
        let refused: Vec<Refused> = outcomes
            .iter()
            .enumerate()
            .filter_map(|(index, (id, _))| {
                let item = self.request.item(*id)?;
                let why = match (&item.withdrawal, &item.outcome) {
                    (Some(_), _) => OutcomeError::RevisesWithdrawn,
                    (None, None) => OutcomeError::NotDecided,
                    (None, Some(_)) => return None,
                };
                Some(Refused {
                    index,
                    item: *id,
                    why,
                })
            })
            .collect();
        if refused.is_empty() {
            Ok(())
        } else {
            Err(Illegal::Outcomes(refused))
        }
    }
}
