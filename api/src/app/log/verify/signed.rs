//! What units signed: the signature against the key that counted then, and what stands in the columns against what was signed.

use std::collections::HashMap;

use serde_json::{Value, json};
use takedown_core::signed::{Act, Claims, Signature, Typ, Unverified, tag};

use super::deep::ERASED;
use super::said::with;
use crate::app::parties::instant;
use crate::app::requests::filing::{Filing, NewFiling};
use crate::app::requests::revision::Revision;
use crate::app::signed::{counted, known_of};
use crate::store::log::whole::{self, WholeRow};
use crate::store::requests::{self, ItemRow, RequestRow, Scope};
use crate::store::signed::{self, StatementRow};
use crate::store::{Conn, StoreError, corrections};

/// From the body that was signed to what is filed: the door that reads filings owns their form, so that the columns are computed
/// by the same code that made them.
pub type Project = fn(&[u8]) -> Result<NewFiling, String>;

/// How many statements are read at a time.
const AT_ONCE: i64 = 500;

const OTHER_USE: &str = "its entry is tagged as another use of the unit's keys";

/// The entries that can say that a unit signed what happened.
const ACTS: [&str; 4] = [
    "request.filed",
    "request.corrected",
    "request.withdrawn",
    "items.withdrawn",
];

/// Compares what these entries say was signed with what is kept of it.
pub(super) fn rows(
    conn: &mut Conn,
    some: &[(&WholeRow, &str)],
    project: Project,
    fault: &mut dyn FnMut(&WholeRow, String),
) -> Result<u64, StoreError> {
    let mut acts = Vec::new();
    for (row, data) in some {
        if ACTS.contains(&row.event.as_str())
            && let Some(mut said) = with(data, "signature")
        {
            let signature = said["signature"].take();
            if !signature.is_null() {
                acts.push((*row, signature));
            }
        }
    }
    let ids = acts.iter().filter_map(|(row, _)| row.request_id.as_deref());
    let kept = signed::of_requests(conn, &ids.collect::<Vec<_>>())?;
    let kept: HashMap<(&str, i32), &StatementRow> = kept
        .iter()
        .map(|kept| ((kept.request_id.as_str(), kept.version), kept))
        .collect();
    let mut looked = 0;
    for (row, signature) in acts {
        let request = row.request_id.as_deref().unwrap_or_default();
        let Some(found) = kept.get(&(request, row.version.unwrap_or_default())) else {
            fault(row, "what the unit signed is not there".into());
            continue;
        };
        // Destroyed with its request: but for its number, what is left of that is compared with the entry that says so.
        let erased = found.content.is_empty() && whole::ends_with(conn, request, ERASED)?;
        looked += u64::from(!erased);
        match serde_json::from_value(signature) {
            Ok(signature) if erased => {
                if !is_tagged(conn, &signature, found)? {
                    fault(row, OTHER_USE.into());
                }
            }
            Ok(signature) => {
                let faults = statement(conn, (row, &signature), found, project)?;
                faults.into_iter().for_each(|what| fault(row, what));
            }
            Err(_) => fault(
                row,
                "what it says of the signature is of another form".into(),
            ),
        }
    }
    Ok(looked)
}

/// Whether each statement that is kept came with a change whose entry says so.
pub(super) fn kept(conn: &mut Conn, fault: &mut dyn FnMut(String)) -> Result<(), StoreError> {
    let mut after = (String::new(), 0);
    loop {
        let some = signed::stated(conn, &after, AT_ONCE)?;
        for (request, version, entry) in &some {
            let says = match entry {
                None => "no entry of the history is of that version",
                // Its bytes are gone with the request.
                Some((_, None)) => continue,
                Some((data, Some(_))) => {
                    let said: Value = serde_json::from_str(data).unwrap_or_default();
                    if !said["data"]["signature"].is_null() {
                        continue;
                    }
                    "its entry says that none came with it"
                }
            };
            fault(format!(
                "a statement of the unit is kept with version {version} of the request {request}: {says}"
            ));
        }
        match some.into_iter().next_back() {
            Some((request, version, _)) => after = (request, version),
            None => break,
        }
    }
    for counted in signed::counted(conn)? {
        let (used, last) = (counted.used, counted.last.unwrap_or_default());
        let all = i64::from(used);
        // From 1 to the last without a gap: of what was erased nothing else holds its number.
        let dense = counted.first.unwrap_or_default() == used.min(1) && last == used;
        if counted.kept != all || counted.numbers != all || !dense {
            fault(format!(
                "the keys of {} were used {used} times; {} uses are kept, with {} numbers, the last of which is {last}",
                counted.agency, counted.kept, counted.numbers
            ));
        }
    }
    Ok(())
}

