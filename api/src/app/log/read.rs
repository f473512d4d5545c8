//! What outsiders read of the log. None of it tells what an entry says.

use std::sync::Arc;

use takedown_core::log::tile::{self, Tile};
use takedown_core::log::{Hash, Plan, Policy, SignedCheckpoint, TlogProof};
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::time::{At, from_millis};
use tokio::time::Instant;

use super::proof::{impossible, read};
use crate::app::{Cx, Error};
use crate::store::log::witnesses::{self, WitnessRow};
use crate::store::{StoreError, log};

/// How the log stands.
#[derive(Debug, Clone)]
pub struct State {
    /// Entries that have their place.
    pub size: u64,
    /// The key that signs, where this node has it.
    pub vkey: Option<String>,
    /// What was signed last.
    pub checkpoint: Option<Arc<SignedCheckpoint>>,
    /// The newest that as many witnesses signed as the policy asks.
    pub cosigned: Option<Arc<SignedCheckpoint>>,
    /// The witnesses of the policy.
    pub witnesses: Vec<Seen>,
    /// Why this node does not sign yet, if so.
    pub waits: Option<String>,
    /// Why nothing is written any more, if so.
    pub stopped: Option<String>,
}

/// How a witness stands to this log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What the policy calls it.
    pub name: String,
    /// Its key.
    pub vkey: String,
    /// Entries of the tree it signed last, as far as is known; 0 for none.
    pub size: u64,
    /// When its last signature came.
    pub signed_at: Option<At>,
    /// Why it does not sign, if so.
    pub problem: Option<Problem>,
}

/// Why a witness does not sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of trouble ([`takedown_core::log::witness::Trouble::code`]).
    pub code: String,
    /// In words.
    pub detail: String,
    /// Since when.
    pub since: At,
}

/// An entry that no signed checkpoint covers yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotCovered;

/// How the log stands.
///
/// # Errors
/// Those of the policy and the store.
pub async fn state(cx: &Cx) -> Result<State, Error> {
    authorize(&Actor::anonymous(), Action::ReadLog, &Resource::Exchange)?;
    let asked = cx.log.policy().is_some();
    let (size, rows) = cx
        .store
        .read(move |conn| -> Result<_, StoreError> {
            let rows = match asked {
                true => witnesses::all(conn)?,
                false => Vec::new(),
            };
            Ok((log::tree(conn)?.size(), rows))
        })
        .await?;
    let policy = cx.log.policy().into_iter();
    let witnesses = policy.flat_map(Policy::witnesses).map(|(name, witness)| {
        let vkey = witness.key.to_string();
        let row = rows.iter().find(|row| row.vkey == vkey);
        seen(name.to_string(), vkey, row)
    });
    Ok(State {
        size,
        vkey: cx.log.key().map(|key| key.verifier().to_string()),
        checkpoint: cx.log.newest(),
        cosigned: cx.log.cosigned(),
        witnesses: witnesses.collect(),
        waits: cx.log.waits(),
        stopped: cx.store.stopped().map(str::to_owned),
    })
}

fn seen(name: String, vkey: String, row: Option<&WitnessRow>) -> Seen {
    let at = |millis: Option<i64>| millis.and_then(|millis| from_millis(millis).ok());
    let problem = row.and_then(|row| {
        Some(Problem {
            code: row.problem.clone()?,
            detail: row.problem_text.clone().unwrap_or_default(),
            since: at(row.problem_at)?,
        })
    });
    Seen {
        name,
        vkey,
        size: row.map_or(0, |row| u64::try_from(row.size).unwrap_or(0)),
        signed_at: at(row.and_then(|row| row.signed_at)),
        problem,
    }
}

/// What the log shows as its newest checkpoint: where witnesses are asked, the newest that enough of them signed, and only
/// before there is one the newest signed by the log alone.
///
/// # Errors
/// [`Error::NotFound`] before the first was signed, and those of the store.
pub async fn checkpoint(cx: &Cx) -> Result<String, Error> {
    authorize(
        &Actor::anonymous(),
        Action::ReadCheckpoint,
        &Resource::Exchange,
    )?;
    if let Some(cosigned) = cx.log.cosigned() {
        return Ok(cosigned.to_string());
    }
    let newest = cx.store.read(log::newest_checkpoint).await?;
    newest.map(|newest| newest.note).ok_or(Error::NotFound)
}

