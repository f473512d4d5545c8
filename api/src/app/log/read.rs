//! What outsiders read of the log. None of it tells what an entry says.

use std::sync::Arc;
use std::time::Duration;

use takedown_core::log::tile::{self, Tile};
use takedown_core::log::{Plan, SignedCheckpoint, TlogProof};
use takedown_core::policy::{Action, Actor, Resource, authorize};
use tokio::time::Instant;

use super::proof::{impossible, read};
use crate::app::{Cx, Error};
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
    /// Why nothing is written any more, if so.
    pub stopped: Option<String>,
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
    let size = cx
        .store
        .read(|conn| log::tree(conn).map(|tree| tree.size()))
        .await?;
    Ok(State {
        size,
        vkey: cx.log.key().map(|key| key.verifier().to_string()),
        checkpoint: cx.log.newest(),
        stopped: cx.store.stopped().map(str::to_owned),
    })
}

/// The newest signed checkpoint, as the database has it.
///
/// # Errors
/// [`Error::NotFound`] before the first was signed, and those of the store.
pub async fn checkpoint(cx: &Cx) -> Result<String, Error> {
    authorize(
        &Actor::anonymous(),
        Action::ReadCheckpoint,
        &Resource::Exchange,
    )?;
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

/// The proof that an entry is in the log, by its identifier. Waits up to `patience` until a signed checkpoint covers it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such entry, and those of the store.
pub async fn proof_of(
    cx: &Cx,
    entry: &str,
    patience: Duration,
) -> Result<Result<TlogProof, NotCovered>, Error> {
    authorize(&Actor::anonymous(), Action::ReadProof, &Resource::Exchange)?;
    let latest = Instant::now() + patience;
    let mut newest = cx.log.0.newest.subscribe();
    loop {
        newest.mark_unchanged();
        let id = entry.to_owned();
        let row = cx.store.read(move |conn| log::entry(conn, &id)).await?;
        let place = row.ok_or(Error::NotFound)?.log_index;
        let index = place.and_then(|place| u64::try_from(place).ok());
        if let Some(index) = index
            && let Some(checkpoint) = cx.log.newest()
            && checkpoint.checkpoint().size() > index
        {
            return Ok(Ok(made(cx, index, &checkpoint).await?));
        }
        if tokio::time::timeout_at(latest, newest.changed())
            .await
            .is_err()
        {
            return Ok(Err(NotCovered));
        }
    }
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
