//! Values of a statement that are not words of a list. Each can hold only what the database takes.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::words::{ContentType, Monetary, Visibility};
use crate::id::DecisionId;
use crate::text::{Country, Language, bounded};

/// The states beside the Union that the database takes: the European Economic Area.
const EEA: [&str; 3] = ["IS", "LI", "NO"];

/// What is wrong with a value, as a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It has to be there.
    Missing,
    /// It has no place here: it follows from the decision, or belongs to another choice.
    NotWanted,
    /// It has more characters than the database takes.
    TooLong,
    /// It is not a word of the list.
    Unknown,
    /// It is not written as it has to be.
    Form,
    /// It lies outside the range.
    Range,
    /// It names somebody (Regulation (EU) 2022/2065, Article 24(5)).
    Personal,
}

/// Why a value cannot stand in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Of which kind.
    pub fault: Fault,
    /// What is wrong and what would be right.
    pub detail: String,
}

pub(super) fn refusal(fault: Fault, detail: impl Into<String>) -> Refusal {
    Refusal {
        fault,
        detail: detail.into(),
    }
}

/// Words of at most `MAX` characters, not blank, without control characters and without a mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words<const MAX: usize>(String);

impl<const MAX: usize> Words<MAX> {
    /// Takes words as they are.
    ///
    /// # Errors
    /// [`Refusal`] when they are blank, too long, hold a control character or a mail address.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        if text.trim().is_empty() {
            return Err(refusal(Fault::Missing, "must not be blank"));
        }
        let chars = text.chars().count();
        if chars > MAX {
            return Err(refusal(
                Fault::TooLong,
                format!("has {chars} characters; the database takes at most {MAX}"),
            ));
        }
        bounded("it", text, MAX).map_err(|error| refusal(Fault::Form, error.to_string()))?;
        if names_a_mailbox(text) {
            return Err(refusal(
                Fault::Personal,
                "holds a mail address; a statement carries no personal data (Regulation (EU) 2022/2065, Article 24(5))",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn names_a_mailbox(text: &str) -> bool {
    text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';'))
        .filter_map(|word| word.split_once('@'))
        .any(|(local, domain)| {
            let host = domain.trim_end_matches(|c: char| !c.is_alphanumeric());
            !local.is_empty() && host.contains('.') && !host.starts_with('.')
        })
}

/// A day that the database takes in one of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(NaiveDate);

impl Day {
    /// Reads a day written `YYYY-MM-DD` that lies within `from` to `to`, both included.
    ///
    /// # Errors
    /// [`Refusal`] when it is not written so, does not exist, or lies outside.
    pub fn read(text: &str, from: NaiveDate, to: NaiveDate) -> Result<Self, Refusal> {
        let day = Some(text)
            .filter(|text| text.len() == 10 && text.is_ascii())
            .and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .ok_or_else(|| refusal(Fault::Form, "is not a day; write it as YYYY-MM-DD"))?;
        Self::within(day, from, to)
    }

    /// A day within the range.
    ///
    /// # Errors
    /// [`Refusal`] when it lies outside.
    pub fn within(day: NaiveDate, from: NaiveDate, to: NaiveDate) -> Result<Self, Refusal> {
        if day < from || day > to {
            return Err(refusal(
                Fault::Range,
                format!("is {day}; the database takes {from} to {to}"),
            ));
        }
        Ok(Self(day))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// The first of January of a year.
pub(super) fn january(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

/// An address on the web of at most 500 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Refusal`] when it is too long or no `http` or `https` address.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let words = Words::<500>::new(text)?;
        let known = url::Url::parse(words.as_str())
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
        if !known || text.chars().any(char::is_whitespace) {
            return Err(refusal(
                Fault::Form,
                "is not an address that begins with https:// or http://",
            ));
        }
        Ok(Self(words.0))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An article number of 13 digits: the one identifier of content that the database takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ean13(String);

impl Ean13 {
    /// Reads one.
    ///
    /// # Errors
    /// [`Refusal`] when it is not 13 digits.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        if text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(refusal(Fault::Form, "is not an EAN-13: 13 digits"))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A language by its ISO 639-1 code, upper case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentLanguage(String);

impl ContentLanguage {
    /// The language of a tag, if it has a code of two letters.
    #[must_use]
    pub fn of(language: &Language) -> Option<Self> {
        let primary = language.primary();
        (primary.len() == 2).then(|| Self(primary.to_ascii_uppercase()))
    }

    /// Reads a code of two letters, in either case.
    ///
    /// # Errors
    /// [`Refusal`] when it has not two letters.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let language: Option<Language> = (text.len() == 2).then(|| text.parse().ok()).flatten();
        language
            .as_ref()
            .and_then(Self::of)
            .ok_or_else(|| refusal(Fault::Form, "is not a code of two letters (ISO 639-1)"))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The countries of the Union and the European Economic Area in which a measure holds; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerritorialScope(BTreeSet<Country>);

impl TerritorialScope {
    /// All of them: what a measure that holds everywhere comes to.
    #[must_use]
    pub fn everywhere() -> Self {
        Self(Country::all().filter(|country| is_eea(*country)).collect())
    }

    /// Those of these countries that the database knows; `None` when there is none.
    #[must_use]
    pub fn of(countries: &[Country]) -> Option<Self> {
        let known: BTreeSet<_> = countries.iter().copied().filter(|c| is_eea(*c)).collect();
        (!known.is_empty()).then_some(Self(known))
    }

    /// The countries, in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = Country> + '_ {
        self.0.iter().copied()
    }
}

/// Whether the database takes this country.
#[must_use]
pub fn is_eea(country: Country) -> bool {
    country.is_eu() || EEA.contains(&country.as_str())
}

/// The platform's own name for a statement: unique, and never used again.
///
/// It is the identifier of the decision. A correction is a new decision and so has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Puid(DecisionId);

impl Puid {
    /// The one of a decision.
    #[must_use]
    pub const fn of(decision: DecisionId) -> Self {
        Self(decision)
    }
}

impl std::fmt::Display for Puid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Words of a list, of which one (`…_OTHER`) is there exactly when there is a description in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen<T> {
    chosen: BTreeSet<T>,
    other: Option<Words<500>>,
}

/// A list with a word for what is not in it.
pub trait HasOther: Copy + Ord {
    /// That word.
    const OTHER: Self;
}

impl HasOther for Visibility {
    const OTHER: Self = Self::Other;
}
impl HasOther for Monetary {
    const OTHER: Self = Self::Other;
}
impl HasOther for ContentType {
    const OTHER: Self = Self::Other;
}

impl<T: HasOther> Chosen<T> {
    /// One or more words, and the description when `…_OTHER` is among them. `None` when that does not fit.
    #[must_use]
    pub fn new(chosen: BTreeSet<T>, other: Option<Words<500>>) -> Option<Self> {
        let fits = !chosen.is_empty() && chosen.contains(&T::OTHER) == other.is_some();
        fits.then_some(Self { chosen, other })
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.chosen.iter().copied()
    }

    /// The description of what is in no list.
    #[must_use]
    pub fn other(&self) -> Option<&str> {
        self.other.as_ref().map(Words::as_str)
    }
}
