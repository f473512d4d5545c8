//! Reading a request and what happened to it.

use serde_json::{Value, json};
use takedown_core::history::{Content, Data, Digest};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{Applied, Command, Side, Status};
use takedown_core::time::At;

use super::commit::{Published, transition};
use super::load::{self, scope_of};
use super::oversight::Oversight;
use super::revision::{ATTRIBUTION, Revision};
use super::view::{RequestView, from_rows};
use crate::app::parties::{instant, parsed};
use crate::app::{Caller, Cx, Error, reads};
use crate::store::{self, StoreError, history, requests, signed};

/// Reads a request in full. When the platform does so for the first time, this is the receipt.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may see.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<RequestView, Error> {
    let view = preview(cx, caller, id).await?;
    hand_over(cx, caller, view, Content::Request).await
}

/// The same, unless the caller has it already as it stands: then nothing is handed over, and it is neither a receipt nor a read.
///
/// # Errors
/// As [`read`].
pub async fn read_unless(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    known: impl FnOnce(i32) -> bool,
) -> Result<Result<RequestView, i32>, Error> {
    let view = preview(cx, caller, id).await?;
    if known(view.request.version) {
        return Ok(Err(view.request.version));
    }
    Ok(Ok(hand_over(cx, caller, view, Content::Request).await?))
}

/// Enters that a part of the request is handed over. To its platform the first time is the receipt.
///
/// # Errors
/// Those of the store.
pub(in crate::app) async fn hand_over(
    cx: &Cx,
    caller: &Caller,
    mut view: RequestView,
    content: Content,
) -> Result<RequestView, Error> {
    let mut receipt = false;
    if view.request.status() == Status::Filed && caller.actor.side() == Some(Side::Platform) {
        (view, receipt) = fetch(cx, caller, &view).await?;
    }
    let (request, version) = (view.request.id, view.request.version);
    if receipt {
        reads::told_already(cx, caller, (request, version))?;
    } else {
        reads::of_request(cx, caller, request, Some(version), content).await?;
    }
    if let Some(signed) = &mut view.signed {
        signed.doubted_since = doubted(cx, view.request.id.to_string()).await?;
    }
    Ok(view)
}

/// The request as it stands, for deciding whether anything of it will be handed over: this is no receipt.
///
/// # Errors
/// As [`read`].
pub(in crate::app) async fn preview(
    cx: &Cx,
    caller: &Caller,
    id: &str,
) -> Result<RequestView, Error> {
    authorize(&caller.actor, Action::ReadRequest, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let wanted = load::identifier(id)?;
    let (row, items) = cx
        .store
        .read(move |conn| load::rows(conn, &scope, &wanted))
        .await?;
    load::complete(cx, row, items).await
}

/// Since when a key may have been in foreign hands, if that was before something of the request was handed in with it: the
/// filing, or what was done to it later.
async fn doubted(cx: &Cx, request: String) -> Result<Option<At>, Error> {
    let since = cx
        .store
        .read(move |conn| signed::doubted_since(conn, &request))
        .await?;
    Ok(since.map(instant).transpose()?)
}

/// What the unit signed, byte for byte: the filing, or the statement of this digest. For the platform this is the receipt. Without
/// the bytes, and then it is neither receipt nor read, when the caller has them already.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see, or no such statement of it; [`Error::Conflict`] for a
/// request that the exchange alone attests.
pub async fn read_signed(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    wanted: Option<Digest>,
    known: impl FnOnce(&Digest) -> bool,
) -> Result<(Digest, Option<Vec<u8>>), Error> {
    authorize(&caller.actor, Action::ReadSigned, &Resource::Exchange)?;
    let view = preview(cx, caller, id).await?;
    let Some(signed) = &view.signed else {
        return Err(Error::Conflict(
            "No signature of the unit goes with this request: it is attested by the exchange only."
                .into(),
        ));
    };
    if view.erased_at.is_some() {
        return Err(Error::Conflict(
            "What this request was about was destroyed on its date, and what the unit signed went with it.".into(),
        ));
    }
    let mut statements = signed.statements.iter();
    let place = match wanted {
        None => 0,
        Some(digest) => {
            let place = statements.position(|one| one.digest == digest);
            place.ok_or(Error::NotFound)?
        }
    };
    if let Some(stated) = signed.statements.get(place)
        && known(&stated.digest)
    {
        return Ok((stated.digest, None));
    }
    let view = hand_over(cx, caller, view, Content::Signed).await?;
    let request = view.request.id.to_string();
    let rows = cx
        .store
        .read(move |conn| signed::of_request(conn, &request))
        .await?;
    let row = rows.into_iter().nth(place).ok_or(Error::NotFound)?;
    Ok((Digest::of(&row.content), Some(row.content)))
}

/// The platform's receipt; and whether it is one, or another call of the platform was faster.
async fn fetch(cx: &Cx, caller: &Caller, seen: &RequestView) -> Result<(RequestView, bool), Error> {
    let (cx2, caller2) = (cx.clone(), caller.clone());
    let scope = scope_of(&caller.actor)?;
    let id = seen.request.id.to_string();
    let (agency, platform) = (seen.agency.clone(), seen.platform.clone());
    let now = cx.now();
    let (view, published) = cx
        .store
        .write_then(
            move |conn| {
                let row = load::hold(conn, &scope, &id)?;
                let items = requests::items(conn, &row.id)?;
                let mut view = from_rows(row, items, agency.clone(), platform.clone())?;
                let applied = view
                    .request
                    .clone()
                    .apply(Command::Fetch, Side::Platform, now)?;
                let Applied::Changed(change) = applied else {
                    return Ok((view, Vec::new()));
                };
                let published = transition(
                    conn,
                    &cx2,
                    &caller2,
                    &mut view,
                    &change,
                    Data::fetched(&change),
                    now,
                )?;
                Ok::<_, Error>((view, published))
            },
            Published::announce(cx),
        )
        .await?;
    // The agency is told of each.
    Ok((view, !published.is_empty()))
}

/// One entry of a request's timeline.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    /// Its identifier.
    pub id: String,
    /// The request's version after it.
    pub version: i32,
    /// What happened.
    pub event: String,
    /// Which side did it.
    pub side: String,
    /// The party's name.
    pub name: String,
    /// Through which door.
    pub via: String,
    /// When.
    pub at: At,
    /// What goes with it; nothing once its bytes were destroyed.
    pub data: Value,
    /// Whether they were.
    pub erased: bool,
}

