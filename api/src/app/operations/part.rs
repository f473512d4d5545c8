//! Telling the other side of an agency's part in an operation: who leads, which agency, and whether it is in it. Never what
//! the operation is called or what is in it.

use std::sync::Arc;

use takedown_core::id::{OperationId, Reference, RequestId};
use takedown_core::operation::Membership;
use takedown_core::request::Side;
use takedown_core::time::At;

use crate::app::notify::{Facts, queued};
use crate::app::parties::{Agency, instant, parsed};
use crate::app::registry::load_agency;
use crate::app::requests::{CheckCode, Published};
use crate::app::{Cx, Error};
use crate::store::operations::{self, MemberRow, OperationRow};
use crate::store::outbox::{self, OutboxRow};
use crate::store::{Conn, StoreError, feed};

/// The lead invited an agency: told to that agency.
pub const INVITED: &str = "operation.agency_invited";
/// An agency joined: told to the lead.
pub const JOINED: &str = "operation.agency_joined";
/// An agency declined or left: told to the lead.
pub const LEFT: &str = "operation.agency_left";
/// The lead ended an agency's part, or took its invitation back: told to that agency.
pub const REMOVED: &str = "operation.agency_removed";

/// An agency's part in an operation.
#[derive(Debug, Clone)]
pub struct PartView {
    /// Of the operation.
    pub id: OperationId,
    /// Short and speakable.
    pub reference: Reference,
    /// Unguessable; whoever was sent it in a mail checks with it that the mail is real.
    pub check_code: CheckCode,
    /// Who leads.
    pub lead: Arc<Agency>,
    /// Whose part it is.
    pub member: Arc<Agency>,
    /// How it stands now.
    pub membership: Membership,
    /// When it was last invited.
    pub invited_at: At,
}

impl PartView {
    /// Who is told of an event.
    #[must_use]
    pub fn told(&self, event: &str) -> &Arc<Agency> {
        match event {
            JOINED | LEFT => &self.lead,
            _ => &self.member,
        }
    }

    /// Whether what an event tells is still so.
    #[must_use]
    pub fn still(&self, event: &str) -> bool {
        match event {
            INVITED => self.membership == Membership::Invited,
            JOINED => self.membership == Membership::Joined,
            LEFT | REMOVED => self.membership == Membership::Left,
            _ => false,
        }
    }
}

/// An event of a part as the feed of the agency that is told shows it.
#[derive(Debug, Clone)]
pub struct PartEvent<'a> {
    /// Identifier of the history entry.
    pub id: String,
    /// Position in the agency's feed.
    pub position: i64,
    /// What happened.
    pub event: &'static str,
    /// When.
    pub at: At,
    /// The part as it is since then.
    pub part: &'a PartView,
}

/// Tells the other side by its feed and by mail, in the transaction of the change. `entry` is that of the history.
pub(super) fn tell(
    conn: &mut Conn,
    cx: &Cx,
    (row, member): (&OperationRow, &MemberRow),
    (entry, event): (String, &'static str),
    now: At,
) -> Result<Published, Error> {
    let part = view(conn, row, member)?;
    let to = part.told(event).id.to_string();
    outbox::insert(conn, &mail(&part, (&to, event), now)?)?;
    // Last: from here to the commit other writers to this feed wait.
    let position = feed::append(conn, &to, |position| {
        (cx.settings.render_part)(&PartEvent {
            id: entry,
            position,
            event,
            at: now,
            part: &part,
        })
    })?;
    Ok(Published::at(to, position))
}

/// What operations are called by people in mails; drawn from the identifier, as of a request.
#[must_use]
pub fn reference(id: OperationId) -> Reference {
    Reference::from_request(RequestId::from_uuid(id.uuid()))
}

fn mail(part: &PartView, (to, event): (&str, &str), now: At) -> Result<OutboxRow, StoreError> {
    let facts = Facts {
        member: Some(part.member.id.to_string()),
        ..Facts::none()
    };
    queued(&part.id.to_string(), (to, Side::Agency), event, &facts, now)
}

/// An agency's part with both agencies, past anything remembered: for its mail and its check code.
///
/// # Errors
/// [`StoreError::Inconsistent`] when there is no such part, or it names an agency that does not exist.
pub(in crate::app) fn load(
    conn: &mut Conn,
    operation: &str,
    agency: &str,
) -> Result<PartView, StoreError> {
    let missing = || StoreError::Inconsistent(format!("{agency} was never invited to {operation}"));
    let row = operations::find(conn, operation)?.ok_or_else(missing)?;
    let member = operations::member(conn, operation, agency)?.ok_or_else(missing)?;
    view(conn, &row, &member)
}

fn view(conn: &mut Conn, row: &OperationRow, member: &MemberRow) -> Result<PartView, StoreError> {
    let missing =
        || StoreError::Inconsistent("an operation names an agency that does not exist".into());
    let lead = load_agency(conn, &row.agency_id)?.ok_or_else(missing)?;
    let of = load_agency(conn, &member.agency_id)?.ok_or_else(missing)?;
    let id: OperationId = parsed("operation id", &row.id)?;
    Ok(PartView {
        reference: reference(id),
        check_code: parsed(
            "check code",
            member.check_code.as_deref().unwrap_or_default(),
        )?,
        id,
        lead: Arc::new(lead),
        member: Arc::new(of),
        membership: parsed("membership", &member.membership)?,
        invited_at: instant(member.invited_at)?,
    })
}
