//! Entries whose content was destroyed: each must be named by an entry that says so, and nothing else may be gone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::store::log::whole::{self, LeftRow, WholeRow};
use crate::store::{Conn, StoreError};

/// Entries that say what was destroyed.
pub(super) const SAYING: [&str; 2] = ["request.erased", "content.erased"];

/// What is gone and what is said to be, as far as they do not fit yet.
#[derive(Debug, Default)]
pub(super) struct Erased {
    gone: BTreeMap<String, String>,
    said: BTreeMap<String, String>,
}

impl Erased {
    /// Looks at one entry; `place` is what a fault says of it.
    pub(super) fn look(&mut self, row: &WholeRow, place: impl FnOnce() -> String) {
        if row.salt.is_none() {
            if self.said.remove(&row.id).is_none() {
                self.gone.insert(row.id.clone(), place());
            }
        } else if SAYING.contains(&row.event.as_str()) {
            for id in names(&row.data) {
                if self.gone.remove(&id).is_none() {
                    self.said.insert(id, row.id.clone());
                }
            }
        }
    }

    /// Tells what does not fit. Entries that were written while the others were read count as well: what they say may be gone
    /// already.
    pub(super) fn end(
        mut self,
        conn: &mut Conn,
        size: i64,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        if !self.gone.is_empty() {
            for data in whole::saying_since(conn, size, &SAYING)? {
                for id in names(&data) {
                    self.gone.remove(&id);
                }
            }
        }
        for place in self.gone.values() {
            fault(format!(
                "{place}: its bytes and its salt are gone, and no entry says that they were destroyed"
            ));
        }
        for (id, by) in &self.said {
            fault(format!(
                "the entry {id}: {by} says that it was destroyed, and it is there"
            ));
        }
        Ok(())
    }
}

fn names(data: &str) -> BTreeSet<String> {
    let said: Value = serde_json::from_str(data).unwrap_or_default();
    let names = said["data"]["entries"].as_array().into_iter().flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Compares what erased requests look like with what their entries say is left.
pub(super) fn left(
    conn: &mut Conn,
    some: &[WholeRow],
    fault: &mut dyn FnMut(&WholeRow, String),
) -> Result<(), StoreError> {
    let erased: Vec<(&WholeRow, &String)> = some
        .iter()
        .filter(|row| row.event == "request.erased")
        .filter_map(|row| Some((row, row.request_id.as_ref()?)))
        .collect();
    let ids: Vec<String> = erased.iter().map(|(_, id)| (*id).clone()).collect();
    let stored: HashMap<String, LeftRow> = whole::left(conn, &ids)?
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    for (row, id) in erased {
        let said: Value = serde_json::from_str(&row.data).unwrap_or_default();
        let Some(request) = stored.get(id) else {
            fault(row, "the request it erased is not there".to_owned());
            continue;
        };
        let said = &said["data"];
        let columns = [
            (
                "status",
                Some(request.status.as_str()),
                said["status"].as_str(),
            ),
            ("result", request.result.as_deref(), said["result"].as_str()),
        ];
        for (column, stored, said) in columns {
            if stored != said {
                fault(
                    row,
                    format!(
                        "the column {column} of its request has {}, it was left with {}",
                        stored.unwrap_or("nothing"),
                        said.unwrap_or("nothing")
                    ),
                );
            }
        }
        if request.erased_at != Some(row.at) || !request.filing_digest.is_empty() {
            fault(row, "its request is not erased".to_owned());
        }
        let said: BTreeMap<&str, Option<&str>> = said["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|item| Some((item["item"].as_str()?, item["outcome"].as_str())))
            .collect();
        let items = whole::items_left(conn, id)?;
        for (item, outcome, locator) in &items {
            if said.get(item.as_str()) != Some(&outcome.as_deref()) {
                fault(
                    row,
                    format!(
                        "the item {item} of its request has the outcome {}, which it was not left with",
                        outcome.as_deref().unwrap_or("nothing")
                    ),
                );
            }
            if !locator.is_empty() {
                fault(row, format!("the item {item} of its request has a locator"));
            }
        }
        if whole::has_statements(conn, id)? {
            fault(
                row,
                "what the unit signed of its request is there".to_owned(),
            );
        }
        if items.len() != said.len() {
            fault(
                row,
                format!(
                    "its request has {} items, it was left with {}",
                    items.len(),
                    said.len()
                ),
            );
        }
    }
    Ok(())
}
