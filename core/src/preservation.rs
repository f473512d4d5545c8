//! Keeping what was removed, as a duty of its own (Regulation (EU) 2021/784, Article 6).
//!
//! Removal and preservation pull opposite ways: what nobody may see any more must still be there for review, complaint
//! and prosecution. So no answer to an item ends it, and neither does a withdrawal of the request: the agency releases
//! it, or its time runs out. Its end only ever moves to a later instant.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::instrument::{Kind, PreservationRule};
use crate::non_disclosure::Longer;
use crate::request::{CLOCK_SKEW, OutcomeCode};
use crate::text::coded_enum;
use crate::time::{At, rfc3339};

/// The agency is told this long before the end, or at half the time where that is shorter.
pub const WARNED_BEFORE: TimeDelta = TimeDelta::days(14);

/// The most extensions of one preservation.
pub const MAX_EXTENSIONS: usize = 100;

coded_enum! {
    /// What a preservation rests on.
    pub enum PreservationBasis, "a basis of a preservation" {
        /// The filing asks for it.
        Filing => "filing",
        /// The filing says nothing; the law asks for it from the removal on.
        Law => "law",
    }
}

coded_enum! {
    /// Where a preservation stands.
    pub enum PreservationStatus, "a status of a preservation" {
        /// Asked; the platform has not said that it keeps anything.
        Asked => "asked",
        /// The platform says that it keeps it.
        Held => "held",
        /// The agency needs it no longer.
        Released => "released",
        /// Its time has run out.
        Expired => "expired",
        /// It is over, and the platform says that it has deleted what it kept.
        Deleted => "deleted",
    }
}

/// What the platform says that it keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Since when.
    pub since: At,
    /// Until when at least, in its own words; never before the end of the duty as it was then.
    pub until: At,
    /// When it said so.
    pub said_at: At,
}

/// How a preservation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: At,
    /// By the agency rather than by its time.
    pub released: bool,
    /// When the platform deleted what it kept, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<At>,
}

/// A preservation as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preservation {
    /// What it rests on.
    pub basis: PreservationBasis,
    /// The end: the latest of what was filed, what was asked since, and what the law says.
    pub until: At,
    /// The end that the law gives, counted from the latest removal so far.
    pub by_law_until: Option<At>,
    /// When the present end was set.
    pub set_at: At,
    /// How the agency asked for longer, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Longer>,
    /// What the platform says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The end of which the agency was told that it comes near.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_of: Option<At>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// Why nothing of a preservation changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotPreserved {
    /// Nothing is to be kept.
    #[error(
        "nothing is to be kept under this request: the filing asks for no preservation, and what the law asks for begins with a removal"
    )]
    None,
    /// It has ended.
    #[error("the preservation has ended on {}", rfc3339(*.0))]
    Ended(At),
    /// It still lasts.
    #[error(
        "the preservation lasts until {}: what is kept is deleted after that, or once the agency has released it",
        rfc3339(*.0)
    )]
    Lasts(At),
    /// An instant that has not come.
    #[error("{} has not come yet", rfc3339(*.0))]
    Future(At),
    /// The platform would keep it for less long than it is asked to.
    #[error("{} is before the end that is asked for, {}", rfc3339(*.until), rfc3339(*.asked))]
    TooShort {
        /// What it said.
        until: At,
        /// What is asked.
        asked: At,
    },
    /// It was made longer too often.
    #[error("it was extended {MAX_EXTENSIONS} times, which is as often as one can be")]
    TooOften,
}

/// What the time has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The end comes near: the agency may want to extend it.
    Warning,
    /// The end has come.
    End,
}

impl Preservation {
    /// As a filing asks for it.
    pub const fn filed(until: At, at: At) -> Self {
        Self::new(PreservationBasis::Filing, until, at)
    }

    const fn new(basis: PreservationBasis, until: At, at: At) -> Self {
        Self {
            basis,
            until,
            by_law_until: None,
            set_at: at,
            extensions: Vec::new(),
            held: None,
            warned_of: None,
            ended: None,
        }
    }

    /// Where it stands.
    pub const fn status(&self) -> PreservationStatus {
        match (self.ended, self.held) {
            (Some(ended), _) if ended.deleted_at.is_some() => PreservationStatus::Deleted,
            (Some(ended), _) if ended.released => PreservationStatus::Released,
            (Some(_), _) => PreservationStatus::Expired,
            (None, Some(_)) => PreservationStatus::Held,
            (None, None) => PreservationStatus::Asked,
        }
    }

    /// Whether it has neither been released nor run out.
    pub const fn stands(&self) -> bool {
        self.ended.is_none()
    }

    /// Until when what was removed is needed: while it stands, and up to the end that the law sets whoever releases it before.
    pub fn needed_until(&self, now: At) -> Option<At> {
        if self.stands() {
            return Some(self.until);
        }
        self.by_law_until.filter(|until| now < *until)
    }

