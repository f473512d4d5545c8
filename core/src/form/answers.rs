//! Annexes II and III: what the platform answers.

use super::annexes::{boxes, known, located, recalled, text};
use super::{Case, Form, FormKind, Item, NoForm, Section, Value};
use crate::instrument::Obstacle;
use crate::request::{Outcome, OutcomeCode};
use crate::text::Country;
use crate::time::rfc3339;

/// What Annex II knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    Removed,
    Disabled,
}

impl Measure {
    /// A block in some countries is neither, unless they are all Member States.
    fn of(outcome: &Outcome) -> Option<Self> {
        let everywhere = || Country::all().filter(|c| c.is_eu());
        match outcome.code {
            OutcomeCode::Removed => Some(Self::Removed),
            OutcomeCode::AccessDisabled => Some(Self::Disabled),
            OutcomeCode::GeoBlocked if everywhere().all(|c| outcome.countries.contains(&c)) => {
                Some(Self::Disabled)
            }
            _ => None,
        }
    }
}

/// What stood in the way, by the answer to an item.
const fn obstacle_of(code: OutcomeCode) -> Option<Obstacle> {
    match code {
        OutcomeCode::UnableForceMajeure => Some(Obstacle::ForceMajeure),
        OutcomeCode::UnableManifestError => Some(Obstacle::ManifestError),
        OutcomeCode::UnableInsufficientInformation => Some(Obstacle::InsufficientInformation),
        _ => None,
    }
}

impl Case {
    /// The five fields with which both answers begin.
    fn header(&self) -> Section {
        Section {
            letter: "A",
            title: "The order",
            fields: vec![
                recalled(
                    "Addressee of the removal order",
                    text(self.provider.name.clone()),
                ),
                recalled(
                    "Authority that issued the removal order",
                    text(format!(
                        "{} ({})",
                        self.authority.name, self.authority.country
                    )),
                ),
                recalled(
                    "File reference of the issuing authority",
                    text(
                        self.authority
                            .file_number
                            .clone()
                            .unwrap_or_else(|| self.reference.clone()),
                    ),
                ),
                recalled(
                    "File reference of the addressee",
                    known(self.provider.reference.clone()),
                ),
                recalled(
                    "Time and date of receipt of the removal order",
                    known(self.received_at.map(rfc3339)),
                ),
            ],
        }
    }

    pub(super) fn annex_ii(&self, measure: Measure) -> Option<Form> {
        let done: Vec<(&Item, &Outcome)> = self
            .items
            .iter()
            .filter_map(|item| Some((item, item.outcome.as_ref()?)))
            .filter(|(_, outcome)| Measure::of(outcome) == Some(measure))
            .collect();
        if done.is_empty() {
            return None;
        }
        let times = done
            .iter()
            .map(|(item, outcome)| format!("{}, {}", rfc3339(outcome.effective_at), located(item)));
        let measures = Section {
            letter: "B",
            title: "Measures taken",
            fields: vec![
                recalled(
                    "Tick one",
                    boxes(&[
                        (
                            measure == Measure::Removed,
                            "the terrorist content was removed",
                        ),
                        (
                            measure == Measure::Disabled,
                            "access to the terrorist content was disabled in all Member States",
                        ),
                    ]),
                ),
                recalled(
                    "Time and date of the measure",
                    Value::Lines(times.collect()),
                ),
            ],
        };
        Some(Form {
            kind: FormKind::AnnexII,
            taken_back_at: None,
            annulled: None,
            prior_notice_waived: None,
            sections: vec![self.header(), measures, self.provider_section(true)],
        })
    }

    pub(super) fn annex_iii(&self) -> Result<Form, NoForm> {
        let mut said: Vec<(Obstacle, String)> = Vec::new();
        for one in &self.obstacles {
            said.push((one.obstacle, format!("{}: {}", rfc3339(one.at), one.text)));
        }
        for item in &self.items {
            let Some(outcome) = &item.outcome else {
                continue;
            };
            let Some(obstacle) = obstacle_of(outcome.code) else {
                continue;
            };
            let note = outcome.note.as_deref().unwrap_or("(no words)");
            said.push((obstacle, format!("{}: {note}", located(item))));
        }
        if said.is_empty() {
            return Err(NoForm::NothingReported);
        }
        let ticked = |obstacle| said.iter().any(|(one, _)| *one == obstacle);
        let words = |of: fn(Obstacle) -> bool| {
            let lines: Vec<String> = said
                .iter()
                .filter(|(one, _)| of(*one))
                .map(|(_, words)| words.clone())
                .collect();
            if lines.is_empty() {
                text("–")
            } else {
                Value::Lines(lines)
            }
        };
        let reasons = Section {
            letter: "B",
            title: "Reasons",
            fields: vec![
                recalled(
                    "(1) Tick one or more",
                    boxes(&[
                        (
                            ticked(Obstacle::ForceMajeure),
                            "force majeure or de facto impossibility not attributable to the provider, including for objectively justifiable technical or operational reasons",
                        ),
                        (
                            ticked(Obstacle::ManifestError),
                            "the order contains manifest errors",
                        ),
                        (
                            ticked(Obstacle::InsufficientInformation),
                            "the order does not contain sufficient information",
                        ),
                    ]),
                ),
                recalled(
                    "(2) Further information on the reasons",
                    words(|one| one == Obstacle::ForceMajeure),
                ),
                recalled(
                    "(3) The errors, or the clarification that is needed",
                    words(|one| one != Obstacle::ForceMajeure),
                ),
            ],
        };
        Ok(Form {
            kind: FormKind::AnnexIII,
            taken_back_at: None,
            annulled: None,
            prior_notice_waived: None,
            sections: vec![self.header(), reasons, self.provider_section(false)],
        })
    }

    /// Who answers. Annex III has a signature and the time, Annex II the Member State and the date.
    fn provider_section(&self, feedback: bool) -> Section {
        let mut fields = vec![recalled(
            "Name of the provider or of its legal representative",
            text(self.provider.name.clone()),
        )];
        if feedback {
            fields.push(recalled(
                "Member State of the main establishment or of the legal representative",
                known(
                    self.provider
                        .country
                        .filter(|country| country.is_eu())
                        .map(|country| country.to_string()),
                ),
            ));
        }
        fields.push(recalled("Name of the authorised person", Value::ByHand));
        fields.push(recalled("E-mail of the contact point", Value::ByHand));
        if feedback {
            fields.push(recalled("Date", Value::ByHand));
        } else {
            fields.push(recalled("Signature", Value::ByHand));
            fields.push(recalled("Time and date", Value::ByHand));
        }
        Section {
            letter: "C",
            title: "The provider",
            fields,
        }
    }
}
