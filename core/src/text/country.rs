//! Countries by their ISO 3166-1 alpha-2 code.

use super::country_list::COUNTRIES;

/// The member states of the European Union.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// A country with an officially assigned ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country {
    /// Position in [`COUNTRIES`], which is in code order: comparing positions compares codes.
    index: u8,
}

/// A text that names no country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountryError {
    /// Not two letters.
    #[error("\"{}\" is not a country code; it has two letters (ISO 3166-1 alpha-2, such as PL)", super::visible(.0))]
    Form(String),
    /// Two letters that are not assigned.
    #[error("{0} is not an assigned ISO 3166-1 country code")]
    Unassigned(String),
    /// A code used elsewhere for a country that has another one in ISO 3166-1.
    #[error("{found} is not the ISO 3166-1 code; it is {meant}")]
    Elsewhere {
        /// The code as given.
        found: &'static str,
        /// The assigned one.
        meant: &'static str,
    },
}

impl Country {
    /// How many countries there are.
    pub const COUNT: usize = COUNTRIES.len();

    /// All countries in code order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u8..=u8::MAX)
            .take(COUNTRIES.len())
            .map(|index| Self { index })
    }

    /// The code, two upper-case letters.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        COUNTRIES[usize::from(self.index)].0
    }

    /// A short English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        COUNTRIES[usize::from(self.index)].1
    }

    /// Whether the country is a member state of the European Union.
    #[must_use]
    pub fn is_eu(self) -> bool {
        EU.contains(&self.as_str())
    }
}

impl std::str::FromStr for Country {
    type Err = CountryError;

    /// Understands either case; the code is always written in upper case.
    fn from_str(s: &str) -> Result<Self, CountryError> {
        if s.len() != 2 || !s.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(CountryError::Form(s.chars().take(20).collect()));
        }
        let code = s.to_ascii_uppercase();
        match COUNTRIES.binary_search_by(|(known, _)| (*known).cmp(&code)) {
            Ok(index) => u8::try_from(index)
                .map(|index| Self { index })
                .map_err(|_| CountryError::Unassigned(code)),
            // The European Union's own writing differs for two countries.
            Err(_) => Err(match code.as_str() {
                "UK" => CountryError::Elsewhere {
                    found: "UK",
                    meant: "GB",
                },
                "EL" => CountryError::Elsewhere {
                    found: "EL",
                    meant: "GR",
                },
                _ => CountryError::Unassigned(code),
            }),
        }
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Country({})", self.as_str())
    }
}

impl serde::Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_is_in_order_and_complete() {
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(Country::all().count(), 249);
        for country in Country::all() {
            assert_eq!(country.as_str().parse::<Country>().unwrap(), country);
        }
    }

    #[test]
    fn the_union_has_27() {
        assert_eq!(Country::all().filter(|c| c.is_eu()).count(), 27);
        assert!("gr".parse::<Country>().unwrap().is_eu());
        assert!(!"GB".parse::<Country>().unwrap().is_eu());
    }

    #[test]
    fn refusals_say_what_is_right() {
        let said = |s: &str| s.parse::<Country>().unwrap_err().to_string();
        assert_eq!(said("uk"), "UK is not the ISO 3166-1 code; it is GB");
        assert_eq!(said("EL"), "EL is not the ISO 3166-1 code; it is GR");
        assert_eq!(said("XX"), "XX is not an assigned ISO 3166-1 country code");
        assert!(said("Polska").contains("two letters"));
        assert!(said("ñ").contains("two letters"));
    }

    #[test]
    fn json_is_the_code() {
        let pl: Country = serde_json::from_str("\"pl\"").unwrap();
        assert_eq!(serde_json::to_string(&pl).unwrap(), "\"PL\"");
        assert_eq!(pl.name(), "Poland");
    }

    proptest! {
        #[test]
        fn never_panics(s in any::<String>()) {
            if let Ok(country) = s.parse::<Country>() {
                prop_assert_eq!(country.as_str(), s.to_ascii_uppercase());
            }
        }
    }
}
