//! Requests with all that stands of them, for computing them anew.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::store::decisions::DecisionRow;
use crate::store::history::EntryRow;
use crate::store::messages::MessageRow;
use crate::store::repeats::AskedRow;
use crate::store::requests::{ItemRow, RequestRow};
use crate::store::schema::{asked, decisions, history, items, messages, requests};
use crate::store::{Conn, StoreError};

/// So many values stand in one statement.
const SOME: usize = 400;

/// A request with everything that follows from its entries.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The request.
    pub request: RequestRow,
    /// Its items by position.
    pub items: Vec<ItemRow>,
    /// Every outcome, by item, in the order they were given.
    pub decisions: HashMap<String, Vec<DecisionRow>>,
    /// What was written about it.
    pub messages: Vec<MessageRow>,
    /// Its entries in the order of their versions.
    pub entries: Vec<EntryRow>,
}

/// Requests after one, in the order of their identifiers, with everything.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn requests(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<Whole>, StoreError> {
    let rows: Vec<RequestRow> = requests::table
        .filter(requests::id.gt(after))
        .order(requests::id)
        .limit(limit)
        .select(RequestRow::as_select())
        .load(conn)?;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut of_items: HashMap<String, Vec<ItemRow>> = HashMap::new();
    let its: Vec<ItemRow> = items::table
        .filter(items::request_id.eq_any(&ids))
        .order((items::request_id, items::position))
        .select(ItemRow::as_select())
        .load(conn)?;
    let mut of_decisions: HashMap<String, HashMap<String, Vec<DecisionRow>>> = HashMap::new();
    for some in its.chunks(SOME) {
        let named: HashMap<&str, &str> = some
            .iter()
            .map(|item| (item.id.as_str(), item.request_id.as_str()))
            .collect();
        let of: Vec<DecisionRow> = decisions::table
            .filter(decisions::item_id.eq_any(named.keys().copied().collect::<Vec<_>>()))
            .order(decisions::id)
            .select(DecisionRow::as_select())
            .load(conn)?;
        for row in of {
            let request = named.get(row.item_id.as_str()).copied().unwrap_or_default();
            let by_item = of_decisions.entry(request.to_owned()).or_default();
            by_item.entry(row.item_id.clone()).or_default().push(row);
        }
    }
    for item in its {
        of_items
            .entry(item.request_id.clone())
            .or_default()
            .push(item);
    }
    let mut of_messages: HashMap<String, Vec<MessageRow>> = HashMap::new();
    let written: Vec<MessageRow> = messages::table
        .filter(messages::request_id.eq_any(&ids))
        .order(messages::id)
        .select(MessageRow::as_select())
        .load(conn)?;
    for row in written {
        let request = of_messages.entry(row.request_id.clone());
        request.or_default().push(row);
    }
    let mut of_entries: HashMap<String, Vec<EntryRow>> = HashMap::new();
    let entries: Vec<(Option<String>, EntryRow)> = history::table
        .filter(history::request_id.eq_any(&ids))
        .order((history::request_id, history::version))
        .select((history::request_id, EntryRow::as_select()))
        .load(conn)?;
    for (request, entry) in entries {
        let request = of_entries.entry(request.unwrap_or_default());
        request.or_default().push(entry);
    }
    Ok(rows
        .into_iter()
        .map(|request| Whole {
            items: of_items.remove(&request.id).unwrap_or_default(),
            decisions: of_decisions.remove(&request.id).unwrap_or_default(),
            messages: of_messages.remove(&request.id).unwrap_or_default(),
            entries: of_entries.remove(&request.id).unwrap_or_default(),
            request,
        })
        .collect())
}

/// What is counted of what was asked about, in the order of its key.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn asked(conn: &mut Conn) -> Result<Vec<AskedRow>, StoreError> {
    Ok(asked::table
        .order((
            asked::comparison_digest,
            asked::within,
            asked::agency_id,
            asked::undisclosed,
        ))
        .select(AskedRow::as_select())
        .load(conn)?)
}