/// Whether the number of a use is the one that its entry is tagged with.
fn is_tagged(conn: &mut Conn, said: &Signature, kept: &StatementRow) -> Result<bool, StoreError> {
    let (Some(number), Some(said)) = (kept.number, said.tag) else {
        // Before they were counted neither was there.
        return Ok(kept.number.is_none() && said.tag.is_none());
    };
    let pseudonym = signed::pseudonym(conn, &kept.agency_id)?;
    let number = counted(number)?;
    Ok(pseudonym.is_some_and(|pseudonym| tag(&pseudonym, number) == said))
}

fn statement(
    conn: &mut Conn,
    (row, said): (&WholeRow, &Signature),
    kept: &StatementRow,
    project: Project,
) -> Result<Vec<String>, StoreError> {
    let read = Unverified::parse(&kept.content, Typ::Request);
    let read = read.and_then(|read| Claims::read(read.payload()).map(|claims| (read, claims)));
    let (read, (claims, body)) = match read {
        Ok(read) => read,
        Err(why) => return Ok(vec![format!("what the unit signed was changed: {why}")]),
    };
    let mut faults = Vec::new();
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let digest = read.digest().to_string();
    for (column, stored, signed) in [
        ("digest", hex(&kept.digest), digest.clone()),
        ("jti", kept.jti.clone(), claims.jti.clone()),
        ("kid", kept.kid.clone(), read.kid().to_owned()),
        ("agency_id", kept.agency_id.clone(), claims.unit.to_string()),
        ("act", kept.act.clone(), claims.act.as_str().to_owned()),
        ("at", kept.at.to_string(), row.at.to_string()),
        ("digest in its entry", said.statement.to_string(), digest),
        ("kid in its entry", said.kid.clone(), read.kid().to_owned()),
    ] {
        if stored != signed {
            faults.push(format!(
                "the {column} beside what the unit signed is {stored}, it should be {signed}"
            ));
        }
    }
    if !is_tagged(conn, said, kept)? {
        faults.push(OTHER_USE.into());
    }
    match signed::key(conn, read.kid())? {
        None => faults.push("the key it was signed with is not there".into()),
        Some(key) => {
            if let Err(why) = known_of(&key)?.signed(&read, &claims, instant(row.at)?) {
                faults.push(format!("what the unit signed does not count: {why}"));
            }
        }
    }
    if claims.act == Act::File {
        let body = Value::Object(body).to_string();
        match project(body.as_bytes()) {
            Ok(new) => filed(conn, &kept.request_id, &new, &mut faults)?,
            Err(why) => faults.push(format!("what the unit signed is no filing: {why}")),
        }
    }
    Ok(faults)
}

/// What stands in the columns of a request and is not what was signed.
fn filed(
    conn: &mut Conn,
    id: &str,
    new: &NewFiling,
    faults: &mut Vec<String>,
) -> Result<(), StoreError> {
    let Some(row) = requests::find(conn, &Scope::All, id)? else {
        return Ok(());
    };
    let items = requests::items(conn, id)?;
    let corrected = Corrected::of(conn, id)?;
    for (name, stored, signed) in columns(&row, new, &corrected)? {
        if stored != signed {
            faults.push(format!(
                "its request has another {name} than the unit signed"
            ));
        }
    }
    if items.len() != new.items.len() {
        faults.push(format!(
            "its request has {} items, the unit signed {}",
            items.len(),
            new.items.len()
        ));
    }
    for (stored, signed) in items.iter().zip(&new.items) {
        let detail = details(stored, &corrected)?;
        let same = stored.kind == signed.kind.as_str()
            && stored.locator == signed.locator.filed()
            && detail == json!(signed.detail);
        if !same {
            faults.push(format!(
                "item {} of its request is another than the unit signed",
                stored.position
            ));
        }
    }
    Ok(())
}

