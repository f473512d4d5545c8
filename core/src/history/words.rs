//! What entries say of words, outcomes and facts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Digest;
use crate::{
    id::{ImportId, ItemId, MessageId},
    request::{Basis, Change, Fact, Outcome, OutcomeCode, UploaderInformed},
    sighting::ContactSource,
    text::Country,
    time::At,
};

/// A message that goes with an event: which, and the digests of its text and its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The message.
    pub message: MessageId,
    /// The digest of its text.
    pub text: Digest,
    /// The digest of the document that came with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub document: Option<Digest>,
}

/// One outcome, its note as a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The item.
    pub item: ItemId,
    /// What became of it.
    pub outcome: OutcomeCode,
    /// On which basis.
    pub basis: Basis,
    /// When it took effect.
    pub effective_at: At,
    /// Whether the uploader was told.
    pub uploader_informed: UploaderInformed,
    /// For `geo_blocked`: where.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub countries: Vec<Country>,
    /// For `duplicate`: of what.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duplicate_of: Option<String>,
    /// The digest of the note.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<Digest>,
    /// The uploader was told although a non-disclosure held.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub against_non_disclosure: bool,
}

impl Decided {
    /// The outcome of an item as the history keeps it.
    pub fn of(item: ItemId, outcome: &Outcome) -> Self {
        Self {
            item,
            outcome: outcome.code,
            basis: outcome.basis,
            effective_at: outcome.effective_at,
            uploader_informed: outcome.uploader_informed,
            countries: outcome.countries.clone(),
            duplicate_of: outcome.duplicate_of.clone(),
            note: outcome.note.as_ref().map(Digest::of),
            against_non_disclosure: false,
        }
    }

    /// The outcomes that a change added.
    pub fn all(change: &Change) -> Vec<Self> {
        change
            .decided
            .iter()
            .map(|(item, outcome)| Self::of(*item, outcome))
            .collect()
    }
}

/// By whom and by which decision something was annulled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annulled {
    /// The court or authority (for an order of Regulation (EU) 2021/784: Article 4(5) or 9).
    pub by: String,
    /// The reference of its decision.
    pub decision: String,
}

/// A fact that was corrected. What it was and what it is are there as digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// Which.
    pub fact: Fact,
    /// Of which item, where it is one's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub item: Option<ItemId>,
    /// Of what stood there, as JSON.
    pub was: Digest,
    /// Of what stands there now, as JSON.
    pub now: Digest,
}

/// A record that was imported: enough to count again how often a link is in an agency's own lists, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Which.
    pub record: ImportId,
    /// Of the comparison key of its link.
    pub key: Digest,
    /// The day on which it was sent, as the list says.
    pub sent_on: NaiveDate,
    /// Of the file it was taken from.
    pub file: Digest,
    /// The row of that file.
    pub row: u32,
}

/// An address that was found. It is personal data: what it was can be proved, and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundContact {
    /// Of the address.
    pub address: Digest,
    /// Where it was found.
    pub source: ContactSource,
}

/// Of where items lie, in their order, a line feed after each: no locator holds one.
pub fn digest_of<'l>(locators: impl IntoIterator<Item = &'l str>) -> Digest {
    let mut all = String::new();
    for locator in locators {
        all.push_str(locator);
        all.push('\n');
    }
    Digest::of(all)
}
