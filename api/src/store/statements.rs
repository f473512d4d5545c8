//! What a statement of reasons is made of: one item and its latest decision.

use diesel::prelude::*;

use super::requests::{DecisionRow, ItemRow};
use super::schema::{decisions, items};
use super::{Conn, StoreError};

/// An item of a request with its latest decision.
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
        .order((decisions::at.desc(), decisions::id.desc()))
        .select(DecisionRow::as_select())
        .first(conn)
        .optional()?;
    Ok(Some((found, latest)))
}
