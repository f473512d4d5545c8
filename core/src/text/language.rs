//! Language tags: the part of BCP 47 that texts are labelled with.

/// A language tag: a language of two or three letters, optionally a script and a region (RFC 5646 §2.1).
///
/// Kept in the usual writing: `ar`, `zh-Hant`, `pt-BR`, `es-419`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

/// A text that is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" is not a language tag; write a language, optionally with script and region: ar, pl, zh-Hant, pt-BR", super::visible(.0))]
pub struct LanguageError(String);

/// Languages whose usual script runs from right to left.
const RIGHT_TO_LEFT: [&str; 14] = [
    "ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi",
];
/// Scripts that run from right to left.
const RIGHT_TO_LEFT_SCRIPTS: [&str; 7] = ["Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Syrc", "Thaa"];

impl Language {
    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language alone, lower-cased: `pt` of `pt-BR`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// The script, if the tag names one: `Hant` of `zh-Hant`.
    #[must_use]
    pub fn script(&self) -> Option<&str> {
        self.0.split('-').skip(1).find(|part| part.len() == 4)
    }

    /// Whether text in this language is set from right to left.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        match self.script() {
            Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script),
            None => RIGHT_TO_LEFT.contains(&self.primary()),
        }
    }
}

impl std::str::FromStr for Language {
    type Err = LanguageError;

    /// Understands any case; a longer tag (variants, extensions, private use) is refused.
    fn from_str(s: &str) -> Result<Self, LanguageError> {
        let refused = || LanguageError(s.chars().take(40).collect());
        let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
        let mut parts = s.split('-').peekable();

        let language = parts.next().unwrap_or_default();
        if !matches!(language.len(), 2 | 3) || !letters(language) {
            return Err(refused());
        }
        let mut tag = language.to_ascii_lowercase();

        if let Some(script) = parts.next_if(|part| part.len() == 4 && letters(part)) {
            tag.push('-');
            tag.push_str(&script[..1].to_ascii_uppercase());
            tag.push_str(&script[1..].to_ascii_lowercase());
        }
        let is_region = |part: &&str| {
            (part.len() == 2 && letters(part))
                || (part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit()))
        };
        if let Some(region) = parts.next_if(is_region) {
            tag.push('-');
            tag.push_str(&region.to_ascii_uppercase());
        }
        match parts.next() {
            None => Ok(Self(tag)),
            Some(_) => Err(refused()),
        }
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Language {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn tag(s: &str) -> String {
        s.parse::<Language>().unwrap().to_string()
    }

    #[test]
    fn written_in_the_usual_way() {
        assert_eq!(tag("AR"), "ar");
        assert_eq!(tag("ZH-hANT-tw"), "zh-Hant-TW");
        assert_eq!(tag("es-419"), "es-419");
        let language: Language = "pt-br".parse().unwrap();
        assert_eq!(language.primary(), "pt");
        assert_eq!(language.script(), None);
    }

    #[test]
    fn direction() {
        let rtl = |s: &str| s.parse::<Language>().unwrap().is_right_to_left();
        assert!(rtl("ar") && rtl("fa-IR") && rtl("az-Arab"));
        assert!(!rtl("pl") && !rtl("ar-Latn"));
    }

    #[test]
    fn others_are_refused() {
        for s in [
            "", "e", "english", "en_US", "en-", "-en", "en-US-x", "en--US", "ço", "en-1",
        ] {
            assert!(s.parse::<Language>().is_err(), "{s}");
        }
    }

    proptest! {
        #[test]
        fn writing_is_idempotent(s in "[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?") {
            prop_assert_eq!(tag(&tag(&s)), tag(&s));
        }

        #[test]
        fn never_panics(s in any::<String>()) {
            let _ = s.parse::<Language>();
        }
    }
}
