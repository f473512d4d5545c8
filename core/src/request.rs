//! The request: items, states, commands, transitions, clocks, outcomes.
//!
//! [`Request::file`] makes one, [`Request::apply`] changes it. Both are pure: the same command at the same instant
//! always comes to the same [`Change`].

mod clock;

mod command;
mod correct;
mod correction;
mod decide;
mod doubt;
mod illegal;
mod item;
mod object;
mod outcome;
mod oversee;
mod status;
mod transition;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use clock::{Clock, ClockError, ClockState, Start, Starts, remind_at};

pub use command::{Applied, Change, Command, CommandName, EventType, Side};
pub use correction::{Confidence, Correction, Fact, RevisionReason, Served};
pub use illegal::{Illegal, Refused};
pub use item::{Item, ItemRestoration, ItemWithdrawal, RestorationAnswer};
pub use outcome::{
    Basis, CLOCK_SKEW, MAX_DUPLICATE_OF_CHARS, MAX_NOTE_CHARS, Outcome, OutcomeCode, OutcomeError,
    UploaderInformed,
};
pub use oversee::Overseen;
pub use status::{
    Awaiting, Closure, Progress, Reached, ReopenReason, Restoration, ResultCode, State, Status,
    WaitingFor, WithdrawalReason,
};

use crate::{
    id::{AgencyId, ItemId, PlatformId, RequestId},
    instrument::{ClockRule, InstrumentId, Kind},
    notice::notices,
    time::At,
};

/// The most items one request may have.
pub const MAX_ITEMS: usize = 1_000;

/// What a filing comes to, once its texts and its instrument have been judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// Its identifier.
    pub id: RequestId,
    /// Who asks.
    pub agency: AgencyId,
    /// Who is asked.
    pub platform: PlatformId,
    /// May or, as claimed, must.
    pub kind: Kind,
    /// The claimed power.
    pub instrument: InstrumentId,
    /// The instrument's clock. A referral has none, whatever stands here.
    pub clock: Option<ClockRule>,
    /// What the filing says about when that clock starts.
    pub starts: Starts,
    /// The items in the order of the filing.
    pub items: Vec<ItemId>,
}

/// A request as far as decisions depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its identifier.
    pub id: RequestId,
    /// Who asks.
    pub agency: AgencyId,
    /// Who is asked.
    pub platform: PlatformId,
    /// May or, as claimed, must.
    pub kind: Kind,
    /// The claimed power.
    pub instrument: InstrumentId,
    /// Counts changes, from 1.
    pub version: i32,
    /// When it was filed.
    pub filed_at: At,
    /// Where it stands.
    pub state: State,
    /// Its deadline.
    pub clock: Clock,
    /// What it asks about, by position.
    pub items: Vec<Item>,
    /// Since when whoever is asked doubts that it is really the agency who asks; none once that is settled. The clock stands
    /// meanwhile, and nothing else does: he may go on answering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubted_at: Option<At>,
}

/// Why a request cannot be filed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotFiled {
    /// None, or more than one request may have.
    #[error("a request has 1 to {MAX_ITEMS} items, not {0}")]
    Items(usize),
    /// Two items share an identifier.
    #[error("{0} stands for more than one item")]
    RepeatedItem(ItemId),
    /// The deadline cannot be computed.
    #[error(transparent)]
    Clock(#[from] ClockError),
}

/// An invariant that a stored request breaks: it was changed by something else than [`Request::apply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Broken {
    /// A referral with a clock.
    #[error("a referral has a clock")]
    ReferralWithClock,
    /// A version before the first.
    #[error("the version is below 1")]
    Version,
    /// No items, too many, or the same twice.
    #[error("the items are none, too many, repeated or out of order")]
    Items,
    /// Closed, but an item is undecided.
    #[error("it is closed while an item is undecided")]
    ClosedUndecided,
    /// The stored result is not the one that follows from the items.
    #[error("the result does not follow from the items")]
    Result,
    /// The clock does something the status does not allow.
    #[error("the clock does not fit the status")]
    Clock,
}

impl Request {
    /// Files a request: version 1, in the inbox of the platform.
    ///
    /// # Errors
    /// [`NotFiled`] when the items are none, too many or repeated, or when the deadline cannot be computed.
    pub fn file(new: NewRequest, at: At) -> Result<Change, NotFiled> {
        if new.items.is_empty() || new.items.len() > MAX_ITEMS {
            return Err(NotFiled::Items(new.items.len()));
        }
        let mut seen = std::collections::HashSet::with_capacity(new.items.len());
        if let Some(repeated) = new.items.iter().find(|id| !seen.insert(**id)) {
            return Err(NotFiled::RepeatedItem(*repeated));
        }
        let clock = match (new.kind, new.clock) {
            (Kind::Referral, _) | (Kind::Order, None) => Clock::None,
            (Kind::Order, Some(rule)) => Clock::file(rule, new.starts, at)?,
        };
        let items = (1..)
            .zip(new.items)
            .map(|(position, id)| Item::new(id, position))
            .collect();
        let request = Self {
            id: new.id,
            agency: new.agency,
            platform: new.platform,
            kind: new.kind,
            instrument: new.instrument,
            version: 1,
            filed_at: at,
            state: State::Filed,
            clock,
            items,
            doubted_at: None,
        };
        let event = EventType::RequestFiled;
        Ok(Change {
            request,
            event,
            decided: Vec::new(),
            notices: notices(event, Side::Agency),
        })
    }

