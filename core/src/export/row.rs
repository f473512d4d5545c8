//! One row of the export and its columns, declared together.

use super::Column;
use crate::time::At;
use chrono::NaiveDate;

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A text. In CSV it goes through [`csv_cell`](super::csv_cell).
    Text(&'a str),
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// An instant.
    Instant(At),
    /// A day, as somebody's calendar has it.
    Day(NaiveDate),
    /// Several texts.
    List(&'a [String]),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<At> for Value<'_> {
    fn from(at: At) -> Self {
        Self::Instant(at)
    }
}

impl From<NaiveDate> for Value<'_> {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl<'a> From<&'a [String]> for Value<'a> {
    fn from(list: &'a [String]) -> Self {
        Self::List(list)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What a column holds, where a form of files wants all of it alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// Yes or no.
    Flag,
    /// Instants.
    Instant,
    /// Days.
    Day,
    /// Lists of texts.
    List,
}

impl Kind {
    /// Its name in the table of columns.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Flag => "yes or no",
            Self::Instant => "instant",
            Self::Day => "day",
            Self::List => "texts",
        }
    }
}

/// A type whose values are of one kind.
pub(super) trait Of {
    const KIND: Kind;
}

impl Of for &str {
    const KIND: Kind = Kind::Text;
}

impl Of for i32 {
    const KIND: Kind = Kind::Number;
}

impl Of for bool {
    const KIND: Kind = Kind::Flag;
}

impl Of for At {
    const KIND: Kind = Kind::Instant;
}

impl Of for NaiveDate {
    const KIND: Kind = Kind::Day;
}

impl Of for &[String] {
    const KIND: Kind = Kind::List;
}

impl<T: Of> Of for Option<T> {
    const KIND: Kind = T::KIND;
}

/// The kind of what stands in a member of a row.
pub(super) const fn kind_of<R, T: Of>(_: fn(&R) -> T) -> Kind {
    T::KIND
}

macro_rules! columns {
    ($(#[$meta:meta])* $row:ident, $all:ident, $column:ty;
     $($name:ident: $type:ty, $class:ident, $describe:literal;)+) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $row<'a> {
            $(#[doc = $describe] pub $name: $type,)+
        }

        /// Every column, in the order of the export.
        pub const $all: &[$column] = &[
            $($crate::export::Column {
                name: stringify!($name),
                class: $crate::export::Class::$class,
                describe: $describe,
                kind: $crate::export::row::kind_of(|row: &$row<'static>| row.$name),
                value: |row| row.$name.into(),
            },)+
        ];
    };
}
pub(super) use columns;

columns! {
    /// One item with its request, borrowed from whatever was read. What a viewer may not see is left out when
    /// it is written, by the class of its column.
    Row, COLUMNS, Column;
    request_id: &'a str, Public, "The request.";
    reference: &'a str, Party, "Its short reference, as spoken on the telephone.";
    version: i32, Public, "How many changes it has seen, from 1.";
    agency_id: &'a str, Public, "The agency that asked.";
    agency_name: &'a str, Public, "Its name.";
    agency_country: &'a str, Public, "Its country (ISO 3166-1).";
    platform_id: &'a str, Public, "The platform that was asked.";
    platform_name: &'a str, Public, "Its name.";
    platform_country: Option<&'a str>, Public, "Its country (ISO 3166-1).";
    platform_size_class: &'a str, Public, "How large it is.";
    agency_reference: Option<&'a str>, Party, "The agency's file number.";
    platform_reference: Option<&'a str>, Party, "The platform's ticket.";
    kind: &'a str, Public, "`referral` or `order`.";
    instrument: &'a str, Public, "The claimed power.";
    grounds: &'a [String], Public, "The coded grounds.";
    provision: Option<&'a str>, Party, "The provision of law that is cited.";
    jurisdiction: &'a str, Public, "Whose law (ISO 3166-1).";
    territory: &'a [String], Public, "Where effect is asked; empty when worldwide.";
    worldwide: bool, Public, "Whether effect is asked everywhere.";
    status: &'a str, Public, "Where it stands.";
    result: Option<&'a str>, Public, "What came of it, while it is closed.";
    restoration: &'a str, Public, "Whether restoration of any item was asked and answered.";
    withdrawal_reason: Option<&'a str>, Public, "Why it was withdrawn.";
    corrections: i32, Public, "How often its facts were corrected.";
    filed_at: At, Public, "When it was filed.";
    filing_sha256: Option<&'a str>, Restricted, "SHA-256 of the filing, byte for byte as the agency sent it.";
    fetched_at: Option<At>, Public, "When the platform read it: the receipt.";
    acknowledged_at: Option<At>, Public, "When the platform said that it has it.";
    closed_at: Option<At>, Public, "When it was closed.";
    withdrawn_at: Option<At>, Public, "When it was withdrawn.";
    erased_at: Option<At>, Public, "When what it was about was destroyed; texts and locators are empty since then.";
    due_at: Option<At>, Public, "The deadline as it runs or ran; none for a referral.";
    prior_notice: Option<&'a str>, Public, "By what the duty to tell the platform before a first order is met.";
    prior_notice_waived: Option<&'a str>, Party, "Why it was not told: the emergency, in the agency's words.";
    copied_at: Option<At>, Public, "When the authority of the platform's country got its copy.";
    scrutiny_asked_at: Option<At>, Public, "When scrutiny was asked for.";
    scrutiny_finding: Option<&'a str>, Public, "What that authority found.";
    final_at: Option<At>, Public, "Since when the order is final.";
    served_at: Option<At>, Party, "When it was formally served, apart from the exchange.";
    non_disclosure_until: Option<At>, Party, "Until when the uploader may not be told.";
    preservation_until: Option<At>, Party, "Until when what was removed must be kept.";
    preservation: Option<&'a str>, Public, "How it stands with keeping it.";
    item_id: &'a str, Public, "The item.";
    position: i32, Public, "Its place in the filing, from 1.";
    item_kind: &'a str, Public, "What kind of thing it is.";
    locator: &'a str, Party, "Where it lies, exactly as filed.";
    description: Option<&'a str>, Party, "What it shows, in the agency's words.";
    item_language: Option<&'a str>, Public, "The language of what it shows (BCP 47).";
    graphic: Option<i32>, Public, "How graphic it is, 0 to 3.";
    seen_at: Option<At>, Party, "When the agency saw it.";
    outcome: Option<&'a str>, Public, "What became of it: the latest outcome.";
    basis: Option<&'a str>, Public, "On the basis of the law or of the platform's terms.";
    effective_at: Option<At>, Public, "When that took effect.";
    uploader_informed: Option<&'a str>, Public, "Whether the uploader was told.";
    countries: &'a [String], Public, "For `geo_blocked`: where.";
    duplicate_of: Option<&'a str>, Party, "For `duplicate`: of which request.";
    outcome_note: Option<&'a str>, Party, "The platform's note.";
    decided_at: Option<At>, Public, "When the outcome was given.";
    first_decided_at: Option<At>, Public, "When the first outcome was given, whatever took its place since.";
    undone_outcome: Option<&'a str>, Public, "For `restored`: what had been done.";
    undone_basis: Option<&'a str>, Public, "For `restored`: on which basis that was.";
    undone_effective_at: Option<At>, Public, "For `restored`: when that had taken effect.";
    item_withdrawal_reason: Option<&'a str>, Public, "Why the item was withdrawn by itself.";
    item_withdrawn_at: Option<At>, Public, "When it was.";
    objections: i32, Public, "How often the uploader objected.";
    objection_outcome: Option<&'a str>, Public, "How the platform answered the latest objection; none while it is open.";
    restoration_answer: Option<&'a str>, Public, "What was answered to its restoration: `restored` or a `declined_…`, which leaves the outcome as it was.";
    reasons: &'a str, Party, "The statement of reasons.";
    reasons_language: &'a str, Public, "Its language (BCP 47).";
    operation: Option<&'a str>, Restricted, "The operation it belongs to.";
    officer_handle: Option<&'a str>, Party, "The officer, as platforms know him.";
    officer_name: Option<&'a str>, Restricted, "The officer's name, escrowed for the agency and auditors.";
    officer_rank: Option<&'a str>, Party, "The officer's rank.";
    attribution: Option<&'a str>, Restricted, "Whom the agency takes it to come from.";
    attribution_confidence: Option<&'a str>, Restricted, "How sure the agency is of that.";
}
