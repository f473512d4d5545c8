//! Inviting agencies to an operation, and answering.

use takedown_core::history::{Data, EntryDraft, Subject};
use takedown_core::id::AgencyId;
use takedown_core::operation::{Member, Team, TeamError};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;

use super::part;
use super::place::own;
use super::view::{Found, OperationView, Seen, identifier, load};
use crate::app::log::append;
use crate::app::parties::parsed;
use crate::app::registering::invalid;
use crate::app::requests::{CheckCode, Published};
use crate::app::{Caller, Cx, Error};
use crate::store::operations::{self, MemberRow};

/// The lead invites another agency.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] for whoever does not lead, [`Error::Invalid`] when there is no such agency,
/// [`Error::Conflict`] when it has joined already.
pub async fn invite(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    agency: AgencyId,
) -> Result<OperationView, Error> {
    let by = own_for(caller, Action::InviteToOperation)?;
    if cx.registry.agency(&agency.to_string()).await?.is_none() {
        return Err(invalid(
            "/agency",
            format!("there is no agency {agency}; GET /v1/agencies lists them"),
        ));
    }
    change(cx, caller, id, move |team, now| {
        let member = team.invite(by, agency, now)?;
        Ok(Some((member, Data::OperationAgencyInvited { agency })))
    })
    .await
}

/// The lead ends another agency's part, or takes its invitation back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] for whoever does not lead, [`Error::Conflict`] when it has no part.
pub async fn remove(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    agency: &str,
) -> Result<OperationView, Error> {
    let by = own_for(caller, Action::RemoveFromOperation)?;
    let agency: AgencyId = agency.parse().map_err(|_| Error::NotFound)?;
    change(cx, caller, id, move |team, now| {
        let member = team.remove(by, agency, now)?;
        Ok(Some((member, Data::OperationAgencyRemoved { agency })))
    })
    .await
}

/// An agency joins, declines or leaves. Said again it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] for the lead.
pub async fn answer(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    joins: bool,
) -> Result<Option<OperationView>, Error> {
    let agency = own_for(caller, Action::AnswerInvitation)?;
    let view = change(cx, caller, id, move |team, now| {
        let data = if joins {
            Data::OperationAgencyJoined {}
        } else {
            Data::OperationAgencyLeft {}
        };
        Ok(team
            .answer(agency, joins, now)?
            .map(|member| (member, data)))
    })
    .await;
    match view {
        // Whoever has left does not see it any more.
        Err(Error::NotFound) if !joins && was_there(cx, id, agency).await? => Ok(None),
        other => other.map(Some),
    }
}

async fn was_there(cx: &Cx, id: &str, agency: AgencyId) -> Result<bool, Error> {
    let id = identifier(id)?;
    cx.store
        .read(move |conn| {
            let (_, team) = load(conn, &id)?;
            Ok(team.members().iter().any(|m| m.agency == agency))
        })
        .await
}

fn own_for(caller: &Caller, action: Action) -> Result<AgencyId, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    own(caller)
}

/// Changes one agency's part, records it and tells the other side; nothing is written when `work` changes nothing. Whoever
/// is invited again before he has answered is not told again.
async fn change<W>(cx: &Cx, caller: &Caller, id: &str, work: W) -> Result<OperationView, Error>
where
    W: Fn(&Team, At) -> Result<Option<(Member, Data)>, TeamError> + Send + 'static,
{
    let (id, now, author) = (identifier(id)?, cx.now(), caller.clone());
    let cx2 = cx.clone();
    let (found, _) = cx
        .store
        .write_then(
            move |conn| {
                let mut published = Vec::new();
                operations::hold(conn, &id)?;
                let (row, team) = load(conn, &id)?;
                Seen::of(&author, &team)?;
                if let Some((member, data)) = work(&team, now).map_err(refused)? {
                    let agency = member.agency.to_string();
                    let known = operations::member(conn, &row.id, &agency)?;
                    let code = match known.and_then(|member| member.check_code) {
                        Some(code) => code,
                        None => CheckCode::draw()?.to_string(),
                    };
                    let part = MemberRow {
                        operation_id: row.id.clone(),
                        agency_id: agency,
                        membership: member.membership.as_str().to_owned(),
                        invited_at: member.invited_at.timestamp_millis(),
                        answered_at: member.answered_at.map(|at| at.timestamp_millis()),
                        check_code: Some(code),
                    };
                    operations::put_member(conn, &part)?;
                    let event = data.event_type();
                    let entry = EntryDraft {
                        subject: Subject::Operation {
                            id: parsed("operation id", &row.id)?,
                        },
                        by: author.author(),
                        at: now,
                        data,
                    };
                    let entry = append(conn, &entry)?;
                    if team.membership(member.agency) != Some(member.membership) {
                        let told = part::tell(conn, &cx2, (&row, &part), (entry, event), now)?;
                        published.push(told);
                    }
                }
                Ok::<_, Error>((Found::read(conn, vec![row])?, published))
            },
            Published::announce(cx),
        )
        .await?;
    found.views(cx, caller).await?.pop().ok_or(Error::NotFound)
}

fn refused(why: TeamError) -> Error {
    match why {
        TeamError::NotLead => Error::Forbidden(why.to_string()),
        TeamError::IsLead | TeamError::AlreadyJoined | TeamError::NotInvited | TeamError::Full => {
            Error::Conflict(format!("{why}."))
        }
    }
}
