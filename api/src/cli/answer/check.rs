//! Whether the flags of an answer go together, and where its words come from.

use super::super::CliError;
use super::{AnswerArgs, DUPLICATE, GEO_BLOCKED, code};
use crate::client::wire::Text;

impl AnswerArgs {
    /// What clap cannot say of the flags.
    pub(super) fn check(&self) -> Result<(), CliError> {
        let alone = self.words().is_some() || self.takes_back();
        if alone && self.decides() {
            return Err(CliError::usage(
                "--acknowledge, --item, --all and --close are not combined with messages, --withdraw or --reopen",
            ));
        }
        if self.reply_to.is_some() && (self.words().is_none() || !self.reopen.is_empty()) {
            return Err(CliError::usage("--reply-to goes with a message"));
        }
        self.check_words(alone)?;
        self.check_details(&self.outcomes())
    }

    /// The different outcomes of the call.
    fn outcomes(&self) -> Vec<String> {
        let close = self.close.iter().flatten();
        let mut all: Vec<String> = self
            .items
            .iter()
            .map(|(_, outcome)| outcome.clone())
            .collect();
        all.extend(self.all.iter().chain(close).map(|outcome| code(outcome)));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What is said about an outcome must not end up at another one.
    fn check_details(&self, outcomes: &[String]) -> Result<(), CliError> {
        let has = |wanted: &str| outcomes.iter().any(|outcome| outcome == wanted);
        let details = &self.details;
        let saved = self.saved.is_given() && self.words().is_none();
        let text = details.text.is_some() || saved;
        if text && outcomes.len() > 1 {
            return Err(CliError::usage(format!(
                "--text or --saved goes with one outcome, and this call has {}; give the others in a call of their own",
                outcomes.join(", ")
            )));
        }
        if text && outcomes.is_empty() && !self.takes_back() {
            return Err(CliError::usage(
                "--text or --saved goes with an outcome or a withdrawal; --note leaves a note",
            ));
        }
        if !details.countries.is_empty() && !has(GEO_BLOCKED) {
            return Err(CliError::usage(
                "--country goes with the outcome geo_blocked",
            ));
        }
        if details.duplicate_of.is_some() && !has(DUPLICATE) {
            return Err(CliError::usage(
                "--duplicate-of goes with the outcome duplicate",
            ));
        }
        Ok(())
    }

    /// Every message has words, from one place.
    fn check_words(&self, alone: bool) -> Result<(), CliError> {
        let words = self.words();
        let wanting = words.is_none_or(str::is_empty);
        match (alone && !self.takes_back(), self.saved.is_given()) {
            (true, false) if wanting => Err(CliError::usage(
                "in which words? give them, or a text that you keep with --saved",
            )),
            (_, true) if !wanting || self.details.text.is_some() => {
                Err(CliError::usage("--saved gives the words; leave out others"))
            }
            _ => Ok(()),
        }
    }

    /// The words of a message or of a reopening, where there is one; empty when they are to come from a saved text.
    fn words(&self) -> Option<&str> {
        for pair in [&self.obstacle, &self.reopen] {
            match pair.as_slice() {
                [_] => return Some(""),
                [_, text] => return Some(text),
                _ => {}
            }
        }
        let given = [
            &self.question,
            &self.obstacle_over,
            &self.note,
            &self.answer,
        ];
        given.into_iter().find_map(Option::as_deref)
    }

    /// Puts the words of a saved text where they are wanted.
    pub(super) fn take(&mut self, words: Text) {
        self.details.language = words.language;
        for pair in [&mut self.obstacle, &mut self.reopen] {
            if !pair.is_empty() {
                pair.push(words.text);
                return;
            }
        }
        let given = [
            &mut self.question,
            &mut self.obstacle_over,
            &mut self.note,
            &mut self.answer,
        ];
        match given.into_iter().flatten().next() {
            Some(place) => *place = words.text,
            None => self.details.text = Some(words.text),
        }
    }
}
