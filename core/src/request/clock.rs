//! The clock of a request.
//!
//! - A question pauses: what was left when it was asked is left again when it is answered.
//! - An obstacle restarts the clock where the instrument says so. TCO Art 3(7) and (8) let the hour *start* when
//!   the grounds cease or the clarification arrives, even if the obstacle was reported late: whether it was
//!   reported "without undue delay" is for a court, and the history keeps the earlier deadline.
//! - What is left is measured in elapsed time also where the rule counts working days: no instrument in the
//!   catalogue suspends working days, and elapsed time can neither lose nor gain by the calendar.
//! - A specified time has no length of its own, so nothing can start anew: what was left runs on.
//! - A stopped clock never runs again. An instrument grants its period once; an agency that claims a new one
//!   files anew, and neither side can move a deadline by reopening.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::status::Awaiting;
use crate::{
    instrument::{AfterInterruption, ClockRule, ClockStart, DueError},
    text::coded_enum,
    time::At,
};

/// A quarter of an hour: a reminder never comes later than that before the deadline.
const SHORTEST_NOTICE: TimeDelta = TimeDelta::minutes(15);

coded_enum! {
    /// The clock as one word.
    pub enum ClockState, "a clock state" {
        /// There is no deadline, ever.
        None => "none",
        /// The event that starts it has not happened.
        Waiting => "waiting",
        /// It runs.
        Running => "running",
        /// It stands still.
        Standing => "standing",
        /// The request was closed or withdrawn.
        Stopped => "stopped",
    }
}

coded_enum! {
    /// What has to happen before a waiting clock runs.
    pub enum Start, "a start" {
        /// The platform reads the full request.
        Receipt => "receipt",
        /// It is formally served, apart from the exchange.
        Service => "service",
        /// The deadline that the instrument leaves to the issuer is specified.
        Specification => "specification",
        /// Nothing here: its start lies in a year that the calendar of its working days does not know, so there is
        /// no deadline rather than a wrong one.
        Calendar => "calendar",
    }
}

/// The clock of a request; a referral's is always `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "clock", rename_all = "snake_case")]
pub enum Clock {
    /// No deadline.
    None,
    /// Not started. Stays so if the request ends before its start.
    Waiting {
        /// The instrument's rule.
        rule: ClockRule,
        /// What has to happen.
        until: Start,
    },
    /// Running towards its deadline.
    Running {
        /// The instrument's rule.
        rule: ClockRule,
        /// The start, or the latest resumption.
        started_at: At,
        /// The deadline.
        due_at: At,
    },
    /// Standing still.
    Standing {
        /// The instrument's rule.
        rule: ClockRule,
        /// Milliseconds that were left; negative when the deadline had already passed.
        left_ms: i64,
        /// Since when.
        since: At,
    },
    /// Stopped for good.
    Stopped {
        /// The deadline as it was; if the clock stood, where it would have come to lie.
        due_at: At,
        /// When it stopped.
        at: At,
    },
}

/// A deadline that cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClockError {
    /// The instrument's rule has no answer for this start, for instance a calendar that ends earlier.
    #[error("the deadline cannot be computed: {0}")]
    Rule(#[from] DueError),
    /// Beyond what a calendar date can be.
    #[error("the deadline lies outside the range of dates")]
    OutOfRange,
}

/// What a filing says about when its clock starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Starts {
    /// The instrument has a rule of service, so that reading here is not service (Terrorism Act 2006 s.4).
    pub served_apart: bool,
    /// When it was served: before the filing, or to come.
    pub served_at: Option<At>,
    /// The deadline that a court or authority specified.
    pub specified_due_at: Option<At>,
}

impl Clock {
    /// The clock as one word.
    pub const fn state(&self) -> ClockState {
        match self {
            Self::None => ClockState::None,
            Self::Waiting { .. } => ClockState::Waiting,
            Self::Running { .. } => ClockState::Running,
            Self::Standing { .. } => ClockState::Standing,
            Self::Stopped { .. } => ClockState::Stopped,
        }
    }

    /// The deadline: none while the clock waits or stands.
    pub const fn due_at(&self) -> Option<At> {
        match self {
            Self::Running { due_at, .. } | Self::Stopped { due_at, .. } => Some(*due_at),
            Self::None | Self::Waiting { .. } | Self::Standing { .. } => None,
        }
    }

    /// Milliseconds left `now`, negative after the deadline: none unless the clock runs or stands.
    pub fn left_ms(&self, now: At) -> Option<i64> {
        match self {
            Self::Running { due_at, .. } => {
                Some(due_at.signed_duration_since(now).num_milliseconds())
            }
            Self::Standing { left_ms, .. } => Some(*left_ms),
            Self::None | Self::Waiting { .. } | Self::Stopped { .. } => None,
        }
    }

    /// The event that starts it, where there is a rule to say so.
    pub const fn starts(&self) -> Option<ClockStart> {
        match self {
            Self::Waiting { rule, .. }
            | Self::Running { rule, .. }
            | Self::Standing { rule, .. } => Some(rule.starts),
            Self::None | Self::Stopped { .. } => None,
        }
    }

