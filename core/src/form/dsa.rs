//! The Digital Services Act (Regulation (EU) 2022/2065): an order of Article 9 and the effect given to it, the receipt and
//! the decision of a notice of Article 16. It prescribes elements and no form, so the sections are ours.

use super::annexes::{known, located, read, recalled, text};
use super::{Case, Field, Form, FormKind, Item, NoForm, Section, Value};
use crate::request::{Basis, Outcome};
use crate::text::Language;
use crate::time::rfc3339;

impl Case {
    fn dsa(&self, kind: FormKind, sections: Vec<Section>) -> Form {
        Form {
            kind,
            taken_back_at: self.withdrawn_at,
            annulled: None,
            prior_notice_waived: None,
            sections,
        }
    }

    fn their_number(&self) -> String {
        match &self.authority.file_number {
            Some(theirs) => format!(
                "{} (file number of the authority: {theirs})",
                self.reference
            ),
            None => self.reference.clone(),
        }
    }

    fn texts(&self) -> Vec<String> {
        let each = self.reasons.iter();
        each.map(|(language, text)| format!("({language}) {text}"))
            .collect()
    }

    pub(super) fn dsa_art9(&self) -> Form {
        let territory = if self.worldwide {
            "worldwide".to_owned()
        } else {
            let countries: Vec<_> = self.territory.iter().map(ToString::to_string).collect();
            countries.join(", ")
        };
        let redress = match &self.redress {
            Some((language, said)) => text(format!("({language}) {said}")),
            None => Value::ByHand,
        };
        let accepted = |(language, _): &(Language, String)| self.provider.accepts(language);
        let declared = self.reasons.iter().any(accepted);
        self.dsa(
            FormKind::DsaArt9,
            vec![
                section("A", "The order", self.order_header()),
                section(
                    "B",
                    "Legal basis and reasons",
                    vec![
                        read(
                            "Legal basis under Union or national law (Article 9(2)(a)(i))",
                            known(self.legal_basis.clone()),
                        ),
                        read(
                            "Provision of law that makes the content illegal (Article 9(2)(a)(ii))",
                            known(self.provision.clone()),
                        ),
                        read(
                            "Statement of reasons (Article 9(2)(a)(ii))",
                            Value::Lines(self.texts()),
                        ),
                    ],
                ),
                section(
                    "C",
                    "The content",
                    vec![read(
                        "Information to identify and locate it, such as exact URLs (Article 9(2)(a)(iv))",
                        Value::Lines(self.items.iter().map(Item::described).collect()),
                    )],
                ),
                section(
                    "D",
                    "Territorial scope",
                    vec![read(
                        "Limited to what is strictly necessary (Article 9(2)(b))",
                        text(territory),
                    )],
                ),
                section(
                    "E",
                    "Redress",
                    vec![read(
                        "Available to the provider and to the recipient of the service who provided the content (Article 9(2)(a)(v))",
                        redress,
                    )],
                ),
                section(
                    "F",
                    "Information on the effect given",
                    vec![
                        read(
                            "To the issuing authority, without undue delay, whether and when (Article 9(1))",
                            text(format!("through the exchange, under {}", self.reference)),
                        ),
                        read(
                            "Where applicable, to which other authority (Article 9(2)(a)(vi))",
                            text(self.effect_to.clone().unwrap_or_else(|| "–".into())),
                        ),
                        recalled(
                            "The recipient of the service is informed (Article 9(5))",
                            self.when_the_recipient_is_told(),
                        ),
                    ],
                ),
                section(
                    "G",
                    "Language",
                    vec![read(
                        "The order, or a translation of at least these elements, is in a language that the provider declared (Article 9(2)(c))",
                        boxes_read(declared, "so the registry of the exchange says"),
                    )],
                ),
            ],
        )
    }

    fn order_header(&self) -> Vec<Field> {
        vec![
            read(
                "Issuing authority (Article 9(2)(a)(iii))",
                text(format!(
                    "{} ({})",
                    self.authority.name, self.authority.country
                )),
            ),
            read("Its officer", known(self.authority.officer.clone())),
            read("Reference of the order", text(self.their_number())),
            read("Time and date of issuing", text(rfc3339(self.issued_at))),
            read("Addressee", text(self.provider.name.clone())),
            read(
                "Electronic point of contact of the addressee (Article 11)",
                Value::ByHand,
            ),
        ]
    }

    fn when_the_recipient_is_told(&self) -> Value {
        text(match self.silent_until {
            Some(until) => format!("not before {}", rfc3339(until)),
            None => "at the latest when effect is given to the order".to_owned(),
        })
    }

    /// What both answers to an authority begin with.
    fn answer_header(&self, receipt: &'static str) -> Section {
        section(
            "A",
            "What is answered",
            vec![
                read("From", text(self.provider.name.clone())),
                read(
                    "To",
                    text(format!(
                        "{} ({})",
                        self.authority.name, self.authority.country
                    )),
                ),
                read("Reference", text(self.their_number())),
                read(
                    "Reference of the provider",
                    known(self.provider.reference.clone()),
                ),
                read(receipt, known(self.received_at.map(rfc3339))),
            ],
        )
    }

    fn decided(&self) -> Result<Vec<(&Item, &Outcome)>, NoForm> {
        let each = self.items.iter();
        let decided: Vec<_> = each
            .filter_map(|item| Some((item, item.outcome.as_ref()?)))
            .collect();
        if decided.is_empty() {
            return Err(NoForm::NothingDecided);
        }
        Ok(decided)
    }

