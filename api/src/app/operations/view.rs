//! An operation as the doors see it.

use std::collections::HashMap;
use std::sync::Arc;

use takedown_core::id::{AgencyId, OperationId};
use takedown_core::operation::{Member, Membership, Progress, Standing, Team};
use takedown_core::policy::Reach;
use takedown_core::time::At;

use crate::app::parties::{Agency, instant, parsed};
use crate::app::{Caller, Cx, Error};
use crate::store::operations::{self, GroupRow, MemberRow, OperationRow};
use crate::store::{Conn, StoreError};

/// An operation by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationBrief {
    /// Its identifier.
    pub id: String,
    /// What its lead calls it.
    pub label: String,
}

/// An agency besides the lead.
#[derive(Debug, Clone)]
pub struct MemberView {
    /// Who.
    pub agency: Arc<Agency>,
    /// How it stands to the operation.
    pub member: Member,
}

/// An operation as its caller may see it.
#[derive(Debug, Clone)]
pub struct OperationView {
    /// Its identifier.
    pub id: OperationId,
    /// What its lead calls it.
    pub label: String,
    /// Who leads.
    pub lead: Arc<Agency>,
    /// How the caller stands to it; nothing for an auditor of everything.
    pub membership: Option<Membership>,
    /// The agencies that are in it besides the lead; to one that is only invited, itself.
    pub members: Vec<MemberView>,
    /// How far it is; not for an agency that is only invited.
    pub progress: Option<Progress>,
    /// When it was begun.
    pub created_at: At,
}

/// How a caller stands to an operation that he may know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// An auditor of everything.
    Whole,
    /// An agency, or an auditor appointed for it.
    As(AgencyId, Membership),
}

impl Seen {
    /// How the caller stands to an operation with this team.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is none of his business.
    pub(super) fn of(caller: &Caller, team: &Team) -> Result<Self, Error> {
        match caller.actor.reach() {
            Reach::Everything => Ok(Self::Whole),
            Reach::Agency(id) => team
                .membership(id)
                .map(|membership| Self::As(id, membership))
                .ok_or(Error::NotFound),
            Reach::Platform(_) | Reach::Nothing => Err(Error::NotFound),
        }
    }

    pub(super) const fn takes_part(self) -> bool {
        match self {
            Self::Whole => true,
            Self::As(_, membership) => membership.takes_part(),
        }
    }
}

/// What is read of operations in one go, before the agencies' names are known.
pub(super) struct Found {
    pub(super) rows: Vec<OperationRow>,
    members: Vec<MemberRow>,
    standings: Vec<GroupRow>,
    deadlines: Vec<(String, i64)>,
    outcomes: Vec<(String, Option<String>, i64)>,
}

impl Found {
    /// Everything that views of these operations are made of.
    pub(super) fn read(conn: &mut Conn, rows: Vec<OperationRow>) -> Result<Self, StoreError> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        Ok(Self {
            members: operations::members(conn, &ids)?,
            standings: operations::standings(conn, &ids)?,
            deadlines: operations::deadlines(conn, &ids)?,
            outcomes: operations::outcomes(conn, &ids)?,
            rows,
        })
    }

    /// The operations as the caller may see them; those that are none of his business are left out.
    pub(super) async fn views(self, cx: &Cx, caller: &Caller) -> Result<Vec<OperationView>, Error> {
        let mut agencies = HashMap::new();
        let mut views = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let team = team_of(row, self.members.iter())?;
            let seen = match Seen::of(caller, &team) {
                Ok(seen) => seen,
                Err(Error::NotFound) => continue,
                Err(other) => return Err(other),
            };
            let progress = seen.takes_part().then(|| self.progress(&row.id, cx.now()));
            let mut members = Vec::new();
            for member in team.members() {
                let shown = match seen {
                    _ if member.membership == Membership::Left => false,
                    Seen::As(own, Membership::Invited) => own == member.agency,
                    Seen::Whole | Seen::As(..) => true,
                };
                if shown {
                    members.push(MemberView {
                        agency: known(cx, &mut agencies, member.agency).await?,
                        member: *member,
                    });
                }
            }
            views.push(OperationView {
                id: parsed("operation id", &row.id)?,
                label: row.label.clone(),
                lead: known(cx, &mut agencies, team.lead()).await?,
                membership: match seen {
                    Seen::Whole => None,
                    Seen::As(_, membership) => Some(membership),
                },
                members,
                progress: progress.transpose()?,
                created_at: instant(row.created_at)?,
            });
        }
        Ok(views)
    }

    fn progress(&self, id: &str, now: At) -> Result<Progress, StoreError> {
        let standings = self.standings.iter().filter(|row| row.operation_id == id);
        let standings = standings.map(standing).collect::<Result<Vec<_>, _>>()?;
        let mut outcomes = Vec::new();
        for (operation, outcome, count) in &self.outcomes {
            if operation == id
                && let Some(outcome) = outcome
            {
                outcomes.push((
                    parsed("outcome", outcome)?,
                    u64::try_from(*count).unwrap_or(0),
                ));
            }
        }
        let deadlines = self.deadlines.iter().filter(|(of, _)| of == id);
        let deadlines = deadlines
            .map(|(_, due_at)| instant(*due_at))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Progress::of(standings, deadlines, outcomes, now))
    }
}

fn standing(row: &GroupRow) -> Result<Standing, StoreError> {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    Ok(Standing {
        requests: count(row.requests),
        status: parsed("status", &row.status)?,
        result: row
            .result
            .as_deref()
            .map(|r| parsed("result", r))
            .transpose()?,
        role: row.role.as_deref().map(|r| parsed("role", r)).transpose()?,
        items: count(row.items.unwrap_or(0)),
        undecided: count(row.undecided.unwrap_or(0)),
    })
}

/// Who works on an operation, from its row and the members' rows among these.
pub(super) fn team_of<'a>(
    row: &OperationRow,
    members: impl Iterator<Item = &'a MemberRow>,
) -> Result<Team, StoreError> {
    let members = members
        .filter(|member| member.operation_id == row.id)
        .map(|member| {
            Ok(Member {
                agency: parsed("agency id", &member.agency_id)?,
                membership: parsed("membership", &member.membership)?,
                invited_at: instant(member.invited_at)?,
                answered_at: member.answered_at.map(instant).transpose()?,
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Team::new(parsed("agency id", &row.agency_id)?, members))
}

/// An operation's row and team.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(super) fn load(conn: &mut Conn, id: &str) -> Result<(OperationRow, Team), Error> {
    let row = operations::find(conn, id)?.ok_or(Error::NotFound)?;
    let members = operations::members(conn, std::slice::from_ref(&row.id))?;
    let team = team_of(&row, members.iter())?;
    Ok((row, team))
}

/// The identifier that a caller wrote; what is none names nothing.
pub(super) fn identifier(given: &str) -> Result<String, Error> {
    let id: OperationId = given.parse().map_err(|_| Error::NotFound)?;
    Ok(id.to_string())
}

async fn known(
    cx: &Cx,
    agencies: &mut HashMap<AgencyId, Arc<Agency>>,
    id: AgencyId,
) -> Result<Arc<Agency>, Error> {
    if let Some(agency) = agencies.get(&id) {
        return Ok(Arc::clone(agency));
    }
    let agency = cx.registry.agency(&id.to_string()).await?.ok_or_else(|| {
        StoreError::Inconsistent(format!(
            "an operation names the agency {id}, which does not exist"
        ))
    })?;
    agencies.insert(id, Arc::clone(&agency));
    Ok(agency)
}