    /// The clock of an order under this rule, filed `at`.
    pub(super) fn file(rule: ClockRule, starts: Starts, at: At) -> Result<Self, ClockError> {
        let until = match rule.starts {
            ClockStart::Specified => {
                return Ok(match starts.specified_due_at {
                    Some(due_at) => Self::Running {
                        rule,
                        started_at: at,
                        due_at,
                    },
                    None => Self::Waiting {
                        rule,
                        until: Start::Specification,
                    },
                });
            }
            ClockStart::Given => match starts.served_at {
                Some(started_at) => return Self::running(rule, started_at),
                None if starts.served_apart => Start::Service,
                None => Start::Receipt,
            },
            // Knowledge is imputed from the intimation itself, which is known once it has been read.
            ClockStart::Receipt | ClockStart::Knowledge => Start::Receipt,
        };
        // A calendar that does not reach that far is found out now, while the agency can still do something
        // about it, and not when the platform reads.
        rule.due(at)?;
        Ok(Self::Waiting { rule, until })
    }

    /// Starts a clock that waits for the receipt; leaves every other as it is.
    pub(super) fn received(self, at: At) -> Result<Self, ClockError> {
        match self {
            Self::Waiting {
                rule,
                until: Start::Receipt,
            } => Self::started(rule, at),
            other => Ok(other),
        }
    }

    /// As [`running`](Self::running), where there is nobody to refuse: reading and answering go on without a deadline
    /// when the calendar has come to its end.
    fn started(rule: ClockRule, at: At) -> Result<Self, ClockError> {
        match rule.due(at) {
            Err(DueError::OutsideCalendar { .. } | DueError::UnknownCalendar(_)) => {
                Ok(Self::Waiting {
                    rule,
                    until: Start::Calendar,
                })
            }
            _ => Self::running(rule, at),
        }
    }

    fn running(rule: ClockRule, started_at: At) -> Result<Self, ClockError> {
        Ok(Self::Running {
            due_at: rule.due(started_at)?,
            rule,
            started_at,
        })
    }

    /// Starts a clock that waits for service, or counts it from another day of service; `since` tells since when it
    /// would have stood still.
    pub(super) fn served(
        self,
        was: Option<At>,
        served_at: At,
        since: Option<At>,
    ) -> Result<Option<Self>, ClockError> {
        let anew = match &self {
            Self::Waiting {
                rule,
                until: Start::Service,
            } => Self::running(rule.clone(), served_at)?,
            // What has stood still meanwhile was counted from the first day; there is no telling it apart any more.
            Self::Running {
                rule, started_at, ..
            } if rule.starts == ClockStart::Given && Some(*started_at) == was => {
                Self::running(rule.clone(), served_at)?
            }
            _ => return Ok(None),
        };
        Ok(Some(match since {
            Some(since) => anew.pause(since.max(served_at)),
            None => anew,
        }))
    }

    /// Lets a running clock stand.
    pub(super) fn pause(self, at: At) -> Self {
        match self {
            Self::Running { rule, due_at, .. } => Self::Standing {
                rule,
                left_ms: due_at.signed_duration_since(at).num_milliseconds(),
                since: at,
            },
            other => other,
        }
    }

    /// Lets a standing clock run again when what was awaited has come.
    pub(super) fn resume(self, awaited: Awaiting, at: At) -> Result<Self, ClockError> {
        let Self::Standing {
            rule,
            left_ms,
            since,
        } = self
        else {
            return Ok(self);
        };
        // A server clock that was set back meanwhile must not cost the platform time.
        let started_at = at.max(since);
        let anew = matches!(awaited, Awaiting::Obstacle(_))
            && rule.after_interruption == AfterInterruption::Restarts
            && rule.starts != ClockStart::Specified;
        if anew {
            return Self::started(rule, started_at);
        }
        Ok(Self::Running {
            rule,
            started_at,
            due_at: later(started_at, left_ms)?,
        })
    }

    /// Stops the clock for good. One that never started stays waiting: there is no deadline to keep.
    pub(super) fn stop(self, at: At) -> Self {
        match self {
            Self::Running { due_at, .. } => Self::Stopped { due_at, at },
            // Ending a request must never fail over a date that no longer matters.
            Self::Standing { left_ms, .. } => Self::Stopped {
                due_at: later(at, left_ms).unwrap_or(at),
                at,
            },
            other => other,
        }
    }
}

/// Never past the year 9999: a specified deadline may lie at its very end, and what lies behind can neither be written
/// as RFC 3339 nor be read back.
fn later(at: At, ms: i64) -> Result<At, ClockError> {
    TimeDelta::try_milliseconds(ms)
        .and_then(|left| at.checked_add_signed(left))
        .map(|due_at| due_at.min(crate::time::LAST))
        .ok_or(ClockError::OutOfRange)
}

/// When the platform is reminded of a running deadline: a quarter of the time before it, at least 15 minutes,
/// and never before the clock started. Quiet hours may move the message, never the deadline.
pub fn remind_at(clock: &Clock) -> Option<At> {
    match clock {
        Clock::Running {
            started_at, due_at, ..
        } => {
            let lead = (due_at.signed_duration_since(*started_at) / 4).max(SHORTEST_NOTICE);
            let at = due_at.checked_sub_signed(lead)?;
            Some(at.max(*started_at))
        }
        _ => None,
    }
}
