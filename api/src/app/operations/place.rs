//! Beginning operations, and putting requests into them.

use takedown_core::history::{Data, Digest, Subject};
use takedown_core::id::{AgencyId, OperationId, RequestId};
use takedown_core::operation::TargetRole;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;
use uuid::Uuid;

use super::view::{Found, OperationBrief, OperationView, Seen, identifier, load};
use crate::app::once::{Answer, Once, once};
use crate::app::parties::parsed;
use crate::app::registering::{invalid, record};
use crate::app::{Caller, Cx, Error, FieldError};
use crate::store::operations::{self, OperationRow, PlaceRow};
use crate::store::requests::{self, Scope};
use crate::store::{Conn, StoreError};

/// A request to be put into an operation.
#[derive(Debug, Clone, Copy)]
pub struct Adding {
    /// Which; one of the caller's own.
    pub request: RequestId,
    /// The part of its target.
    pub role: Option<TargetRole>,
}

/// An operation to be begun.
#[derive(Debug, Clone)]
pub struct New {
    /// What the agency calls it; unique among those it leads.
    pub label: String,
    /// What it begins with.
    pub requests: Vec<Adding>,
}

/// How an operation's begin is answered: by its name; whoever wants its progress reads it.
pub type Render = fn(&OperationBrief) -> Answer;

/// Begins an operation that the caller leads.
///
/// # Errors
/// [`Error::Conflict`] when the agency leads one of that label, [`Error::Invalid`] for requests that cannot be added,
/// [`Error::KeyMismatch`], those of the policy and the store.
pub async fn open(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: New,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::OpenOperation, &Resource::Exchange)?;
    let agency = own(caller)?;
    if new.label.parse::<OperationId>().is_ok() {
        return Err(invalid(
            "/label",
            "a label must not look like the identifier of an operation",
        ));
    }
    let (now, caller) = (cx.now(), caller.clone());
    cx.store
        .write(move |conn| {
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                if let Some(there) = operations::labelled(conn, &agency.to_string(), &new.label)? {
                    return Err(Error::Conflict(format!(
                        "Your agency leads an operation of this label: {}.",
                        there.id
                    )));
                }
                let operation = begin(conn, &caller, agency, &new.label, now)?;
                put_all(conn, &caller, (&operation, agency), &new.requests, now)?;
                Ok(render(&operation))
            })
        })
        .await
}

/// Puts requests of the caller's own into an operation that he leads or has joined, and gives back its progress. One that
/// is in it already is given the part that is named.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] while the caller is only invited, [`Error::Invalid`] for requests that
/// cannot be added; then none is.
pub async fn add(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    adding: Vec<Adding>,
) -> Result<OperationView, Error> {
    authorize(&caller.actor, Action::AddToOperation, &Resource::Exchange)?;
    let (id, agency, now) = (identifier(id)?, own(caller)?, cx.now());
    let author = caller.clone();
    let found = cx
        .store
        .write(move |conn| {
            operations::hold(conn, &id)?;
            let (row, team) = load(conn, &id)?;
            if !Seen::of(&author, &team)?.takes_part() {
                return Err(Error::Forbidden(
                    "your agency is invited to this operation; accept the invitation to add requests".into(),
                ));
            }
            let operation = brief(&row);
            put_all(conn, &author, (&operation, agency), &adding, now)?;
            Ok(Found::read(conn, vec![row])?)
        })
        .await?;
    found.views(cx, caller).await?.pop().ok_or(Error::NotFound)
}

