//! The state machine: one function, one arm per command. Answers for items are in `decide`.

use super::{
    Item, Request,
    command::{Applied, Change, Command, CommandName, EventType, Side},
    illegal::Illegal,
    outcome::Outcome,
    status::{Awaiting, Progress, Reached, Restoration, State, Status, WithdrawalReason},
};
use crate::{
    id::ItemId,
    instrument::Kind,
    notice::{Notice, What, notices},
    time::At,
};

const ALL: &[Status] = Status::ALL;
const IN_WORK: &[Status] = &[
    Status::Fetched,
    Status::Acknowledged,
    Status::NeedsInformation,
];
const ONCE_READ: &[Status] = &[
    Status::Fetched,
    Status::Acknowledged,
    Status::NeedsInformation,
    Status::Closed,
    Status::Withdrawn,
];
const ONCE_ACKNOWLEDGED: &[Status] = &[
    Status::Acknowledged,
    Status::NeedsInformation,
    Status::Closed,
    Status::Withdrawn,
];
const DECIDABLE: &[Status] = &[Status::Acknowledged, Status::NeedsInformation];
const INFORMATION: &[Status] = &[Status::NeedsInformation];
const ONCE_DECIDED: &[Status] = &[
    Status::Acknowledged,
    Status::NeedsInformation,
    Status::Closed,
];
const RECEIVED: &[Status] = &[
    Status::Fetched,
    Status::Acknowledged,
    Status::NeedsInformation,
    Status::Closed,
];
const CLOSED: &[Status] = &[Status::Closed];
const OPEN: &[Status] = &[
    Status::Filed,
    Status::Fetched,
    Status::Acknowledged,
    Status::NeedsInformation,
];
const NOT_WITHDRAWN: &[Status] = &[
    Status::Filed,
    Status::Fetched,
    Status::Acknowledged,
    Status::NeedsInformation,
    Status::Closed,
];

impl CommandName {
    /// The statuses in which the command can be given, with or without effect.
    pub const fn needs(self) -> &'static [Status] {
        match self {
            Self::Fetch | Self::Note | Self::LiftNonDisclosure | Self::ReleasePreservation => ALL,
            Self::HoldPreservation | Self::DeletePreserved => ONCE_READ,
            Self::Acknowledge | Self::Ask | Self::ReportObstacle => IN_WORK,
            Self::Refer => ONCE_ACKNOWLEDGED,
            Self::Decide | Self::Close => DECIDABLE,
            Self::ObstacleOver | Self::Answer => INFORMATION,
            Self::Withdraw
            | Self::WithdrawItems
            | Self::Correct
            | Self::Attribute
            | Self::ExtendNonDisclosure
            | Self::ExtendPreservation => NOT_WITHDRAWN,
            Self::Revise => ONCE_DECIDED,
            Self::Reopen => CLOSED,
            Self::AskScrutiny => RECEIVED,
            Self::RecordCopy | Self::RecordFinal => NOT_WITHDRAWN,
            Self::Doubt => OPEN,
        }
    }
}

impl Request {
    /// What the time brings and nobody does: the state stays, the change is told to these sides.
    ///
    /// # Errors
    /// [`Illegal::VersionsExhausted`].
    pub fn by_time(mut self, event: EventType, told: &[Side]) -> Result<Change, Illegal> {
        self.version = self
            .version
            .checked_add(1)
            .ok_or(Illegal::VersionsExhausted)?;
        let what = What::Event(event);
        Ok(Change {
            request: self,
            event,
            decided: Vec::new(),
            notices: told.iter().map(|to| Notice { to: *to, what }).collect(),
        })
    }
}

/// A request on its way from one state to the next.
pub(super) struct Step {
    pub(super) request: Request,
    pub(super) by: Side,
    pub(super) at: At,
}

