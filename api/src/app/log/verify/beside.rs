//! What stands beside the entries and follows from them.

use std::collections::HashMap;
use std::fmt::Display;

use serde_json::Value;
use takedown_core::history::Digest;
use takedown_core::time::parse_rfc3339;

use super::filed::Filings;
use super::said::{Said, with};
use super::signed::{self, Project};
use crate::store::log::whole::{self, WholeRow};
use crate::store::{Conn, StoreError};

/// How many requests are counted at a time.
const AT_ONCE: i64 = 2_000;

/// What stands beside an entry's bytes, for finding it, and is not what they say.
pub(super) fn columns(row: &WholeRow, said: Option<&Said<'_>>) -> Vec<String> {
    let Some(said) = said else {
        return vec!["its bytes are no entry".to_owned()];
    };
    let mut faults = Vec::new();
    let mut differs = |column: &str, stored: &dyn Display, says: &dyn Display| {
        faults.push(format!(
            "its column {column} has {stored}, its bytes say {says}"
        ));
    };
    let (request, version) = said.request();
    let texts = [
        ("type", Some(row.event.as_str()), said.event),
        ("side", Some(row.side.as_str()), said.by.side),
        ("via", Some(row.via.as_str()), said.by.via),
        ("client_id", row.client_id.as_deref(), said.by.client),
        ("request_id", row.request_id.as_deref(), request),
        ("id", said.id.map(|_| row.id.as_str()), said.id),
        (
            "party_id",
            row.party_id.as_deref(),
            said.by.id.filter(|_| row.is_of_party()),
        ),
    ];
    for (column, stored, says) in texts {
        if stored != says {
            let nothing = "nothing";
            differs(column, &stored.unwrap_or(nothing), &says.unwrap_or(nothing));
        }
    }
    let shown = |number: Option<i64>| number.map_or("nothing".to_owned(), |n| n.to_string());
    let at = said.at.and_then(|at| parse_rfc3339(at).ok());
    for (column, stored, says) in [
        ("at", Some(row.at), at.map(|at| at.timestamp_millis())),
        (
            "version",
            row.version.map(i64::from),
            version.map(i64::from),
        ),
    ] {
        if stored != says {
            differs(column, &shown(stored), &shown(says));
        }
    }
    faults
}

/// Compares what these entries say of other rows with those: what a request was filed as, what units signed, and the texts of
/// messages. With each entry the bytes of what happened. How many changes were signed.
pub(super) fn rows(
    conn: &mut Conn,
    said: &[(&WholeRow, &str)],
    (filings, project): (&mut Filings, Project),
    fault: &mut dyn FnMut(&WholeRow, String),
) -> Result<u64, StoreError> {
    for (row, data) in said {
        if row.event == "request.filed" {
            filings.look(conn, row, data, fault)?;
        }
    }
    let stated = signed::rows(conn, said, project, fault)?;
    let mut texts = Vec::new();
    for (row, data) in said {
        let mut found = Vec::new();
        if let Some(all) = with(data, "message") {
            messages(&all, &mut found);
        }
        texts.extend(found.into_iter().map(|(id, digest)| (*row, id, digest)));
    }
    let ids: Vec<String> = texts.iter().map(|(_, id, _)| id.clone()).collect();
    let stored: HashMap<String, (String, String)> = whole::texts(conn, &ids)?
        .into_iter()
        .map(|(id, request, text)| (id, (request, text)))
        .collect();
    for (row, id, digest) in texts {
        match stored.get(&id) {
            None => fault(row, format!("the message {id} is not there")),
            Some((request, _)) if Some(request) != row.request_id.as_ref() => {
                fault(row, format!("the message {id} is one of another request"));
            }
            Some((_, text)) if Digest::of(text).to_string() != digest => {
                fault(
                    row,
                    format!(
                        "the text of the message {id} is another than the one it was sealed with"
                    ),
                );
            }
            Some(_) => {}
        }
    }
    Ok(stated)
}

/// Every message that an entry names together with the digest of its text.
fn messages(said: &Value, found: &mut Vec<(String, String)>) {
    match said {
        Value::Object(members) => {
            if let (Some(Value::String(id)), Some(Value::String(text))) =
                (members.get("message"), members.get("text"))
            {
                found.push((id.clone(), text.clone()));
            }
            members.values().for_each(|value| messages(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| messages(value, found)),
        _ => {}
    }
}

/// Names the requests of which not each change is an entry, or not each entry a change.
pub(super) fn requests(conn: &mut Conn, fault: &mut dyn FnMut(String)) -> Result<(), StoreError> {
    let (mut after, mut named) = (String::new(), false);
    loop {
        let some = whole::versions(conn, &after, AT_ONCE)?;
        for (id, version, count, highest) in &some {
            if i64::from(*version) != *count || Some(*version) != *highest {
                let highest = highest.unwrap_or_default();
                named = true;
                fault(format!(
                    "the request {id} is at version {version}; there are {count} entries of it, the last of version {highest}"
                ));
            }
        }
        match some.into_iter().next_back() {
            Some((last, ..)) => after = last,
            None => break,
        }
    }
    if !named {
        fault("an entry is of a request that is not there".to_owned());
    }
    Ok(())
}

/// Each feed counts its entries without a gap. How many there are in all.
pub(super) fn feeds(conn: &mut Conn, fault: &mut dyn FnMut(String)) -> Result<u64, StoreError> {
    let feeds = whole::feeds(conn)?;
    let heads: i64 = feeds.iter().map(|feed| feed.head).sum();
    let all = whole::told(conn)?;
    // Positions are there once each. So if each feed begins with 1 and ends with its head, and all of them have as many entries
    // as their heads say, none has a gap, and nobody had to count each.
    if heads != all || !feeds.iter().all(|feed| feed.is_dense(feed.head)) {
        for feed in feeds {
            let count = whole::told_to(conn, &feed.party)?;
            if !feed.is_dense(count) {
                fault(format!(
                    "the feed of {} should have the positions 1 to {} and has {count}, from {} to {}",
                    feed.party,
                    feed.head,
                    feed.first.unwrap_or_default(),
                    feed.last.unwrap_or_default()
                ));
            }
        }
    }
    u64::try_from(all).map_err(super::defect)
}
