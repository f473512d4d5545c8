//! What a platform answers for one item.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    instrument::Kind,
    text::{Country, Language, TextError, bounded, coded_enum},
    time::At,
};

/// How far ahead of our clock a platform's clock may be before its instants are refused.
pub const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(10);
/// The longest note on an outcome, in characters.
pub const MAX_NOTE_CHARS: usize = 4_000;
/// The longest name of an earlier request, in characters: our reference or the other agency's file number.
pub const MAX_DUPLICATE_OF_CHARS: usize = 100;

coded_enum! {
    /// What became of one item. The list is complete; a correction adds an outcome, none is edited.
    pub enum OutcomeCode, "an outcome" {
        /// Gone for everybody.
        Removed => "removed",
        /// Nobody can reach it any more, though it is kept.
        AccessDisabled => "access_disabled",
        /// Unreachable from the named countries.
        GeoBlocked => "geo_blocked",
        /// The account or channel behind it is suspended or ended.
        AccountSuspended => "account_suspended",
        /// Age-gated, demoted, labelled or cut off from interaction.
        Restricted => "restricted",
        /// Changed so that the ground no longer holds (Terrorism Act 2006 s.3(3)(b) accepts this).
        Modified => "modified",
        /// It had disappeared before the request was read.
        AlreadyGone => "already_gone",
        /// The locator leads to nothing.
        NotFound => "not_found",
        /// Another service hosts it.
        NotHostedHere => "not_hosted_here",
        /// It breaks none of the platform's own terms; an ordinary answer to a referral.
        DeclinedWithinTerms => "declined_within_terms",
        /// The platform holds it to be lawful.
        DeclinedNotUnlawful => "declined_not_unlawful",
        /// Education, journalism, art, research, counter-speech (TCO Art 1(3)).
        DeclinedProtectedPurpose => "declined_protected_purpose",
        /// The claimed power does not reach this platform.
        DeclinedNoLegalPower => "declined_no_legal_power",
        /// The platform could not satisfy itself who asks.
        DeclinedUnverifiedSender => "declined_unverified_sender",
        /// TCO Annex III B(1), third box.
        UnableInsufficientInformation => "unable_insufficient_information",
        /// TCO Annex III B(1), second box.
        UnableManifestError => "unable_manifest_error",
        /// TCO Annex III B(1), first box.
        UnableForceMajeure => "unable_force_majeure",
        /// Answered under an earlier request, which is named.
        Duplicate => "duplicate",
        /// An earlier action was undone.
        Restored => "restored",
    }
}

impl OutcomeCode {
    /// Whether the platform did something to the item, so that there would be something to restore.
    pub const fn acted_on(self) -> bool {
        matches!(
            self,
            Self::Removed
                | Self::AccessDisabled
                | Self::GeoBlocked
                | Self::AccountSuspended
                | Self::Restricted
                | Self::Modified
        )
    }

    /// Whether the platform considered it and said no.
    pub const fn declined(self) -> bool {
        matches!(
            self,
            Self::DeclinedWithinTerms
                | Self::DeclinedNotUnlawful
                | Self::DeclinedProtectedPurpose
                | Self::DeclinedNoLegalPower
                | Self::DeclinedUnverifiedSender
        )
    }
}

coded_enum! {
    /// What the platform based its answer on.
    pub enum Basis, "a basis" {
        /// The law it was pointed to, or another.
        Law => "law",
        /// Its own terms.
        Terms => "terms",
    }
}

coded_enum! {
    /// Whether whoever put the item there was told.
    pub enum UploaderInformed, "an answer to whether the uploader was informed" {
        /// Told.
        Yes => "yes",
        /// Not told, although it would have been possible.
        No => "no",
        /// Nobody to tell, or no way to.
        NotPossible => "not_possible",
        /// Not told because the request forbids it for now (TCO Art 11(3)).
        NonDisclosure => "non_disclosure",
    }
}

/// The answer for one item, as the platform gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What became of the item.
    pub code: OutcomeCode,
    /// On which basis.
    pub basis: Basis,
    /// When it took effect; never later than the decision itself.
    pub effective_at: At,
    /// Whether the uploader was told.
    pub uploader_informed: UploaderInformed,
    /// For `geo_blocked` the countries from which it cannot be reached, otherwise empty.
    pub countries: Vec<Country>,
    /// For `duplicate` the earlier request, otherwise nothing.
    pub duplicate_of: Option<String>,
    /// A word to the agency.
    pub note: Option<String>,
    /// The language of the note.
    pub note_language: Option<Language>,
}