impl Request {
    /// Carries out a command given by one side.
    ///
    /// Reading again and acknowledging again are `Unchanged`, never errors, because programs repeat both.
    ///
    /// # Errors
    /// [`Illegal`] says what stood in the way; the request is as it was.
    pub fn apply(self, command: Command, by: Side, at: At) -> Result<Applied, Illegal> {
        let name = command.name();
        if !name.sides().contains(&by) {
            return Err(Illegal::Side { command: name, by });
        }
        let step = Step {
            request: self,
            by,
            at,
        };
        match command {
            Command::Fetch => step.fetch(),
            Command::Acknowledge => step.acknowledge(),
            Command::Refer => step.refer(),
            Command::Decide(outcomes) => step.decide(outcomes),
            Command::Close { rest } => step.close(rest),
            Command::Ask => step.interrupt(name, Awaiting::Question),
            Command::ReportObstacle(obstacle) => step.interrupt(name, Awaiting::Obstacle(obstacle)),
            Command::ObstacleOver => step.obstacle_over(),
            Command::Answer => step.answer(),
            Command::Note => step.changed(EventType::NoteAdded, Vec::new()),
            Command::Withdraw(reason) => step.withdraw(reason),
            Command::WithdrawItems { items, reason } => step.withdraw_items(items, reason),
            Command::Correct(correction) => step.correct(correction),
            Command::Attribute { was, now } => step.attribute(was, now),
            Command::ExtendNonDisclosure => {
                step.at_its_side(name, EventType::NonDisclosureExtended)
            }
            Command::LiftNonDisclosure => step.at_its_side(name, EventType::NonDisclosureLifted),
            Command::HoldPreservation => step.at_its_side(name, EventType::PreservationHeld),
            Command::ExtendPreservation => step.at_its_side(name, EventType::PreservationExtended),
            Command::ReleasePreservation => step.at_its_side(name, EventType::PreservationReleased),
            Command::DeletePreserved => step.at_its_side(name, EventType::PreservationDeleted),
            Command::Revise {
                reason: _,
                outcomes,
            } => step.revise(outcomes),
            Command::Reopen(_) => step.reopen(),
            Command::AskScrutiny => step.about_order(name, EventType::ScrutinyAsked),
            Command::RecordCopy => step.about_order(name, EventType::OrderCopied),
            Command::RecordFinal => step.about_order(name, EventType::OrderFinal),
            Command::Doubt => step.doubt(),
        }
    }
}

impl Step {
    pub(super) fn refuse(&self, command: CommandName, why: Option<&'static str>) -> Illegal {
        Illegal::Status {
            command,
            status: self.request.status(),
            needs: command.needs(),
            why,
        }
    }

    pub(super) fn changed(
        mut self,
        event: EventType,
        decided: Vec<(ItemId, Outcome)>,
    ) -> Result<Applied, Illegal> {
        self.request.version = self
            .request
            .version
            .checked_add(1)
            .ok_or(Illegal::VersionsExhausted)?;
        Ok(Applied::Changed(Change {
            request: self.request,
            event,
            decided,
            notices: notices(event, self.by),
        }))
    }

    /// Moves nothing of the request itself: what changes is a duty that goes with it.
    fn at_its_side(self, command: CommandName, event: EventType) -> Result<Applied, Illegal> {
        if !command.needs().contains(&self.request.status()) {
            return Err(self.refuse(command, None));
        }
        self.changed(event, Vec::new())
    }

    pub(super) fn unchanged(self) -> Result<Applied, Illegal> {
        Ok(Applied::Unchanged(self.request))
    }

    fn fetch(mut self) -> Result<Applied, Illegal> {
        if self.request.state != State::Filed {
            return self.unchanged();
        }
        let clock = self.request.clock.clone().received(self.at)?;
        self.request.clock = self.halted(clock);
        self.request.state = State::Fetched {
            fetched_at: self.at,
        };
        self.changed(EventType::RequestFetched, Vec::new())
    }

    fn acknowledge(mut self) -> Result<Applied, Illegal> {
        if self.request.state.acknowledged_at().is_some() {
            return self.unchanged();
        }
        self.request.state = match self.request.state {
            State::Fetched { fetched_at } => State::Acknowledged {
                fetched_at,
                acknowledged_at: self.at,
            },
            State::NeedsInformation {
                before,
                since,
                awaiting,
            } => State::NeedsInformation {
                before: Reached::Acknowledged {
                    fetched_at: before.fetched_at(),
                    acknowledged_at: self.at,
                },
                since,
                awaiting,
            },
            State::Filed => {
                return Err(self.refuse(
                    CommandName::Acknowledge,
                    Some("read the full request first: reading is the receipt"),
                ));
            }
            _ => return Err(self.refuse(CommandName::Acknowledge, None)),
        };
        self.changed(EventType::RequestAcknowledged, Vec::new())
    }

    /// Moves nothing, but the request is another one to whoever has read it: it gets a version and an entry.
    fn refer(self) -> Result<Applied, Illegal> {
        if self.request.state.acknowledged_at().is_none() {
            return Err(self.refuse(CommandName::Refer, Some("acknowledge it first")));
        }
        self.changed(EventType::RequestAcknowledged, Vec::new())
    }

