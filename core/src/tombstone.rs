//! The page that stands in the place of what a platform acted on: who asked, on which basis, and what the uploader can do.
//!
//! With it a platform tells an uploader of whom it knows nothing (Regulation (EU) 2021/784, Article 11(1) and (2);
//! Regulation (EU) 2022/2065, Article 9(5); RFC 7725, section 3). A referral never says that the law required anything.
//! While a non-disclosure holds the page names neither authority, law nor request.

mod text;
mod words;

use thiserror::Error;

use crate::{
    instrument::Kind,
    request::{Basis, Outcome, OutcomeCode},
    text::{Country, Language},
    time::At,
};

pub use words::{LANGUAGES, has_language};

/// What a tombstone is made of.
#[derive(Debug, Clone)]
pub struct Case {
    /// Who acted.
    pub platform: String,
    /// Who asked.
    pub agency: String,
    /// Whose authority that is.
    pub country: Country,
    /// Where one complains about it: a mail address or an https URL.
    pub complaints: String,
    /// May or, as claimed, must.
    pub kind: Kind,
    /// The claimed power.
    pub instrument: String,
    /// Where that is written down.
    pub citation: String,
    /// Our short reference of the request.
    pub reference: String,
    /// Whose law.
    pub jurisdiction: Country,
    /// Where effect is asked; nothing when it is asked everywhere.
    pub territory: Vec<Country>,
    /// What became of the item, by its latest outcome.
    pub outcome: Option<Outcome>,
    /// Whether what was asked about it was taken back.
    pub withdrawn: bool,
    /// Until when the uploader may not be told, while that holds.
    pub withheld_until: Option<At>,
}

/// Where and with what one objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way<'a> {
    /// The address of the page.
    pub url: &'a str,
    /// The code.
    pub code: &'a str,
}

/// One paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// What it is about.
    pub part: &'static str,
    /// What it says, in one line.
    pub text: String,
    /// What it says of the law was recalled and not compared with the official text.
    pub recalled: bool,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Whether it may say who asked and why.
    pub disclosed: bool,
    /// The language it is in (BCP 47).
    pub language: &'static str,
    /// Whether that is written from right to left.
    pub right_to_left: bool,
    /// The HTTP status to send it with; none when the item itself stays, and the page is only shown to the uploader.
    pub status: Option<u16>,
    /// What was done.
    pub title: String,
    /// What there is to say.
    pub paragraphs: Vec<Paragraph>,
    /// The heading before what the uploader can do.
    pub redress_title: &'static str,
    /// What the uploader can do.
    pub redress: Vec<Paragraph>,
}

/// Why there is no tombstone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoTombstone {
    /// The platform has not answered for the item.
    #[error("the item has no outcome yet, so nothing stands in its place")]
    Undecided,
    /// The platform did nothing to it.
    #[error("the item was not acted on ({0}), so nothing stands in its place")]
    NotActedOn(OutcomeCode),
    /// The status would say something untrue.
    #[error("status {asked}: {why}; {}", fitting(allowed))]
    Status {
        /// What was asked for.
        asked: u16,
        /// Why not.
        why: &'static str,
        /// What would be true.
        allowed: &'static [u16],
    },
}

fn fitting(allowed: &[u16]) -> String {
    match allowed {
        [] => "the item itself stays where it is, so no status replaces it".to_owned(),
        some => format!(
            "send {}",
            some.iter()
                .map(u16::to_string)
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    }
}

/// The statuses that would be true of a measure, the usual one first.
///
/// 451 says that access is denied as a consequence of a legal demand (RFC 7725, section 3), so it goes with an order on
/// the basis of law and with nothing else. 410 says that something is gone (RFC 9110, section 15.5.11).
const fn statuses(code: OutcomeCode, legal_demand: bool) -> &'static [u16] {
    match (code, legal_demand) {
        (
            OutcomeCode::Removed | OutcomeCode::AccessDisabled | OutcomeCode::AccountSuspended,
            true,
        ) => &[451, 410],
        (
            OutcomeCode::Removed | OutcomeCode::AccessDisabled | OutcomeCode::AccountSuspended,
            false,
        ) => &[410],
        (OutcomeCode::GeoBlocked, true) => &[451],
        (OutcomeCode::GeoBlocked, false) => &[403],
        _ => &[],
    }
}

const WITHHELD: &str = "while a non-disclosure holds, the status must not tell of a legal demand";
const VOLUNTARY: &str = "451 is the consequence of a legal demand (RFC 7725, section 3), and a referral demands nothing";
const OWN_TERMS: &str = "451 is the consequence of a legal demand (RFC 7725, section 3), and the outcome says that you decided by your own terms";
const TAKEN_BACK: &str =
    "451 is the consequence of a legal demand (RFC 7725, section 3), and this one was taken back";
const NOT_SO: &str = "it does not say what was done";

impl Case {
    fn acted(&self) -> Result<&Outcome, NoTombstone> {
        let outcome = self.outcome.as_ref().ok_or(NoTombstone::Undecided)?;
        if outcome.code.acted_on() {
            Ok(outcome)
        } else {
            Err(NoTombstone::NotActedOn(outcome.code))
        }
    }

    fn status(&self, outcome: &Outcome, asked: Option<u16>) -> Result<Option<u16>, NoTombstone> {
        let not_legal = if self.withheld_until.is_some() {
            Some(WITHHELD)
        } else if self.kind == Kind::Referral {
            Some(VOLUNTARY)
        } else if self.withdrawn {
            Some(TAKEN_BACK)
        } else if outcome.basis == Basis::Terms {
            Some(OWN_TERMS)
        } else {
            None
        };
        let allowed = statuses(outcome.code, not_legal.is_none());
        let Some(asked) = asked else {
            return Ok(allowed.first().copied());
        };
        if allowed.contains(&asked) {
            return Ok(Some(asked));
        }
        Err(NoTombstone::Status {
            asked,
            why: not_legal.filter(|_| asked == 451).unwrap_or(NOT_SO),
            allowed,
        })
    }
}

/// Draws the page in the wanted language, or in English where we do not have it; with the status that was asked for, if
/// that is true. Without a `way` the objection is left out; a `way` is never shown while a non-disclosure holds.
///
/// # Errors
/// [`NoTombstone`] says why there is none.
pub fn draw(
    case: &Case,
    language: Option<&Language>,
    status: Option<u16>,
    way: Option<Way<'_>>,
) -> Result<Tombstone, NoTombstone> {
    let outcome = case.acted()?;
    let status = case.status(outcome, status)?;
    let words = words::of(language);
    let writer = text::Writer {
        case,
        outcome,
        way,
        words,
    };
    let disclosed = case.withheld_until.is_none();
    Ok(Tombstone {
        disclosed,
        language: words.tag,
        right_to_left: words.right_to_left,
        status,
        title: writer.title(disclosed),
        paragraphs: writer.paragraphs(disclosed),
        redress_title: words.redress,
        redress: writer.redress(disclosed),
    })
}

impl Tombstone {
    /// The page as plain text.
    pub fn plain(&self) -> String {
        let mut text = format!("{}\n", self.title);
        let mut add = |paragraph: &Paragraph| {
            text.push('\n');
            text.push_str(&paragraph.text);
            text.push('\n');
        };
        self.paragraphs.iter().for_each(&mut add);
        if !self.redress.is_empty() {
            text.push_str(&format!("\n{}\n", self.redress_title));
            for paragraph in &self.redress {
                text.push_str(&format!("\n{}\n", paragraph.text));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests;
