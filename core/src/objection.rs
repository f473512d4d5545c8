//! What an uploader without an account says against a measure, and what the platform answers.
//!
//! An objection is about one item that was acted on. It is made, then answered; an answer that turns out wrong is
//! corrected by another one, and none is ever edited. The platform decides alone: the complaint of Regulation (EU)
//! 2022/2065, Article 20, which is open for six months at the least and here for as long as the measure stands, and for
//! content removed by specific measures that of Regulation (EU) 2021/784, Article 10.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    id::{ItemId, ObjectionId},
    request::{Item, Outcome, OutcomeCode, UploaderInformed},
    text::coded_enum,
    time::At,
};

/// The longest objection and the longest answer, in characters.
pub const MAX_CHARS: usize = 5_000;
/// How often one item may be objected to, not counting what the platform did not look into: the code may have been read by
/// others than the uploader, and what they write must not use up what he has.
pub const MAX_PER_ITEM: usize = 3;
/// How often with those: each objection is work for somebody.
pub const MAX_EVER: usize = 20;

coded_enum! {
    /// How a platform answers an objection.
    pub enum ObjectionOutcome, "an outcome of an objection" {
        /// The uploader is right.
        Upheld => "upheld",
        /// In part.
        PartlyUpheld => "partly_upheld",
        /// The measure stands.
        Rejected => "rejected",
        /// It was not looked into: not about this item, or nothing that could be judged.
        Inadmissible => "inadmissible",
    }
}

impl ObjectionOutcome {
    /// Whether the uploader was right, at least in part.
    pub const fn succeeded(self) -> bool {
        matches!(self, Self::Upheld | Self::PartlyUpheld)
    }
}

/// An objection, as far as decisions depend on it. The words are kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Its identifier.
    pub id: ObjectionId,
    /// Against what was done to this item.
    pub item: ItemId,
    /// When it was made.
    pub made_at: At,
    /// Where it stands.
    pub state: ObjectionState,
}

/// Where an objection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ObjectionState {
    /// The platform has not answered yet.
    Made,
    /// It has.
    Answered(Answer),
}

impl ObjectionState {
    /// The state as one word: `made` or `answered`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Answered(_) => "answered",
        }
    }

    /// The answer that holds.
    pub const fn answer(self) -> Option<Answer> {
        match self {
            Self::Made => None,
            Self::Answered(answer) => Some(answer),
        }
    }
}

/// The answer of the platform that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// How it was decided.
    pub outcome: ObjectionOutcome,
    /// When.
    pub at: At,
    /// The item was put back with it.
    pub restored: bool,
    /// How many answers it took the place of.
    pub corrections: i32,
}

/// Why no objection is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotTaken {
    /// There is nothing to object to.
    #[error("nothing is done to the item any more")]
    NotActedOn,
    /// One is with the platform.
    #[error("an earlier objection is not answered yet")]
    Open,
    /// Often enough.
    #[error(
        "no more objections are taken about it: {MAX_PER_ITEM} were looked into, or {MAX_EVER} were made"
    )]
    Enough,
}

/// Whether another objection may be made about an item; `earlier` are those that were.
///
/// # Errors
/// [`NotTaken`] says why not.
pub fn may_object(item: &Item, earlier: &[Objection]) -> Result<(), NotTaken> {
    if !item.acted_on() {
        return Err(NotTaken::NotActedOn);
    }
    if earlier.iter().any(|one| one.state == ObjectionState::Made) {
        return Err(NotTaken::Open);
    }
    let looked_into = earlier.iter().filter(|one| one.looked_into()).count();
    if looked_into >= MAX_PER_ITEM || earlier.len() >= MAX_EVER {
        return Err(NotTaken::Enough);
    }
    Ok(())
}

/// Why an answer cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnswered {
    /// Who was wrong gets nothing back.
    #[error("restore goes with upheld or partly_upheld only, not with {0}")]
    RestoresWithoutSuccess(ObjectionOutcome),
    /// Nothing is done to the item, so nothing can be put back.
    #[error(
        "the item is not removed or restricted any more, so there is nothing to restore; leave restore out"
    )]
    NothingToRestore,
}

impl Objection {
    /// Whether the platform looked into it: what is `inadmissible` may have come from anybody.
    pub fn looked_into(&self) -> bool {
        let answer = self.state.answer();
        answer.is_some_and(|answer| answer.outcome != ObjectionOutcome::Inadmissible)
    }

