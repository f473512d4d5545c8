//! Saying something new of a sighting. What was said before stays.

use std::sync::Arc;

use takedown_core::history::{Data, Digest, Subject};
use takedown_core::id::{RequestId, SightingId};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::sighting::{Confidence, Link, Refused, Sighting, Words};
use takedown_core::time::At;

use super::view::{self, SightingView};
use crate::app::once::{Answer, Once, once};
use crate::app::parties::parsed;
use crate::app::registering::{invalid, record};
use crate::app::registry::load_platform;
use crate::app::requests::Expected;
use crate::app::requests::filing::Text;
use crate::app::{Caller, Cx, Error};
use crate::store::requests::{self, Scope};
use crate::store::sightings::{self, SightingRow, Whose};
use crate::store::{Conn, StoreError};

/// How many links that lead to a request are looked through before another is let in.
const MOST_LINKS: usize = 10_000;

/// The agency says anew how sure it is. What it said before stays to be seen.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], [`Error::Conflict`] when it was retracted, [`Error::KeyMismatch`], and those
/// of the policy and the store.
pub async fn revise(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    (expected, key): (Expected, Option<Once>),
    (confidence, text): (Confidence, Option<Text>),
    render: fn(&SightingView) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::ReviseSighting, &Resource::Exchange)?;
    let (agency, id, now) = own(cx, caller, id)?;
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                let row = held(conn, &agency, &id, expected)?;
                let before = view::sighting(&row)?;
                let why = text
                    .clone()
                    .map(|Text { text, language }| Words { text, language });
                let next = before.revise(confidence, why, now).map_err(refused)?;
                let data = Data::SightingRevised {
                    was: before.confidence,
                    now: confidence,
                    text: text.as_ref().map(|text| Digest::of(&text.text)),
                };
                let row = written(conn, &caller, row, next, data, now)?;
                Ok(render(&shown(conn, &row)?))
            })
        })
        .await
}

/// A request of the agency follows the sighting; or none does, after a wrong link.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], [`Error::Invalid`] when there is no such request or the chain would lead back
/// to where it began, [`Error::Conflict`] when it was retracted or another request follows it.
pub async fn follow(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    request: Option<RequestId>,
) -> Result<SightingView, Error> {
    authorize(&caller.actor, Action::FollowSighting, &Resource::Exchange)?;
    let (agency, id, now) = own(cx, caller, id)?;
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            sightings::hold(conn, &agency)?;
            let row = held(conn, &agency, &id, expected)?;
            let before = match request {
                None => Vec::new(),
                Some(request) => {
                    let scope = Scope::Agency(agency.clone());
                    if requests::find(conn, &scope, &request.to_string())?.is_none() {
                        let says = format!("your agency has filed no request {request}");
                        return Err(invalid("/request", says));
                    }
                    links_to(conn, &row.request_id)?
                }
            };
            let next = view::sighting(&row)?.follow(request, &before);
            let next = next.map_err(refused)?;
            let data = Data::SightingFollowed { request };
            let row = written(conn, &caller, row, next, data, now)?;
            shown(conn, &row)
        })
        .await
}

/// The sighting was a mistake. It stays to be seen, and is part of no chain any more.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], [`Error::Conflict`] when it was retracted before for another reason, and
/// those of the policy and the store.
pub async fn retract(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    text: Option<Text>,
) -> Result<SightingView, Error> {
    authorize(&caller.actor, Action::RetractSighting, &Resource::Exchange)?;
    let (agency, id, now) = own(cx, caller, id)?;
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            let mut row = held(conn, &agency, &id, expected)?;
            let said: Option<Text> = row
                .retraction
                .as_deref()
                .map(serde_json::from_str)
                .transpose()
                .map_err(StoreError::from)?;
            let next = view::sighting(&row)?
                .retract(said.as_ref(), text.as_ref(), now)
                .map_err(refused)?;
            if next.is_some() {
                let text = text.as_ref().map(serde_json::to_string).transpose();
                row.retraction = text.map_err(StoreError::from)?;
            }
            let data = Data::SightingRetracted {
                text: text.as_ref().map(|text| Digest::of(&text.text)),
            };
            let row = written(conn, &caller, row, next, data, now)?;
            shown(conn, &row)
        })
        .await
}

/// The agency that calls, the sighting it names, and the time.
fn own(cx: &Cx, caller: &Caller, id: &str) -> Result<(String, String, At), Error> {
    let agency = caller.actor.agency().ok_or(Error::NotFound)?;
    let id: SightingId = id.parse().map_err(|_| Error::NotFound)?;
    Ok((agency.to_string(), id.to_string(), cx.now()))
}

fn held(conn: &mut Conn, agency: &str, id: &str, expected: Expected) -> Result<SightingRow, Error> {
    let whose = Whose::Agency(agency.to_owned());
    let row = sightings::find(conn, &whose, id)?.ok_or(Error::NotFound)?;
    expected.check(row.version, false)?;
    Ok(row)
}

/// Writes a change and its entry; nothing, when nothing changes.
pub(super) fn written(
    conn: &mut Conn,
    caller: &Caller,
    row: SightingRow,
    next: Option<Sighting>,
    data: Data,
    now: At,
) -> Result<SightingRow, Error> {
    let Some(next) = next else {
        return Ok(row);
    };
    let row = view::adopt(row, &next, now)?;
    sightings::update(conn, &row)?;
    let subject = Subject::Sighting { id: next.id };
    record(conn, caller.author(), subject, now, data)?;
    Ok(row)
}

fn shown(conn: &mut Conn, row: &SightingRow) -> Result<SightingView, Error> {
    let platform = load_platform(conn, &row.platform_id)?.ok_or(Error::NotFound)?;
    Ok(SightingView::from_row(row, Arc::new(platform))?)
}

/// Every link that leads to a request, over any number of steps.
fn links_to(conn: &mut Conn, request: &str) -> Result<Vec<Link>, Error> {
    let mut links = Vec::new();
    let mut seen = std::collections::HashSet::from([request.to_owned()]);
    let mut level = vec![request.to_owned()];
    while !level.is_empty() {
        let room = MOST_LINKS - links.len();
        let rows = sightings::before(conn, &level, room + 1)?;
        if rows.len() > room {
            return Err(Error::Conflict(format!(
                "More than {MOST_LINKS} sightings lead to {request}; whether this one would close the chain cannot be said."
            )));
        }
        level.clear();
        for row in rows {
            let Some(to) = &row.followed_by else { continue };
            links.push(Link {
                from: parsed("request id", &row.request_id)?,
                sighting: parsed("sighting id", &row.id)?,
                to: parsed("request id", to)?,
            });
            if seen.insert(row.request_id.clone()) {
                level.push(row.request_id);
            }
        }
    }
    Ok(links)
}

fn refused(refused: Refused) -> Error {
    match refused {
        Refused::Closed(closed) => invalid("/request", closed.to_string()),
        other => Error::Conflict(format!("{other}.")),
    }
}