/// The timeline of a request after a version, oldest first.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see.
pub async fn history(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    after: i32,
    limit: i64,
) -> Result<Vec<HistoryEntry>, Error> {
    authorize(&caller.actor, Action::ReadHistory, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let wanted = load::identifier(id)?;
    let (row, entries) = cx
        .store
        .read(move |conn| {
            let row = requests::find(conn, &scope, &wanted)?.ok_or(Error::NotFound)?;
            let entries = history::of_request(conn, &wanted, after, limit)?;
            Ok::<_, Error>((row, entries))
        })
        .await?;
    if !entries.is_empty() {
        let request = parsed("request id", &row.id)?;
        reads::of_request(cx, caller, request, Some(row.version), Content::History).await?;
    }
    let (agency, platform) = load::parties(cx, &row.agency_id, &row.platform_id).await?;
    let oversight: Oversight = super::oversight::stored(row.oversight.as_deref())?;
    let authority = oversight.authority_name.unwrap_or_default();
    let hidden = Hidden {
        escrowed: !caller.sees_escrowed(),
        uploaders: !caller.reads_uploaders(),
    };
    entries
        .into_iter()
        .map(|e| {
            let name = match e.side.as_str() {
                "agency" => agency.name.clone(),
                "platform" => platform.name.clone(),
                "authority" => authority.clone(),
                "uploader" | "recipient" | "operator" => e.side.clone(),
                _ => "exchange".to_owned(),
            };
            Ok(HistoryEntry {
                id: e.id,
                version: e.version.unwrap_or_default(),
                event: e.event,
                side: e.side,
                name,
                via: e.via,
                at: instant(e.at)?,
                erased: e.data.is_empty(),
                data: told(&e.data, hidden)?,
            })
        })
        .collect::<Result<_, StoreError>>()
        .map_err(Error::from)
}

/// What was put right in a request, newest first, before a place of the one before; each with its place.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see.
pub async fn corrections(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    before: i32,
    limit: i64,
) -> Result<Vec<(i32, Revision)>, Error> {
    authorize(&caller.actor, Action::ListCorrections, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let wanted = load::identifier(id)?;
    let hidden = if caller.sees_escrowed() {
        ""
    } else {
        ATTRIBUTION
    };
    let (request, rows) = cx
        .store
        .read(move |conn| {
            let request = requests::find(conn, &scope, &wanted)?.ok_or(Error::NotFound)?;
            let rows = store::corrections::page(conn, &wanted, before, hidden, limit)?;
            Ok::<_, Error>((request, rows))
        })
        .await?;
    if !rows.is_empty() {
        let id = parsed("request id", &request.id)?;
        let version = Some(request.version);
        reads::of_request(cx, caller, id, version, Content::Corrections).await?;
    }
    rows.iter()
        .map(|row| Ok((row.position, serde_json::from_str(&row.data)?)))
        .collect::<Result<_, StoreError>>()
        .map_err(Error::from)
}

/// What the reader of a timeline may not see.
#[derive(Debug, Clone, Copy)]
struct Hidden {
    escrowed: bool,
    uploaders: bool,
}

/// What both sides may see of an entry: what happened. Whose credentials were used stays with the entry itself.
///
/// What a digest of a name or an attribution is made of can be guessed, alone and within the filing whose other bytes are
/// known, so whoever may not know them does not see it either.
fn told(entry: &str, hidden: Hidden) -> Result<Value, StoreError> {
    if entry.is_empty() {
        return Ok(json!({}));
    }
    let mut entry: Value = serde_json::from_str(entry)?;
    let event = entry["type"].as_str().unwrap_or_default().to_owned();
    let mut data = entry.get_mut("data").map_or_else(|| json!({}), Value::take);
    let hide = |of: &mut Value, members: &[&str]| {
        if let Some(of) = of.as_object_mut() {
            members.iter().for_each(|member| drop(of.remove(*member)));
        }
    };
    if hidden.uploaders && event.starts_with("objection.") {
        hide(&mut data, &["text"]);
    }
    if hidden.escrowed {
        match event.as_str() {
            "attribution.revised" => hide(&mut data, &["attribution", "text"]),
            "request.filed" => hide(&mut data, &["filing"]),
            _ => {}
        }
        let facts = data.get_mut("facts").and_then(Value::as_array_mut);
        for fact in facts.into_iter().flatten() {
            if fact["fact"] == "officer" {
                hide(fact, &["was", "now"]);
            }
        }
    }
    Ok(data)
}
