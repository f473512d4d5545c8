//! What was done, and on which ground.

use std::collections::BTreeSet;

use super::{FOLLOWS, Maker};
use crate::request::{Basis, OutcomeCode};
use crate::statement::value::{Chosen, Fault, Words, january, refusal};
use crate::statement::{Ends, Ground, Measures, Visibility};

impl Maker<'_> {
    pub(super) fn measures(&mut self) -> Option<Measures> {
        let given = self.given;
        let visibility = self.visibility();
        let monetary = self
            .reader
            .word("decision_monetary", &given.decision_monetary)
            .map(|word| BTreeSet::from([word]));
        let monetary = self.reader.chosen(
            "decision_monetary_other",
            monetary,
            &given.decision_monetary_other,
        );
        let provision = self
            .reader
            .word("decision_provision", &given.decision_provision);
        if self.due.outcome.code == OutcomeCode::AccountSuspended
            && given.decision_account.is_none()
        {
            self.reader.missing(
                "decision_account",
                "say whether the account is suspended (DECISION_ACCOUNT_SUSPENDED) or ended (DECISION_ACCOUNT_TERMINATED)",
            );
        }
        let measures = Measures {
            account: self
                .reader
                .word("decision_account", &given.decision_account),
            account_type: self.reader.word("account_type", &given.account_type),
            ends: self.ends(),
            visibility,
            monetary,
            provision,
        };
        let any = measures.visibility.is_some()
            || measures.monetary.is_some()
            || measures.provision.is_some()
            || measures.account.is_some();
        any.then_some(measures)
    }

    fn visibility(&mut self) -> Option<Chosen<Visibility>> {
        let given = self.given;
        let (field, other) = ("decision_visibility", "decision_visibility_other");
        let fixed = match self.due.outcome.code {
            OutcomeCode::Removed => Visibility::Removed,
            OutcomeCode::AccessDisabled | OutcomeCode::GeoBlocked => Visibility::Disabled,
            OutcomeCode::Modified => {
                self.reader
                    .unwanted(field, &given.decision_visibility, FOLLOWS);
                let words = match &given.decision_visibility_other {
                    Some(_) => self.reader.words(other, &given.decision_visibility_other),
                    None => Words::new("The content was modified and stays visible.").ok(),
                };
                return Chosen::new(BTreeSet::from([Visibility::Other]), Some(words?));
            }
            OutcomeCode::Restricted => {
                if given.decision_visibility.as_ref().is_none_or(Vec::is_empty) {
                    self.reader.missing(
                        field,
                        "say how it is restricted: DECISION_VISIBILITY_CONTENT_DEMOTED, …_AGE_RESTRICTED, …_INTERACTION_RESTRICTED, …_LABELLED or DECISION_VISIBILITY_OTHER",
                    );
                }
                let chosen = self.reader.list(field, &given.decision_visibility);
                if chosen
                    .iter()
                    .flatten()
                    .any(|word| matches!(word, Visibility::Removed | Visibility::Disabled))
                {
                    let why = "the outcome that you recorded is restricted, not removed or disabled; record another outcome";
                    self.reader.note(field, refusal(Fault::NotWanted, why));
                    return None;
                }
                return self
                    .reader
                    .chosen(other, chosen, &given.decision_visibility_other);
            }
            _ => {
                let chosen = self.reader.list(field, &given.decision_visibility);
                return self
                    .reader
                    .chosen(other, chosen, &given.decision_visibility_other);
            }
        };
        self.reader
            .unwanted(field, &given.decision_visibility, FOLLOWS);
        self.reader
            .unwanted(other, &given.decision_visibility_other, FOLLOWS);
        Chosen::new(BTreeSet::from([fixed]), None)
    }

    fn ends(&mut self) -> Ends {
        let given = self.given;
        let mut day = |field, text| self.reader.day(field, text, january(2020), january(9999));
        Ends {
            visibility: day(
                "end_date_visibility_restriction",
                &given.end_date_visibility_restriction,
            ),
            monetary: day(
                "end_date_monetary_restriction",
                &given.end_date_monetary_restriction,
            ),
            service: day(
                "end_date_service_restriction",
                &given.end_date_service_restriction,
            ),
            account: day(
                "end_date_account_restriction",
                &given.end_date_account_restriction,
            ),
        }
    }

    pub(super) fn ground(&mut self) -> Option<Ground> {
        let given = self.given;
        match self.due.outcome.basis {
            Basis::Law => {
                let why = "you decided on the basis of the law (DECISION_GROUND_ILLEGAL_CONTENT)";
                let reader = &mut self.reader;
                reader.unwanted(
                    "incompatible_content_ground",
                    &given.incompatible_content_ground,
                    why,
                );
                reader.unwanted(
                    "incompatible_content_explanation",
                    &given.incompatible_content_explanation,
                    why,
                );
                reader.unwanted(
                    "incompatible_content_illegal",
                    &given.incompatible_content_illegal,
                    why,
                );
                let legal_ground = match &given.illegal_content_legal_ground {
                    None => self.cited(),
                    words => self.reader.words("illegal_content_legal_ground", words),
                };
                let explanation = self.reader.needed_words(
                    "illegal_content_explanation",
                    &given.illegal_content_explanation,
                    "say in your own words why the content is illegal",
                );
                Some(Ground::Illegal {
                    legal_ground: legal_ground?,
                    explanation: explanation?,
                })
            }
            Basis::Terms => {
                let why =
                    "you decided on the basis of your terms (DECISION_GROUND_INCOMPATIBLE_CONTENT)";
                let reader = &mut self.reader;
                reader.unwanted(
                    "illegal_content_legal_ground",
                    &given.illegal_content_legal_ground,
                    why,
                );
                reader.unwanted(
                    "illegal_content_explanation",
                    &given.illegal_content_explanation,
                    why,
                );
                let ground = reader.needed_words(
                    "incompatible_content_ground",
                    &given.incompatible_content_ground,
                    "name the clause of your terms",
                );
                let explanation = reader.needed_words(
                    "incompatible_content_explanation",
                    &given.incompatible_content_explanation,
                    "say in your own words why the content breaks that clause",
                );
                let illegal = reader.word(
                    "incompatible_content_illegal",
                    &given.incompatible_content_illegal,
                );
                Some(Ground::Incompatible {
                    ground: ground?,
                    explanation: explanation?,
                    illegal,
                })
            }
        }
    }

    /// The texts of law that the request's grounds stand for, as the catalogue cites them.
    pub(super) fn cited(&mut self) -> Option<Words<500>> {
        let mut cited: Vec<&str> = Vec::new();
        for (code, citation) in &self.due.case.grounds {
            let of_law =
                !matches!(code.as_str(), "terms" | "court:as_stated") && !code.starts_with("dsa:");
            if of_law && !citation.is_empty() && !cited.contains(&citation.as_str()) {
                cited.push(citation);
            }
        }
        let words = Words::new(&cited.join("; ")).ok();
        if words.is_none() {
            self.reader.missing(
                "illegal_content_legal_ground",
                "name the provision of law; the grounds of the request name none",
            );
        }
        words
    }
}