/// Why an outcome cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutcomeError {
    /// The request has no such item.
    #[error("this request has no such item")]
    UnknownItem,
    /// The same item is decided twice in one call.
    #[error("this item is decided more than once in the same call; give it one outcome")]
    RepeatedItem,
    /// Only a referral is judged by the platform's own terms.
    #[error(
        "declined_within_terms answers a referral only; an order can be declined as \
         declined_not_unlawful, declined_protected_purpose, declined_no_legal_power or declined_unverified_sender"
    )]
    OnlyForReferrals,
    /// A geo-block without countries says nothing.
    #[error("geo_blocked needs the countries in which the item can no longer be reached")]
    CountriesNeeded,
    /// Countries belong to a geo-block only.
    #[error("countries belong to geo_blocked only, not to {0}")]
    CountriesNotWanted(OutcomeCode),
    /// The same country twice.
    #[error("a country is named twice")]
    CountryRepeated,
    /// A duplicate must name what it duplicates.
    #[error("duplicate needs duplicate_of, the reference of the earlier request")]
    DuplicateOfNeeded,
    /// Naming an earlier request belongs to `duplicate` only.
    #[error("duplicate_of belongs to duplicate only, not to {0}")]
    DuplicateOfNotWanted(OutcomeCode),
    /// Nothing was done to the item, so nothing can be undone.
    #[error("restored needs an item that was acted on; this one was not")]
    NotActedOn,
    /// The item was taken back before anything was done to it.
    #[error(
        "this item is withdrawn and had not been acted on, so there is nothing to answer or to restore"
    )]
    ItemWithdrawn,
    /// Nothing was answered that could be revised.
    #[error("this item has no outcome that could be revised; decide it")]
    NotDecided,
    /// A restoration that was asked is answered, not revised.
    #[error(
        "this item is withdrawn: answer whether it is restored, without a reason for a revision"
    )]
    RevisesWithdrawn,
    /// After a withdrawal only restoration is answered.
    #[error(
        "it is withdrawn: this item can only be answered with restored or one of the \
         declined_ outcomes, not with {0}"
    )]
    OnlyRestoration(OutcomeCode),
    /// Restoration was not asked for this item.
    #[error(
        "the request is withdrawn and this item was not acted on, so there is nothing to restore"
    )]
    NothingToRestore,
    /// It cannot have taken effect yet.
    #[error("effective_at {effective_at} lies in the future; it is {now} here")]
    NotYet {
        /// What was said.
        effective_at: At,
        /// The exchange's instant of the decision.
        now: At,
    },
    /// `duplicate_of` is too long or holds control characters.
    #[error(transparent)]
    DuplicateOf(TextError),
    /// The note is too long or holds control characters.
    #[error(transparent)]
    Note(TextError),
    /// A language without the text it describes.
    #[error("note_language is given without a note")]
    LanguageWithoutNote,
}

impl OutcomeError {
    /// The member of the outcome that is wrong, for a JSON pointer; empty when it is the item itself.
    pub const fn member(&self) -> &'static str {
        match self {
            Self::UnknownItem
            | Self::RepeatedItem
            | Self::NothingToRestore
            | Self::ItemWithdrawn
            | Self::NotDecided
            | Self::RevisesWithdrawn => "items",
            Self::OnlyForReferrals | Self::NotActedOn | Self::OnlyRestoration(_) => "outcome",
            Self::CountriesNeeded | Self::CountriesNotWanted(_) | Self::CountryRepeated => {
                "countries"
            }
            Self::DuplicateOfNeeded | Self::DuplicateOfNotWanted(_) | Self::DuplicateOf(_) => {
                "duplicate_of"
            }
            Self::NotYet { .. } => "effective_at",
            Self::Note(_) => "note",
            Self::LanguageWithoutNote => "note_language",
        }
    }
}

impl Outcome {
    /// A bare outcome without countries, earlier request or note.
    pub const fn new(
        code: OutcomeCode,
        basis: Basis,
        effective_at: At,
        uploader_informed: UploaderInformed,
    ) -> Self {
        Self {
            code,
            basis,
            effective_at,
            uploader_informed,
            countries: Vec::new(),
            duplicate_of: None,
            note: None,
            note_language: None,
        }
    }

    /// Whether the other says the same, be it of another moment.
    pub(super) fn is_but_for_when(&self, other: &Self) -> bool {
        let at = other.effective_at;
        *other
            == Self {
                effective_at: at,
                ..self.clone()
            }
    }

    /// Whether the outcome makes sense by itself for a request of this kind, decided `now`.
    pub fn check(&self, kind: Kind, now: At) -> Result<(), OutcomeError> {
        let code = self.code;
        if code == OutcomeCode::DeclinedWithinTerms && kind != Kind::Referral {
            return Err(OutcomeError::OnlyForReferrals);
        }
        match (code, self.countries.is_empty()) {
            (OutcomeCode::GeoBlocked, true) => return Err(OutcomeError::CountriesNeeded),
            (OutcomeCode::GeoBlocked, false) | (_, true) => {}
            (_, false) => return Err(OutcomeError::CountriesNotWanted(code)),
        }
        let mut countries = self.countries.iter();
        while let Some(country) = countries.next() {
            if countries.as_slice().contains(country) {
                return Err(OutcomeError::CountryRepeated);
            }
        }
        match (code, &self.duplicate_of) {
            (OutcomeCode::Duplicate, Some(earlier)) if !earlier.trim().is_empty() => {
                bounded("duplicate_of", earlier, MAX_DUPLICATE_OF_CHARS)
                    .map_err(OutcomeError::DuplicateOf)?;
            }
            (OutcomeCode::Duplicate, _) => return Err(OutcomeError::DuplicateOfNeeded),
            (_, Some(_)) => return Err(OutcomeError::DuplicateOfNotWanted(code)),
            (_, None) => {}
        }
        if self.effective_at.signed_duration_since(now) > CLOCK_SKEW {
            return Err(OutcomeError::NotYet {
                effective_at: self.effective_at,
                now,
            });
        }
        match (&self.note, &self.note_language) {
            (Some(note), _) => bounded("note", note, MAX_NOTE_CHARS).map_err(OutcomeError::Note)?,
            (None, Some(_)) => return Err(OutcomeError::LanguageWithoutNote),
            (None, None) => {}
        }
        Ok(())
    }
}
