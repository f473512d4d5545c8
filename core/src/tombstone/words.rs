//! What tombstones say in which language. A further language is one file like `en.rs` and one line in [`ALL`]: the
//! compiler asks for every text, a test for every value in it.

mod ar;
mod de;
mod en;
mod fr;
mod pl;

use crate::text::Language;

/// Every language; English is the first and the one to fall back to.
pub(super) static ALL: [&Words; 5] = [&en::WORDS, &ar::WORDS, &fr::WORDS, &de::WORDS, &pl::WORDS];

/// The languages that tombstones are written in (BCP 47), English first.
pub const LANGUAGES: [&str; 5] = ["en", "ar", "fr", "de", "pl"];

macro_rules! words {
    ($($(#[$doc:meta])* $key:ident),+ $(,)?) => {
        /// All that a tombstone says in one language. `{name}` stands for a value.
        pub(super) struct Words {
            /// BCP 47 primary language.
            pub tag: &'static str,
            /// Written from right to left.
            pub right_to_left: bool,
            $($(#[$doc])* pub $key: &'static str,)+
        }

        impl Words {
            /// Every key with its text.
            #[cfg(test)]
            pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key)),+]
            }
        }
    };
}

words! {
    title_removed, title_disabled, title_blocked, title_suspended, title_restricted, title_modified,
    /// While a non-disclosure holds, of what cannot be reached.
    title_withheld,
    done_removed, done_disabled, done_blocked, done_suspended, done_restricted, done_modified,
    /// While a non-disclosure holds, of what cannot be reached.
    done_withheld,
    /// The same of other measures: without a day or a country, since both may tell of an order.
    done_withheld_blocked, done_withheld_suspended, done_withheld_restricted, done_withheld_modified,
    /// A referral, decided by the platform's own terms.
    asked_terms,
    /// A referral, decided by the law as the platform reads it.
    asked_law,
    ordered_law, ordered_terms,
    territory, everywhere, withdrawn, reference,
    redress, objection, court, court_order,
    /// Regulation (EU) 2021/784, Articles 4(4), 9(2), 11(2).
    tco,
    complaints,
    /// While a non-disclosure holds.
    ask_platform,
}

/// Whether tombstones are written in it.
pub fn has_language(language: &Language) -> bool {
    LANGUAGES.contains(&language.primary())
}

/// The words of the wanted language; English where we do not have it.
pub(super) fn of(wanted: Option<&Language>) -> &'static Words {
    let primary = wanted.map_or("en", Language::primary);
    ALL.into_iter()
        .find(|words| words.tag == primary)
        .unwrap_or(&en::WORDS)
}