fn put_all(
    conn: &mut Conn,
    caller: &Caller,
    (operation, agency): (&OperationBrief, AgencyId),
    adding: &[Adding],
    now: At,
) -> Result<(), Error> {
    let scope = Scope::Agency(agency.to_string());
    let mut refused = Vec::new();
    for (index, one) in adding.iter().enumerate() {
        let id = one.request.to_string();
        let mut refuse = |why: String| {
            refused.push(FieldError::new(format!("/requests/{index}/id"), why));
        };
        if requests::find(conn, &scope, &id)?.is_none() {
            refuse(format!("your agency has filed no request {id}"));
            continue;
        }
        match operations::place_of(conn, &id)? {
            Some(place) if place.operation_id != operation.id => refuse(format!(
                "{id} is in the operation {} already; a request is in one",
                place.operation_id
            )),
            Some(place) => {
                let role = one.role.map(TargetRole::as_str);
                if place.role.as_deref() != role {
                    operations::recast(conn, &id, role)?;
                    note(conn, caller, &operation.id, (one.request, one.role), now)?;
                }
            }
            None => {
                requests::relabel(conn, &id, &operation.label)?;
                put(conn, caller, &operation.id, (one.request, one.role), now)?;
            }
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(refused))
    }
}

/// The operation that a filing names: by the identifier of one that the agency leads or has joined, or by a label of its
/// own, which begins one when it is new.
///
/// # Errors
/// [`Error::Invalid`] when the identifier names none of these.
pub(in crate::app) fn for_filing(
    conn: &mut Conn,
    caller: &Caller,
    wanted: &str,
    now: At,
) -> Result<OperationBrief, Error> {
    let agency = own(caller)?;
    if let Ok(id) = wanted.parse::<OperationId>() {
        let none = || {
            invalid(
                "/operation",
                format!("your agency leads no operation {id} and has joined none"),
            )
        };
        let row = operations::find(conn, &id.to_string())?.ok_or_else(none)?;
        let (row, team) = load(conn, &row.id)?;
        return match Seen::of(caller, &team) {
            Ok(seen) if seen.takes_part() => Ok(brief(&row)),
            Ok(_) | Err(_) => Err(none()),
        };
    }
    match operations::labelled(conn, &agency.to_string(), wanted)? {
        Some(row) => Ok(brief(&row)),
        None => begin(conn, caller, agency, wanted, now),
    }
}

/// The operation that a request is in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(in crate::app) fn of_request(
    conn: &mut Conn,
    request: &str,
) -> Result<Option<OperationBrief>, StoreError> {
    let Some(place) = operations::place_of(conn, request)? else {
        return Ok(None);
    };
    Ok(operations::find(conn, &place.operation_id)?.map(|row| brief(&row)))
}

/// Puts a request that is in no operation into one.
///
/// # Errors
/// [`StoreError`] when it is in one, or the database fails.
pub(in crate::app) fn put(
    conn: &mut Conn,
    caller: &Caller,
    operation: &str,
    (request, role): (RequestId, Option<TargetRole>),
    now: At,
) -> Result<(), Error> {
    operations::place(
        conn,
        &PlaceRow {
            request_id: request.to_string(),
            operation_id: operation.to_owned(),
            role: role.map(|role| role.as_str().to_owned()),
            added_at: now.timestamp_millis(),
        },
    )?;
    note(conn, caller, operation, (request, role), now)
}

fn note(
    conn: &mut Conn,
    caller: &Caller,
    operation: &str,
    (request, role): (RequestId, Option<TargetRole>),
    now: At,
) -> Result<(), Error> {
    let id = parsed("operation id", operation)?;
    let data = Data::OperationRequestAdded { request, role };
    record(conn, caller.author(), Subject::Operation { id }, now, data)
}

fn begin(
    conn: &mut Conn,
    caller: &Caller,
    agency: AgencyId,
    label: &str,
    now: At,
) -> Result<OperationBrief, Error> {
    let id = OperationId::from_uuid(Uuid::now_v7());
    let row = OperationRow {
        id: id.to_string(),
        agency_id: agency.to_string(),
        label: label.to_owned(),
        created_at: now.timestamp_millis(),
    };
    operations::insert(conn, &row)?;
    let label = Digest::of(label);
    let data = Data::OperationOpened { label };
    record(conn, caller.author(), Subject::Operation { id }, now, data)?;
    Ok(brief(&row))
}

fn brief(row: &OperationRow) -> OperationBrief {
    OperationBrief {
        id: row.id.clone(),
        label: row.label.clone(),
    }
}

/// The agency that calls.
pub(super) fn own(caller: &Caller) -> Result<AgencyId, Error> {
    caller.actor.agency().ok_or(Error::NotFound)
}
