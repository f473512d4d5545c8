//! Whose webhooks are looked at when.
//!
//! A look at everybody's costs what there is, however little of it is new. So it is made every so often only, and between two of them
//! nobody's are looked at but those of parties to whom something happened, or whose time has come.

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::app::feeds::Heard;

/// What is to be looked at.
pub(super) struct Agenda {
    every: Duration,
    /// When everybody's are looked at again.
    whole_at: Instant,
    /// Whether more was due than could be taken: then it is not known whose.
    cut: bool,
    parties: HashSet<String>,
    /// Whose become due by the time alone before then, in milliseconds since 1970.
    soon: BTreeSet<(i64, String)>,
}

/// Whose webhooks are looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    All,
    Of(Vec<String>),
    None,
}

impl Agenda {
    /// Everybody's are looked at now, and `every` so often.
    pub(super) fn new(every: Duration, now: Instant) -> Self {
        Self {
            every,
            whole_at: now,
            cut: false,
            parties: HashSet::new(),
            soon: BTreeSet::new(),
        }
    }

    /// Something may be due for this party.
    pub(super) fn add(&mut self, party: String) {
        self.parties.insert(party);
    }

    /// Whose are looked at now, when the clock of the exchange says `at`.
    pub(super) fn look(&mut self, now: Instant, at: i64, heard: Heard) -> Look {
        match heard {
            Heard::Any => self.whole_at = now,
            Heard::Of(parties) => self.parties.extend(parties),
        }
        if self.cut || now >= self.whole_at {
            self.cut = false;
            self.whole_at = now + self.every;
            self.parties.clear();
            self.soon.clear();
            return Look::All;
        }
        while let Some(first) = self.soon.first().filter(|(due, _)| *due <= at).cloned() {
            self.soon.remove(&first);
            self.parties.insert(first.1);
        }
        if self.parties.is_empty() {
            return Look::None;
        }
        Look::Of(self.parties.drain().collect())
    }

    /// What a look found: whether all that is due, and whose become due soon.
    pub(super) fn found(&mut self, all: bool, soon: Vec<(i64, String)>) {
        self.cut = !all;
        self.soon.extend(soon);
    }

    /// How long nothing has to be looked at, unless something happens.
    pub(super) fn pause(&self, now: Instant, at: i64) -> Duration {
        let whole = self.whole_at.saturating_duration_since(now);
        let first = self.soon.first().map(|(due, _)| due.saturating_sub(at));
        let first = first.map(|wait| Duration::from_millis(u64::try_from(wait).unwrap_or(0)));
        first.map_or(whole, |first| first.min(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_secs(60);

    fn nothing() -> Heard {
        Heard::default()
    }

    fn of(party: &str) -> Look {
        Look::Of(vec![party.to_owned()])
    }

    #[test]
    fn between_two_whole_looks_only_those_are_looked_at_to_whom_something_happened() {
        let now = Instant::now();
        let mut agenda = Agenda::new(EVERY, now);
        assert_eq!(agenda.look(now, 0, nothing()), Look::All, "the first");
        agenda.found(true, Vec::new());
        assert_eq!(agenda.look(now, 0, nothing()), Look::None);
        let moved = Heard::Of(HashSet::from(["one".to_owned()]));
        assert_eq!(agenda.look(now, 0, moved), of("one"));
        agenda.add("two".to_owned());
        assert_eq!(agenda.look(now, 0, nothing()), of("two"));
        assert_eq!(agenda.look(now, 0, nothing()), Look::None);
        assert_eq!(agenda.pause(now, 0), EVERY);
        assert_eq!(agenda.look(now + EVERY, 0, nothing()), Look::All);
        assert_eq!(agenda.look(now + EVERY, 0, Heard::Any), Look::All);
    }

    #[test]
    fn what_is_due_by_the_time_is_looked_at_in_time() {
        let now = Instant::now();
        let mut agenda = Agenda::new(EVERY, now);
        assert_eq!(agenda.look(now, 1_000, nothing()), Look::All);
        agenda.found(true, vec![(3_000, "later".into()), (1_500, "soon".into())]);
        assert_eq!(agenda.pause(now, 1_000), Duration::from_millis(500));
        assert_eq!(agenda.look(now, 1_499, nothing()), Look::None);
        assert_eq!(agenda.look(now, 1_500, nothing()), of("soon"));
        assert_eq!(agenda.pause(now, 1_500), Duration::from_millis(1_500));
        assert_eq!(agenda.look(now, 3_001, nothing()), of("later"));
    }

    #[test]
    fn where_more_is_due_than_can_be_taken_all_is_looked_at_next() {
        let now = Instant::now();
        let mut agenda = Agenda::new(EVERY, now);
        agenda.look(now, 0, nothing());
        agenda.found(false, Vec::new());
        assert_eq!(agenda.look(now, 0, nothing()), Look::All);
        agenda.found(true, Vec::new());
        assert_eq!(agenda.look(now, 0, nothing()), Look::None);
    }
}