    /// Where it stands, as one word.
    pub const fn status(&self) -> Status {
        self.state.status()
    }

    /// The result, while it is closed.
    pub const fn result(&self) -> Option<ResultCode> {
        self.state.result()
    }

    /// Who has to do the next thing. While it is doubted that asks at all, that is the agency.
    pub fn waiting_for(&self) -> WaitingFor {
        let waiting_for = match self.state.waiting_for() {
            WaitingFor::Platform if self.is_doubted() => WaitingFor::Agency,
            waiting_for => waiting_for,
        };
        waiting_for.with_restoration(self.restoration())
    }

    /// How it stands with putting one of its items back.
    pub fn restoration_of(&self, item: &Item) -> ItemRestoration {
        match (self.asked_back(item), &item.answer) {
            (false, _) => ItemRestoration::NotAsked,
            (true, None) => ItemRestoration::Asked,
            (true, Some(_)) => ItemRestoration::Answered,
        }
    }

    /// Whether the item was taken back, by itself or with the request, after it had been acted on.
    fn asked_back(&self, item: &Item) -> bool {
        item.withdrawal.is_some_and(|withdrawal| withdrawal.restore)
            || self.state.restoration().items().contains(&item.id)
    }

    /// Divides outcomes into those that answer a restoration and those that do not, by their places. They are two things
    /// that happen, each with an event of its own, though a platform may send them together.
    pub fn apart(&self, outcomes: &[(ItemId, Outcome)]) -> (Vec<usize>, Vec<usize>) {
        let answers = |place: &usize| {
            let item = outcomes.get(*place).and_then(|(id, _)| self.item(*id));
            item.is_some_and(|item| self.asked_back(item))
        };
        (0..outcomes.len()).partition(answers)
    }

    /// How it stands with putting things back: `asked` while one is unanswered.
    pub fn restoration(&self) -> ItemRestoration {
        let stands = |how| {
            self.items
                .iter()
                .any(|item| self.restoration_of(item) == how)
        };
        [ItemRestoration::Asked, ItemRestoration::Answered]
            .into_iter()
            .find(|how| stands(*how))
            .unwrap_or(ItemRestoration::NotAsked)
    }

    /// The outcome as it is meant when nobody said since when it holds: what was said of the item already goes on since it
    /// was said, so that the same again changes nothing.
    #[must_use]
    pub fn undated(&self, id: ItemId, outcome: Outcome) -> Outcome {
        let item = self.item(id);
        let said = item.and_then(|item| item.said(self.asked_back(item)));
        match said {
            Some(said) if said.is_but_for_when(&outcome) => said.clone(),
            _ => outcome,
        }
    }

    /// One of its items.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The items that wait for an outcome, by position: none once the request is taken back.
    pub fn undecided(&self) -> Vec<ItemId> {
        if self.status() == Status::Withdrawn {
            return Vec::new();
        }
        self.items
            .iter()
            .filter(|item| item.outcome.is_none() && item.withdrawal.is_none())
            .map(|item| item.id)
            .collect()
    }

    /// Checks a request that was read back from storage.
    ///
    /// # Errors
    /// The first invariant that does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        if self.kind == Kind::Referral && self.clock != Clock::None {
            return Err(Broken::ReferralWithClock);
        }
        if self.version < 1 {
            return Err(Broken::Version);
        }
        let ordered = self.items.windows(2).all(|pair| match pair {
            [one, next] => one.position < next.position,
            _ => true,
        });
        let mut seen = std::collections::HashSet::with_capacity(self.items.len());
        if self.items.is_empty()
            || self.items.len() > MAX_ITEMS
            || !ordered
            || !self.items.iter().all(|item| seen.insert(item.id))
        {
            return Err(Broken::Items);
        }
        if let State::Closed(closure) = &self.state {
            if !self.undecided().is_empty() {
                return Err(Broken::ClosedUndecided);
            }
            if closure.result != ResultCode::derive(&self.items) {
                return Err(Broken::Result);
            }
        }
        let fits = match (self.status(), self.clock.state()) {
            (_, ClockState::None | ClockState::Waiting) => true,
            (Status::Filed | Status::Fetched | Status::Acknowledged, ClockState::Standing) => {
                self.is_doubted()
            }
            (Status::Filed | Status::Fetched | Status::Acknowledged, ClockState::Running)
                if self.is_doubted() =>
            {
                false
            }
            (Status::Filed | Status::Fetched, state) => state == ClockState::Running,
            // Stopped in both when the request was closed once and reopened.
            (Status::Acknowledged, state) => {
                matches!(state, ClockState::Running | ClockState::Stopped)
            }
            (Status::NeedsInformation, state) => {
                matches!(state, ClockState::Standing | ClockState::Stopped)
            }
            (Status::Closed | Status::Withdrawn, state) => state == ClockState::Stopped,
        };
        if fits { Ok(()) } else { Err(Broken::Clock) }
    }
}

#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod mistakes_tests;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
