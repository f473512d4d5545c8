//! The words of the answer page. A language that lacks one does not compile; a further language is one file like `en.rs`, one
//! line in [`ALL`], and the same in `web/words`, whose words of the parties are shown here too.

mod ar;
mod de;
mod en;
mod fr;
mod pl;

use takedown_core::instrument::Obstacle;
use takedown_core::request::{EventType, OutcomeCode};

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
            /// In the order of [`OutcomeCode::ALL`].
            pub outcomes: [&'static str; 19],
            /// Force majeure, manifest error, insufficient information.
            pub obstacles: [&'static str; 3],
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
    languages, title, intro, check_link, due_label,
    /// Before an instant.
    due_by,
    /// Before and after how long it is, with [`Words::hours`] or [`Words::working_days`] between.
    due_from_opening, hours, working_days, due_from_service, due_stands,
    count_label, hosts_label, attested_label, attested_unit, attested_exchange, expires_label, officer_label,
    status_label, status_filed, status_fetched, status_acknowledged, status_needs_information, status_closed, status_withdrawn,
    /// Above the button by which the content is handed over.
    open_title, open_line, open_receipt, open_button,
    what_title, reasons_label, translation_label, untranslated, grounds_label, provision_label, territory_label, worldwide,
    redress_label, silent_label, keep_label, wait_line,
    item, graphic, description_label, seen_label, decided_label, not_decided, taken_back, asked_back, inert,
    answer_title, acknowledge_line, reference_label, acknowledge_button,
    decide_title, decide_line, outcome_label, no_choice, more_label, note_label, rest_title, rest_line, more_items,
    basis_label, basis_terms, basis_law, informed_label, informed_not_possible, informed_yes, informed_no, informed_non_disclosure,
    language_label, language_other, save_button, save_close_button, close_button, nothing_left,
    say_title, say_line, kind_label, say_question, say_note, say_obstacle_over, text_label, say_button,
    said_title, by_agency, by_platform, by_operator, by_other,
    doubt_title, doubt_line, doubt_text_label, doubt_button, doubted,
    not_mine_title, not_mine_line, not_mine_button,
    offline_title, offline_line, claim_title, claim_line, claim_link, one_link, more_help,
    done_open, done_acknowledge, done_decide, done_close, done_say, done_doubt,
    changed_title, changed_line,
    event_fetched, event_acknowledged, event_decided, event_closed, event_asked, event_obstacle, event_answered, event_noted,
    event_withdrawn, event_corrected, event_doubted, event_settled, event_reopened, event_other, via_link,
    wrong_title, wrong_elsewhere, wrong_unreadable, wrong_encoding, wrong_later, wrong_moment,
    wrong_nothing, wrong_outcome, wrong_countries, wrong_duplicate, wrong_text, wrong_reference, wrong_empty, wrong_undecided,
    gone_title, gone_line, gone_why, renew_title, renew_line, code_label, renew_button, renewed_title, renewed_line,
    thanks_title, thanks_line, later_title, later_line, ask_operator,
}

impl Words {
    pub fn outcome(&self, of: OutcomeCode) -> &'static str {
        let place = OutcomeCode::ALL.iter().position(|code| *code == of);
        place
            .and_then(|place| self.outcomes.get(place))
            .copied()
            .unwrap_or_default()
    }

    pub fn obstacle(&self, of: Obstacle) -> &'static str {
        let [force_majeure, manifest_error, insufficient] = self.obstacles;
        match of {
            Obstacle::ForceMajeure => force_majeure,
            Obstacle::ManifestError => manifest_error,
            Obstacle::InsufficientInformation => insufficient,
        }
    }

    /// What happened, by the type of the entry of the history.
    pub fn event(&self, of: &str) -> &'static str {
        match of.parse::<EventType>() {
            Ok(EventType::RequestFetched) => self.event_fetched,
            Ok(EventType::RequestAcknowledged) => self.event_acknowledged,
            Ok(
                EventType::RequestDecided
                | EventType::DecisionRevised
                | EventType::RestorationAnswered,
            ) => self.event_decided,
            Ok(EventType::RequestClosed) => self.event_closed,
            Ok(EventType::QuestionAsked) => self.event_asked,
            Ok(EventType::ObstacleReported) => self.event_obstacle,
            Ok(EventType::AnswerGiven) => self.event_answered,
            Ok(EventType::NoteAdded) => self.event_noted,
            Ok(
                EventType::RequestWithdrawn
                | EventType::ItemsWithdrawn
                | EventType::RequestAnnulled,
            ) => self.event_withdrawn,
            Ok(EventType::RequestCorrected) => self.event_corrected,
            Ok(EventType::DoubtRaised) => self.event_doubted,
            Ok(EventType::DoubtSettled) => self.event_settled,
            Ok(EventType::RequestReopened) => self.event_reopened,
            _ => self.event_other,
        }
    }
}

/// Every language, English first.
pub(in crate::web) static ALL: [&Words; 5] =
    [&en::WORDS, &ar::WORDS, &fr::WORDS, &de::WORDS, &pl::WORDS];

/// The language that was asked for by name, or else the most wanted of `Accept-Language` that we have, or the first of the
/// platform's own, or English.
pub(in crate::web) fn choose(
    asked: Option<&str>,
    accept: Option<&str>,
    own: &[String],
) -> &'static Words {
    let of = |asked, accept| most_wanted(&ALL, |words| words.tag, asked, accept);
    let own = || own.iter().find_map(|tag| of(Some(tag.as_str()), None));
    of(asked, accept).or_else(own).unwrap_or(&en::WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything_in_its_own_words() {
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
            assert_eq!(words.outcomes.len(), OutcomeCode::ALL.len());
            assert_eq!(words.dir == "rtl", words.tag == "ar");
        }
    }

    #[test]
    fn the_platforms_own_language_comes_after_the_readers() {
        let chosen = |asked, accept, own: &[&str]| {
            let own: Vec<String> = own.iter().map(ToString::to_string).collect();
            choose(asked, accept, &own).tag
        };
        assert_eq!(chosen(None, None, &["sv", "ar"]), "ar");
        assert_eq!(chosen(None, Some("en"), &["ar"]), "en");
        assert_eq!(chosen(Some("ar"), Some("en"), &[]), "ar");
        assert_eq!(chosen(None, Some("sv"), &[]), "en");
    }
}
