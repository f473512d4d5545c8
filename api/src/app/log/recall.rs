//! Before the first signature of a node that remembers nothing: what have the witnesses signed?
//!
//! A new node, or one that lost its file, cannot know whether the database is the one that was signed: an older backup would be
//! continued by a second history. Witnesses know, and show it signed by this log's own key, so that none of them can make it up.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use takedown_core::log::witness::{AddCheckpoint, Answer, Trouble, read_standing};
use takedown_core::log::{Checkpoint, Hash, SignedCheckpoint, VerifierKey};
use takedown_core::time::At;

use super::Log;
use super::checkpoint::{defect, sign};
use crate::app::{Cx, Error};
use crate::store::log::newest_checkpoint;

/// What the witnesses said so far, by their keys.
#[derive(Debug, Default)]
pub(super) struct Recall {
    /// What they showed: nothing, or what bears the signature of this log.
    heard: BTreeMap<String, Option<SignedCheckpoint>>,
    /// Those that do not know this log: how often they said so, and when each is asked again.
    unknown: BTreeMap<String, (u32, At)>,
}

impl Log {
    fn recall(&self) -> MutexGuard<'_, Option<Recall>> {
        self.0.recall.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this node has to hear from this witness before it signs. Says nothing of one that it has heard.
    #[must_use]
    pub fn must_hear(&self, witness: &VerifierKey) -> bool {
        let recall = self.recall();
        let mut recall = recall.iter();
        recall.any(|recall| !recall.heard.contains_key(&witness.to_string()))
    }

    /// Whether it is to be asked now. One that does not know this log is asked less and less often.
    #[must_use]
    pub fn asks(&self, witness: &VerifierKey, now: At) -> bool {
        let rests = |recall: &Recall| {
            let again = recall.unknown.get(&witness.to_string());
            again.is_some_and(|(_, again)| *again > now)
        };
        self.must_hear(witness) && !self.recall().as_ref().is_some_and(rests)
    }

    /// Whether this node does not sign yet, because it remembers nothing and has not heard enough; then what it waits for.
    #[must_use]
    pub fn waits(&self) -> Option<String> {
        let recall = self.recall();
        let missing = self.unheard(recall.as_ref()?)?;
        Some(format!(
            "this node remembers nothing of the log and signs once the witnesses have said what they signed last; not heard: {}. What is written is kept and signed then",
            missing.join(", ")
        ))
    }

    /// What witnesses showed, while this node still has to hear from others.
    pub(super) fn heard(&self) -> Vec<SignedCheckpoint> {
        let recall = self.recall();
        let heard = recall.iter().flat_map(|recall| recall.heard.values());
        heard.flatten().cloned().collect()
    }

    /// Goes on without waiting for witnesses: what they showed is what is here.
    pub fn recalled(&self) {
        *self.recall() = None;
    }

    /// The witnesses that are waited for: none, once those that were heard are as many as the policy asks and the others could not
    /// have witnessed anything without one of them, or once all that have an address were heard.
    fn unheard(&self, recall: &Recall) -> Option<Vec<String>> {
        let policy = self.policy()?;
        let heard = |key: &VerifierKey| recall.heard.contains_key(&key.to_string());
        let enough = policy.unmet_by(|witness| heard(&witness.key)).is_none();
        // Those that signed last may be others than those that answer first.
        if enough && policy.unmet_by(|witness| !heard(&witness.key)).is_some() {
            return None;
        }
        let missing: Vec<String> = policy
            .witnesses()
            .filter(|(_, witness)| witness.url.is_some())
            .map(|(name, witness)| (name, witness.key.to_string()))
            .filter(|(_, key)| !recall.heard.contains_key(key))
            .map(|(name, key)| match recall.unknown.contains_key(&key) {
                true => format!("{name} ({})", Trouble::UnknownLog),
                false => name.to_string(),
            })
            .collect();
        (!missing.is_empty()).then_some(missing)
    }
}

/// Takes over what a witness shows as the latest that it signed of this log; nothing when it signed none. Then this node signs as
/// soon as it has heard enough, or nothing is written any more when the database is not the one that was signed.
///
/// # Errors
/// Those of the store and of the node's memory.
pub async fn hear(
    cx: &Cx,
    witness: &VerifierKey,
    shown: Option<SignedCheckpoint>,
) -> Result<(), Error> {
    let own = cx.log.key().map(|key| key.verifier().clone());
    let shown = shown.filter(|shown| {
        let own = own.iter().any(|own| shown.verify_log([own]).is_ok());
        if !own {
            tracing::warn!(witness = %witness.name(), "the witness shows a checkpoint of this log's name that this log has not signed");
        }
        own
    });
    match cx.log.recall().as_mut() {
        Some(recall) => {
            let key = witness.to_string();
            recall.unknown.remove(&key);
            recall.heard.insert(key, shown);
        }
        None => return Ok(()),
    }
    sign(cx).await
}

/// What a witness is asked that shows no checkpoint of this log: to sign what this log signed last, as if it were the first. One
/// that knows the log signs, or names the size that it signed; one that does not says so. Nothing, on a node without the key.
///
/// # Errors
/// Those of the store.
pub async fn question(cx: &Cx) -> Result<Option<AddCheckpoint>, Error> {
    let Some(key) = cx.log.key() else {
        return Ok(None);
    };
    let own = key.verifier();
    let newest = cx.store.read(newest_checkpoint).await?;
    let newest = newest.and_then(|row| row.note.parse::<SignedCheckpoint>().ok());
    let checkpoint = match newest.filter(|newest| newest.verify_log([own]).is_ok()) {
        Some(newest) => newest,
        // Every history continues the empty one, so nobody can be shown another by this.
        None => {
            let nothing = Checkpoint::new(own.name().as_str(), 0, Hash::EMPTY).map_err(defect)?;
            SignedCheckpoint::sign(nothing, key).map_err(defect)?
        }
    };
    Ok(Some(AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint,
    }))
}

/// Takes over what a witness answered to [`question`]. It counts as heard where it knows this log, and says that it signed no
/// more of it than is signed here.
///
/// # Errors
/// As [`hear`].
pub async fn answered(
    cx: &Cx,
    witness: &VerifierKey,
    asked: &AddCheckpoint,
    answer: Result<Answer, &'static str>,
) -> Result<(), Error> {
    let here = asked.checkpoint.checkpoint().size();
    let signed = match answer {
        Ok(answer) => read_standing(asked, witness, &answer),
        Err(why) => Err(Trouble::Unreachable(why)),
    };
    let trouble = match signed {
        Ok(signed) if signed <= here => return hear(cx, witness, None).await,
        Ok(signed) => Trouble::Ahead { signed, here },
        Err(trouble) => trouble,
    };
    tracing::warn!(witness = %witness.name(), why = %trouble, "the witness does not say what it signed last");
    if trouble == Trouble::UnknownLog
        && let Some(recall) = cx.log.recall().as_mut()
    {
        let now = cx.now();
        let (times, again) = recall
            .unknown
            .entry(witness.to_string())
            .or_insert((0, now));
        *times = times.saturating_add(1);
        *again = now + trouble.pause(*times);
    }
    Ok(())
}
