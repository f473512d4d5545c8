//! Computing requests anew from their entries, and comparing every column that follows from them.

mod counts;
mod item;

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use takedown_core::history::replay::{Replayed, Told, replay};
use takedown_core::history::{Data, Digest, digest_of};
use takedown_core::id::Reference;
use takedown_core::preservation::Preservation;
use takedown_core::request::{Clock, ItemRestoration, Request, State, remind_at};
use takedown_core::time::At;

use crate::app::parties::{instant, parsed};
use crate::app::requests::kept;
use crate::store::history::EntryRow;
use crate::store::log::deep::{self, Whole};
use crate::store::requests::RequestRow;
use crate::store::{Conn, StoreError};

/// How many requests are computed at a time.
const AT_ONCE: i64 = 200;
/// The type of the entry that says that its request was erased.
pub(super) const ERASED: &str = "request.erased";

/// What was computed anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recomputed {
    /// Requests.
    pub requests: u64,
    /// Of these, requests whose entries commit to nothing of what is kept of their filing: a version wrote them that did not.
    pub uncommitted: u64,
}

/// Computes every request from its entries. Each thing that does not fit is named with its request and column.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(super) fn requests(
    conn: &mut Conn,
    fault: &mut dyn FnMut(String),
) -> Result<Recomputed, StoreError> {
    let (mut after, mut seen) = (String::new(), Recomputed::default());
    let mut counts = counts::Counts::new();
    loop {
        let some = deep::requests(conn, &after, AT_ONCE)?;
        let Some(last) = some.last() else { break };
        after.clone_from(&last.request.id);
        for whole in &some {
            seen.requests += 1;
            let mut of_request =
                |what: String| fault(format!("request {}: {what}", whole.request.id));
            // A column that cannot be read is a fault and no failure.
            match one(whole, &mut of_request) {
                Ok(committed) => seen.uncommitted += u64::from(!committed),
                Err(error) => of_request(error.to_string()),
            }
            counts::count(whole, &mut counts);
        }
    }
    counts::asked(conn, counts, fault)?;
    Ok(seen)
}

/// Whether its entries commit to what is kept of its filing, or nothing is kept any more.
fn one(whole: &Whole, fault: &mut dyn FnMut(String)) -> Result<bool, StoreError> {
    let row = &whole.request;
    let erased_at = erased_at(whole);
    compare("erased_at", row.erased_at, erased_at, fault);
    // What is left of an erased one is compared with the entry that says so.
    if erased_at.is_some() {
        return Ok(true);
    }
    let entries = whole
        .entries
        .iter()
        .map(told)
        .collect::<Result<Vec<_>, _>>()?;
    let replayed = match replay(parsed("request id", &row.id)?, &entries) {
        Ok(replayed) => replayed,
        Err(why) => {
            fault(why.to_string());
            return Ok(true);
        }
    };
    columns(row, &replayed, fault)?;
    duties(row, &replayed, fault)?;
    item::all(whole, &replayed, fault)?;
    locators(whole, &entries, fault);
    messages(whole, fault);
    Ok(filing(whole, &entries, fault))
}

/// What is kept of the filing, as the last entry says that said what was filed or put something else in its place. Whether it
/// says so.
fn filing(whole: &Whole, entries: &[Told], fault: &mut dyn FnMut(String)) -> bool {
    let sealed = entries.iter().rev().find_map(|told| told.data.kept());
    // A correction by an older version beside this one says nothing of what stands there since.
    let Some(sealed) = sealed.flatten() else {
        return false;
    };
    if kept::of_rows(&whole.request, &whole.items) != Some(sealed) {
        fault(
            "what is kept of its filing is another than its entries commit to: its column filing, jurisdiction, agency_reference or filing_salt, or the column detail or host of an item"
                .to_owned(),
        );
    }
    true
}

/// When a request was erased, as its last entry says: nothing happens to one afterwards. The column says it to readers and
/// proves nothing.
fn erased_at(whole: &Whole) -> Option<i64> {
    let last = whole.entries.last()?;
    (last.event == ERASED).then_some(last.at)
}

fn told(row: &EntryRow) -> Result<Told, StoreError> {
    Ok(Told {
        version: row.version.unwrap_or_default(),
        by: row.side.parse().ok(),
        at: instant(row.at)?,
        data: serde_json::from_str::<Data>(&row.data)?,
    })
}

/// What a JSON column holds; tells when it is written otherwise than the exchange writes it.
fn written<T: Serialize + DeserializeOwned>(
    column: &str,
    json: &str,
    fault: &mut dyn FnMut(String),
) -> Result<T, StoreError> {
    let value: T = serde_json::from_str(json)?;
    if serde_json::to_string(&value)? != json {
        fault(format!("its column {column} is not as it was written"));
    }
    Ok(value)
}

/// Tells that a column is not what the entries make of it.
fn compare<T: PartialEq + std::fmt::Display>(
    column: &str,
    stored: Option<T>,
    told: Option<T>,
    fault: &mut dyn FnMut(String),
) {
    if stored != told {
        let shown =
            |value: Option<T>| value.map_or_else(|| "nothing".to_owned(), |v| v.to_string());
        fault(format!(
            "its column {column} has {}, its entries make {}",
            shown(stored),
            shown(told)
        ));
    }
}

