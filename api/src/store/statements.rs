//! What a statement of reasons is made of: one item and the decision that stands.

use diesel::prelude::*;

use super::decisions::DecisionRow;
use super::requests::ItemRow;
use super::schema::{decisions, items};
use super::{Conn, StoreError};

/// An item of a request with the decision by which it stands as it does; declining to put it back is none of these.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn decided(
    conn: &mut Conn,
    request: &str,
    item: &str,
) -> Result<Option<(ItemRow, Option<DecisionRow>)>, StoreError> {
    let found: Option<ItemRow> = items::table
        .filter(items::id.eq(item).and(items::request_id.eq(request)))
        .select(ItemRow::as_select())
        .first(conn)
        .optional()?;
    let Some(found) = found else {
        return Ok(None);
    };
    let latest = decisions::table
        .filter(decisions::item_id.eq(item))
        .filter(decisions::outcome.eq(found.outcome.clone().unwrap_or_default()))
        .order((decisions::at.desc(), decisions::id.desc()))
        .select(DecisionRow::as_select())
        .first(conn)
        .optional()?;
    Ok(Some((found, latest)))
}
