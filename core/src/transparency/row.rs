//! What the report reads of a row of the export: the same columns, whether they come from the database or from a file.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::export::Row;
use crate::instrument::Kind;
use crate::objection::ObjectionOutcome;
use crate::oversight::Finding;
use crate::platform::SizeClass;
use crate::request::{Basis, OutcomeCode, Status, WithdrawalReason};
use crate::text::{Country, CountryError, UnknownCode};
use crate::time::At;

/// The columns that are counted, named as in the export. Reading one from JSON refuses a row in which a column is missing:
/// an export of an older version must not be counted as if nothing had been said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[allow(missing_docs)]
pub struct Counted<'a> {
    #[serde(borrow)]
    pub request_id: Cow<'a, str>,
    #[serde(borrow)]
    pub agency_id: Cow<'a, str>,
    #[serde(borrow)]
    pub agency_name: Cow<'a, str>,
    pub agency_country: Country,
    #[serde(borrow)]
    pub platform_id: Cow<'a, str>,
    #[serde(borrow)]
    pub platform_name: Cow<'a, str>,
    #[serde(deserialize_with = "there")]
    pub platform_country: Option<Country>,
    pub platform_size_class: SizeClass,
    pub kind: Kind,
    #[serde(borrow)]
    pub instrument: Cow<'a, str>,
    pub grounds: Vec<String>,
    pub status: Status,
    #[serde(deserialize_with = "there")]
    pub withdrawal_reason: Option<WithdrawalReason>,
    pub filed_at: At,
    #[serde(deserialize_with = "there")]
    pub fetched_at: Option<At>,
    #[serde(deserialize_with = "there")]
    pub acknowledged_at: Option<At>,
    #[serde(deserialize_with = "there")]
    pub scrutiny_asked_at: Option<At>,
    #[serde(deserialize_with = "there")]
    pub scrutiny_finding: Option<Finding>,
    #[serde(deserialize_with = "there")]
    pub final_at: Option<At>,
    #[serde(deserialize_with = "there")]
    pub non_disclosure_until: Option<At>,
    #[serde(deserialize_with = "there")]
    pub outcome: Option<OutcomeCode>,
    #[serde(deserialize_with = "there")]
    pub basis: Option<Basis>,
    #[serde(deserialize_with = "there")]
    pub effective_at: Option<At>,
    #[serde(deserialize_with = "there")]
    pub first_decided_at: Option<At>,
    #[serde(deserialize_with = "there")]
    pub undone_outcome: Option<OutcomeCode>,
    #[serde(deserialize_with = "there")]
    pub undone_basis: Option<Basis>,
    #[serde(deserialize_with = "there")]
    pub undone_effective_at: Option<At>,
    #[serde(deserialize_with = "there")]
    pub item_withdrawal_reason: Option<WithdrawalReason>,
    pub objections: i32,
    #[serde(deserialize_with = "there")]
    pub objection_outcome: Option<ObjectionOutcome>,
    #[serde(deserialize_with = "there")]
    pub restoration_answer: Option<OutcomeCode>,
}

/// `null` is nothing; a member that is not there is a mistake. serde tells them apart only where a function reads.
fn there<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}

/// A column that holds what this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownValue {
    /// A word.
    #[error(transparent)]
    Code(#[from] UnknownCode),
    /// A country.
    #[error(transparent)]
    Country(#[from] CountryError),
}

impl<'a> TryFrom<&Row<'a>> for Counted<'a> {
    type Error = UnknownValue;

    fn try_from(row: &Row<'a>) -> Result<Self, UnknownValue> {
        Ok(Self {
            request_id: Cow::Borrowed(row.request_id),
            agency_id: Cow::Borrowed(row.agency_id),
            agency_name: Cow::Borrowed(row.agency_name),
            agency_country: row.agency_country.parse()?,
            platform_id: Cow::Borrowed(row.platform_id),
            platform_name: Cow::Borrowed(row.platform_name),
            platform_country: row.platform_country.map(str::parse).transpose()?,
            platform_size_class: row.platform_size_class.parse()?,
            kind: row.kind.parse()?,
            instrument: Cow::Borrowed(row.instrument),
            grounds: row.grounds.to_vec(),
            status: row.status.parse()?,
            withdrawal_reason: row.withdrawal_reason.map(str::parse).transpose()?,
            filed_at: row.filed_at,
            fetched_at: row.fetched_at,
            acknowledged_at: row.acknowledged_at,
            scrutiny_asked_at: row.scrutiny_asked_at,
            scrutiny_finding: row.scrutiny_finding.map(str::parse).transpose()?,
            final_at: row.final_at,
            non_disclosure_until: row.non_disclosure_until,
            outcome: row.outcome.map(str::parse).transpose()?,
            basis: row.basis.map(str::parse).transpose()?,
            effective_at: row.effective_at,
            first_decided_at: row.first_decided_at,
            undone_outcome: row.undone_outcome.map(str::parse).transpose()?,
            undone_basis: row.undone_basis.map(str::parse).transpose()?,
            undone_effective_at: row.undone_effective_at,
            item_withdrawal_reason: row.item_withdrawal_reason.map(str::parse).transpose()?,
            objections: row.objections,
            objection_outcome: row.objection_outcome.map(str::parse).transpose()?,
            restoration_answer: row.restoration_answer.map(str::parse).transpose()?,
        })
    }
}

impl Counted<'_> {
    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> Counted<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Counted {
            request_id: own(self.request_id),
            agency_id: own(self.agency_id),
            agency_name: own(self.agency_name),
            platform_id: own(self.platform_id),
            platform_name: own(self.platform_name),
            instrument: own(self.instrument),
            agency_country: self.agency_country,
            platform_country: self.platform_country,
            platform_size_class: self.platform_size_class,
            kind: self.kind,
            grounds: self.grounds,
            status: self.status,
            withdrawal_reason: self.withdrawal_reason,
            filed_at: self.filed_at,
            fetched_at: self.fetched_at,
            acknowledged_at: self.acknowledged_at,
            scrutiny_asked_at: self.scrutiny_asked_at,
            scrutiny_finding: self.scrutiny_finding,
            final_at: self.final_at,
            non_disclosure_until: self.non_disclosure_until,
            outcome: self.outcome,
            basis: self.basis,
            effective_at: self.effective_at,
            first_decided_at: self.first_decided_at,
            undone_outcome: self.undone_outcome,
            undone_basis: self.undone_basis,
            undone_effective_at: self.undone_effective_at,
            item_withdrawal_reason: self.item_withdrawal_reason,
            objections: self.objections,
            objection_outcome: self.objection_outcome,
            restoration_answer: self.restoration_answer,
        }
    }

    /// Whether request or item was taken back.
    pub(super) const fn is_withdrawn(&self) -> bool {
        matches!(self.status, Status::Withdrawn) || self.item_withdrawal_reason.is_some()
    }

    /// When what was done to the item took effect, be it undone since; nothing when nothing was done.
    pub(super) fn effect(&self) -> Option<(Basis, At)> {
        let (basis, at) = match self.outcome? {
            OutcomeCode::Restored => (
                self.undone_basis.or(self.basis),
                self.undone_effective_at.or(self.effective_at),
            ),
            code if code.acted_on() => (self.basis, self.effective_at),
            _ => return None,
        };
        basis.zip(at)
    }
}
