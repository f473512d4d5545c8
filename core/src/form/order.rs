//! Annex I: the removal order.

use super::annexes::{boxes, known, located, read, recalled, text};
use super::{Case, Field, Form, FormKind, Item, Section, TickBox, Value};
use crate::agency::AgencyType;
use crate::time::rfc3339;

impl Case {
    pub(super) fn annex_i(&self) -> Form {
        let crosses = self
            .provider
            .country
            .is_none_or(|country| country != self.authority.country);
        let file_number = self.authority.file_number.clone();
        let number = match &file_number {
            Some(theirs) => format!(
                "{} (file number of the authority: {theirs})",
                self.reference
            ),
            None => self.reference.clone(),
        };
        let section = |letter, title, fields| Section {
            letter,
            title,
            fields,
        };
        Form {
            kind: FormKind::AnnexI,
            taken_back_at: self.withdrawn_at,
            annulled: self.annulled.clone(),
            prior_notice_waived: self.prior_notice_waived.clone(),
            sections: vec![
                section(
                    "A",
                    "The order",
                    vec![
                        read(
                            "Member State of the issuing competent authority",
                            text(self.authority.country.to_string()),
                        ),
                        read(
                            "Addressee and, where relevant, legal representative",
                            text(self.provider.name.clone()),
                        ),
                        read("Contact point", Value::ByHand),
                        read(
                            "Member State of the main establishment of the provider, or where its legal representative resides or is established",
                            known(
                                self.provider
                                    .country
                                    .filter(|country| country.is_eu())
                                    .map(|country| country.to_string()),
                            ),
                        ),
                        read(
                            "Time and date of issuing of the removal order",
                            text(rfc3339(self.issued_at)),
                        ),
                        read("Reference number of the removal order", text(number)),
                    ],
                ),
                section(
                    "B",
                    "Content to be removed, or access to which is to be disabled in all Member States",
                    vec![
                        read(
                            "URL and any additional information enabling the identification and exact location",
                            Value::Lines(self.items.iter().map(Item::described).collect()),
                        ),
                        read("Grounds (Article 2, point (7))", self.ground_boxes()),
                        recalled(
                            "Additional information for considering the material to be terrorist content",
                            Value::Lines(
                                self.reasons
                                    .iter()
                                    .map(|(language, text)| format!("({language}) {text}"))
                                    .collect(),
                            ),
                        ),
                    ],
                ),
                section(
                    "C",
                    "Information to the content provider",
                    vec![
                        recalled(
                            "For reasons of public security",
                            boxes(&[(
                                self.non_disclosure,
                                "the addressee must refrain from informing the content provider of the removal or disabling",
                            )]),
                        ),
                        read(
                            "Until (no field of the Annex: as the exchange has it on record today; Article 11(3))",
                            self.silence(),
                        ),
                    ],
                ),
                section(
                    "D",
                    "Competent authority of the provider's Member State",
                    vec![recalled(
                        "Tick what applies",
                        boxes(&[
                            (
                                crosses,
                                "the Member State of the provider is another than that of the issuing authority",
                            ),
                            (
                                self.copied.is_some(),
                                "a copy of the order is sent to the competent authority of the provider's Member State",
                            ),
                        ]),
                    )],
                ),
                section("E", "The issuing competent authority", self.issuer()),
                section(
                    "F",
                    "Contact details for follow-up",
                    vec![
                        recalled(
                            "Of the issuing authority, for feedback on the time of removal or for clarification",
                            Value::ByHand,
                        ),
                        recalled(
                            "Of the competent authority of the provider's Member State",
                            known(self.copied.as_ref().map(|copy| {
                                format!("{} (copy sent on {})", copy.to, rfc3339(copy.at))
                            })),
                        ),
                    ],
                ),
                section(
                    "G",
                    "Redress",
                    vec![
                        recalled(
                            "Competent body or court before which the order can be challenged",
                            self.redress(),
                        ),
                        recalled(
                            "Deadline for challenging it (days or months, starting from)",
                            self.within_redress(),
                        ),
                        recalled("Link to the national provisions", self.within_redress()),
                    ],
                ),
            ],
        }
    }

    /// What stands beside the box, as the record says it today.
    fn silence(&self) -> Value {
        match (self.non_disclosure, self.silent_until) {
            (false, _) => text("–"),
            (true, Some(until)) => text(rfc3339(until)),
            (true, None) => text("over: the content provider may be informed"),
        }
    }

    /// How it can be challenged, in the authority's words.
    fn redress(&self) -> Value {
        known(
            self.redress
                .as_ref()
                .map(|(language, said)| format!("({language}) {said}")),
        )
    }

    fn within_redress(&self) -> Value {
        match self.redress {
            Some(_) => text("as said above, where the authority says it"),
            None => Value::ByHand,
        }
    }

    fn ground_boxes(&self) -> Value {
        let all = [
            (
                "tco:a",
                "(a) incites others to commit terrorist offences, such as by glorifying terrorist acts, by advocating such offences",
                false,
            ),
            (
                "tco:b",
                "(b) solicits others to commit or to contribute to terrorist offences",
                true,
            ),
            (
                "tco:c",
                "(c) solicits others to participate in the activities of a terrorist group",
                true,
            ),
            (
                "tco:d",
                "(d) provides instruction on making or using explosives, firearms or other weapons, noxious or hazardous substances, or on other specific methods or techniques",
                true,
            ),
            (
                "tco:e",
                "(e) constitutes a threat to commit a terrorist offence",
                true,
            ),
        ];
        let each = all.into_iter().map(|(code, text, recalled)| TickBox {
            ticked: self.grounds.iter().any(|ground| ground == code),
            text,
            recalled,
        });
        Value::Boxes(each.collect())
    }

    fn issuer(&self) -> Vec<Field> {
        let kind = self.authority.agency_type;
        vec![
            recalled(
                "Type",
                boxes(&[
                    (
                        kind == AgencyType::Judicial,
                        "judge, court or investigating judge",
                    ),
                    (kind == AgencyType::Police, "law enforcement authority"),
                    (
                        matches!(kind, AgencyType::Regulator | AgencyType::Other),
                        "other competent authority (complete section F as well)",
                    ),
                ]),
            ),
            recalled(
                "Name of the issuing authority",
                text(self.authority.name.clone()),
            ),
            recalled(
                "Name of its representative and post held (title, grade)",
                known(self.authority.officer.clone()),
            ),
            recalled("File number", known(self.authority.file_number.clone())),
            recalled("Address, telephone, fax, e-mail", Value::ByHand),
            recalled("Date", text(self.issued_at.date_naive().to_string())),
            recalled(
                "Official stamp (if available) and signature (not necessary if sent through authenticated submission channels that guarantee authenticity)",
                text(format!(
                    "filed through the exchange by an authenticated client of the authority as {}",
                    self.reference
                )),
            ),
        ]
    }
}

impl Item {
    /// The same with what else helps to find it, and that it is not asked about any more.
    pub(super) fn described(&self) -> String {
        let mut said = located(self);
        if let Some(more) = &self.description {
            said += &format!(" ({more})");
        }
        if let Some(at) = self.withdrawn_at {
            said += &format!(" [taken back by the authority on {}]", rfc3339(at));
        }
        said
    }
}
