//! Placeholders in saved texts: `{{case_number}}` stands for what is filled in before the text is sent.
//!
//! A name is a lower-case ASCII letter followed by lower-case letters, digits and underscores, forty characters at the
//! most; nothing else between double braces is a placeholder.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

/// Longest name of a placeholder, in characters.
pub const MAX_NAME: usize = 40;

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// Double braces that are no placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "at character {at} double braces begin no placeholder: one is written {{{{case_number}}}}, with lower-case letters, digits and underscores"
)]
pub struct Malformed {
    /// Position in characters, counted from 1.
    pub at: usize,
}

/// Why a placeholder could not be filled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Unfit {
    /// Nothing is given for it.
    #[error("is missing; the text has the placeholder {{{{{0}}}}}")]
    Missing(String),
    /// The text has no such placeholder.
    #[error("belongs to no placeholder of the text")]
    Unknown(String),
    /// What was filled in makes a placeholder itself.
    #[error("makes the placeholder {{{{{0}}}}} anew; nothing is filled in twice")]
    Made(String),
}

impl Unfit {
    /// The name of the placeholder.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Missing(name) | Self::Unknown(name) | Self::Made(name) => name,
        }
    }
}

/// The placeholders of a text, each once, in the order of their first appearance.
#[must_use]
pub fn names(text: &str) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = next(rest) {
        if seen.insert(name) {
            names.push(name);
        }
        rest = after;
    }
    names
}

/// Checks that all double braces of a text are placeholders, so that a slip of the pen is found when the text is
/// saved and not when it is sent.
///
/// # Errors
/// [`Malformed`], saying where.
pub fn check(text: &str) -> Result<(), Malformed> {
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        let Some((_, _, after)) = next(rest).filter(|(before, ..)| before.len() == at) else {
            let place = text.len() - rest.len() + at;
            return Err(Malformed {
                at: text[..place].chars().count() + 1,
            });
        };
        rest = after;
    }
    Ok(())
}

/// Fills every placeholder of a text.
///
/// # Errors
/// Every placeholder without a value and every value without a placeholder.
pub fn fill(text: &str, values: &BTreeMap<String, String>) -> Result<String, Vec<Unfit>> {
    let wanted = names(text);
    let missing = wanted.iter().filter(|name| !values.contains_key(**name));
    let unknown = values
        .keys()
        .filter(|name| !wanted.contains(&name.as_str()));
    let unfit: Vec<Unfit> = missing
        .map(|name| Unfit::Missing((*name).to_owned()))
        .chain(unknown.map(|name| Unfit::Unknown(name.clone())))
        .collect();
    if !unfit.is_empty() {
        return Err(unfit);
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        filled.push_str(values.get(name).map_or("", String::as_str));
        rest = after;
    }
    filled.push_str(rest);
    let made: Vec<Unfit> = names(&filled)
        .into_iter()
        .map(|name| Unfit::Made(name.to_owned()))
        .collect();
    if made.is_empty() {
        Ok(filled)
    } else {
        Err(made)
    }
}

/// What stands before the next placeholder, its name, and what follows it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find(OPEN) {
        let start = from + at;
        let inside = start + OPEN.len();
        if let Some(name) = name_at(&text[inside..]) {
            let after = inside + name.len() + CLOSE.len();
            return Some((&text[..start], name, &text[after..]));
        }
        from = start + 1;
    }
    None
}

/// The name that the text begins with, if double braces close it.
fn name_at(text: &str) -> Option<&str> {
    let ends = text.find(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_'))?;
    let (name, rest) = text.split_at(ends);
    let fits = ends <= MAX_NAME && name.starts_with(|c: char| c.is_ascii_lowercase());
    (fits && rest.starts_with(CLOSE)).then_some(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn names_are_found_once_in_order() {
        assert_eq!(names("{{b}} and {{a_1}}, {{b}} again"), ["b", "a_1"]);
        assert_eq!(names("{{{a}}}"), ["a"]);
        let none = "{a} {{A}} {{ a }} {{1a}} {{}} {{a} {{a }} {{ä}} {{a\n}} }}";
        assert!(names(none).is_empty());
        assert!(names(&format!("{{{{{}}}}}", "a".repeat(41))).is_empty());
        assert_eq!(names(&format!("{{{{{}}}}}", "a".repeat(40))).len(), 1);
    }

    #[test]
    fn a_slip_of_the_pen_is_found_when_saving() {
        assert_eq!(
            check("Dear {{platform}}, {once} }} {{case_number}}"),
            Ok(())
        );
        for (text, at) in [
            ("ä {{Case}}", 3),
            ("{{a}} {{ b }}", 7),
            ("{{{a}}}", 1),
            ("{{", 1),
        ] {
            assert_eq!(check(text), Err(Malformed { at }), "{text}");
        }
        assert!(
            check("{{A}}")
                .unwrap_err()
                .to_string()
                .contains("{{case_number}}")
        );
    }

    #[test]
    fn all_are_filled_or_each_that_is_not_is_named() {
        let text = "Case {{case_number}} of {{unit}}: {{case_number}}.";
        let filled = fill(text, &values(&[("case_number", "7"), ("unit", "KP")]));
        assert_eq!(filled.unwrap(), "Case 7 of KP: 7.");
        let unfit = fill(text, &values(&[("unit", "KP"), ("units", "KP")])).unwrap_err();
        assert_eq!(
            unfit,
            [
                Unfit::Missing("case_number".into()),
                Unfit::Unknown("units".into())
            ]
        );
        assert!(
            unfit[0].to_string().contains("{{case_number}}"),
            "{}",
            unfit[0]
        );
        let made = fill("{{a}}", &values(&[("a", "{{b}}")])).unwrap_err();
        assert_eq!(made, [Unfit::Made("b".into())]);
    }

    proptest! {
        #[test]
        fn what_is_filled_has_none_left(
            text in "([a-z{} ]|\\{\\{[a-c]\\}\\}){0,12}",
            given in prop::collection::btree_map("[a-c]", "[a-c{} ]{0,4}", 0..4),
        ) {
            match fill(&text, &given) {
                Ok(filled) => prop_assert!(names(&filled).is_empty()),
                Err(unfit) => prop_assert!(!unfit.is_empty()),
            }
        }

        #[test]
        fn what_has_none_stays_as_it_is(text in "\\PC{0,40}") {
            if names(&text).is_empty() {
                prop_assert_eq!(fill(&text, &BTreeMap::new()), Ok(text));
            } else {
                prop_assert!(fill(&text, &BTreeMap::new()).is_err());
            }
        }

        #[test]
        fn what_may_be_saved_is_filled_by_its_names_alone(text in "([a-z ]|\\{\\{[a-c]\\}\\}){0,12}") {
            prop_assert_eq!(check(&text), Ok(()));
            let given = names(&text).into_iter().map(|name| (name.to_owned(), "x".to_owned())).collect();
            prop_assert!(fill(&text, &given).is_ok());
        }
    }
}
