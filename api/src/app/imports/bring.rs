//! Storing the rows of one call.

use std::collections::HashMap;
use std::sync::Arc;

use takedown_core::history::{Data, Digest, Imported, Subject};
use takedown_core::id::{AgencyId, ClientId, ImportId};
use takedown_core::imported::{Facts, RowResult, midnight};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;
use uuid::Uuid;

use super::Prepared;
use crate::app::once::{Answer, Once, once};
use crate::app::registering::record;
use crate::app::{Caller, Cx, Error};
use crate::store::imports::{self, ImportRow};
use crate::store::{Conn, StoreError};

/// What became of a row.
#[derive(Debug, Clone)]
pub struct Brought {
    /// That it is a record now, or was one already, or would be.
    pub result: RowResult,
    /// The record; none in a dry run, unless it was one already.
    pub id: Option<String>,
    /// The platform that is registered for it.
    pub platform: Option<String>,
    /// Where it says something else than the record that there is. That stays as it is.
    pub differs: Vec<&'static str>,
}

/// Stores the rows that are not records yet, all of them in one commit, and answers with what `render` makes of what became
/// of each. The call is one entry of the history.
///
/// A dry run does the same up to the storing; nothing is kept, not even its answer.
///
/// # Errors
/// [`Error::KeyMismatch`], and those of the policy and the store: then nothing was stored.
pub async fn bring(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    rows: Vec<Prepared>,
    dry_run: bool,
    render: impl Fn(&[Brought]) -> Answer + Send + 'static,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::ImportRecords, &Resource::Exchange)?;
    let agency = caller.actor.agency().ok_or(Error::NotFound)?;
    let now = cx.now();
    let rows = Arc::new(rows);
    if dry_run {
        return cx
            .store
            .read(move |conn| {
                let (brought, _) = compare(conn, agency, &rows)?;
                Ok(render(&brought))
            })
            .await;
    }
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                Ok(render(&store(conn, &caller, agency, &rows, now)?))
            })
        })
        .await
}

/// What would become of each row, and the places of those that are new.
fn compare(
    conn: &mut Conn,
    agency: AgencyId,
    rows: &[Prepared],
) -> Result<(Vec<Brought>, Vec<usize>), Error> {
    let identities: Vec<Vec<u8>> = rows.iter().map(bytes).collect();
    let known = imports::known(conn, &agency.to_string(), &identities)?;
    let mut fresh = Vec::new();
    let mut first: HashMap<Digest, usize> = HashMap::new();
    let mut brought: Vec<Brought> = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        brought.push(if let Some(earlier) = known.get(&bytes(row)) {
            already(row, earlier)?
        } else if let Some(same) = first.get(&row.identity).and_then(|it| rows.get(*it)) {
            Brought {
                result: RowResult::AlreadyImported,
                id: None,
                platform: row.platform.clone(),
                differs: row.record.facts.differs(&same.record.facts),
            }
        } else {
            first.insert(row.identity, place);
            fresh.push(place);
            Brought {
                result: RowResult::WouldBeImported,
                id: None,
                platform: row.platform.clone(),
                differs: Vec::new(),
            }
        });
    }
    Ok((brought, fresh))
}

fn store(
    conn: &mut Conn,
    caller: &Caller,
    agency: AgencyId,
    rows: &[Prepared],
    now: At,
) -> Result<Vec<Brought>, Error> {
    let (mut brought, fresh) = compare(conn, agency, rows)?;
    let mut new = Vec::with_capacity(fresh.len());
    let mut ids: HashMap<Digest, ImportId> = HashMap::new();
    for row in fresh.iter().filter_map(|place| rows.get(*place)) {
        let id = ImportId::from_uuid(Uuid::now_v7());
        ids.insert(row.identity, id);
        new.push(import_row(id, (agency, caller.client), row, now)?);
    }
    let stored = imports::insert(conn, &agency.to_string(), new)?;
    let mut entry = Vec::with_capacity(fresh.len());
    for (row, place) in rows.iter().zip(&mut brought) {
        let Some(found) = stored.get(&bytes(row)) else {
            if place.result == RowResult::WouldBeImported {
                // Another call stored it, and it was taken back since: to be looked at anew.
                return Err(StoreError::Stale.into());
            }
            continue;
        };
        let own = ids.get(&row.identity);
        let own = own
            .filter(|id| place.result == RowResult::WouldBeImported && id.to_string() == found.id);
        match own {
            // Another row of this call, or another call, was faster.
            None => *place = already(row, found)?,
            Some(id) => {
                place.result = RowResult::Imported;
                place.id = Some(id.to_string());
                entry.push(Imported {
                    record: *id,
                    key: Digest::of(row.record.locator.key().as_str()),
                    sent_on: row.record.facts.sent_on,
                    file: row.record.source.digest,
                    row: row.record.source.row,
                });
            }
        }
    }
    if !entry.is_empty() {
        let data = Data::RecordsImported { records: entry };
        let subject = Subject::Agency { id: agency };
        record(conn, caller.author(), subject, now, data)?;
    }
    Ok(brought)
}

fn already(row: &Prepared, earlier: &ImportRow) -> Result<Brought, Error> {
    let facts: Facts = serde_json::from_str(&earlier.facts).map_err(StoreError::from)?;
    let mut differs = row.record.facts.differs(&facts);
    if row.platform != earlier.platform_id && row.named != earlier.platform_name {
        differs.push("platform");
    }
    Ok(Brought {
        result: RowResult::AlreadyImported,
        id: Some(earlier.id.clone()),
        platform: earlier.platform_id.clone(),
        differs,
    })
}

fn bytes(row: &Prepared) -> Vec<u8> {
    row.identity.as_bytes().to_vec()
}

fn import_row(
    id: ImportId,
    (agency, client): (AgencyId, ClientId),
    row: &Prepared,
    now: At,
) -> Result<ImportRow, Error> {
    let record = &row.record;
    Ok(ImportRow {
        id: id.to_string(),
        agency_id: agency.to_string(),
        platform_id: row.platform.clone(),
        platform_name: row.named.clone(),
        host: record.locator.host().map(|host| host.as_str().to_owned()),
        agency_reference: record.agency_reference.clone(),
        item_kind: record.locator.kind().as_str().to_owned(),
        locator: record.locator.filed().to_owned(),
        comparison_digest: row.key.digest.clone(),
        within: row.key.within.clone(),
        identity: bytes(row),
        sent_on: midnight(record.facts.sent_on).timestamp_millis(),
        facts: serde_json::to_string(&record.facts).map_err(StoreError::from)?,
        source_file: record.source.file.clone(),
        source_digest: record.source.digest.to_string(),
        source_sheet: record.source.sheet.clone(),
        source_row: i32::try_from(record.source.row).unwrap_or(i32::MAX),
        client_id: client.to_string(),
        imported_at: now.timestamp_millis(),
        withdrawn_at: None,
        withdrawal: None,
    })
}
