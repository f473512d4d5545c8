//! Listing requests.

use takedown_core::policy::{Action, Resource, authorize};

use super::load::{self, scope_of};
use super::view::{RequestView, from_rows};
use crate::app::{Caller, Cx, Error};
use crate::store::requests;
pub use crate::store::requests::Filter;

/// A page of requests.
#[derive(Debug)]
pub struct List {
    /// Newest first, without their items.
    pub items: Vec<RequestView>,
    /// Whether older ones follow.
    pub more: bool,
}

/// Requests the caller may see, newest first, older than the request `before`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    filter: Filter,
    before: Option<String>,
    limit: usize,
) -> Result<List, Error> {
    authorize(&caller.actor, Action::ListRequests, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    // One more than asked tells whether there are more, without counting.
    let wanted = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut rows = cx
        .store
        .read(move |conn| requests::page(conn, &scope, &filter, before.as_deref(), wanted))
        .await
        .map_err(Error::Store)?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let (agency, platform) = load::parties(cx, &row.agency_id, &row.platform_id).await?;
        items.push(from_rows(row, Vec::new(), agency, platform)?);
    }
    Ok(List { items, more })
}
