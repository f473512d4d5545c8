//! Before the first signature of a node that remembers nothing: what have the witnesses signed?
//!
//! A new node, or one that lost its file, cannot know whether the database is the one that was signed: an older backup would be
//! continued by a second history. Witnesses know, and show it signed by this log's own key, so that none of them can make it up.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use takedown_core::log::{SignedCheckpoint, VerifierKey};

use super::{Log, checkpoint};
use crate::app::{Cx, Error};

/// What the witnesses showed so far, by their keys: nothing, or what bears the signature of this log.
pub(super) type Heard = BTreeMap<String, Option<SignedCheckpoint>>;

impl Log {
    /// Whether this node has to hear from this witness before it signs. Says nothing of one that it has heard.
    #[must_use]
    pub fn must_hear(&self, witness: &VerifierKey) -> bool {
        let heard = self.0.recall.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = heard.as_ref();
        heard.is_some_and(|heard| !heard.contains_key(&witness.to_string()))
    }

    /// Whether this node does not sign yet, because it remembers nothing and has not heard enough; then what it waits for.
    #[must_use]
    pub fn waits(&self) -> Option<String> {
        let heard = self.0.recall.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = self.unheard(heard.as_ref()?)?;
        Some(format!(
            "this node remembers nothing of the log and signs once the witnesses have said what they signed last; not heard: {}. What is written is kept and signed then",
            missing.join(", ")
        ))
    }

    /// What witnesses showed, while this node still has to hear from others.
    pub(super) fn heard(&self) -> Vec<SignedCheckpoint> {
        let heard = self.0.recall.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = heard.iter().flat_map(BTreeMap::values);
        heard.flatten().cloned().collect()
    }

    /// Goes on without waiting for witnesses: what they showed is what is here.
    pub fn recalled(&self) {
        *self.0.recall.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The witnesses that are waited for: none, once those that were heard are as many as the policy asks, or all that have an
    /// address.
    fn unheard(&self, heard: &Heard) -> Option<Vec<String>> {
        let policy = self.policy()?;
        policy.unmet_by(|witness| heard.contains_key(&witness.key.to_string()))?;
        let missing: Vec<String> = policy
            .witnesses()
            .filter(|(_, witness)| witness.url.is_some())
            .filter(|(_, witness)| !heard.contains_key(&witness.key.to_string()))
            .map(|(name, _)| name.to_string())
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
    {
        let mut heard = cx
            .log
            .0
            .recall
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(heard) = heard.as_mut() else {
            return Ok(());
        };
        heard.insert(witness.to_string(), shown);
    }
    checkpoint::sign(cx).await
}
