//! What a caller takes away from a change: a promise that it will be in the log.

use takedown_core::log::receipt::SignedReceipt;
use takedown_core::log::{CompactRange, Hash};
use takedown_core::policy::{Action, Actor, Resource, authorize};

use super::Log;
use crate::app::{Cx, Error};
use crate::store::history::Appended;
use crate::store::{StoreError, receipts};

/// A receipt for the entries of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The entries, in the order they were written.
    pub entries: Vec<String>,
    /// The signed promise, where this node has the key.
    pub signed: Option<String>,
    /// The root of the tree over their leaves, by which it is found again.
    pub root: Hash,
    at: i64,
}

/// Promises that what was appended will be in the log. Call it once it is stored, never before. The time is that of the entries, so that
/// a promise given again is the same to the byte.
///
/// # Errors
/// [`StoreError::Inconsistent`] when an entry has no leaf.
pub fn receipt(log: &Log, appended: &[Appended]) -> Result<Receipt, StoreError> {
    let mut tree = CompactRange::new();
    for entry in appended {
        let leaf = Hash::from_slice(&entry.leaf);
        tree.push(leaf.map_err(|e| StoreError::Inconsistent(e.to_string()))?);
    }
    let at = appended.iter().map(|entry| entry.at).max().unwrap_or(0);
    let signed = log
        .key()
        .map(|key| SignedReceipt::sign(tree.size(), tree.root(), at, key))
        .transpose()
        .map_err(|e| StoreError::Inconsistent(e.to_string()))?;
    Ok(Receipt {
        entries: appended.iter().map(|entry| entry.id.clone()).collect(),
        signed: signed.map(|signed| signed.to_string()),
        root: tree.root(),
        at,
    })
}

/// Keeps which entries a receipt is for, so that whoever holds it can ask: for those that are too many to be named with it.
///
/// # Errors
/// Those of the store.
pub async fn keep_names(cx: &Cx, receipt: &Receipt) -> Result<(), StoreError> {
    let (root, at) = (receipt.root.as_bytes().to_vec(), receipt.at);
    let entries = receipt.entries.join(" ");
    let kept = cx
        .store
        .write(move |conn| receipts::keep(conn, &root, &entries, at))
        .await;
    match kept {
        // The same answer is given to another call at this moment.
        Err(StoreError::Exists(_)) => Ok(()),
        other => other,
    }
}

/// The names of the entries that the receipt with this root is for, in its order.
///
/// # Errors
/// [`Error::NotFound`] when none was kept, and those of the store.
pub async fn names_of(cx: &Cx, root: &Hash) -> Result<Vec<String>, Error> {
    authorize(
        &Actor::anonymous(),
        Action::ReadReceipt,
        &Resource::Exchange,
    )?;
    let root = root.as_bytes().to_vec();
    let found = cx
        .store
        .read(move |conn| receipts::find(conn, &root))
        .await?;
    let names = found.ok_or(Error::NotFound)?;
    Ok(names.split_whitespace().map(str::to_owned).collect())
}