/// The hashes of a tile, one after the other.
///
/// # Errors
/// [`Error::NotFound`] when the tree is not that large, and those of the store.
pub async fn tile(cx: &Cx, wanted: Tile) -> Result<Vec<u8>, Error> {
    authorize(&Actor::anonymous(), Action::ReadTile, &Resource::Exchange)?;
    let width = usize::from(wanted.width());
    let bytes = cx
        .store
        .read(move |conn| -> Result<Vec<u8>, StoreError> {
            if let Some(full) = log::tile(conn, wanted.level(), wanted.index())? {
                return Ok(full);
            }
            let width = u64::from(wanted.width());
            let from = wanted.index().saturating_mul(u64::from(tile::WIDTH));
            Ok(Tile::bytes(&log::hashes(
                conn,
                wanted.level(),
                from,
                width,
            )?))
        })
        .await?;
    match bytes.get(..width * 32) {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(Error::NotFound),
    }
}

/// A proof, and whose checkpoint it leads to.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The proof.
    pub proof: TlogProof,
    /// The leaf hash of the entry, which the proof leads from.
    pub leaf: Hash,
    /// Whether its checkpoint meets the policy; nothing where no witnesses are asked.
    pub cosigned: Option<bool>,
}

/// The proof that an entry is in the log, by its identifier. Waits until `latest` for a signed checkpoint that covers it; where
/// witnesses are asked, for one that enough of them signed. While they are away it leads to what the log alone has signed: that
/// proves as much as it would without witnesses, and can be asked for again.
///
/// # Errors
/// [`Error::NotFound`] when there is no such entry, and those of the store.
pub async fn proof_of(
    cx: &Cx,
    entry: &str,
    latest: Instant,
) -> Result<Result<Proven, NotCovered>, Error> {
    authorize(&Actor::anonymous(), Action::ReadProof, &Resource::Exchange)?;
    let mut newest = cx.log.0.newest.subscribe();
    let mut cosigned = cx.log.0.cosigned.subscribe();
    let witnessed = cx.log.policy().is_some();
    let mut index = None;
    let mut late = false;
    loop {
        newest.mark_unchanged();
        cosigned.mark_unchanged();
        if index.is_none() {
            let id = entry.to_owned();
            let row = cx.store.read(move |conn| log::entry(conn, &id)).await?;
            let row = row.ok_or(Error::NotFound)?;
            let place = row.log_index.and_then(|place| u64::try_from(place).ok());
            index = match (place, row.leaf) {
                (Some(place), Some(leaf)) => Some((place, hash(&leaf)?)),
                _ => None,
            };
        }
        if let Some((index, leaf)) = index {
            let covers = |known: &Arc<SignedCheckpoint>| known.checkpoint().size() > index;
            let enough = cx.log.cosigned().filter(covers);
            let any = cx.log.newest().filter(covers);
            if let Some((checkpoint, cosigned)) = match (enough, any) {
                (Some(enough), _) => Some((enough, Some(true))),
                (None, Some(any)) if !witnessed => Some((any, None)),
                (None, Some(any)) if late => Some((any, Some(false))),
                _ => None,
            } {
                let proof = made(cx, index, &checkpoint).await?;
                return Ok(Ok(Proven {
                    proof,
                    leaf,
                    cosigned,
                }));
            }
        }
        if late {
            return Ok(Err(NotCovered));
        }
        let more = async {
            tokio::select! {
                changed = newest.changed() => changed,
                changed = cosigned.changed() => changed,
            }
        };
        late = tokio::time::timeout_at(latest, more).await.is_err();
    }
}

fn hash(stored: &[u8]) -> Result<Hash, StoreError> {
    Hash::from_slice(stored).map_err(|e| StoreError::Inconsistent(e.to_string()))
}

async fn made(cx: &Cx, index: u64, checkpoint: &SignedCheckpoint) -> Result<TlogProof, Error> {
    let plan = Plan::inclusion(index, checkpoint.checkpoint().size()).map_err(impossible)?;
    let hashes = cx.store.read(move |conn| read(conn, &plan)).await?;
    Ok(TlogProof {
        extra: None,
        index,
        hashes,
        checkpoint: checkpoint.clone(),
    })
}
