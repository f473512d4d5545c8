//! What is kept of a filing, as the entries of its request commit to it.

use takedown_core::history::{Digest, commitment};
use takedown_core::log::Salt;

use super::view::RequestView;
use crate::store::StoreError;
use crate::store::requests::{ItemRow, RequestRow};

/// The commitment to what is stored of a request that looks like this. None of one that was filed before there were any.
///
/// # Errors
/// [`StoreError`] when something cannot be written as JSON.
pub(super) fn of_view(view: &RequestView) -> Result<Option<Digest>, StoreError> {
    let Some(salt) = &view.filing_salt else {
        return Ok(None);
    };
    let details = view.items.iter().map(|item| &item.detail);
    let details: Vec<String> = details
        .map(serde_json::to_string)
        .collect::<Result<_, _>>()?;
    let hosts = view.items.iter().map(|item| item.host.as_deref());
    let jurisdiction = view.jurisdiction.to_string();
    let request = [
        Some(serde_json::to_string(&view.filing)?),
        Some(jurisdiction),
        view.agency_reference.clone(),
    ];
    let request = request.iter().map(Option::as_deref);
    let items = hosts
        .zip(&details)
        .flat_map(|(host, detail)| [host, Some(detail.as_str())]);
    Ok(Some(commitment(salt, request.chain(items))))
}

/// The same of what is stored.
#[must_use]
pub fn of_rows(row: &RequestRow, items: &[ItemRow]) -> Option<Digest> {
    let salt = Salt::from_slice(row.filing_salt.as_deref()?).ok()?;
    let request = [
        Some(row.filing.as_str()),
        Some(row.jurisdiction.as_str()),
        row.agency_reference.as_deref(),
    ];
    let items = items.iter();
    let items = items.flat_map(|item| [item.host.as_deref(), Some(item.detail.as_str())]);
    Some(commitment(&salt, request.into_iter().chain(items)))
}
