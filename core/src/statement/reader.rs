//! What a platform adds, and how it is read: every mistake is noted, none hides another.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::NaiveDate;

use super::value::{Chosen, Day, Fault, HasOther, Refusal, Words, refusal};
use crate::text::UnknownCode;

/// What only the platform knows, under the database's own names, as it wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Additions {
    pub decision_visibility: Option<Vec<String>>,
    pub decision_visibility_other: Option<String>,
    pub decision_monetary: Option<String>,
    pub decision_monetary_other: Option<String>,
    pub decision_provision: Option<String>,
    pub decision_account: Option<String>,
    pub account_type: Option<String>,
    pub decision_ground_reference_url: Option<String>,
    pub illegal_content_legal_ground: Option<String>,
    pub illegal_content_explanation: Option<String>,
    pub incompatible_content_ground: Option<String>,
    pub incompatible_content_explanation: Option<String>,
    pub incompatible_content_illegal: Option<String>,
    pub content_type: Option<Vec<String>>,
    pub content_type_other: Option<String>,
    pub category: Option<String>,
    pub category_addition: Option<Vec<String>>,
    pub category_specification: Option<Vec<String>>,
    pub category_specification_other: Option<String>,
    pub content_id: Option<String>,
    pub territorial_scope: Option<Vec<String>>,
    pub content_language: Option<String>,
    pub content_date: Option<String>,
    pub end_date_visibility_restriction: Option<String>,
    pub end_date_monetary_restriction: Option<String>,
    pub end_date_service_restriction: Option<String>,
    pub end_date_account_restriction: Option<String>,
    pub decision_facts: Option<String>,
    pub source_type: Option<String>,
    pub source_identity: Option<String>,
    pub automated_detection: Option<String>,
    pub automated_decision: Option<String>,
    /// Whether the uploader's electronic contact details are known (Article 17(2)), where the outcome does not say so.
    pub recipient_contact_known: Option<bool>,
    /// Whether the service is offered in the Union (Article 2(1)), where the platform's country does not say so.
    pub offered_in_union: Option<bool>,
}

/// What is missing or wrong in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field, by the database's name.
    pub field: &'static str,
    /// Of which kind.
    pub fault: Fault,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// Notes what is wrong while it reads.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub problems: Vec<Problem>,
}

impl Reader {
    pub fn note(&mut self, field: &'static str, refusal: Refusal) {
        self.problems.push(Problem {
            field,
            fault: refusal.fault,
            detail: refusal.detail,
        });
    }

    pub fn missing(&mut self, field: &'static str, detail: &str) {
        self.note(field, refusal(Fault::Missing, detail));
    }

    pub fn kept<T>(&mut self, field: &'static str, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.note(field, refusal)).ok()
    }

    /// Refuses what was given for a field that has no place here.
    pub fn unwanted<T>(&mut self, field: &'static str, given: &Option<T>, why: &str) {
        if given.is_some() {
            self.note(field, refusal(Fault::NotWanted, why));
        }
    }

    pub fn words<const MAX: usize>(
        &mut self,
        field: &'static str,
        given: &Option<String>,
    ) -> Option<Words<MAX>> {
        let given = given.as_deref()?;
        self.kept(field, Words::new(given))
    }

    pub fn needed_words<const MAX: usize>(
        &mut self,
        field: &'static str,
        given: &Option<String>,
        what: &str,
    ) -> Option<Words<MAX>> {
        if given.is_none() {
            self.missing(field, what);
        }
        self.words(field, given)
    }

    pub fn word<T: FromStr<Err = UnknownCode>>(
        &mut self,
        field: &'static str,
        given: &Option<String>,
    ) -> Option<T> {
        let given = given.as_deref()?;
        self.kept(
            field,
            given
                .parse()
                .map_err(|error: UnknownCode| refusal(Fault::Unknown, error.to_string())),
        )
    }

    pub fn needed_word<T: FromStr<Err = UnknownCode>>(
        &mut self,
        field: &'static str,
        given: &Option<String>,
        what: &str,
    ) -> Option<T> {
        if given.is_none() {
            self.missing(field, what);
        }
        self.word(field, given)
    }

    /// A list of words; the whole is lost when one of them is unknown.
    pub fn list<T: FromStr<Err = UnknownCode> + Ord>(
        &mut self,
        field: &'static str,
        given: &Option<Vec<String>>,
    ) -> Option<BTreeSet<T>> {
        let given = given.as_deref()?;
        let before = self.problems.len();
        let read = given
            .iter()
            .filter_map(|word| self.word(field, &Some(word.clone())))
            .collect();
        (self.problems.len() == before).then_some(read)
    }

    /// Words of a list with the description that `…_OTHER` needs.
    pub fn chosen<T: HasOther>(
        &mut self,
        other_field: &'static str,
        chosen: Option<BTreeSet<T>>,
        other: &Option<String>,
    ) -> Option<Chosen<T>> {
        let Some(chosen) = chosen.filter(|chosen| !chosen.is_empty()) else {
            self.unwanted(other_field, other, "belongs to the word that ends in OTHER");
            return None;
        };
        if chosen.contains(&T::OTHER) {
            let what = "describe what the word that ends in OTHER stands for";
            let other = self.needed_words(other_field, other, what)?;
            return Chosen::new(chosen, Some(other));
        }
        self.unwanted(other_field, other, "belongs to the word that ends in OTHER");
        Chosen::new(chosen, None)
    }

    /// A day; blank is no day.
    pub fn day(
        &mut self,
        field: &'static str,
        given: &Option<String>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Option<Day> {
        let given = given.as_deref().filter(|given| !given.is_empty())?;
        self.kept(field, Day::read(given, from, to))
    }
}
