//! The ledgers beside what the exchange shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::found::{Finding, Kind, against, number, word};
use super::state::{State, key};
use crate::cli::output;
use crate::cli::signing::ledger::Line;

/// The numbers that are not shown, from the one to the other.
pub(super) fn gaps(uses: &[Value], state: &State) -> Vec<(u64, u64)> {
    let numbers: BTreeSet<u64> = uses.iter().filter_map(number).collect();
    let (mut found, mut last) = (Vec::new(), 0);
    for number in numbers {
        if number > last + 1 {
            found.push((last + 1, number - 1));
        }
        last = number;
    }
    if last < state.last() {
        found.push((last + 1, state.last()));
    }
    found
}

/// Two looks at one list: what was entered behind the place where the first was reading, the second has.
pub(super) fn both(mut first: Vec<Value>, second: Vec<Value>) -> Vec<Value> {
    let seen: BTreeSet<String> = first.iter().map(key).collect();
    let new = second.into_iter().filter(|one| !seen.contains(&key(one)));
    first.extend(new);
    first
}

/// What is shown and was not signed here, what is shown twice or has lost its number, and numbers that are not shown.
pub(super) fn uses(
    own: &BTreeMap<String, Line>,
    uses: &[Value],
    state: &mut State,
) -> Vec<Finding> {
    let strange = uses
        .iter()
        .filter(|one| !own.contains_key(&word(one, "digest")));
    let mut found: Vec<Finding> = strange.map(surplus).collect();
    found.extend(shown_twice(uses));
    state.begin(uses);
    let lost = uses.iter().filter(|one| number(one).is_none());
    let lost = lost.map(|one| word(one, "digest"));
    found.extend(
        lost.filter(|digest| !state.had_no_number(digest))
            .map(|digest| {
                let says = format!(
                    "the use {digest} has no number, although each has one since they are counted"
                );
                against(format!("{digest} unnumbered"), says)
            }),
    );
    found.extend(
        gaps(uses, state)
            .into_iter()
            .map(|(from, to)| withheld(from, to)),
    );
    state.saw(uses.iter().filter_map(number).max().unwrap_or_default());
    found
}

