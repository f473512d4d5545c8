//! What became of items: outcomes, answers to restorations, items taken back.

use diesel::prelude::*;

use super::schema::{decisions, items};
use super::update as kept;
use super::{Conn, StoreError};

/// An outcome, kept for good. The item shows the latest.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = decisions, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct DecisionRow {
    pub id: String,
    pub item_id: String,
    pub outcome: String,
    pub detail: String,
    pub at: i64,
}

/// What is kept of an item beside its latest outcome.
#[derive(Debug, Clone, Default)]
pub struct ItemPast {
    /// When the first outcome was given.
    pub first_decided_at: Option<i64>,
    /// What had been done to it before it was put back, as JSON.
    pub undone: Option<String>,
}

/// Adds an outcome and makes it the item's latest.
///
/// # Errors
/// [`StoreError::Inconsistent`] when there is no such item.
pub fn decide(conn: &mut Conn, row: &DecisionRow, past: &ItemPast) -> Result<(), StoreError> {
    diesel::insert_into(decisions::table)
        .values(row)
        .execute(conn)?;
    let changed = kept::update(
        items::table.find(&row.item_id),
        (
            items::outcome.eq(&row.outcome),
            items::outcome_detail.eq(&row.detail),
            items::decided_at.eq(row.at),
            items::first_decided_at.eq(past.first_decided_at),
            items::undone.eq(past.undone.as_deref()),
        ),
    )
    .execute(conn)?;
    found(changed, row)
}

/// What an item shows after its restoration was answered.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = items, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct ItemAnswer {
    pub outcome: Option<String>,
    pub outcome_detail: Option<String>,
    pub decided_at: Option<i64>,
    pub restoration_outcome: Option<String>,
    pub answer: Option<String>,
    pub undone: Option<String>,
}

/// Adds an outcome that answers a restoration. What had been done stays beside it.
///
/// # Errors
/// [`StoreError::Inconsistent`] when there is no such item.
pub fn answer(conn: &mut Conn, row: &DecisionRow, shows: &ItemAnswer) -> Result<(), StoreError> {
    diesel::insert_into(decisions::table)
        .values(row)
        .execute(conn)?;
    let changed = kept::update(items::table.find(&row.item_id), shows).execute(conn)?;
    found(changed, row)
}

fn found(changed: usize, row: &DecisionRow) -> Result<(), StoreError> {
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Inconsistent(format!(
            "a decision names the item {}, which does not exist",
            row.item_id
        )))
    }
}

/// How an item was taken back by itself.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = items, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct ItemTaken {
    pub withdrawn_at: i64,
    pub withdrawal: String,
    pub restore: bool,
    pub open_in: Option<String>,
}

impl ItemTaken {
    /// As the core says it.
    #[must_use]
    pub fn of(withdrawal: takedown_core::request::ItemWithdrawal) -> Self {
        Self {
            withdrawn_at: withdrawal.at.timestamp_millis(),
            withdrawal: withdrawal.reason.as_str().to_owned(),
            restore: withdrawal.restore,
            open_in: None,
        }
    }
}

/// Notes that an item was taken back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn withdraw_item(conn: &mut Conn, item: &str, taken: &ItemTaken) -> Result<(), StoreError> {
    kept::update(items::table.find(item), taken).execute(conn)?;
    Ok(())
}
