//! Whether each use stands in the sealed history as it is shown.

use chrono::{TimeDelta, Utc};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::{Value, json};
use takedown_core::log::proof::NotProven;
use takedown_core::log::receipt::WITHIN_SECONDS;
use takedown_core::log::{Hash, Policy, Salt, SignedCheckpoint, TlogProof, leaf};
use takedown_core::signed::tag;
use takedown_core::time::parse_rfc3339;

use super::found::{Finding, Kind, word};
use super::state::State;
use crate::cli::CliError;
use crate::cli::receipts::consistency::Known;
use crate::client::{Client, ClientError};

/// Clocks of two machines differ by so much without anybody lying.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// How a use stands.
enum Standing {
    Proven(Box<SignedCheckpoint>),
    /// No checkpoint that is enough covers it, and it need not yet.
    Waits,
    Against(String),
}

/// Asks for the proof of each use that was not proven before, and whether what the log shows now continues what it showed then.
pub(super) async fn check(
    client: &Client,
    policy: &Policy,
    uses: &[Value],
    state: &mut State,
    known: &mut Known,
) -> Result<Vec<Finding>, CliError> {
    let (mut found, mut new) = (Vec::new(), Vec::new());
    for one in uses.iter().filter(|one| one["number"].is_u64()) {
        let digest = word(one, "digest");
        // Of what was erased with its request nothing is left to be compared.
        if state.is_proven(&digest) || is_erased(one) {
            continue;
        }
        match standing(client, policy, one).await? {
            Standing::Proven(checkpoint) => {
                state.prove(digest);
                new.push(*checkpoint);
            }
            Standing::Waits => {}
            Standing::Against(why) => {
                let says = format!("the use {digest}: {why}");
                found.push(against(digest, says));
            }
        }
    }
    let faults = known.continued_by(policy, Some(client), &new).await?;
    found.extend(faults.into_iter().map(|why| against(why.clone(), why)));
    Ok(found)
}

fn against(of: String, says: String) -> Finding {
    let data = json!({ "why": says });
    Finding {
        kind: Kind::Against,
        of,
        says,
        data,
    }
}

fn is_erased(one: &Value) -> bool {
    one["entry"].is_object() && one["entry"]["salt"].is_null()
}

async fn standing(client: &Client, policy: &Policy, one: &Value) -> Result<Standing, CliError> {
    let leaf = match leaf_of(one) {
        Ok(leaf) => leaf,
        Err(why) => return Ok(Standing::Against(why)),
    };
    let late = |why: &str| match is_late(one) {
        true => Standing::Against(format!(
            "{why}, although it was promised within {WITHIN_SECONDS} s"
        )),
        false => Standing::Waits,
    };
    let proof = match client.proof(&word(&one["entry"], "id"), 0).await {
        Ok(Some(proof)) => proof.text.parse::<TlogProof>(),
        Ok(None) => return Ok(late("no signed checkpoint covers it")),
        Err(ClientError::Problem(problem)) if problem.status == 404 => {
            return Ok(late("the log does not know its entry"));
        }
        Err(other) => return Err(other.into()),
    };
    Ok(match proof {
        Ok(proof) => match proof.verify(&leaf, policy) {
            Ok(_) => Standing::Proven(Box::new(proof.checkpoint.clone())),
            // While witnesses are away nothing is proven, and nothing is wrong.
            Err(NotProven::Witnesses(_)) => Standing::Waits,
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

/// Whether it should be in the log by now.
fn is_late(one: &Value) -> bool {
    let within = i64::try_from(WITHIN_SECONDS).map_or(TimeDelta::MAX, TimeDelta::seconds);
    let at = one["at"].as_str().and_then(|at| parse_rfc3339(at).ok());
    at.is_none_or(|at| Utc::now() - at > within + SKEW)
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
        assert!(is_late(&right) && !is_erased(&right));
        let mut erased = right;
        erased["entry"]["salt"] = Value::Null;
        assert!(is_erased(&erased));
    }
}
