//! Whether each use stands in the sealed history as it is shown.

use chrono::TimeDelta;
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::{Value, json};
use takedown_core::log::proof::NotProven;
use takedown_core::log::receipt::WITHIN_SECONDS;
use takedown_core::log::{Hash, Policy, Salt, SignedCheckpoint, TlogProof, leaf};
use takedown_core::signed::tag;
use takedown_core::time::{At, parse_rfc3339};

use super::found::{Finding, Kind, against, number, word};
use super::state::{State, key};
use crate::cli::CliError;
use crate::cli::receipts::consistency::Known;
use crate::client::{Client, ClientError};

/// Clocks of two machines differ by so much without anybody lying.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// So long a use may be without a proof, by the clock of this machine.
const LONGEST: TimeDelta = TimeDelta::days(1);

/// How a use stands.
enum Standing {
    Proven(Box<SignedCheckpoint>),
    /// Not proven, and that is nothing yet.
    Waits(String),
    Against(String),
}

/// Notes since when each use waits, before anything is asked for: an exchange may let that last until this is stopped.
pub(super) fn begin(uses: &[Value], state: &mut State, now: At) {
    state.begin_proving(uses);
    for one in uses.iter().filter(|one| number(one).is_some()) {
        let which = key(one);
        if !state.is_proven(&which) && !is_erased(one) {
            state.waits_since(&which, now);
        }
    }
}

