//! The words of the page. A language that lacks one does not compile; a further language is one file like `en.rs` and one line in
//! [`ALL`], beside those of the answer page.

mod ar;
mod de;
mod en;
mod fr;
mod pl;

use takedown_core::claim::Found;

macro_rules! words {
    ($($(#[$doc:meta])* $key:ident),+ $(,)?) => {
        /// One language.
        pub(super) struct Words {
            /// BCP 47 primary language.
            pub tag: &'static str,
            /// `ltr` or `rtl`.
            pub dir: &'static str,
            /// What it is called in itself.
            pub name: &'static str,
            /// What was seen in one place, and what to do.
            pub says: fn(&Found) -> String,
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
    languages, title, back, intro, proves, taken, no_host,
    host_label, start_button, over,
    put_title, put_line, record_title, record_name, record_type, record_value, record_none, file_title, file_at, file_content,
    until, look_title, look_line, look_button, looked_at, record_label, file_label,
    granted_title, granted_before, client_label, secret_label, once, what_now, inbox_line, links_line,
    settle_title, settle_line, contacts_label, languages_label, zone_label, end_links_label, settle_button, saved,
    contested_title, contested_line, ask_operator, lost_secret,
    wrong_title, wrong_unreadable, wrong_elsewhere, wrong_soon, wrong_enough, wrong_over, wrong_moved, wrong_host, wrong_many,
    wrong_none, wrong_later, wrong_ticket, wrong_contacts, wrong_languages, wrong_zone,
}

/// Every language, English first.
pub(super) static ALL: [&Words; 5] = [&en::WORDS, &ar::WORDS, &fr::WORDS, &de::WORDS, &pl::WORDS];

/// The language of the answer page.
pub(super) fn of(tag: &str) -> &'static Words {
    ALL.into_iter()
        .find(|words| words.tag == tag)
        .unwrap_or(&en::WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use takedown_core::claim::Fault;

    #[test]
    fn every_language_says_everything_in_its_own_words() {
        let answered: Vec<&str> = crate::web::answer::words::ALL.map(|w| w.tag).to_vec();
        assert_eq!(ALL.map(|words| words.tag).to_vec(), answered);
        for words in ALL {
            let english = en::WORDS.entries();
            for ((key, text), (_, first)) in words.entries().into_iter().zip(english) {
                assert!(!text.trim().is_empty(), "{}.{key} is empty", words.tag);
                let same = words.tag != "en" && text == first;
                assert!(!same, "{}.{key} is still English", words.tag);
            }
            assert_eq!(words.dir == "rtl", words.tag == "ar");
        }
    }

    #[test]
    fn what_is_seen_is_said_in_every_language() {
        let mut all = vec![
            Found::Proof,
            Found::Nothing,
            Found::Quoted,
            Found::Bare,
            Found::OtherCode,
            Found::Cut { after: 40 },
            Found::Differs {
                character: 33,
                stands: "9".into(),
                wanted: "8".into(),
            },
            Found::Differs {
                character: 33,
                stands: String::new(),
                wanted: "8".into(),
            },
            Found::Differs {
                character: 57,
                stands: "x".into(),
                wanted: String::new(),
            },
            Found::Other {
                shown: "v=spf1".into(),
            },
            Found::Elsewhere {
                name: "small.test".into(),
            },
            Found::Status { status: 404 },
            Found::Status { status: 500 },
            Found::Redirect {
                to: Some("https://www.small.test/".into()),
            },
            Found::Redirect { to: None },
            Found::Html,
        ];
        all.extend(Fault::ALL.iter().map(|why| Found::Failed { why: *why }));
        for words in ALL {
            let mut said: Vec<String> = all.iter().map(words.says).collect();
            assert!(said.iter().all(|text| !text.is_empty()));
            for (text, found) in said.iter().zip(&all) {
                let english = found.to_string();
                assert_eq!(words.tag == "en", *text == english, "{text}");
            }
            said.sort_unstable();
            said.dedup();
            assert_eq!(said.len(), all.len(), "{}: two are the same", words.tag);
        }
    }
}
