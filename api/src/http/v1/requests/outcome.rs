//! An outcome as a platform sends it.

use serde::{Deserialize, Serialize};
use takedown_core::id::ItemId;
use takedown_core::request::{Basis, Outcome, OutcomeCode, UploaderInformed};
use takedown_core::text::{Country, Language};
use takedown_core::time::At;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::http::v1::rules;
use crate::http::wire::{self, Instant};

macro_rules! with_outcome {
    ($(#[$meta:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$meta])*
        pub struct $name {
            $($own)*
            /// What became of it.
            #[schema(schema_with = wire::outcome_code)]
            outcome: OutcomeCode,
            /// On which basis: the law you were pointed to, or your own terms.
            #[schema(schema_with = wire::basis)]
            basis: Basis,
            /// When it took effect. Unless said it is now or, where the same was answered already, when that did: the same
            /// again changes nothing.
            effective_at: Option<Instant>,
            /// Whether whoever put it there was told; `not_possible` unless said, as on a site without accounts. While a
            /// non-disclosure holds he may not be: `non_disclosure` says that he was not for that reason.
            #[serde(default = "not_possible")]
            #[schema(schema_with = wire::uploader_informed)]
            uploader_informed: UploaderInformed,
            /// For `geo_blocked`: in which countries it can no longer be reached.
            #[serde(default)]
            #[validate(length(max = 249))]
            #[schema(value_type = Vec<String>, max_items = 249)]
            countries: Vec<Country>,
            /// For `duplicate`: our reference or file number of the earlier request.
            #[validate(length(min = 1, max = 100), custom(function = "rules::one_line"))]
            #[schema(min_length = 1, max_length = 100)]
            duplicate_of: Option<String>,
            /// A word to the agency.
            #[validate(length(min = 1, max = 4000), custom(function = "rules::filled"))]
            #[schema(min_length = 1, max_length = 4000)]
            note: Option<String>,
            /// Language of the note.
            #[schema(schema_with = wire::language_or_null, required = false)]
            note_language: Option<Language>,
        }

        impl $name {
            /// The outcome, in effect `now` unless it says otherwise.
            pub(super) fn outcome(&self, now: At) -> Outcome {
                Outcome {
                    code: self.outcome,
                    basis: self.basis,
                    effective_at: self.effective_at.map_or(now, |i| i.0),
                    uploader_informed: self.uploader_informed,
                    countries: self.countries.clone(),
                    duplicate_of: self.duplicate_of.clone(),
                    note: self.note.clone(),
                    note_language: self.note_language.clone(),
                }
            }
        }
    };
}

// Two bodies with the same members, written once: serde cannot refuse unknown fields of a flattened struct, and
// generated clients read a plain object better than an `allOf`.
with_outcome! {
    /// What became of every item that has no outcome yet.
    #[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
    #[serde(deny_unknown_fields)]
    NewOutcome {}
}

impl NewDecision {
    /// Whether it says when it took effect.
    pub(super) fn dated(&self) -> bool {
        self.effective_at.is_some()
    }
}

with_outcome! {
    /// One outcome for the named items, or for all that are undecided.
    #[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
    #[serde(deny_unknown_fields)]
    #[validate(schema(function = "items_or_all"))]
    NewDecision {
        /// The items.
        #[serde(default)]
        #[validate(length(max = 1000))]
        #[schema(value_type = Vec<String>, max_items = 1000)]
        pub(super) items: Vec<ItemId>,
        /// Instead of `items`: every item that has no outcome yet.
        #[serde(default)]
        pub(super) all_undecided: bool,
    }
}

fn items_or_all(decision: &NewDecision) -> Result<(), ValidationError> {
    if decision.items.is_empty() != decision.all_undecided {
        let says = "name `items`, or say `all_undecided: true`; one of the two";
        return Err(ValidationError::new("items").with_message(says.into()));
    }
    Ok(())
}

fn not_possible() -> UploaderInformed {
    UploaderInformed::NotPossible
}
