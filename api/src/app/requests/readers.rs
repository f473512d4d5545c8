//! Who read a request.

use serde_json::Value;
use takedown_core::policy::{Action, Reach, Resource, authorize};
use takedown_core::time::At;

use super::load::{self, scope_of};
use super::oversight::{self, Oversight};
use crate::app::parties::instant;
use crate::app::{Caller, Cx, Error};
use crate::store::history::{self, EntryRow};
use crate::store::{StoreError, requests};

/// That somebody was handed content of a request, or a document of it.
#[derive(Debug, Clone)]
pub struct ReadEntry {
    /// The identifier of the entry.
    pub id: String,
    /// `request.read` or `document.read`.
    pub event: String,
    /// When.
    pub at: At,
    /// As what he read.
    pub side: String,
    /// The party's name; none of an auditor.
    pub name: Option<String>,
    /// The client by which he read.
    pub client: Option<String>,
    /// Through which door.
    pub via: String,
    /// Which part of the request.
    pub content: Option<String>,
    /// In which version.
    pub version: Option<i32>,
    /// The message that the document came with.
    pub message: Option<String>,
}

/// Reads of a request by the caller's own side, the newest first, before an instant and an entry. Who oversees everything sees
/// those of both sides, of auditors and of authorities; who oversees one party sees those by that party. Neither side is told
/// who reads on the other: that is how it works within.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see.
pub async fn readers(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    before: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<ReadEntry>, Error> {
    authorize(&caller.actor, Action::ListReads, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let wanted = load::identifier(id)?;
    let party = match caller.actor.reach() {
        Reach::Everything => None,
        Reach::Agency(id) => Some(id.to_string()),
        Reach::Platform(id) => Some(id.to_string()),
        Reach::Nothing => return Err(Error::NotFound),
    };
    let (row, entries) = cx
        .store
        .read(move |conn| {
            let row = requests::find(conn, &scope, &wanted)?.ok_or(Error::NotFound)?;
            let before = before.as_ref().map(|(at, id)| (*at, id.as_str()));
            let entries = history::reads_of(conn, &wanted, party.as_deref(), before, limit)?;
            Ok::<_, Error>((row, entries))
        })
        .await?;
    let (agency, platform) = load::parties(cx, &row.agency_id, &row.platform_id).await?;
    let oversight: Oversight = oversight::stored(row.oversight.as_deref())?;
    let named = |side: &str| match side {
        "agency" => Some(agency.name.clone()),
        "platform" => Some(platform.name.clone()),
        "authority" => oversight.authority_name.clone(),
        _ => None,
    };
    let entries = entries.into_iter().map(|entry| {
        let name = named(&entry.side);
        told(entry, name)
    });
    Ok(entries.collect::<Result<_, StoreError>>()?)
}

fn told(entry: EntryRow, name: Option<String>) -> Result<ReadEntry, StoreError> {
    let said: Value = serde_json::from_str(&entry.data)?;
    let text = |member: &str| said["data"][member].as_str().map(str::to_owned);
    let version = said["data"]["version"].as_i64();
    Ok(ReadEntry {
        content: text("content"),
        message: text("message"),
        version: version.and_then(|version| i32::try_from(version).ok()),
        id: entry.id,
        event: entry.event,
        at: instant(entry.at)?,
        side: entry.side,
        name,
        client: entry.client_id,
        via: entry.via,
    })
}