    /// A question or an obstacle. A further one leaves the clock where it stands; a question asked beside an
    /// obstacle does not replace it, because the obstacle is what the law attaches consequences to.
    fn interrupt(mut self, command: CommandName, awaiting: Awaiting) -> Result<Applied, Illegal> {
        let (before, since, awaiting) = match self.request.state {
            State::NeedsInformation {
                before,
                since,
                awaiting: present,
            } => match awaiting {
                Awaiting::Question => (before, since, present),
                Awaiting::Obstacle(_) => (before, since, awaiting),
            },
            State::Fetched { .. } | State::Acknowledged { .. } => {
                match self.request.state.progress() {
                    Progress::InWork(reached) => (reached, self.at, awaiting),
                    Progress::Filed | Progress::Closed(_) => return Err(self.refuse(command, None)),
                }
            }
            _ => return Err(self.refuse(command, None)),
        };
        self.request.clock = self.request.clock.pause(self.at);
        self.request.state = State::NeedsInformation {
            before,
            since,
            awaiting,
        };
        let event = match command {
            CommandName::Ask => EventType::QuestionAsked,
            _ => EventType::ObstacleReported,
        };
        self.changed(event, Vec::new())
    }

    fn obstacle_over(self) -> Result<Applied, Illegal> {
        match self.request.state {
            State::NeedsInformation {
                before,
                awaiting: awaiting @ Awaiting::Obstacle(_),
                ..
            } => self.go_on(before, awaiting, EventType::ObstacleEnded),
            State::NeedsInformation { .. } => Err(self.refuse(
                CommandName::ObstacleOver,
                Some("no obstacle was reported; a question ends with its answer"),
            )),
            _ => Err(self.refuse(CommandName::ObstacleOver, None)),
        }
    }

    fn answer(self) -> Result<Applied, Illegal> {
        match self.request.state {
            State::NeedsInformation {
                before, awaiting, ..
            } if awaiting.ends_with_answer() => {
                self.go_on(before, awaiting, EventType::AnswerGiven)
            }
            // Force majeure does not cease because somebody writes.
            State::NeedsInformation { .. } => self.changed(EventType::AnswerGiven, Vec::new()),
            _ => Err(self.refuse(CommandName::Answer, None)),
        }
    }

    pub(super) fn go_on(
        mut self,
        before: Reached,
        awaited: Awaiting,
        event: EventType,
    ) -> Result<Applied, Illegal> {
        let clock = self.request.clock.clone().resume(awaited, self.at)?;
        self.request.clock = self.halted(clock);
        self.request.state = before.into();
        self.changed(event, Vec::new())
    }

    /// Moves nothing: what other authorities have to do with an order is kept beside it.
    fn about_order(self, command: CommandName, event: EventType) -> Result<Applied, Illegal> {
        if self.request.kind != Kind::Order {
            return Err(Illegal::NotAnOrder);
        }
        if !command.needs().contains(&self.request.status()) {
            return Err(self.refuse(command, None));
        }
        self.changed(event, Vec::new())
    }

    pub(super) fn withdraw(self, reason: WithdrawalReason) -> Result<Applied, Illegal> {
        if self.request.status() == Status::Withdrawn {
            return Err(self.refuse(CommandName::Withdraw, None));
        }
        self.end(reason, EventType::RequestWithdrawn)
    }

    /// Ends a request that is not withdrawn yet; what was acted on is asked back.
    pub(super) fn end(
        mut self,
        reason: WithdrawalReason,
        event: EventType,
    ) -> Result<Applied, Illegal> {
        let all = &self.request.items;
        let asked_before = |item: &&Item| item.withdrawal.is_some_and(|w| w.restore);
        let items: Vec<ItemId> = all
            .iter()
            .filter(|item| item.acted_on() || asked_before(item))
            .map(|item| item.id)
            .collect();
        let restoration = if items.is_empty() {
            Restoration::NotAsked
        } else if !self.all_answered(&items) {
            Restoration::Asked { items }
        } else {
            // Whoever declined to put it back may still do so.
            Restoration::Answered { items, at: self.at }
        };
        self.request.clock = self.request.clock.stop(self.at);
        self.request.state = State::Withdrawn {
            before: self.request.state.progress(),
            withdrawn_at: self.at,
            reason,
            restoration,
        };
        self.changed(event, Vec::new())
    }

    fn reopen(mut self) -> Result<Applied, Illegal> {
        let State::Closed(closure) = self.request.state else {
            return Err(self.refuse(CommandName::Reopen, None));
        };
        self.request.state = State::Acknowledged {
            fetched_at: closure.fetched_at,
            acknowledged_at: closure.acknowledged_at,
        };
        self.changed(EventType::RequestReopened, Vec::new())
    }
}
