//! How long content is kept, and when it may be destroyed.
//!
//! Personal data may be kept in a form which permits identification of data subjects for no longer than is necessary for
//! the purpose (Regulation (EU) 2016/679, Article 5(1)(e); Directive (EU) 2016/680, Article 4(1)(e)), and whoever keeps
//! it has to set time limits for its erasure (Directive (EU) 2016/680, Article 5). What is destroyed here is what tells
//! somebody's words or where material lies; that something was asked, what came of it and when stays, and so do the leaves
//! of the sealed history.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{EntryId, ItemId};
use crate::request::{OutcomeCode, ResultCode, Status};
use crate::text::coded_enum;
use crate::time::{At, rfc3339};

coded_enum! {
    /// A class of content that has a time of its own.
    pub enum Class, "a class of content" {
        /// The words and locators of requests that are over.
        Requests => "requests",
        /// Where material was seen afterwards.
        Sightings => "sightings",
        /// What an agency imported of the time before.
        Imports => "imports",
        /// What was looked up.
        Lookups => "lookups",
        /// The exact mails that were sent.
        Mails => "mails",
    }
}

/// What the rule about a class says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Which class.
    pub class: Class,
    /// What is destroyed.
    pub destroys: &'static str,
    /// What is left.
    pub leaves: &'static str,
    /// From which moment its time counts.
    pub from: &'static str,
    /// Why it is kept so long and no longer, with the source.
    pub why: &'static str,
}

impl Class {
    /// The rule about it.
    pub const fn rule(self) -> Rule {
        let (destroys, leaves, from, why) = match self {
            Self::Requests => (
                "locators, descriptions and digests of items; reasons, translations, remedies; officer, attribution; all messages, notes, documents, objections, internal notes; what was corrected; codes of tombstones; answer links; the mails about it, and which came back from where; salt and bytes of every entry of its history that holds a digest of any of it",
                "who asked whom under which power and for which grounds, file numbers, states, times, outcome of each item, counts; the leaves",
                "its last change after it was closed or withdrawn; not while something in the table below stands in the way",
                "What is reported of a calendar year is due by 31 March of the next (Regulation (EU) 2021/784, Articles 7(3), 8(1), 21), and complaints are open for six months (Regulation (EU) 2022/2065, Article 20(1)): 15 months at most. Two years leave time for review of what was reported",
            ),
            Self::Sightings => (
                "the sighting; salt and bytes of the entries that hold digests of it",
                "the leaves",
                "its last change; not while the request it was seen after is open",
                "It serves the requests it was seen after and is kept as long as they are",
            ),
            Self::Imports => (
                "the record and what it counts for in lookups; salt and bytes of the entries about its import",
                "the leaves",
                "the import",
                "It says whether something was asked before, as requests do, and is kept as long",
            ),
            Self::Lookups => (
                "salt and bytes of the entries that hold digests of what was looked up",
                "who looked something up and when; the leaves",
                "the lookup",
                "Who misuses lookups is found in the logs of a year (Directive (EU) 2016/680, Article 25, asks for logs of consultation and sets no time). Operator's choice",
            ),
            Self::Mails => (
                "the exact bytes that were sent and to whom",
                "that a mail was sent, when, about which event",
                "the sending",
                "For answering that a mail did not arrive. Operator's choice",
            ),
        };
        Rule {
            class: self,
            destroys,
            leaves,
            from,
            why,
        }
    }
}

/// Before its time a request is erased this long after it was closed or withdrawn at the earliest: so long complaints are open
/// (Regulation (EU) 2022/2065, Article 20(1)), and so long what was removed is kept (Regulation (EU) 2021/784, Article 6).
pub const OPEN_TO_COMPLAINTS: TimeDelta = TimeDelta::days(180);

coded_enum! {
    /// Why content is destroyed before its time.
    pub enum ErasureReason, "a reason for an erasure" {
        /// It is no longer needed for what it was collected for (Regulation (EU) 2016/679, Article 17(1)(a)).
        NoLongerNeeded => "no_longer_needed",
        /// Processing it was unlawful (Regulation (EU) 2016/679, Article 17(1)(d); Directive (EU) 2016/680, Article 16(2)).
        Unlawful => "unlawful",
        /// An authority or court ordered it, or a law asks for it (Regulation (EU) 2016/679, Article 17(1)(e); Directive
        /// (EU) 2016/680, Article 16(2)).
        LegalObligation => "legal_obligation",
    }
}

/// What is left of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemLeft {
    /// Which.
    pub item: ItemId,
    /// What became of it, if anything was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeCode>,
}

/// That a request was erased, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLeft {
    /// Why before its time; none when its time was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ErasureReason>,
    /// The file number of whoever ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The entries whose bytes and salts were destroyed in the same commit.
    pub entries: Vec<EntryId>,
    /// Where it stands.
    pub status: Status,
    /// The result, while it is closed.
    pub result: Option<ResultCode>,
    /// Its items and what became of them.
    pub items: Vec<ItemLeft>,
    /// How many messages had a text.
    pub messages: usize,
    /// How many of them had a document.
    pub documents: usize,
    /// How many mails about it were kept.
    pub mails: usize,
}

/// That content of a class was destroyed: its time was over, or it went with its request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentGone {
    /// Of which class.
    pub class: Class,
    /// What was as old as this or older.
    pub until: At,
    /// The names of what was destroyed, where it has some.
    pub names: Vec<String>,
    /// How much it was.
    pub rows: usize,
    /// The entries whose bytes and salts were destroyed in the same commit.
    pub entries: Vec<EntryId>,
}