/// One use under two numbers, or two under one, leaves room to hide a third.
fn shown_twice(uses: &[Value]) -> Vec<Finding> {
    let (mut digests, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let (mut twice, mut shared) = (BTreeSet::new(), BTreeSet::new());
    for one in uses {
        let digest = word(one, "digest");
        if !digests.insert(digest.clone()) {
            twice.insert(digest);
        }
        if let Some(number) = number(one)
            && !numbers.insert(number)
        {
            shared.insert(number);
        }
    }
    let twice = twice.into_iter().map(|digest| {
        let says = format!("the use {digest} is shown twice");
        against(format!("{digest} twice"), says)
    });
    let shared = shared.into_iter().map(|number| {
        let says = format!("the number {number} is shown twice");
        against(format!("number {number} twice"), says)
    });
    twice.chain(shared).collect()
}

/// What was signed here and is not shown.
pub(super) fn missing(own: &BTreeMap<String, Line>, uses: &[Value]) -> Vec<Finding> {
    let held: BTreeSet<String> = uses.iter().map(|one| word(one, "digest")).collect();
    let missing = own.values().filter(|line| !held.contains(&line.digest));
    missing
        .map(|line| Finding {
            kind: Kind::Missing,
            of: line.digest.clone(),
            says: format!(
                "{} to {}, signed at {}: the exchange does not hold it (digest {})",
                line.act,
                line.audience,
                output::instant(&line.at),
                line.digest,
            ),
            data: json!(line),
        })
        .collect()
}

fn surplus(one: &Value) -> Finding {
    let at = one["at"].as_str().unwrap_or_default();
    Finding {
        kind: Kind::Surplus,
        of: word(one, "digest"),
        says: format!(
            "{} of {} at {}, by the key {}: the unit did not sign it (digest {})",
            word(one, "act"),
            word(one, "request"),
            output::instant(at),
            word(one, "kid"),
            word(one, "digest"),
        ),
        data: one.clone(),
    }
}

fn withheld(from: u64, to: u64) -> Finding {
    Finding {
        kind: Kind::Withheld,
        of: format!("{from}-{to}"),
        says: format!("the uses of the unit's keys with the numbers {from} to {to} are not shown"),
        data: json!({ "from": from, "to": to }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn line(digest: &str) -> (String, Line) {
        let line = json!({
            "digest": digest, "jti": "j", "kid": "k", "unit": "agency_1", "act": "file",
            "audience": "paste.example", "at": "2026-01-01T00:00:00Z",
        });
        (digest.to_owned(), serde_json::from_value(line).unwrap())
    }

    fn shown(digest: &str, number: Option<u64>) -> Value {
        json!({"digest": digest, "number": number, "act": "file", "request": "req_1", "kid": "k", "at": "2026-01-01T00:00:00Z"})
    }

    fn keys(found: &[Finding]) -> Vec<String> {
        found.iter().map(|one| one.key()).collect()
    }

    #[test]
    fn what_the_ledger_lacks_and_what_is_left_out_is_found() {
        let own = BTreeMap::from([line("a"), line("b"), line("c")]);
        let mut state = State::default();
        let all = ["a", "b", "c"].map(|digest| shown(digest, None));
        assert!(keys(&uses(&own, &all, &mut state)).is_empty());
        assert!(keys(&missing(&own, &all)).is_empty());
        // A thief's use, one that is hidden before it, and one of ours that is not there.
        let some = [
            shown("a", Some(1)),
            shown("b", Some(2)),
            shown("x", Some(4)),
        ];
        let found = uses(&own, &some, &mut state);
        assert_eq!(keys(&found), ["surplus x", "withheld 3-3"]);
        assert!(found.iter().all(Finding::is_alarming));
        let absent = missing(&own, &some);
        assert_eq!(keys(&absent), ["missing c"]);
        assert!(!absent[0].is_alarming());
        // The newest are hidden again.
        let found = uses(&own, &some[..2], &mut state);
        assert_eq!(keys(&found), ["withheld 3-4"]);
    }

    #[test]
    fn a_use_cannot_stand_in_the_place_of_another() {
        let own = BTreeMap::from([line("a"), line("b"), line("c")]);
        let mut state = State::default();
        let old = shown("a", None);
        let first = [old.clone(), shown("b", Some(1))];
        assert!(keys(&uses(&own, &first, &mut state)).is_empty());
        // In the place of the thief's second use the first is shown again, or a digest of ours that was never there.
        let again = [&first[..], &[shown("b", Some(2))]].concat();
        assert_eq!(keys(&uses(&own, &again, &mut state)), ["against b twice"]);
        let shared = [&first[..], &[shown("c", Some(1))]].concat();
        assert_eq!(
            keys(&uses(&own, &shared, &mut state)),
            ["against number 1 twice", "withheld 2-2"]
        );
        // What comes later has a number, and none loses its own.
        for number in [None, Some(0)] {
            let later = [old.clone(), shown("b", None), shown("c", number)];
            assert_eq!(
                keys(&uses(&own, &later, &mut state)),
                [
                    "against b unnumbered",
                    "against c unnumbered",
                    "withheld 1-2"
                ]
            );
        }
    }

    #[test]
    fn what_was_entered_behind_the_cursor_is_not_withheld() {
        let state = State::default();
        let first = vec![shown("a", Some(1)), shown("c", Some(3))];
        assert_eq!(gaps(&first, &state), [(2, 2)]);
        let second = vec![shown("a", Some(1)), shown("b", Some(2))];
        let all = both(first.clone(), second);
        assert_eq!(all.len(), 3);
        assert!(gaps(&all, &state).is_empty());
        assert_eq!(gaps(&both(first.clone(), first), &state), [(2, 2)]);
    }
}
