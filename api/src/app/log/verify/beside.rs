//! What stands beside the entries and follows from them.

use std::collections::HashMap;

use serde_json::Value;
use takedown_core::history::Digest;

use crate::store::log::whole::{self, FiledRow, WholeRow};
use crate::store::{Conn, StoreError};

/// How many requests are counted at a time.
const AT_ONCE: i64 = 2_000;

/// What stands beside an entry's bytes, for finding it, and is not what they say.
pub(super) fn columns(row: &WholeRow) -> Vec<String> {
    let Ok(said) = serde_json::from_str::<Value>(&row.data) else {
        return vec!["its bytes are no JSON".to_owned()];
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let subject = &said["subject"];
    let of_request = subject["kind"] == "request";
    let at = said["at"]
        .as_str()
        .and_then(|at| takedown_core::time::parse_rfc3339(at).ok());
    let mut columns = vec![
        ("type", Some(row.event.clone()), text(&said["type"])),
        ("side", Some(row.side.clone()), text(&said["by"]["side"])),
        ("via", Some(row.via.clone()), text(&said["by"]["via"])),
        (
            "client_id",
            row.client_id.clone(),
            text(&said["by"]["client"]),
        ),
        (
            "at",
            Some(row.at.to_string()),
            at.map(|at| at.timestamp_millis().to_string()),
        ),
        (
            "request_id",
            row.request_id.clone(),
            of_request.then(|| text(&subject["id"])).flatten(),
        ),
        (
            "version",
            row.version.map(|version| version.to_string()),
            of_request
                .then(|| {
                    subject["version"]
                        .as_i64()
                        .map(|version| version.to_string())
                })
                .flatten(),
        ),
    ];
    // Entries of the first versions do not name themselves.
    if let Some(id) = text(&said["id"]) {
        columns.push(("id", Some(row.id.clone()), Some(id)));
    }
    if ["agency", "platform", "authority"].contains(&row.side.as_str()) {
        columns.push(("party_id", row.party_id.clone(), text(&said["by"]["id"])));
    }
    let differing = columns
        .into_iter()
        .filter(|(_, stored, said)| stored != said);
    differing
        .map(|(column, stored, said)| {
            let shown = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
            format!(
                "its column {column} has {}, its bytes say {}",
                shown(stored),
                shown(said)
            )
        })
        .collect()
}

/// Compares what these entries say of other rows with those: what a request was filed as, and the texts of messages.
pub(super) fn rows(
    conn: &mut Conn,
    some: &[WholeRow],
    fault: &mut dyn FnMut(&WholeRow, String),
) -> Result<(), StoreError> {
    let said: Vec<(&WholeRow, Value)> = some
        .iter()
        .filter_map(|row| Some((row, serde_json::from_str(&row.data).ok()?)))
        .collect();
    let filings = said.iter().filter(|(row, _)| row.event == "request.filed");
    let ids: Vec<String> = filings
        .clone()
        .filter_map(|(row, _)| row.request_id.clone())
        .collect();
    let filed: HashMap<String, FiledRow> = whole::filed(conn, &ids)?
        .into_iter()
        .map(|row| (row.id.clone(), row))
        .collect();
    for (row, said) in filings {
        match row.request_id.as_ref().and_then(|id| filed.get(id)) {
            None => fault(row, "the request it filed is not there".to_owned()),
            Some(request) => filing(request, row.at, &said["data"])
                .into_iter()
                .for_each(|what| fault(row, what)),
        }
    }
    let mut texts = Vec::new();
    for (row, said) in &said {
        let mut found = Vec::new();
        messages(&said["data"], &mut found);
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
    Ok(())
}

/// What of a request is not as it was filed.
fn filing(stored: &FiledRow, at: i64, said: &Value) -> Vec<String> {
    let digest: String = stored
        .filing_digest
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let columns = [
        ("agency_id", &stored.agency_id, &said["agency"]),
        ("platform_id", &stored.platform_id, &said["platform"]),
        ("instrument", &stored.instrument, &said["instrument"]),
        ("kind", &stored.kind, &said["kind"]),
        ("filing_digest", &digest, &said["filing"]),
    ];
    let mut faults: Vec<String> = columns
        .into_iter()
        .filter(|(_, stored, said)| said.as_str() != Some(stored.as_str()))
        .map(|(column, stored, said)| {
            format!("the column {column} of its request has {stored}, it was filed with {said}")
        })
        .collect();
    if stored.filed_at != at {
        faults.push(format!(
            "the column filed_at of its request has {}, it was filed at {at}",
            stored.filed_at
        ));
    }
    faults
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

/// Each change of a request is an entry, and each entry a change: none is missing and none is too many.
pub(super) fn requests(conn: &mut Conn, fault: &mut dyn FnMut(String)) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let some = whole::versions(conn, &after, AT_ONCE)?;
        for (id, version, count, highest) in &some {
            if i64::from(*version) != *count || Some(*version) != *highest {
                let highest = highest.unwrap_or_default();
                fault(format!(
                    "the request {id} is at version {version}; there are {count} entries of it, the last of version {highest}"
                ));
            }
        }
        match some.into_iter().next_back() {
            Some((last, ..)) => after = last,
            None => return Ok(()),
        }
    }
}

/// Each feed counts its entries without a gap. How many there are in all.
pub(super) fn feeds(conn: &mut Conn, fault: &mut dyn FnMut(String)) -> Result<u64, StoreError> {
    let mut all = 0;
    for (party, head, count, first, last) in whole::feeds(conn)? {
        let dense = count == head && (count == 0 || (first, last) == (Some(1), Some(head)));
        if !dense {
            fault(format!(
                "the feed of {party} should have the positions 1 to {head} and has {count}, from {} to {}",
                first.unwrap_or_default(),
                last.unwrap_or_default()
            ));
        }
        all += u64::try_from(count).unwrap_or_default();
    }
    Ok(all)
}
