//! How far an operation is, counted from its requests.

use std::collections::BTreeMap;

use super::TargetRole;
use crate::{
    request::{OutcomeCode, ResultCode, Status},
    time::At,
};

/// Requests of an operation that stand the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How many.
    pub requests: u64,
    /// Their status.
    pub status: Status,
    /// Their result, once they are closed.
    pub result: Option<ResultCode>,
    /// The part that their targets play.
    pub role: Option<TargetRole>,
    /// How many items they have.
    pub items: u64,
    /// How many of these have no outcome.
    pub undecided: u64,
}

impl Standing {
    /// Whether somebody is still waited for.
    #[must_use]
    pub const fn open(&self) -> bool {
        !matches!(self.status, Status::Closed | Status::Withdrawn)
    }
}

/// Counts over all requests of an operation. Words that nothing counts for are absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many requests.
    pub requests: u64,
    /// How many of them still wait for somebody.
    pub open: u64,
    /// How many items over all of them.
    pub items: u64,
    /// How many items have no outcome.
    pub undecided: u64,
    /// Requests by status.
    pub statuses: BTreeMap<Status, u64>,
    /// Closed requests by result.
    pub results: BTreeMap<ResultCode, u64>,
    /// Requests by the part of their target; those without one are not counted.
    pub roles: BTreeMap<TargetRole, u64>,
    /// Items by their latest outcome.
    pub outcomes: BTreeMap<OutcomeCode, u64>,
    /// How many deadlines run.
    pub due: u64,
    /// How many of them have passed.
    pub overdue: u64,
    /// The earliest one that has not passed.
    pub next_due_at: Option<At>,
}

impl Progress {
    /// The progress over these requests, the deadlines of those that are open, and the latest outcomes of their items, at
    /// an instant. The order of none matters.
    pub fn of(
        requests: impl IntoIterator<Item = Standing>,
        deadlines: impl IntoIterator<Item = At>,
        outcomes: impl IntoIterator<Item = (OutcomeCode, u64)>,
        now: At,
    ) -> Self {
        let mut progress = Self::default();
        for standing in requests {
            progress.take(&standing);
        }
        for due_at in deadlines {
            progress.await_by(due_at, now);
        }
        for (outcome, count) in outcomes {
            *progress.outcomes.entry(outcome).or_default() += count;
        }
        progress
    }

    fn take(&mut self, standing: &Standing) {
        let count = standing.requests;
        self.requests += count;
        self.items += standing.items;
        self.undecided += standing.undecided;
        *self.statuses.entry(standing.status).or_default() += count;
        if let Some(result) = standing.result {
            *self.results.entry(result).or_default() += count;
        }
        if let Some(role) = standing.role {
            *self.roles.entry(role).or_default() += count;
        }
        if standing.open() {
            self.open += count;
        }
    }

    fn await_by(&mut self, due_at: At, now: At) {
        self.due += 1;
        if due_at < now {
            self.overdue += 1;
        } else {
            self.next_due_at = Some(self.next_due_at.map_or(due_at, |next| next.min(due_at)));
        }
    }
}