/// Asks for the proof of each use that was not proven before, and whether what the log shows now continues what it showed then. What
/// was found counts also where the exchange could not be asked for the rest.
pub(super) async fn check(
    client: &Client,
    policy: &Policy,
    uses: &[Value],
    (state, known): (&mut State, &mut Known),
    now: At,
) -> (Vec<Finding>, Result<(), CliError>) {
    let (mut found, mut proven, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
    let mut checked: Result<(), CliError> = Ok(());
    let mut goes_on = true;
    for one in uses.iter().filter(|one| number(one).is_some()) {
        let (digest, which) = (word(one, "digest"), key(one));
        if state.is_proven(&which) {
            continue;
        }
        if is_erased(one) {
            // Of what was erased with its request nothing is left to be compared; nor of what is only said to be.
            if !state.was_before(&which) {
                let says = format!("the use {digest}: shown as erased, and it was never proven");
                found.push(against(format!("{which} erased"), says));
            }
            continue;
        }
        let since = state.waits_since(&which, now);
        let stands = match goes_on {
            true => standing(client, policy, one, late(one, since, now)).await,
            false => Ok(Standing::Waits("the exchange was not asked".to_owned())),
        };
        match stands {
            Ok(Standing::Proven(checkpoint)) => proven.push((which, since, *checkpoint)),
            Ok(Standing::Waits(why)) => waiting.push((which, since, why)),
            Ok(Standing::Against(why)) => {
                let says = format!("the use {digest}: {why}");
                found.push(against(which, says));
            }
            Err(error) => {
                goes_on = is_about_one(&error);
                waiting.push((which, since, error.to_string()));
                checked = checked.and(Err(error.into()));
            }
        }
    }
    let new: Vec<SignedCheckpoint> = proven.iter().map(|(_, _, new)| new.clone()).collect();
    match known.continued_by(policy, Some(client), &new).await {
        Ok(faults) => {
            found.extend(faults.into_iter().map(|why| against(why.clone(), why)));
            proven
                .into_iter()
                .for_each(|(which, _, _)| state.prove(which));
        }
        // Of a checkpoint that could not be compared with the earlier ones nothing is proven.
        Err(error) => {
            let proven = proven.into_iter();
            waiting.extend(proven.map(|(which, since, _)| (which, since, error.to_string())));
            checked = checked.and(Err(error));
        }
    }
    let overdue = waiting
        .into_iter()
        .filter(|(_, since, _)| now.timestamp() - since > LONGEST.num_seconds());
    found.extend(overdue.map(|(which, _, why)| unproven(which, &why)));
    (found, checked)
}

/// Whether others may be proven where one was not.
fn is_about_one(error: &ClientError) -> bool {
    match error {
        ClientError::Problem(problem) => problem.status != 429,
        ClientError::Unexpected { .. } => true,
        _ => false,
    }
}

fn unproven(which: String, why: &str) -> Finding {
    let digest = which.rsplit(' ').next().unwrap_or_default();
    let says = format!("the use {digest} is shown for more than a day and is not proven: {why}");
    Finding {
        kind: Kind::Unproven,
        data: json!({ "why": says }),
        of: which,
        says,
    }
}

fn is_erased(one: &Value) -> bool {
    one["entry"].is_object() && one["entry"]["salt"].is_null()
}

async fn standing(
    client: &Client,
    policy: &Policy,
    one: &Value,
    is_late: bool,
) -> Result<Standing, ClientError> {
    let leaf = match leaf_of(one) {
        Ok(leaf) => leaf,
        Err(why) => return Ok(Standing::Against(why)),
    };
    let late = |why: &str| match is_late {
        true => Standing::Against(format!(
            "{why}, although it was promised within {WITHIN_SECONDS} s"
        )),
        false => Standing::Waits(why.to_owned()),
    };
    let proof = match client.proof(&word(&one["entry"], "id"), 0).await {
        Ok(Some(proof)) => proof.text.parse::<TlogProof>(),
        Ok(None) => return Ok(late("no signed checkpoint covers it")),
        Err(ClientError::Problem(problem)) if problem.status == 404 => {
            return Ok(late("the log does not know its entry"));
        }
        Err(other) => return Err(other),
    };
    Ok(match proof {
        Ok(proof) => match proof.verify(&leaf, policy) {
            Ok(_) => Standing::Proven(Box::new(proof.checkpoint.clone())),
            // While witnesses are away nothing is proven, and nothing is wrong before it lasts.
            Err(why @ NotProven::Witnesses(_)) => Standing::Waits(why.to_string()),
            Err(why) => Standing::Against(why.to_string()),
        },
        Err(why) => Standing::Against(format!("its proof: {why}")),
    })
}

/// The leaf of the entry of a use, which says what is shown: this statement, under this number of the unit.
fn leaf_of(one: &Value) -> Result<Hash, String> {
    let entry = &one["entry"];
    let (Some(data), Some(salt)) = (entry["data"].as_str(), entry["salt"].as_str()) else {
        return Err("no entry of the history is shown for it".to_owned());
    };
    let salt = BASE64.decode(salt.as_bytes()).ok();
    let salt = salt.and_then(|salt| Salt::from_slice(&salt).ok());
    let salt = salt.ok_or("the salt of its entry is none")?;
    let sealed: Value = serde_json::from_str(data).map_err(|e| format!("its entry: {e}"))?;
    let signature = &sealed["data"]["signature"];
    let pseudonym = HEXLOWER_PERMISSIVE.decode(word(one, "pseudonym").as_bytes());
    let number = one["number"].as_u64().map(u32::try_from);
    let (Ok(pseudonym), Some(Ok(number))) = (pseudonym, number) else {
        return Err("its number or its pseudonym is none".to_owned());
    };
    if word(&sealed, "id") != word(entry, "id") {
        return Err("the entry that is shown is another one".to_owned());
    }
    if word(signature, "statement") != word(one, "digest") {
        return Err("its entry is of another statement".to_owned());
    }
    if word(signature, "tag") != tag(&pseudonym, number).to_string() {
        return Err(format!(
            "its entry is not tagged as use {number} of the unit's keys"
        ));
    }
    Ok(leaf::hash(&salt, data.as_bytes()))
}

/// Whether it should be in the log by now: by what the exchange says, or since this machine saw it.
fn late(one: &Value, since: i64, now: At) -> bool {
    let within = i64::try_from(WITHIN_SECONDS).unwrap_or(i64::MAX);
    let longest = within.saturating_add(SKEW.num_seconds());
    let at = one["at"].as_str().and_then(|at| parse_rfc3339(at).ok());
    let since = at.map_or(i64::MIN, |at| at.timestamp().min(since));
    now.timestamp().saturating_sub(since) > longest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use takedown_core::history::Digest;

    use super::*;

    fn shown() -> Value {
        let digest = Digest::of("a statement").to_string();
        let tag = tag(&[7; 32], 3).to_string();
        let sealed =
            json!({"id": "evt_1", "data": {"signature": {"statement": digest, "tag": tag}}});
        json!({
            "digest": digest, "number": 3, "pseudonym": "07".repeat(32), "at": "2026-01-01T00:00:00Z",
            "entry": {"id": "evt_1", "data": sealed.to_string(), "salt": BASE64.encode(&[1; 32])},
        })
    }

    #[test]
    fn an_entry_says_which_use_it_is() {
        let right = shown();
        let data = right["entry"]["data"].as_str().unwrap();
        let salt = Salt::from_bytes([1; 32]);
        assert_eq!(leaf_of(&right), Ok(leaf::hash(&salt, data.as_bytes())));
        for (place, value, says) in [
            ("/number", json!(4), "not tagged as use 4"),
            ("/pseudonym", json!("08".repeat(32)), "not tagged as use 3"),
            (
                "/pseudonym",
                json!("x"),
                "its number or its pseudonym is none",
            ),
            (
                "/digest",
                json!(Digest::of("b").to_string()),
                "of another statement",
            ),
            ("/entry/id", json!("evt_2"), "is another one"),
            ("/entry/salt", json!("x"), "the salt of its entry is none"),
            ("/entry", Value::Null, "no entry of the history is shown"),
        ] {
            let mut wrong = right.clone();
            *wrong.pointer_mut(place).unwrap() = value;
            let why = leaf_of(&wrong).unwrap_err();
            assert!(why.contains(says), "{place}: {why}");
        }
        let shown_at = parse_rfc3339("2026-01-01T00:00:00Z").unwrap();
        let (at, long) = (shown_at.timestamp(), TimeDelta::minutes(3));
        assert!(!late(&right, at, shown_at));
        assert!(late(&right, at + 180, shown_at + long));
        // That it is shown as of tomorrow gives nobody more time.
        let mut tomorrow = right.clone();
        tomorrow["at"] = json!("2026-01-02T00:00:00Z");
        assert!(late(&tomorrow, at, shown_at + long));
        assert!(!is_erased(&right));
        let mut erased = right;
        erased["entry"]["salt"] = Value::Null;
        assert!(is_erased(&erased));
    }
}
