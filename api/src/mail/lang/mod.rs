//! What mails say in which language. A further language is one file like `en.rs` and one line in [`ALL`]: the
//! compiler asks for every key, a test for every placeholder.

mod ar;
mod de;
mod en;
mod fr;
mod pl;

/// Languages that mails are written in; English is the first and the one to fall back to.
pub(super) static ALL: [&Words; 5] = [&en::WORDS, &ar::WORDS, &fr::WORDS, &de::WORDS, &pl::WORDS];

macro_rules! words {
    ($($(#[$doc:meta])* $key:ident),+ $(,)?) => {
        /// All that mails say in one language. `{name}` stands for a value.
        pub(super) struct Words {
            /// BCP 47 primary language.
            pub tag: &'static str,
            /// Written from right to left.
            pub rtl: bool,
            /// A number of items, as it follows a preposition.
            pub items: fn(u32) -> String,
            /// A number of hours.
            pub hours: fn(u32) -> String,
            /// A number of working days.
            pub working_days: fn(u32) -> String,
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
    /// Whether the unit signed the request with a key of its own, in one line.
    label_attested, attested_by_unit, attested_by_exchange,
    /// Subject, after the reference: a referral.
    subject_voluntary,
    /// Subject, after the reference: an order.
    subject_binding,
    /// Subject, after the reference: a notice before a first order.
    subject_notice,
    /// Subject's end: the time to act by.
    subject_by,
    /// Subject's end: a time that starts when the request is opened.
    subject_from_receipt,
    what_filed_voluntary, what_filed_binding, what_fetched, what_acknowledged, what_decided, what_closed,
    what_question, what_obstacle, what_obstacle_over, what_answer, what_note, what_withdrawn, what_reopened,
    what_restoration, what_deadline, what_items_withdrawn, what_corrected, what_attribution, what_revised,
    what_copied, what_scrutiny_asked, what_scrutiny_announced, what_scrutiny_decided, what_annulled, what_final, what_notice,
    what_non_disclosure_extended, what_non_disclosure_lifted, what_preservation_extended,
    what_preservation_released, what_preservation_ending, what_preservation_expired,
    what_objection,
    /// Subject of what happens to an agency's part in an operation.
    what_invited, what_joined, what_left, what_removed,
    /// Subject of what asks to wait.
    what_decoy,
    headline_filed_voluntary, headline_filed_binding, headline_fetched, headline_acknowledged, headline_decided,
    headline_closed, headline_question, headline_obstacle, headline_obstacle_over, headline_answer, headline_note,
    headline_withdrawn, headline_reopened, headline_restoration, headline_deadline, headline_items_withdrawn,
    headline_corrected, headline_attribution, headline_revised,
    headline_copied, headline_scrutiny_asked, headline_scrutiny_announced, headline_scrutiny_decided, headline_annulled,
    headline_final, headline_notice,
    headline_non_disclosure_extended, headline_non_disclosure_lifted, headline_preservation_extended,
    headline_preservation_released, headline_preservation_ending, headline_preservation_expired,
    headline_objection,
    headline_invited, headline_joined, headline_left, headline_removed,
    /// First line of what asks to wait.
    headline_decoy,
    reference,
    /// Third line of a referral.
    power_voluntary,
    /// Third line of an order.
    power_binding,
    /// Third line of an order that was withdrawn.
    power_was_binding,
    /// Third line of a notice before a first order.
    power_notice,
    /// Third line of an order that an authority annulled.
    power_annulled,
    /// Third line of what is between agencies alone.
    power_operation,
    english_below,
    label_agency, label_verified, label_platform, label_instrument, label_about, label_duty, label_obstacle,
    label_document, label_lasts, label_lead, label_member, label_outcome, label_told, label_at, label_code,
    agency_of, member_of, about_host, about, instrument_of, document, outcome,
    /// Said to the agency when the platform broke a non-disclosure.
    told,
    verified_until, verified, verified_ran_out, verified_not, verified_suspended,
    /// How many people of the operator found out that the agency is real.
    by_two_persons, by_one_person,
    duty_by, duty_from_receipt, duty_from_service, duty_stands_still,
    /// While force majeure stands: only the platform can say that it is over.
    duty_stands_until_over,
    obstacle_force_majeure, obstacle_manifest_error, obstacle_insufficient_information,
    next_title,
    /// What the platform may do with a referral.
    next_voluntary,
    /// What the platform is asked to do with an order.
    next_binding,
    next_read_answer, next_read_note, next_withdrawn, next_restore, next_answer_question, next_clear_obstacle,
    /// What the agency does about force majeure: nothing.
    next_until_over,
    next_items_withdrawn, next_read_correction,
    next_stay_silent, next_tell, next_keep, next_delete, next_extend,
    /// What is left to do after a withdrawal while something is still to be kept.
    next_withdrawn_keep,
    next_read_objection,
    /// What the platform does with what may be a decoy: nothing for now.
    next_decoy,
    next_notice, next_scrutinise, next_announced, next_read_finding,
    next_read_outcome, next_wait, next_nothing,
    /// What an agency does that was invited to an operation, and one whose part has ended.
    next_invited, next_removed,
    how_platform, how_agency, how_authority, how_operation,
    link, link_above, code_by_hand, doubt, not_receipt, footer,
    /// The same where a part for programs names the addresses.
    footer_reported,
    what_doubt, what_genuine, what_forged, what_not_mine, what_link,
    headline_doubt, headline_genuine, headline_forged, headline_not_mine, headline_link,
    what_undelivered, headline_undelivered, next_undelivered,
    next_settle, next_find_contact,
    /// What this mail is, for whoever never heard of us.
    first_contact,
    /// What can be done behind an answer link.
    how_link,
    /// Before an answer link.
    link_answer,
    /// How to check it without following the link.
    check_first,
    /// What an answer link is, so that it is not passed on.
    one_link,
    /// What to do with a doubt, for whoever answers by link.
    doubt_by_link,
    /// Of several mails in one; the last stands before the link by which such mails are ended.
    digest_subject, digest_headline, digest_headline_agency, digest_open, digest_check, digest_unsubscribe,
}

impl Words {
    /// Whether this is the language that everything else falls back to.
    pub fn is_english(&self) -> bool {
        self.tag == "en"
    }
}

/// The first wanted language that we have, English otherwise.
pub(super) fn choose(wanted: &[String]) -> &'static Words {
    wanted
        .iter()
        .filter_map(|tag| {
            let primary = tag.split(['-', '_']).next()?;
            ALL.into_iter()
                .find(|words| words.tag.eq_ignore_ascii_case(primary))
        })
        .next()
        .unwrap_or(&en::WORDS)
}

/// English, which stands below every other language.
pub(super) fn english() -> &'static Words {
    &en::WORDS
}

/// The languages that mails are written in (BCP 47), English first.
#[must_use]
pub fn languages() -> Vec<&'static str> {
    ALL.iter().map(|words| words.tag).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .collect()
    }

    #[test]
    fn every_language_says_everything_with_the_same_values() {
        for words in ALL {
            for ((key, text), (_, english)) in words.entries().into_iter().zip(en::WORDS.entries())
            {
                assert!(!text.trim().is_empty(), "{}.{key} is empty", words.tag);
                assert_eq!(
                    placeholders(text),
                    placeholders(english),
                    "{}.{key}",
                    words.tag
                );
                assert!(
                    !text.contains("http"),
                    "{}.{key} has a link of its own",
                    words.tag
                );
                let same = !words.is_english() && text == english && !text.starts_with('{');
                assert!(!same, "{}.{key} is still English", words.tag);
            }
        }
    }

    #[test]
    fn the_first_language_that_we_have_is_chosen() {
        let pick =
            |tags: &[&str]| choose(&tags.iter().map(ToString::to_string).collect::<Vec<_>>()).tag;
        assert_eq!(pick(&["ar", "en"]), "ar");
        assert_eq!(pick(&["xx", "ar-EG", "en"]), "ar");
        assert_eq!(pick(&["AR_eg"]), "ar");
        assert_eq!(pick(&["tlh"]), "en");
        assert_eq!(pick(&[]), "en");
    }

    #[test]
    fn polish_counts_one_a_few_and_many() {
        let items = choose(&["pl".to_string()]).items;
        for (n, said) in [
            (0, "0 elementów"),
            (1, "1 element"),
            (2, "2 elementy"),
            (4, "4 elementy"),
            (5, "5 elementów"),
            (12, "12 elementów"),
            (21, "21 elementów"),
            (22, "22 elementy"),
            (112, "112 elementów"),
            (124, "124 elementy"),
        ] {
            assert_eq!(items(n), said);
        }
    }

    #[test]
    fn french_counts_nothing_as_one() {
        let items = choose(&["fr".to_string()]).items;
        assert_eq!(items(0), "0 contenu");
        assert_eq!(items(1), "1 contenu");
        assert_eq!(items(2), "2 contenus");
    }

    #[test]
    fn arabic_counts_follow_arabic_grammar() {
        let items = choose(&["ar".to_string()]).items;
        assert_eq!(items(1), "عنصر واحد");
        assert_eq!(items(2), "عنصرين");
        assert_eq!(items(3), "3 عناصر");
        assert_eq!(items(11), "11 عنصرًا");
        assert_eq!(items(100), "100 عنصر");
        assert_eq!(items(105), "105 عناصر");
    }
}
