//! What a caller takes away from a change: a promise that it will be in the log.

use takedown_core::log::receipt::SignedReceipt;
use takedown_core::log::{CompactRange, Hash};

use super::Log;
use crate::store::StoreError;
use crate::store::history::Appended;

/// A receipt for the entries of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The entries, in the order they were written.
    pub entries: Vec<String>,
    /// The signed promise, where this node has the key.
    pub signed: Option<String>,
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
    })
}
