//! Proofs out of the stored tree.

use takedown_core::log::{Hash, Plan, PlanError};

use crate::store::{Conn, StoreError, log};

/// The hashes that a plan needs, out of the stored tree.
///
/// # Errors
/// Those of the store.
pub fn read(conn: &mut Conn, plan: &Plan) -> Result<Vec<Hash>, StoreError> {
    plan.read(|node| log::node(conn, node))
}

/// The root of the tree as it was at a size.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the tree was never so large.
pub fn root_at(conn: &mut Conn, size: u64) -> Result<Hash, StoreError> {
    let roots = read(conn, &Plan::root(size).map_err(impossible)?)?;
    Ok(roots.first().copied().unwrap_or(Hash::EMPTY))
}

pub(super) fn impossible(error: PlanError) -> StoreError {
    StoreError::Inconsistent(error.to_string())
}
