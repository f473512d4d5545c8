//! Signing how far the log is.

use takedown_core::log::{Checkpoint, Hash, SignedCheckpoint};

use super::proof::root_at;
use crate::app::{Cx, Error};
use crate::store::log::{self, CheckpointRow, cosigned};
use crate::store::{Conn, StoreError};

/// The tree as it is stored, and as it was signed last.
struct Found {
    size: u64,
    root: Hash,
    newest: Option<SignedCheckpoint>,
    /// The newest that met the policy of the node that found so, where witnesses are asked.
    cosigned: Option<SignedCheckpoint>,
    /// Why it does not continue what was signed.
    differs: Option<String>,
}

/// Signs the tree as it is stored, where this node has the key and it grew; takes over what other nodes signed.
///
/// Only what is committed is signed, and never anything that does not continue what was signed before: of this the node
/// itself keeps the last, so that it notices when the database is not the one it knew. Then nothing is written any more.
///
/// # Errors
/// Those of the store and of the node's memory.
pub(super) async fn sign(cx: &Cx) -> Result<(), Error> {
    let memory = &cx.log.0.memory;
    let mut known = cx.log.heard();
    known.extend(memory.last());
    let witnessed = cx.log.policy().is_some();
    let found = cx
        .store
        .read({
            let known = known.clone();
            move |conn| look(conn, &known, witnessed)
        })
        .await?;
    if let Some(why) = found.differs {
        tracing::error!("{why}");
        // Also when it was a witness that knew: the next start shall not have to ask again.
        for signed in &known {
            remember(cx, signed)?;
        }
        cx.store.stop_writing(why);
        return Ok(());
    }
    let signed = found
        .newest
        .as_ref()
        .map_or(0, |newest| newest.checkpoint().size());
    let waits = cx.log.waits();
    if let Some(newest) = found.newest {
        // What the database says is no memory of it.
        if waits.is_none() {
            remember(cx, &newest)?;
        }
        cx.log.adopt(newest);
    }
    if let Some(cosigned) = found.cosigned {
        super::cosigned::take_over(cx, cosigned);
    }
    let Some(key) = cx.log.key() else {
        return Ok(());
    };
    if waits.is_some() {
        return Ok(());
    }
    cx.log.recalled();
    for signed in &known {
        remember(cx, signed)?;
    }
    if found.size <= signed {
        return Ok(());
    }
    let name = key.verifier().name().as_str();
    let checkpoint = Checkpoint::new(name, found.size, found.root).map_err(defect)?;
    let signed = SignedCheckpoint::sign(checkpoint, key).map_err(defect)?;
    // First what this node must never forget, then what others see.
    remember(cx, &signed)?;
    let row = CheckpointRow {
        size: i64::try_from(found.size).map_err(defect)?,
        signed_at: cx.now().timestamp_millis(),
        note: signed.to_string(),
    };
    cx.store
        .write(move |conn| log::publish_checkpoint(conn, &row))
        .await?;
    cx.log.adopt(signed);
    Ok(())
}

fn look(conn: &mut Conn, known: &[SignedCheckpoint], witnessed: bool) -> Result<Found, StoreError> {
    let newest = log::newest_checkpoint(conn)?;
    let newest: Option<SignedCheckpoint> = match newest {
        Some(row) => Some(row.note.parse().map_err(defect)?),
        None => None,
    };
    let cosigned = match witnessed {
        true => cosigned::newest(conn)?,
        false => None,
    };
    let cosigned: Option<SignedCheckpoint> = match cosigned {
        Some(row) => Some(row.note.parse().map_err(defect)?),
        None => None,
    };
    // After the checkpoint, so that the tree is not the smaller one.
    let tree = log::tree(conn)?;
    let mut differs = None;
    for signed in known.iter().chain(&newest) {
        let signed = signed.checkpoint();
        let then = match signed.size() <= tree.size() {
            true => Some(root_at(conn, signed.size())?),
            false => None,
        };
        differs = differs.or_else(|| differing(signed, tree.size(), then));
    }
    Ok(Found {
        size: tree.size(),
        root: tree.root(),
        newest,
        cosigned,
        differs,
    })
}

/// Why the stored tree of `size` entries, with the root `then` when it was as large as what was signed, does not continue that.
fn differing(signed: &Checkpoint, size: u64, then: Option<Hash>) -> Option<String> {
    let says = match then {
        None => format!("it has {size}"),
        Some(then) if then != *signed.root() => "its first ones are others".to_owned(),
        Some(_) => return None,
    };
    Some(format!(
        "the history in the database is not the one that was signed: {} entries were signed, and {says}. A backup was put back, or somebody changed it",
        signed.size()
    ))
}

fn remember(cx: &Cx, signed: &SignedCheckpoint) -> Result<(), StoreError> {
    let memory = &cx.log.0.memory;
    memory
        .note(signed)
        .map_err(|e| StoreError::Unavailable(e.to_string()))
}

pub(super) fn defect(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(format!("a checkpoint: {error}"))
}