/// Facts of a request that were corrected since, as they were filed.
struct Corrected(HashMap<(String, Option<String>), Value>);

impl Corrected {
    fn of(conn: &mut Conn, request: &str) -> Result<Self, StoreError> {
        let mut filed = HashMap::new();
        // Newest first: what the oldest says was filed stays.
        for row in corrections::page(conn, request, i32::MAX, "", i64::from(i32::MAX))? {
            let revision: Revision = serde_json::from_str(&row.data)?;
            let item = revision.item.map(|item| item.to_string());
            filed.insert((revision.fact, item), revision.was);
        }
        Ok(Self(filed))
    }

    fn filed(&self, fact: &str, item: Option<&str>, present: Value) -> Value {
        let of = (fact.to_owned(), item.map(str::to_owned));
        self.0.get(&of).cloned().unwrap_or(present)
    }
}

/// Each column or fact: its name, as it was filed by what is stored, and as it was signed.
fn columns(
    row: &RequestRow,
    new: &NewFiling,
    corrected: &Corrected,
) -> Result<Vec<(&'static str, Value, Value)>, StoreError> {
    let stored: Filing = serde_json::from_str(&row.filing)?;
    let signed = &new.filing;
    let fact = |name: &'static str, present: Value, signed: Value| {
        (name, corrected.filed(name, None, present), signed)
    };
    let mut columns = vec![
        ("instrument", json!(row.instrument), json!(new.instrument)),
        fact(
            "agency_reference",
            json!(row.agency_reference),
            json!(new.agency_reference),
        ),
        fact("grounds", json!(stored.grounds), json!(signed.grounds)),
        fact("reasons", json!(stored.reasons), json!(signed.reasons)),
        fact(
            "translation",
            json!(stored.translation),
            json!(signed.translation),
        ),
        fact(
            "provision",
            json!(stored.provision),
            json!(signed.provision),
        ),
        fact("officer", json!(stored.officer), json!(signed.officer)),
        fact("service", json!(stored.service), json!(signed.service)),
        (
            "specified",
            json!(stored.specified),
            json!(signed.specified),
        ),
        (
            "preservation",
            json!(stored.preservation),
            json!(signed.preservation),
        ),
        ("elements", json!(stored.elements), json!(signed.elements)),
    ];
    // What was left out is filled in by the exchange, as the instrument says.
    let territory = &signed.territory;
    if territory.worldwide || !territory.countries.is_empty() {
        columns.push(("territory", json!(stored.territory), json!(territory)));
    }
    if let Some(jurisdiction) = new.jurisdiction {
        columns.push((
            "jurisdiction",
            json!(row.jurisdiction),
            json!(jurisdiction.to_string()),
        ));
    }
    if let Some(platform) = &new.platform {
        columns.push(("platform", json!(row.platform_id), json!(platform)));
    }
    let held = stored.non_disclosure.as_ref().map(|held| {
        let first = held.extensions.first().map(|longer| longer.was);
        let lifted = held.lifted.map(|lifted| lifted.was);
        (first.or(lifted).unwrap_or(held.until), &held.reason)
    });
    let wanted = signed
        .non_disclosure
        .as_ref()
        .map(|held| (held.until, &held.reason));
    columns.push(("non_disclosure", json!(held), json!(wanted)));
    Ok(columns)
}

/// What is said of an item, as it was filed.
fn details(stored: &ItemRow, corrected: &Corrected) -> Result<Value, StoreError> {
    let mut detail: Value = serde_json::from_str(&stored.detail)?;
    for fact in ["description", "language", "graphic", "seen_at"] {
        detail[fact] = corrected.filed(fact, Some(&stored.id), detail[fact].take());
    }
    Ok(detail)
}
