//! Answers for items: deciding, restoring, closing.

use super::{
    Item,
    command::{Applied, CommandName, EventType},
    illegal::{Illegal, Refused},
    outcome::{Outcome, OutcomeCode, OutcomeError},
    status::{Closure, Progress, Reached, Restoration, ResultCode, State, Status},
    transition::Step,
};
use crate::{id::ItemId, time::At};

impl Step {
    /// The receipt and acknowledgement of a request that may be decided, or why it may not.
    pub(super) fn decidable(&self, command: CommandName) -> Result<(At, At), Illegal> {
        match self.request.state.progress() {
            Progress::InWork(Reached::Acknowledged {
                fetched_at,
                acknowledged_at,
            }) if self.request.status() != Status::Withdrawn => Ok((fetched_at, acknowledged_at)),
            Progress::InWork(Reached::Fetched { .. })
                if self.request.status() == Status::NeedsInformation =>
            {
                Err(Illegal::Status {
                    command,
                    status: Status::NeedsInformation,
                    needs: &[Status::Acknowledged],
                    why: Some("acknowledge it first"),
                })
            }
            Progress::Closed(_) if self.request.status() == Status::Closed => {
                let why = match command {
                    CommandName::Decide => {
                        "reopen it first, or say for which reason the outcome is revised"
                    }
                    _ => "reopen it first",
                };
                Err(self.refuse(command, Some(why)))
            }
            _ => Err(self.refuse(command, None)),
        }
    }

    /// Whether the item was taken back by itself after it had been acted on.
    fn restorable(&self, id: ItemId) -> bool {
        self.request
            .item(id)
            .and_then(|item| item.withdrawal)
            .is_some_and(|withdrawal| withdrawal.restore)
    }

    /// What was never acted on cannot be restored, and neither an acknowledgement nor a reopening would change that.
    fn acted_on_before(&self, outcomes: &[(ItemId, Outcome)]) -> Result<(), Illegal> {
        let never = |(index, (id, outcome)): (usize, &(ItemId, Outcome))| {
            let item = self.request.item(*id)?;
            let restored = item.outcome.as_ref().map(|o| o.code) == Some(OutcomeCode::Restored);
            let fits = item.acted_on() || restored || self.restorable(*id);
            (outcome.code == OutcomeCode::Restored && !fits).then_some(Refused {
                index,
                item: *id,
                why: match item.withdrawal {
                    Some(_) => OutcomeError::ItemWithdrawn,
                    None => OutcomeError::NotActedOn,
                },
            })
        };
        let refused: Vec<Refused> = outcomes.iter().enumerate().filter_map(never).collect();
        if refused.is_empty() {
            Ok(())
        } else {
            Err(Illegal::Outcomes(refused))
        }
    }

    pub(super) fn decide(mut self, outcomes: Vec<(ItemId, Outcome)>) -> Result<Applied, Illegal> {
        let restoring = match &self.request.state {
            State::Withdrawn { restoration, .. } if !restoration.items().is_empty() => true,
            State::Withdrawn { .. } => {
                let why =
                    "it is withdrawn and nothing had been acted on, so there is nothing to restore";
                return Err(self.refuse(CommandName::Decide, Some(why)));
            }
            // What was taken back by itself is answered wherever the rest stands.
            _ if !outcomes.is_empty() && outcomes.iter().all(|(id, _)| self.restorable(*id)) => {
                true
            }
            _ => {
                self.acted_on_before(&outcomes)?;
                self.decidable(CommandName::Decide)?;
                false
            }
        };
        if outcomes.is_empty() {
            return Err(Illegal::NothingDecided);
        }
        self.check(&outcomes)?;
        let decided = self.record(outcomes);
        if decided.is_empty() {
            return self.unchanged();
        }
        if !restoring {
            return self.changed(EventType::RequestDecided, decided);
        }
        self.request.state = match self.request.state {
            State::Withdrawn {
                before,
                withdrawn_at,
                reason,
                restoration: Restoration::Asked { items },
            } if self.all_answered(&items) => State::Withdrawn {
                before,
                withdrawn_at,
                reason,
                restoration: Restoration::Answered { items, at: self.at },
            },
            other => other,
        };
        self.changed(EventType::RestorationAnswered, decided)
    }