/// How a request stands as far as keeping its content depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: Status,
    /// When it was closed or withdrawn, the later of both.
    pub over_since: Option<At>,
    /// Whether putting something back is asked and not yet answered.
    pub restoration_asked: bool,
    /// Whether an uploader's objection waits for its answer.
    pub objection_open: bool,
    /// Until when what was removed must be kept:
    /// [`Preservation::needed_until`](crate::preservation::Preservation::needed_until).
    pub preserved_until: Option<At>,
    /// Until when its scrutiny can be asked for or is to be decided:
    /// [`Scrutiny::open_until`](crate::oversight::Scrutiny::open_until).
    pub scrutiny_until: Option<At>,
    /// Until when the uploader may not be told.
    pub undisclosed_until: Option<At>,
    /// Whether a side holds it.
    pub held: bool,
    /// When it was erased.
    pub erased_at: Option<At>,
}

/// Why the content of a request cannot be destroyed now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StillNeeded {
    /// It was destroyed before.
    #[error("it was erased on {}; nothing of it is left to be erased", rfc3339(*.0))]
    Erased(At),
    /// Somebody has still to act on it.
    #[error(
        "it is {0}: what is asked about is needed until it is closed or withdrawn. Withdraw it first"
    )]
    Open(Status),
    /// Something is to be put back.
    #[error(
        "it is withdrawn and something that was acted on is to be put back: the platform needs it until it has answered"
    )]
    Restoration,
    /// An uploader waits for an answer.
    #[error(
        "an uploader's objection waits for its answer (Regulation (EU) 2021/784, Article 10): it is needed until then"
    )]
    Objection,
    /// What was removed must be kept.
    #[error(
        "what was removed is to be kept until {} (Regulation (EU) 2021/784, Article 6), and nobody could find it without this. Wait for that; a preservation that is longer than the law asks can be released",
        rfc3339(*.0)
    )]
    Preserved(At),
    /// Another authority may look into it.
    #[error(
        "its scrutiny can be asked for or is to be decided until {} (Regulation (EU) 2021/784, Article 4): it is needed until then",
        rfc3339(*.0)
    )]
    Scrutiny(At),
    /// The uploader may not be told.
    #[error(
        "the uploader may not be told until {} (Regulation (EU) 2021/784, Article 11(3)), and the platform needs to know of what. Lift the non-disclosure first, or wait",
        rfc3339(*.0)
    )]
    Undisclosed(At),
    /// A side holds it.
    #[error("it is held: whoever placed the hold lifts it first")]
    Held,
    /// Those it concerns may still complain.
    #[error(
        "those it concerns may complain about it until {} (Regulation (EU) 2022/2065, Article 20(1)), and until then it is erased only for the reason unlawful or legal_obligation, with the file number of whoever found or ordered that as the reference",
        rfc3339(*.0)
    )]
    OpenToComplaints(At),
}

impl Standing {
    /// Whether its content may be destroyed `now`.
    ///
    /// # Errors
    /// The first thing that stands in the way.
    pub fn may_erase(&self, now: At) -> Result<(), StillNeeded> {
        if let Some(at) = self.erased_at {
            return Err(StillNeeded::Erased(at));
        }
        if !matches!(self.status, Status::Closed | Status::Withdrawn) {
            return Err(StillNeeded::Open(self.status));
        }
        if self.restoration_asked {
            return Err(StillNeeded::Restoration);
        }
        if self.objection_open {
            return Err(StillNeeded::Objection);
        }
        if let Some(until) = self.preserved_until {
            return Err(StillNeeded::Preserved(until));
        }
        if let Some(until) = self.scrutiny_until.filter(|until| now < *until) {
            return Err(StillNeeded::Scrutiny(until));
        }
        if let Some(until) = self.undisclosed_until.filter(|until| now < *until) {
            return Err(StillNeeded::Undisclosed(until));
        }
        if self.held {
            return Err(StillNeeded::Held);
        }
        Ok(())
    }

    /// Whether its content may be destroyed `now`, before its time, for this reason: whoever was asked or is concerned keeps his
    /// remedies, unless somebody who can be named found that it must not be kept.
    ///
    /// # Errors
    /// The first thing that stands in the way.
    pub fn may_erase_early(
        &self,
        now: At,
        reason: ErasureReason,
        reference: Option<&str>,
    ) -> Result<(), StillNeeded> {
        self.may_erase(now)?;
        let at_once = match reason {
            ErasureReason::NoLongerNeeded => false,
            ErasureReason::Unlawful | ErasureReason::LegalObligation => reference.is_some(),
        };
        let open_until = self.over_since.map(|at| {
            at.checked_add_signed(OPEN_TO_COMPLAINTS)
                .unwrap_or(crate::time::LAST)
        });
        match open_until.filter(|until| !at_once && now < *until) {
            Some(until) => Err(StillNeeded::OpenToComplaints(until)),
            None => Ok(()),
        }
    }
}

/// Whether the bytes of an entry tell anything of somebody's words or of where material lies: they do so by digests, and
/// what a short text is can be tried out. File numbers, codes and instants tell nothing of it.
pub fn tells(entry: &str) -> bool {
    let mut between_quotes = entry.split('"');
    between_quotes.any(|text| text.parse::<crate::history::Digest>().is_ok())
}

#[cfg(test)]
mod tests;
