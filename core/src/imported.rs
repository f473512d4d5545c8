//! Imported records: what an agency asked before it used the exchange, as its own lists say.
//!
//! The exchange witnessed none of it. So a record is not a request: it has no receipt, no clock, no state, nobody is told of
//! it, and it is counted apart wherever it shows. One record is one link of one past mail.

mod times;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::history::Digest;
use crate::id::AgencyId;
use crate::instrument::Kind;
use crate::locator::Locator;
use crate::request::OutcomeCode;
use crate::text::{Language, coded_enum};
use crate::time::At;

pub use times::{Times, midnight};

/// Most records in one call.
pub const MAX_ROWS: usize = 1_000;
/// Longest name of a file or of a sheet in it, in characters.
pub const MAX_FILE: usize = 255;
/// Longest name of a platform or of a legal basis, in characters.
pub const MAX_NAME: usize = 200;
/// Most grounds of one record.
pub const MAX_GROUNDS: usize = 20;
/// Longest note, in characters.
pub const MAX_NOTE: usize = 4_000;
/// No mail about a link is older; what seems so has a year that was misread.
pub const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(1990, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// How the exchange knows of something: every place that shows a record says this.
pub const PROVENANCE: &str = "imported";

coded_enum! {
    /// What became of one row of an import.
    pub enum RowResult, "a result of a row" {
        /// It is a record now.
        Imported => "imported",
        /// It was one already; nothing was changed.
        AlreadyImported => "already_imported",
        /// It was a dry run; otherwise it would be a record now.
        WouldBeImported => "would_be_imported",
        /// It could not be read; nothing of it was kept.
        Refused => "refused",
    }
}

/// The place in the agency's own list from which a record was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// The name of the file, without its folder.
    pub file: String,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// The sheet in it.
    pub sheet: Option<String>,
    /// The row, as a spreadsheet numbers it, from 1.
    pub row: u32,
}

/// What the list says, besides what was asked about and where. Nothing of it was checked but its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The day on which the mail was sent, in the agency's own time.
    pub sent_on: NaiveDate,
    /// The instant, where the list has one.
    pub sent_at: Option<At>,
    /// May or must, as the agency says.
    pub asked: Option<Kind>,
    /// The power, in the agency's words: it may be one that is no law any more.
    pub legal_basis: Option<String>,
    /// The grounds, in the agency's words.
    pub grounds: Vec<String>,
    /// What became of the link; nothing when no answer is known.
    pub outcome: Option<OutcomeCode>,
    /// The day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// Whatever else the list says.
    pub note: Option<String>,
    /// The language of the mail.
    pub language: Option<Language>,
}

/// Why what a list says cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Slip {
    /// Sent after today.
    #[error("the day lies in the future; a past mail has the day on which it was sent")]
    SentInFuture,
    /// Sent before there were such mails.
    #[error("the day lies before {EARLIEST}; was a year of two digits taken for the whole year?")]
    SentTooEarly,
    /// Day and instant do not belong together.
    #[error(
        "the instant is not of the day `sent_on`; it may differ from it by a time zone, not by more"
    )]
    InstantOfAnotherDay,
    /// Answered before it was sent.
    #[error("the answer lies before the mail was sent")]
    AnsweredBefore,
    /// Answered after today.
    #[error("the day of the answer lies in the future")]
    AnsweredInFuture,
}

impl Slip {
    /// The member of the row that is wrong.
    #[must_use]
    pub const fn member(self) -> &'static str {
        match self {
            Self::SentInFuture | Self::SentTooEarly => "sent_on",
            Self::InstantOfAnotherDay => "sent_at",
            Self::AnsweredBefore | Self::AnsweredInFuture => "answered_on",
        }
    }
}

impl Facts {
    /// Everything in them that cannot be, at this instant.
    #[must_use]
    pub fn slips(&self, now: At) -> Vec<Slip> {
        // Somewhere it is tomorrow already.
        let tomorrow = now.date_naive().succ_opt().unwrap_or(NaiveDate::MAX);
        let apart = |at: At| (at.date_naive() - self.sent_on).num_days().abs() > 1;
        let answered = self.answered_on;
        [
            (self.sent_on > tomorrow, Slip::SentInFuture),
            (self.sent_on < EARLIEST, Slip::SentTooEarly),
            (self.sent_at.is_some_and(apart), Slip::InstantOfAnotherDay),
            (
                answered.is_some_and(|day| day < self.sent_on),
                Slip::AnsweredBefore,
            ),
            (
                answered.is_some_and(|day| day > tomorrow),
                Slip::AnsweredInFuture,
            ),
        ]
        .into_iter()
        .filter_map(|(wrong, slip)| wrong.then_some(slip))
        .collect()
    }

    /// The members in which two accounts of the same mail differ: what a second import does not bring in.
    #[must_use]
    pub fn differs(&self, other: &Self) -> Vec<&'static str> {
        [
            ("sent_at", self.sent_at != other.sent_at),
            ("asked", self.asked != other.asked),
            ("legal_basis", self.legal_basis != other.legal_basis),
            ("grounds", self.grounds != other.grounds),
            ("outcome", self.outcome != other.outcome),
            ("answered_on", self.answered_on != other.answered_on),
            ("note", self.note != other.note),
            ("language", self.language != other.language),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

/// What makes two rows the same record: the agency, its file number, the link as it is compared, where a plain name means
/// something (`within`), and the day. Not the file and the row: lists are copied, sorted and saved under other names.
#[must_use]
pub fn identity(
    agency: AgencyId,
    reference: Option<&str>,
    locator: &Locator,
    within: &str,
    sent_on: NaiveDate,
) -> Digest {
    // None of the parts has a line break.
    let reference = reference.unwrap_or_default();
    let key = locator.key().as_str();
    Digest::of(format!("{agency}\n{reference}\n{key}\n{within}\n{sent_on}"))
}

#[cfg(test)]
mod tests;