    /// Answers it, or puts another answer in the place of one that was given.
    ///
    /// # Errors
    /// [`NotAnswered`] says what does not fit.
    pub fn answer(
        &mut self,
        item: &Item,
        outcome: ObjectionOutcome,
        restore: bool,
        at: At,
    ) -> Result<(), NotAnswered> {
        if restore && !outcome.succeeded() {
            return Err(NotAnswered::RestoresWithoutSuccess(outcome));
        }
        if restore && !item.acted_on() {
            return Err(NotAnswered::NothingToRestore);
        }
        let corrections = match self.state {
            ObjectionState::Made => 0,
            ObjectionState::Answered(before) => before.corrections.saturating_add(1),
        };
        self.state = ObjectionState::Answered(Answer {
            outcome,
            at,
            restored: restore,
            corrections,
        });
        Ok(())
    }
}

/// The outcome that puts back what was done: on the basis of what it undoes. Whoever objected reads it with his code.
pub const fn restored(undone: &Outcome, at: At) -> Outcome {
    Outcome::new(
        OutcomeCode::Restored,
        undone.basis,
        at,
        UploaderInformed::Yes,
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;
    use crate::request::Basis;

    fn at(seconds: i64) -> At {
        crate::time::from_millis(1_772_452_800_000 + seconds * 1_000).unwrap()
    }

    fn item(code: Option<OutcomeCode>) -> Item {
        let mut item = Item::new(ItemId::from_uuid(Uuid::from_u128(1)), 1);
        item.outcome =
            code.map(|code| Outcome::new(code, Basis::Terms, at(0), UploaderInformed::No));
        item
    }

    fn made() -> Objection {
        Objection {
            id: ObjectionId::from_uuid(Uuid::from_u128(2)),
            item: ItemId::from_uuid(Uuid::from_u128(1)),
            made_at: at(1),
            state: ObjectionState::Made,
        }
    }

    fn answered(outcome: ObjectionOutcome) -> Objection {
        let mut one = made();
        let removed = item(Some(OutcomeCode::Removed));
        one.answer(&removed, outcome, false, at(2)).unwrap();
        one
    }

    #[test]
    fn only_what_was_acted_on_is_objected_to() {
        for code in OutcomeCode::ALL {
            let taken = may_object(&item(Some(*code)), &[]);
            assert_eq!(taken.is_ok(), code.acted_on(), "{code}");
        }
        assert_eq!(may_object(&item(None), &[]), Err(NotTaken::NotActedOn));
    }

    #[test]
    fn one_at_a_time_and_not_for_ever() {
        let removed = item(Some(OutcomeCode::Removed));
        assert_eq!(may_object(&removed, &[made()]), Err(NotTaken::Open));
        let rejected = answered(ObjectionOutcome::Rejected);
        let mut earlier = vec![rejected.clone(); MAX_PER_ITEM - 1];
        assert_eq!(may_object(&removed, &earlier), Ok(()));
        // What a stranger wrote uses up nothing of the uploader's.
        let strange = answered(ObjectionOutcome::Inadmissible);
        earlier.resize(MAX_EVER - 1, strange.clone());
        assert_eq!(may_object(&removed, &earlier), Ok(()));
        let mut three = earlier.clone();
        three.push(rejected);
        assert_eq!(may_object(&removed, &three), Err(NotTaken::Enough));
        earlier.push(strange);
        assert_eq!(may_object(&removed, &earlier), Err(NotTaken::Enough));
    }

    #[test]
    fn an_answer_is_corrected_and_counted() {
        let removed = item(Some(OutcomeCode::Removed));
        let mut one = answered(ObjectionOutcome::Rejected);
        one.answer(&removed, ObjectionOutcome::Upheld, true, at(3))
            .unwrap();
        let answer = one.state.answer().unwrap();
        assert_eq!(
            (
                answer.outcome,
                answer.restored,
                answer.corrections,
                answer.at
            ),
            (ObjectionOutcome::Upheld, true, 1, at(3))
        );
    }

    #[test]
    fn only_who_was_right_gets_something_back_and_only_what_is_gone() {
        for outcome in ObjectionOutcome::ALL {
            let removed = item(Some(OutcomeCode::Removed));
            let mut one = made();
            let result = one.answer(&removed, *outcome, true, at(2));
            assert_eq!(result.is_ok(), outcome.succeeded(), "{outcome}");
            assert_eq!(one.state == ObjectionState::Made, result.is_err());
            let back = item(Some(OutcomeCode::Restored));
            assert!(made().answer(&back, *outcome, true, at(2)).is_err());
            assert!(made().answer(&back, *outcome, false, at(2)).is_ok());
        }
    }
}
