//! The small closed vocabularies of the catalogue.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::{Country, coded_enum};

coded_enum! {
    /// What a law asks of a filing beside grounds and reasons.
    pub enum Element, "an element of a filing" {
        /// The law that gives the authority its power (Regulation (EU) 2022/2065, Article 9(2)(a)(i)).
        LegalBasis => "legal_basis",
        /// How it can be challenged (Regulation (EU) 2022/2065, Article 9(2)(a)(v)).
        Redress => "redress",
        /// That the notifier believes in good faith what he says (Regulation (EU) 2022/2065, Article 16(2)(d)).
        BonaFide => "bona_fide",
    }
}

coded_enum! {
    /// Whether the agency asks or claims to order. Nothing else exists.
    pub enum Kind, "a kind of instrument" {
        /// Voluntary: the platform judges by its own terms and may decline.
        Referral => "referral",
        /// The agency claims a binding power.
        Order => "order",
    }
}

impl Kind {
    /// What the platform is told about the power: `voluntary` or `binding_as_claimed`.
    pub const fn power(self) -> &'static str {
        match self {
            Self::Referral => "voluntary",
            Self::Order => "binding_as_claimed",
        }
    }
}

coded_enum! {
    /// What a platform may report as standing in the way: the boxes of Regulation (EU) 2021/784, Annex III,
    /// used under the same codes for every instrument.
    pub enum Obstacle, "an obstacle" {
        /// Force majeure or de facto impossibility not attributable to the platform (Art 3(7)).
        ForceMajeure => "force_majeure",
        /// The request contains manifest errors (Art 3(8)).
        ManifestError => "manifest_error",
        /// The request does not contain sufficient information (Art 3(8)).
        InsufficientInformation => "insufficient_information",
    }
}

coded_enum! {
    /// How a notice was given outside the exchange.
    pub enum ServiceMethod, "a method of service" {
        /// Handed over in person.
        InPerson => "in_person",
        /// Sent by a postal service that records delivery.
        RecordedPost => "recorded_post",
    }
}

coded_enum! {
    /// In which countries an instrument's effect may be asked.
    pub enum TerritoryRule, "a territory rule" {
        /// As the filing says.
        Any => "any",
        /// Named countries only, never worldwide.
        Limited => "limited",
        /// All Member States of the Union by law, neither fewer nor others.
        AllMemberStates => "all_member_states",
    }
}

/// Whose authorities may use an instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Jurisdiction {
    /// Every country's.
    Any,
    /// Those of the European Union's Member States.
    EuMemberStates,
    /// Those of these countries.
    Countries(Vec<Country>),
}

impl Jurisdiction {
    /// Whether an authority of `country` may use the instrument.
    pub fn covers(&self, country: Country) -> bool {
        match self {
            Self::Any => true,
            Self::EuMemberStates => country.is_eu(),
            Self::Countries(countries) => countries.contains(&country),
        }
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any country"),
            Self::EuMemberStates => f.write_str("a Member State of the European Union"),
            Self::Countries(countries) => {
                let names: Vec<_> = countries.iter().map(ToString::to_string).collect();
                f.write_str(&names.join(" or "))
            }
        }
    }
}

/// The Member States of the European Union, in the order of their codes.
pub(super) fn eu_member_states() -> Vec<Country> {
    Country::all().filter(|country| country.is_eu()).collect()
}

/// The name of an instrument: lower-case letters, digits and hyphens, at most 64.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InstrumentId(String);

/// A text that cannot be the name of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the name of an instrument: use 1 to 64 lower-case letters, digits and single hyphens, such as `eu-tco-order`"
)]
pub struct IdError(String);

impl InstrumentId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstrumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for InstrumentId {
    type Err = IdError;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let part_ok = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if given.len() <= 64 && given.split('-').all(part_ok) {
            Ok(Self(given.to_owned()))
        } else {
            Err(IdError(given.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for InstrumentId {
    type Error = IdError;

    fn try_from(given: String) -> Result<Self, Self::Error> {
        given.parse()
    }
}

impl From<InstrumentId> for String {
    fn from(id: InstrumentId) -> Self {
        id.0
    }
}