fn columns(
    row: &RequestRow,
    replayed: &Replayed,
    fault: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    let request = &replayed.request;
    let state = &request.state;
    let millis = |at: Option<At>| at.map(|at| at.timestamp_millis());
    let taken_back = request
        .items
        .iter()
        .filter(|item| item.withdrawal.is_some());
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    for (column, stored, told) in [
        (
            "version",
            Some(row.version.into()),
            Some(request.version.into()),
        ),
        (
            "items_count",
            Some(row.items_count.into()),
            Some(number(request.items.len())),
        ),
        (
            "undecided_count",
            Some(row.undecided_count.into()),
            Some(number(request.undecided().len())),
        ),
        (
            "taken_back_count",
            Some(row.taken_back_count.into()),
            Some(number(taken_back.count())),
        ),
        (
            "corrections",
            Some(row.corrections.into()),
            Some(replayed.corrections.into()),
        ),
        ("fetched_at", row.fetched_at, millis(state.fetched_at())),
        (
            "acknowledged_at",
            row.acknowledged_at,
            millis(state.acknowledged_at()),
        ),
        ("closed_at", row.closed_at, millis(state.closed_at())),
        ("doubted_at", row.doubted_at, millis(request.doubted_at)),
        (
            "withdrawn_at",
            row.withdrawn_at,
            millis(state.withdrawn_at()),
        ),
        (
            "updated_at",
            Some(row.updated_at),
            Some(replayed.updated_at.timestamp_millis()),
        ),
    ] {
        compare::<i64>(column, stored, told, fault);
    }
    let reference = Reference::from_request(request.id).to_string();
    let reason = match state {
        State::Withdrawn { reason, .. } => Some(reason.as_str()),
        _ => None,
    };
    let restoration = match request.restoration() {
        ItemRestoration::NotAsked => None,
        asked => Some(asked.as_str()),
    };
    for (column, stored, told) in [
        (
            "reference",
            Some(row.reference.as_str()),
            Some(reference.as_str()),
        ),
        (
            "status",
            Some(row.status.as_str()),
            Some(request.status().as_str()),
        ),
        (
            "result",
            row.result.as_deref(),
            request.result().map(|result| result.as_str()),
        ),
        ("withdrawal", row.withdrawal.as_deref(), reason),
        ("restoration", row.restoration.as_deref(), restoration),
        (
            "platform_reference",
            row.platform_reference.as_deref(),
            replayed.platform_reference.as_deref(),
        ),
    ] {
        compare::<&str>(column, stored, told, fault);
    }
    if written::<State>("state", &row.state, fault)? != *state {
        fault("its column state is not what its entries make of it".to_owned());
    }
    Ok(())
}

/// The clock and the preservation, as far as they follow.
fn duties(
    row: &RequestRow,
    replayed: &Replayed,
    fault: &mut dyn FnMut(String),
) -> Result<(), StoreError> {
    let clock: Clock = written("clock", &row.clock, fault)?;
    let millis = |at: Option<At>| at.map(|at| at.timestamp_millis());
    compare("due_at", row.due_at, millis(clock.due_at()), fault);
    if matches!(clock, Clock::Running { .. }) {
        compare(
            "due_at of its clock",
            row.due_at,
            millis(replayed.due_at),
            fault,
        );
    }
    if row.remind_at.is_some() {
        compare("remind_at", row.remind_at, millis(remind_at(&clock)), fault);
    }
    let with_clock = Request {
        clock,
        ..replayed.request.clone()
    };
    if let Err(broken) = with_clock.check() {
        fault(format!("its column clock: {broken}"));
    }
    let kept: Option<Preservation> = row
        .preservation
        .as_deref()
        .map(|json| written("preservation", json, fault))
        .transpose()?;
    let status = kept.as_ref().map(|kept| kept.status().as_str());
    compare(
        "preservation_status",
        row.preservation_status.as_deref(),
        status,
        fault,
    );
    let until = millis(kept.as_ref().map(|kept| kept.until));
    compare("preservation_until", row.preservation_until, until, fault);
    if row.preservation_due.is_some() {
        let due = millis(kept.as_ref().and_then(Preservation::due_at));
        compare("preservation_due", row.preservation_due, due, fault);
    }
    if let Some(told) = replayed.preservation {
        compare(
            "preservation_status as it was said last",
            status,
            Some(told.as_str()),
            fault,
        );
    }
    Ok(())
}

/// Where its items lie, as it was filed.
fn locators(whole: &Whole, entries: &[Told], fault: &mut dyn FnMut(String)) {
    let Some(Data::RequestFiled {
        locators: Some(sealed),
        ..
    }) = entries.first().map(|told| &told.data)
    else {
        return;
    };
    if digest_of(whole.items.iter().map(|item| item.locator.as_str())) != *sealed {
        fault("a locator of its items is another than the one it was filed with".to_owned());
    }
}

/// Each message was written in the commit of an entry that holds the digest of its words.
fn messages(whole: &Whole, fault: &mut dyn FnMut(String)) {
    let mut taken = BTreeSet::new();
    for message in &whole.messages {
        let digest = Digest::of(&message.text).to_string();
        let of = whole.entries.iter().find(|entry| {
            entry.at == message.at
                && entry.data.contains(&digest)
                && !taken.contains(&(entry.id.as_str(), digest.clone()))
        });
        let Some(entry) = of else {
            fault(format!(
                "no entry of that instant holds the digest of its message {}",
                message.id
            ));
            continue;
        };
        taken.insert((entry.id.as_str(), digest));
        compare(
            &format!("side of the message {}", message.id),
            Some(message.side.as_str()),
            Some(entry.side.as_str()),
            fault,
        );
        if let Some(document) = &message.document_digest {
            let said: Value = serde_json::from_str(&entry.data).unwrap_or_default();
            if !said.to_string().contains(document.as_str()) {
                fault(format!(
                    "its message {} has another document than the one it was sent with",
                    message.id
                ));
            }
        }
    }
}