    /// Whether each of these has an answer to its restoration.
    pub(super) fn all_answered(&self, items: &[ItemId]) -> bool {
        let asked = |item: &&Item| items.contains(&item.id);
        let mut asked = self.request.items.iter().filter(asked);
        asked.all(|item| item.answer.is_some())
    }

    pub(super) fn close(mut self, rest: Option<Outcome>) -> Result<Applied, Illegal> {
        let (fetched_at, acknowledged_at) = self.decidable(CommandName::Close)?;
        let undecided = self.request.undecided();
        let decided = match rest {
            Some(outcome) => {
                let rest: Vec<_> = undecided
                    .into_iter()
                    .map(|id| (id, outcome.clone()))
                    .collect();
                self.check(&rest)?;
                self.record(rest)
            }
            None if undecided.is_empty() => Vec::new(),
            None => {
                return Err(Illegal::Undecided {
                    items: undecided,
                    of: self.request.items.len(),
                });
            }
        };
        self.request.clock = self.request.clock.stop(self.at);
        self.request.state = State::Closed(Closure {
            fetched_at,
            acknowledged_at,
            closed_at: self.at,
            result: ResultCode::derive(&self.request.items),
        });
        self.changed(EventType::RequestClosed, decided)
    }

    /// Checks every outcome before any is recorded: a call is accepted whole or not at all.
    pub(super) fn check(&self, outcomes: &[(ItemId, Outcome)]) -> Result<(), Illegal> {
        let mut seen = std::collections::HashSet::with_capacity(outcomes.len());
        let refused: Vec<Refused> = outcomes
            .iter()
            .enumerate()
            .filter_map(|(index, (id, outcome))| {
                let why = if seen.insert(*id) {
                    self.acceptable(*id, outcome).err()?
                } else {
                    OutcomeError::RepeatedItem
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

    fn acceptable(&self, id: ItemId, outcome: &Outcome) -> Result<(), OutcomeError> {
        let item = self.request.item(id).ok_or(OutcomeError::UnknownItem)?;
        if let State::Withdrawn { restoration, .. } = &self.request.state {
            if !restoration.items().contains(&id) {
                return Err(OutcomeError::NothingToRestore);
            }
            if outcome.code != OutcomeCode::Restored && !outcome.code.declined() {
                return Err(OutcomeError::OnlyRestoration(outcome.code));
            }
        } else if let Some(withdrawal) = item.withdrawal {
            if !withdrawal.restore {
                return Err(OutcomeError::ItemWithdrawn);
            }
            if outcome.code != OutcomeCode::Restored && !outcome.code.declined() {
                return Err(OutcomeError::OnlyRestoration(outcome.code));
            }
        } else if outcome.code == OutcomeCode::Restored
            && !item.acted_on()
            && item.outcome.as_ref() != Some(outcome)
        {
            return Err(OutcomeError::NotActedOn);
        }
        outcome.check(self.request.kind, self.at)
    }

    /// Records outcomes that were checked, and returns those that say something new: sending the same outcome
    /// twice is one outcome.
    pub(super) fn record(&mut self, outcomes: Vec<(ItemId, Outcome)>) -> Vec<(ItemId, Outcome)> {
        outcomes
            .into_iter()
            .filter(|(id, outcome)| {
                let asked_back = |item: &Item| self.request.asked_back(item);
                let restores = self.request.item(*id).is_some_and(asked_back);
                let Some(item) = self.request.items.iter_mut().find(|item| item.id == *id) else {
                    return false;
                };
                if item.said(restores) == Some(outcome) {
                    return false;
                }
                if restores {
                    item.answer(outcome.clone(), self.at);
                } else {
                    item.outcome = Some(outcome.clone());
                }
                true
            })
            .collect()
    }
}