    pub(super) fn dsa_art9_effect(&self) -> Result<Form, NoForm> {
        let decided = self.decided()?;
        let lines = |effect: bool| {
            let of = decided.iter().filter(|(_, o)| o.code.acted_on() == effect);
            let lines: Vec<String> = of.map(|(item, outcome)| said(item, outcome)).collect();
            if lines.is_empty() {
                text("–")
            } else {
                Value::Lines(lines)
            }
        };
        let open: Vec<String> = self
            .items
            .iter()
            .filter(|item| item.outcome.is_none() && item.withdrawn_at.is_none())
            .map(located)
            .collect();
        let mut effect = vec![
            read("Effect was given: what was done, and when", lines(true)),
            read("No effect was given, and why", lines(false)),
        ];
        if !open.is_empty() {
            effect.push(read("Not answered yet", Value::Lines(open)));
        }
        effect.push(read(
            "Also to be informed, as the order says (Article 9(2)(a)(vi))",
            text(self.effect_to.clone().unwrap_or_else(|| "–".into())),
        ));
        Ok(self.dsa(
            FormKind::DsaArt9Effect,
            vec![
                self.answer_header("Time and date of receipt of the order"),
                section("B", "Effect given to the order (Article 9(1))", effect),
                section("C", "The recipient of the service", vec![recalled(
                    "Informed of the order, its effect, reasons, redress and territorial scope (Article 9(5))",
                    self.when_the_recipient_is_told(),
                )]),
            ],
        ))
    }

    pub(super) fn dsa_art16_receipt(&self) -> Result<Form, NoForm> {
        let received = self.received_at.ok_or(NoForm::NotReceived)?;
        Ok(self.dsa(
            FormKind::DsaArt16Receipt,
            vec![
                self.answer_header("Time and date of receipt of the notice"),
                section(
                    "B",
                    "The notice (Article 16(2))",
                    vec![
                        read("Explanation why the content is illegal ((a))", Value::Lines(self.texts())),
                        read(
                            "Exact electronic location ((b))",
                            Value::Lines(self.items.iter().map(Item::described).collect()),
                        ),
                        read("Name and e-mail address of the notifier ((c))", text(self.notifier())),
                        read(
                            "Good faith ((d))",
                            boxes_read(self.bona_fide, "the notifier believes in good faith that the information is accurate and complete"),
                        ),
                    ],
                ),
                section(
                    "C",
                    "Confirmation",
                    vec![
                        recalled(
                            "The provider confirms that it has received the notice (Article 16(4))",
                            text(rfc3339(received)),
                        ),
                        read(
                            "It said so itself on",
                            text(self.acknowledged_at.map_or_else(|| "–".into(), rfc3339)),
                        ),
                    ],
                ),
            ],
        ))
    }

    fn notifier(&self) -> String {
        let mut who = self.authority.name.clone();
        if let Some(officer) = &self.authority.officer {
            who += &format!(", {officer}");
        }
        format!("{who}, {}", self.authority.complaints)
    }

    pub(super) fn dsa_art16_decision(&self) -> Result<Form, NoForm> {
        let decided = self.decided()?;
        let lines = decided.iter().map(|(item, outcome)| said(item, outcome));
        let basis = |basis| decided.iter().any(|(_, outcome)| outcome.basis == basis);
        Ok(self.dsa(
            FormKind::DsaArt16Decision,
            vec![
                self.answer_header("Time and date of receipt of the notice"),
                section(
                    "B",
                    "Decision",
                    vec![
                        recalled(
                            "In respect of the information to which the notice relates (Article 16(5))",
                            Value::Lines(lines.collect()),
                        ),
                        read(
                            "On the basis of",
                            Value::Boxes(vec![
                                ticked(basis(Basis::Law), "the law"),
                                ticked(basis(Basis::Terms), "the provider's terms"),
                            ]),
                        ),
                        recalled(
                            "Possibilities for redress against it: internal complaint, out-of-court settlement, court (Article 16(5))",
                            Value::ByHand,
                        ),
                        recalled(
                            "Automated means used in processing or deciding (Article 16(6))",
                            Value::ByHand,
                        ),
                    ],
                ),
            ],
        ))
    }
}

fn section(letter: &'static str, title: &'static str, fields: Vec<Field>) -> Section {
    Section {
        letter,
        title,
        fields,
    }
}

fn ticked(ticked: bool, text: &'static str) -> super::TickBox {
    super::TickBox {
        ticked,
        text,
        recalled: false,
    }
}

fn boxes_read(is: bool, text: &'static str) -> Value {
    Value::Boxes(vec![ticked(is, text)])
}

/// An item with the platform's answer: what, when, where it holds, and its words.
fn said(item: &Item, outcome: &Outcome) -> String {
    let mut line = format!(
        "{}: {}, {}",
        located(item),
        outcome.code,
        rfc3339(outcome.effective_at)
    );
    if !outcome.countries.is_empty() {
        let countries: Vec<_> = outcome.countries.iter().map(ToString::to_string).collect();
        line += &format!(", in {}", countries.join(", "));
    }
    if let Some(note) = &outcome.note {
        line += &format!(" ({note})");
    }
    line
}
