//! Keeping a request whatever its time: proceedings, a complaint, an inquiry need it. Each side has a hold of its own, which
//! the other does not see; any of them stops an erasure.

use takedown_core::history::{Content, Data, Digest, EntryDraft};
use takedown_core::id::RequestId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;

use super::super::internal_note::keeper;
use super::super::load::{self, scope_of};
use super::super::view::gone;
use crate::app::log::append;
use crate::app::parties::{instant, parsed};
use crate::app::{Caller, Cx, Error, reads};
use crate::store::erasure::{self, HoldRow};
use crate::store::{StoreError, requests};

/// The hold of one's own side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Why.
    pub reason: String,
    /// The client that placed it.
    pub client: String,
    /// When.
    pub placed_at: At,
}

impl TryFrom<HoldRow> for Hold {
    type Error = StoreError;

    fn try_from(row: HoldRow) -> Result<Self, StoreError> {
        Ok(Self {
            reason: row.reason,
            client: row.client_id,
            placed_at: instant(row.placed_at)?,
        })
    }
}

/// Places a hold. Said again with the same words it changes nothing; other words take the place of the former.
///
/// # Errors
/// [`Error::Conflict`] when nothing is left that could be kept, [`Error::NotFound`], and those of the store.
pub async fn place_hold(
    cx: &Cx,
    caller: &Caller,
    request: &str,
    reason: String,
) -> Result<Hold, Error> {
    authorize(&caller.actor, Action::PlaceHold, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let (party, subject) = keeper(&caller.actor)?;
    let request = load::identifier(request)?;
    let now = cx.now();
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            // Held, so that an erasure at the same moment finds it or is found.
            let row = load::hold(conn, &scope, &request)?;
            if let Some(at) = row.erased_at {
                return Err(gone(instant(at)?));
            }
            let before = erasure::hold_of(conn, &request, &party)?;
            if let Some(before) = before.filter(|before| before.reason == reason) {
                return Ok(Hold::try_from(before)?);
            }
            let row = HoldRow {
                request_id: request.clone(),
                party_id: party.clone(),
                reason: reason.clone(),
                client_id: caller.client.to_string(),
                placed_at: now.timestamp_millis(),
            };
            erasure::place(conn, &row)?;
            let id: RequestId = parsed("request id", &request)?;
            let data = Data::HoldPlaced {
                request: id,
                reason: Digest::of(&reason),
            };
            let by = caller.author();
            append(
                conn,
                &EntryDraft {
                    subject,
                    by,
                    at: now,
                    data,
                },
            )?;
            Ok::<_, Error>(Hold::try_from(row)?)
        })
        .await
}

/// Lifts the hold of one's own side.
///
/// # Errors
/// [`Error::NotFound`] when there is none, and those of the store.
pub async fn lift_hold(cx: &Cx, caller: &Caller, request: &str) -> Result<(), Error> {
    authorize(&caller.actor, Action::LiftHold, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let (party, subject) = keeper(&caller.actor)?;
    let request = load::identifier(request)?;
    let now = cx.now();
    let by = caller.author();
    cx.store
        .write(move |conn| {
            load::hold(conn, &scope, &request)?;
            if !erasure::lift(conn, &request, &party)? {
                return Err(Error::NotFound);
            }
            let request: RequestId = parsed("request id", &request)?;
            let data = Data::HoldLifted { request };
            append(
                conn,
                &EntryDraft {
                    subject,
                    by,
                    at: now,
                    data,
                },
            )?;
            Ok::<_, Error>(())
        })
        .await
}

/// The hold of one's own side.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn hold_of(cx: &Cx, caller: &Caller, request: &str) -> Result<Hold, Error> {
    authorize(&caller.actor, Action::ReadHold, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let (party, _) = keeper(&caller.actor)?;
    let request = load::identifier(request)?;
    let id = parsed("request id", &request)?;
    let row = cx
        .store
        .read(move |conn| {
            requests::find(conn, &scope, &request)?.ok_or(Error::NotFound)?;
            erasure::hold_of(conn, &request, &party)?.ok_or(Error::NotFound)
        })
        .await?;
    reads::of_request(cx, caller, id, None, Content::Hold).await?;
    Ok(Hold::try_from(row)?)
}