    /// What a removal at `removed_at` that was recorded `now` makes of a preservation, or of none: where the law sets a
    /// time, it counts from the latest removal, whatever was filed. A referral carries no duty, whatever its rule.
    pub fn after_removal(
        present: Option<Self>,
        (kind, rule): (Kind, Option<&PreservationRule>),
        removed_at: At,
        now: At,
    ) -> Option<Self> {
        let by_law = rule
            .filter(|_| kind == Kind::Order)
            .and_then(|rule| rule.earliest_end(removed_at));
        let Some(by_law) = by_law else {
            return present;
        };
        let mut kept = present.unwrap_or_else(|| Self::new(PreservationBasis::Law, by_law, now));
        if kept.stands() {
            kept.by_law_until = kept.by_law_until.max(Some(by_law));
            kept.move_to(by_law, now);
        }
        Some(kept)
    }

    fn move_to(&mut self, until: At, now: At) {
        if until > self.until {
            self.until = until;
            self.set_at = now;
        }
    }

    /// The platform says that it keeps it; said again, the later word stands. `None` when it said so already.
    ///
    /// # Errors
    /// [`NotPreserved`] when it has ended, `since` has not come, or `until` is too early.
    pub fn hold(
        mut self,
        since: At,
        until: Option<At>,
        now: At,
    ) -> Result<Option<Self>, NotPreserved> {
        self.must_stand()?;
        if since > now + CLOCK_SKEW {
            return Err(NotPreserved::Future(since));
        }
        let until = until.unwrap_or(self.until);
        if until < self.until {
            return Err(NotPreserved::TooShort {
                until,
                asked: self.until,
            });
        }
        if self
            .held
            .is_some_and(|held| held.since == since && held.until == until)
        {
            return Ok(None);
        }
        self.held = Some(Held {
            since,
            until,
            said_at: now,
        });
        Ok(Some(self))
    }

    /// The agency asks for longer. Whether the law allows it is for
    /// [`Instrument::check_longer_preservation`](crate::instrument::Instrument::check_longer_preservation) to say.
    ///
    /// # Errors
    /// [`NotPreserved`] when it has ended.
    pub fn extend(mut self, longer: Longer) -> Result<Self, NotPreserved> {
        self.must_stand()?;
        if self.extensions.len() >= MAX_EXTENSIONS {
            return Err(NotPreserved::TooOften);
        }
        self.move_to(longer.until, longer.at);
        self.extensions.push(longer);
        Ok(self)
    }

    /// The agency needs it no longer. `None` when it said so already.
    ///
    /// # Errors
    /// [`NotPreserved`] when it has run out.
    pub fn release(mut self, now: At) -> Result<Option<Self>, NotPreserved> {
        if self.ended.is_some_and(|ended| ended.released) {
            return Ok(None);
        }
        self.must_stand()?;
        self.ended = Some(Ended {
            at: now,
            released: true,
            deleted_at: None,
        });
        Ok(Some(self))
    }

    /// The platform says that it has deleted what it kept. `None` when it said so already.
    ///
    /// # Errors
    /// [`NotPreserved`] while it lasts, and for an instant before its end or one that has not come.
    pub fn delete(mut self, deleted_at: At, now: At) -> Result<Option<Self>, NotPreserved> {
        let lasts = NotPreserved::Lasts(self.until);
        let ended = self.ended.as_mut().ok_or(lasts)?;
        if deleted_at > now + CLOCK_SKEW {
            return Err(NotPreserved::Future(deleted_at));
        }
        if deleted_at < ended.at {
            return Err(NotPreserved::Lasts(ended.at));
        }
        if ended.deleted_at == Some(deleted_at) {
            return Ok(None);
        }
        ended.deleted_at = Some(deleted_at);
        Ok(Some(self))
    }

    /// When the time next brings something; `None` once it has ended.
    pub fn due_at(&self) -> Option<At> {
        if !self.stands() {
            return None;
        }
        if self.warned_of == Some(self.until) {
            return Some(self.until);
        }
        let span = (self.until - self.set_at).max(TimeDelta::zero());
        Some(self.until - WARNED_BEFORE.min(span / 2))
    }

    /// What the time has brought by `now`, and what the preservation is after it.
    pub fn by_time(mut self, now: At) -> Option<(Due, Self)> {
        let due_at = self.due_at()?;
        if now < due_at {
            return None;
        }
        if now < self.until {
            self.warned_of = Some(self.until);
            return Some((Due::Warning, self));
        }
        self.ended = Some(Ended {
            at: self.until,
            released: false,
            deleted_at: None,
        });
        Some((Due::End, self))
    }

    const fn must_stand(&self) -> Result<(), NotPreserved> {
        match self.ended {
            Some(ended) => Err(NotPreserved::Ended(ended.at)),
            None => Ok(()),
        }
    }
}

/// Whether an outcome takes down what then has to be kept: Article 6(1) speaks of content that was removed or access to
/// which was disabled.
pub const fn takes_down(code: OutcomeCode) -> bool {
    matches!(
        code,
        OutcomeCode::Removed
            | OutcomeCode::AccessDisabled
            | OutcomeCode::GeoBlocked
            | OutcomeCode::AccountSuspended
    )
}

#[cfg(test)]
mod tests;
