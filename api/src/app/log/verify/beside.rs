//! What stands beside the entries and follows from them.

use std::collections::HashMap;
use std::fmt::Display;

use data_encoding::HEXLOWER;
use serde_json::Value;
use takedown_core::history::Digest;
use takedown_core::time::parse_rfc3339;

use super::said::{Filed, Said};
use super::signed::{self, Project};
use crate::store::log::whole::{self, FiledRow, WholeRow};
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
    let by_party = ["agency", "platform", "authority"].contains(&row.side.as_str());
    let texts = [
        ("type", Some(row.event.as_str()), said.event),
        ("side", Some(row.side.as_str()), said.by.side),
        ("via", Some(row.via.as_str()), said.by.via),
        ("client_id", row.client_id.as_deref(), said.by.client),
        ("request_id", row.request_id.as_deref(), request),
        ("id", said.id.map(|_| row.id.as_str()), said.id),
        (
            "party_id",
            row.party_id.as_deref().filter(|_| by_party),
            said.by.id.filter(|_| by_party),
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
/// messages. How many changes were signed.
pub(super) fn rows(
    conn: &mut Conn,
    said: &[(&WholeRow, Said<'_>)],
    project: Project,
    fault: &mut dyn FnMut(&WholeRow, String),
) -> Result<u64, StoreError> {
    let filings = said.iter().filter(|(row, _)| row.event == "request.filed");
    let ids: Vec<&str> = filings
        .clone()
        .filter_map(|(row, _)| row.request_id.as_deref())
        .collect();
    let stored = whole::filed(conn, &ids)?;
    let filed: HashMap<&str, &FiledRow> = stored.iter().map(|row| (row.id.as_str(), row)).collect();
    for (row, said) in filings {
        match row.request_id.as_deref().and_then(|id| filed.get(id)) {
            None => fault(row, "the request it filed is not there".to_owned()),
            Some(request) => filing(request, row.at, &said.filed())
                .into_iter()
                .for_each(|what| fault(row, what)),
        }
    }
    let stated = signed::rows(conn, said, project, fault)?;
    let mut texts = Vec::new();
    for (row, said) in said {
        let mut found = Vec::new();
        if let Some(all) = said.with("message") {
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

/// What of a request is not as it was filed.
fn filing(stored: &FiledRow, at: i64, said: &Filed<'_>) -> Vec<String> {
    let digest = HEXLOWER.encode(&stored.filing_digest);
    let columns = [
        ("agency_id", stored.agency_id.as_str(), said.agency),
        ("platform_id", &stored.platform_id, said.platform),
        ("instrument", &stored.instrument, said.instrument),
        ("kind", &stored.kind, said.kind),
        ("filing_digest", &digest, said.filing),
    ];
    let mut faults: Vec<String> = columns
        .into_iter()
        .filter(|(_, stored, said)| *said != Some(*stored))
        .map(|(column, stored, said)| {
            let said = said.unwrap_or("nothing");
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
