//! The words of the pages for uploaders. A language that lacks one does not compile.

mod ar;
mod de;
mod en;
mod fr;
mod pl;

use takedown_core::objection::ObjectionOutcome;

use crate::web::words::most_wanted;

macro_rules! words {
    ($($(#[$doc:meta])* $key:ident),+ $(,)?) => {
        /// One language.
        pub(in crate::web) struct Words {
            /// BCP 47 primary language.
            pub tag: &'static str,
            /// `ltr` or `rtl`.
            pub dir: &'static str,
            /// What it is called in itself.
            pub name: &'static str,
            /// Upheld, partly upheld, rejected, inadmissible.
            pub outcomes: [&'static str; 4],
            $($(#[$doc])* pub $key: &'static str,)+
        }

        impl Words {
            /// Every text by its key.
            #[cfg(test)]
            pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key)),+]
            }
        }
    };
}

words! {
    languages, enter_title, enter_line, enter_label, enter_button, unknown_title, unknown_line, later_title, later_line,
    ask_operator, sent,
    /// Instead of what was done, when that was undone.
    nothing_done,
    earlier, waiting, restored, form_title,
    /// Before the name of the platform.
    form_reader,
    form_line, text_label, language_label, language_other, send,
    closed_nothing, closed_open, closed_enough,
    wrong_elsewhere, wrong_unreadable, wrong_encoding, wrong_empty, wrong_long, wrong_control, wrong_later,
    nothing_shown,
}

impl Words {
    pub fn outcome(&self, of: ObjectionOutcome) -> &'static str {
        let [upheld, partly, rejected, inadmissible] = self.outcomes;
        match of {
            ObjectionOutcome::Upheld => upheld,
            ObjectionOutcome::PartlyUpheld => partly,
            ObjectionOutcome::Rejected => rejected,
            ObjectionOutcome::Inadmissible => inadmissible,
        }
    }
}

/// Every language, English first.
pub(in crate::web) static ALL: [&Words; 5] =
    [&en::WORDS, &ar::WORDS, &fr::WORDS, &de::WORDS, &pl::WORDS];

/// The language that was asked for by name, or else the most wanted of `Accept-Language` that we have, or English.
pub(in crate::web) fn choose(asked: Option<&str>, accept: Option<&str>) -> &'static Words {
    most_wanted(&ALL, |words| words.tag, asked, accept).unwrap_or(&en::WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything_in_its_own_words() {
        assert_eq!(
            ALL.map(|words| words.tag),
            takedown_core::tombstone::LANGUAGES
        );
        for words in ALL {
            let english = en::WORDS.entries();
            for ((key, text), (_, first)) in words.entries().into_iter().zip(english) {
                assert!(!text.trim().is_empty(), "{}.{key} is empty", words.tag);
                let same = words.tag != "en" && text == first;
                assert!(!same, "{}.{key} is still English", words.tag);
            }
            for (one, first) in words.outcomes.iter().zip(en::WORDS.outcomes) {
                assert!(words.tag == "en" || *one != first, "{}: {one}", words.tag);
            }
            assert_eq!(words.dir == "rtl", words.tag == "ar");
        }
    }

    #[test]
    fn the_most_wanted_language_that_we_have() {
        let chosen = |asked, accept| choose(asked, accept).tag;
        assert_eq!(chosen(None, Some("pl-PL,pl;q=0.9,en;q=0.8")), "pl");
        assert_eq!(chosen(Some("fr"), Some("de")), "fr");
        assert_eq!(chosen(Some("xx"), Some("sv, de;q=0.2")), "de");
        assert_eq!(chosen(None, None), "en");
    }
}
