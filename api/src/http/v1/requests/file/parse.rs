//! From the body of a filing to what the core files.

use takedown_core::agency::OfficerRef;
use takedown_core::history::Digest;
use takedown_core::locator::Locator;

use super::{DigestAlgorithm, IfRepeated, NewItem, NewRequest, Officer, Service, Text};
use crate::app::FieldError;
use crate::app::requests::filing;
use crate::http::extract::parse;
use crate::http::problem::Problem;

impl From<Text> for filing::Text {
    fn from(text: Text) -> Self {
        Self {
            text: text.text,
            language: text.language,
        }
    }
}

impl From<Officer> for OfficerRef {
    fn from(officer: Officer) -> Self {
        Self {
            handle: officer.handle,
            name: officer.name,
            rank: officer.rank,
        }
    }
}

impl From<Service> for filing::Service {
    fn from(service: Service) -> Self {
        Self {
            method: service.method.as_str().to_owned(),
            served_at: service.served_at.0,
        }
    }
}

impl NewRequest {
    /// Parses what the rules of the schema cannot judge: the locators.
    ///
    /// # Errors
    /// Every locator that is none, with its pointer. The locator itself is never repeated.
    pub fn parse(self, sent: &[u8]) -> Result<filing::NewFiling, Problem> {
        let mut errors = Vec::new();
        let mut items = Vec::with_capacity(self.items.len());
        for (index, item) in self.items.into_iter().enumerate() {
            match Locator::parse(item.kind, &item.locator) {
                Ok(locator) => items.push(item.parsed(locator)),
                Err(why) => errors.push(FieldError::new(
                    format!("/items/{index}/locator"),
                    why.to_string(),
                )),
            }
        }
        if !errors.is_empty() {
            return Err(crate::app::Error::Invalid(errors).into());
        }
        let territory =
            self.territory
                .map_or_else(filing::Territory::default, |t| filing::Territory {
                    countries: t.countries,
                    worldwide: t.worldwide,
                });
        Ok(filing::NewFiling {
            instrument: self.instrument,
            platform: self.platform.map(|id| id.to_string()),
            agency_reference: self.agency_reference,
            operation: self.operation,
            one_platform: false,
            jurisdiction: self.jurisdiction,
            filing: filing::Filing {
                grounds: self.grounds,
                reasons: self.reasons.into(),
                translation: self.translation.map(Into::into),
                provision: self.provision,
                territory,
                officer: self.officer.map(Into::into),
                service: self.service.map(Into::into),
                specified: self.specified.map(|s| filing::Specified {
                    due_at: s.due_at.0,
                    issued_by: s.issued_by,
                    case_number: s.case_number,
                }),
                non_disclosure: self
                    .non_disclosure
                    .map(|n| filing::NonDisclosure::new(n.until.0, n.reason)),
                preservation: self
                    .preservation
                    .map(|p| filing::Preservation { until: p.until.0 }),
                prior_notice: None,
                elements: filing::Elements {
                    legal_basis: self.legal_basis,
                    redress: self.redress.map(Into::into),
                    effect_to: self.effect_to,
                    bona_fide: self.bona_fide,
                },
                kept: None,
                attribution: self.attribution.map(|a| filing::Attribution {
                    source: a.source,
                    confidence: a.confidence.as_str().to_owned(),
                }),
            },
            if_repeated: match self.if_repeated {
                IfRepeated::File => filing::IfRepeated::File,
                IfRepeated::Refuse => filing::IfRepeated::Refuse,
            },
            prior_notice_waived: self.prior_notice_waived,
            sightings: self.sightings,
            signed: None,
            items,
            digest: Digest::of(sent),
        })
    }
}

/// The filing of a body that was taken before: what a unit signed, without the claims.
///
/// # Errors
/// What would be refused of it.
pub fn project(body: &[u8]) -> Result<filing::NewFiling, String> {
    let new = parse::<NewRequest>(body).and_then(|new| new.parse(body));
    new.map_err(|problem| problem.to_string())
}

impl NewItem {
    fn parsed(self, locator: Locator) -> filing::NewItem {
        filing::NewItem {
            kind: self.kind,
            locator,
            role: self.role,
            detail: filing::ItemDetail {
                description: self.description,
                language: self.language,
                graphic: self.graphic,
                seen_at: self.seen_at.map(|i| i.0),
                digests: self
                    .digests
                    .into_iter()
                    .map(|d| {
                        let DigestAlgorithm::Sha256 = d.algorithm;
                        filing::Digest {
                            algorithm: "sha256".into(),
                            value: d.value.to_ascii_lowercase(),
                        }
                    })
                    .collect(),
            },
        }
    }
}
