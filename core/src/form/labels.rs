//! The words of the forms in other languages: translations of ours, kept as data in `core/data/forms.toml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::text::{Language, coded_enum};

coded_enum! {
    /// A language that forms are printed in.
    pub enum FormLanguage, "a language of the forms" {
        /// English, in which the labels are written.
        English => "en",
        /// Arabic, from right to left.
        Arabic => "ar",
        /// German.
        German => "de",
        /// French.
        French => "fr",
        /// Polish.
        Polish => "pl",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    en: String,
    ar: String,
    de: String,
    fr: String,
    pl: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    label: Vec<Row>,
}

const TEXT: &str = include_str!("../../data/forms.toml");

/// The rows by their English. A test proves that the file can be read; were it broken, forms are English.
fn rows() -> &'static HashMap<String, Row> {
    static ROWS: OnceLock<HashMap<String, Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let rows = toml::from_str::<File>(TEXT).map(|file| file.label);
        let rows = rows.unwrap_or_default().into_iter();
        rows.map(|row| (row.en.clone(), row)).collect()
    })
}

impl FormLanguage {
    /// The first of these that we have, whatever the region.
    #[must_use]
    pub fn first_of(wanted: &[Language]) -> Option<Self> {
        wanted.iter().find_map(|tag| {
            let primary = tag.as_str().split('-').next()?.to_ascii_lowercase();
            primary.parse().ok()
        })
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub const fn is_rtl(self) -> bool {
        matches!(self, Self::Arabic)
    }

    /// A label in this language; in English where there is none.
    #[must_use]
    pub fn say(self, english: &'static str) -> &'static str {
        let Some(row) = rows().get(english) else {
            return english;
        };
        match self {
            Self::English => english,
            Self::Arabic => &row.ar,
            Self::German => &row.de,
            Self::French => &row.fr,
            Self::Polish => &row.pl,
        }
    }
}

#[cfg(test)]
pub(super) fn known() -> std::collections::BTreeSet<&'static str> {
    rows().keys().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_row_says_something_in_every_language() {
        let file: File = toml::from_str(TEXT).unwrap();
        assert_eq!(file.label.len(), rows().len(), "no label twice");
        for row in &file.label {
            for said in [&row.ar, &row.de, &row.fr, &row.pl] {
                assert!(!said.trim().is_empty(), "{}", row.en);
            }
            let arabic = |c: char| ('\u{600}'..='\u{6ff}').contains(&c);
            assert!(row.ar.chars().any(arabic), "{}", row.ar);
        }
    }

    #[test]
    fn the_first_language_that_we_have_is_chosen() {
        let of = |tags: &[&str]| {
            let tags: Vec<Language> = tags.iter().map(|tag| tag.parse().unwrap()).collect();
            FormLanguage::first_of(&tags)
        };
        assert_eq!(of(&["uk", "fr-BE", "en"]), Some(FormLanguage::French));
        assert_eq!(of(&["uk"]), None);
    }
}
