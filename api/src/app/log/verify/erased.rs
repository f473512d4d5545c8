//! Entries whose content was destroyed: each must be named by an entry that says so, and nothing else may be gone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use takedown_core::retention::Class;

use crate::store::log::whole::{self, LeftRow, WholeRow};
use crate::store::{Conn, StoreError};

/// Entries that say what was destroyed.
pub(super) const SAYING: [&str; 2] = ["request.erased", "content.erased"];

/// What goes with a request and is about the party that did it.
const BESIDE: [&str; 3] = ["internal_note.written", "document.read", "hold.placed"];

/// An entry whose content is gone. Its type and its request are what its columns say.
#[derive(Debug)]
struct Gone {
    place: String,
    event: String,
    request: Option<String>,
}

/// An entry that says what was destroyed.
#[derive(Debug, Clone)]
struct Saying {
    id: String,
    /// The request that was erased; none when content of a class was.
    request: Option<String>,
    class: Option<Class>,
}

/// What is gone and what is said to be, as far as they do not fit yet.
#[derive(Debug, Default)]
pub(super) struct Erased {
    gone: BTreeMap<String, Gone>,
    said: BTreeMap<String, Saying>,
    beyond: Vec<String>,
}

impl Erased {
    /// Looks at one entry; `place` is what a fault says of it.
    pub(super) fn look(&mut self, row: &WholeRow, place: impl FnOnce() -> String) {
        if row.salt.is_none() {
            let gone = Gone {
                place: place(),
                event: row.event.clone(),
                request: row.request_id.clone(),
            };
            match self.said.remove(&row.id) {
                Some(saying) => self.beyond.extend(saying.goes_beyond(&gone)),
                None => drop(self.gone.insert(row.id.clone(), gone)),
            }
        } else if SAYING.contains(&row.event.as_str()) {
            let (saying, names) = Saying::of(row);
            for id in names {
                match self.gone.remove(&id) {
                    Some(gone) => self.beyond.extend(saying.goes_beyond(&gone)),
                    None => drop(self.said.insert(id, saying.clone())),
                }
            }
        }
    }

    /// Tells what does not fit. Entries that have no place yet count as well: what they say may be gone already.
    pub(super) fn end(
        mut self,
        conn: &mut Conn,
        fault: &mut dyn FnMut(String),
    ) -> Result<(), StoreError> {
        if !self.gone.is_empty() {
            for row in whole::waiting_of(conn, &SAYING)? {
                let (saying, names) = Saying::of(&row);
                for id in names {
                    let gone = self.gone.remove(&id);
                    let beyond = gone.and_then(|gone| saying.goes_beyond(&gone));
                    self.beyond.extend(beyond);
                }
            }
        }
        self.beyond.into_iter().for_each(&mut *fault);
        for gone in self.gone.values() {
            fault(format!(
                "{}: its bytes and its salt are gone, and no entry says that they were destroyed",
                gone.place
            ));
        }
        for (id, by) in &self.said {
            fault(format!(
                "the entry {id}: {} says that it was destroyed, and it is there",
                by.id
            ));
        }
        Ok(())
    }
}

impl Saying {
    /// What an entry says, and which entries it names.
    fn of(row: &WholeRow) -> (Self, BTreeSet<String>) {
        let said: Value = serde_json::from_str(&row.data).unwrap_or_default();
        let names = said["data"]["entries"].as_array().into_iter().flatten();
        let names = names.filter_map(Value::as_str).map(str::to_owned).collect();
        let class = said["data"]["class"].as_str();
        let saying = Self {
            id: row.id.clone(),
            request: row.request_id.clone(),
            class: class.and_then(|class| class.parse().ok()),
        };
        (saying, names)
    }

    /// Why it cannot have destroyed this entry: with a request only what is about that request goes, with a class only what
    /// belongs to it.
    fn goes_beyond(&self, gone: &Gone) -> Option<String> {
        let event = gone.event.as_str();
        let fits = match (&self.request, &gone.request) {
            (Some(erased), Some(of)) => erased == of,
            (Some(_), None) => BESIDE.contains(&event),
            (None, Some(_)) => false,
            (None, None) => match self.class {
                Some(Class::Sightings) => event.starts_with("sighting."),
                Some(Class::Imports) => ["records.imported", "record.withdrawn"].contains(&event),
                Some(Class::Lookups) => event == "items.looked_up",
                Some(Class::Requests | Class::Mails) | None => false,
            },
        };
        (!fits).then(|| {
            format!(
                "{}: its bytes and its salt are gone, and {}, which says that they were destroyed, destroys nothing of that kind",
                gone.place, self.id
            )
        })
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(id: &str, event: &str, request: Option<&str>, data: Option<Value>) -> WholeRow {
        WholeRow {
            id: id.to_owned(),
            request_id: request.map(str::to_owned),
            version: None,
            event: event.to_owned(),
            side: "system".to_owned(),
            party_id: None,
            client_id: None,
            via: "worker".to_owned(),
            at: 0,
            salt: data.as_ref().map(|_| Vec::new()),
            data: data.map(|data| data.to_string()).unwrap_or_default(),
            leaf: None,
            log_index: None,
        }
    }

    #[test]
    fn what_is_gone_belongs_to_what_is_said_to_be_destroyed() {
        let of_request = json!({"data": {"entries": ["gone"]}});
        let of_class = |class: &str| json!({"data": {"entries": ["gone"], "class": class}});
        let request = |event, of, fits| {
            (
                ("request.erased", Some("one"), of_request.clone()),
                event,
                of,
                fits,
            )
        };
        let class = |of, event, request, fits| {
            (("content.erased", None, of_class(of)), event, request, fits)
        };
        for ((saying, erased, data), event, of, fits) in [
            request("message.sent", Some("one"), true),
            request("message.sent", Some("other"), false),
            request("internal_note.written", None, true),
            request("document.read", None, true),
            request("hold.placed", None, true),
            request("agency.verified", None, false),
            request("items.looked_up", None, false),
            class("sightings", "sighting.revised", None, true),
            class("sightings", "platform.sighted", None, false),
            class("imports", "records.imported", None, true),
            class("imports", "record.withdrawn", None, true),
            class("lookups", "items.looked_up", None, true),
            class("lookups", "request.filed", Some("one"), false),
            class("lookups", "records.imported", None, false),
            class("mails", "items.looked_up", None, false),
            class("secrets", "items.looked_up", None, false),
        ] {
            let gone = entry("gone", event, of, None);
            let says = entry("says", saying, erased, Some(data));
            for order in [[&gone, &says], [&says, &gone]] {
                let mut all = Erased::default();
                for row in order {
                    all.look(row, || "its place".to_owned());
                }
                let context = format!("{saying} {event} {of:?}: {all:?}");
                assert!(all.gone.is_empty() && all.said.is_empty(), "{context}");
                assert_eq!(all.beyond.is_empty(), fits, "{context}");
            }
        }
    }
}
