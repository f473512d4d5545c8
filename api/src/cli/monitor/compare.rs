//! The ledgers beside what the exchange shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::found::{Finding, Kind, word};
use super::state::State;
use crate::cli::output;
use crate::cli::signing::ledger::Line;

/// What is shown and was not signed here, and numbers that are not shown.
pub(super) fn uses(
    own: &BTreeMap<String, Line>,
    uses: &[Value],
    state: &mut State,
) -> Vec<Finding> {
    let strange = uses
        .iter()
        .filter(|one| !own.contains_key(&word(one, "digest")));
    let mut found: Vec<Finding> = strange.map(surplus).collect();
    let numbers: BTreeSet<u64> = uses
        .iter()
        .filter_map(|one| one["number"].as_u64())
        .collect();
    let mut last = 0;
    for number in numbers {
        if number > last + 1 {
            found.push(withheld(last + 1, number - 1));
        }
        last = number;
    }
    if last < state.last() {
        found.push(withheld(last + 1, state.last()));
    }
    state.saw(last);
    found
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
}
