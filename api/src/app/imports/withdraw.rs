//! Taking a record back as a mistake. It stays to be seen, and is not counted any more.

use takedown_core::history::{Data, Digest, Subject};
use takedown_core::policy::{Action, Resource, authorize};

use super::{RecordView, identifier, whose};
use crate::app::parties::parsed;
use crate::app::registering::record;
use crate::app::values::Reason;
use crate::app::{Caller, Cx, Error};
use crate::store::imports;

/// Takes a record back. Said again it changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when the caller has no such record, and those of the policy and the store.
pub async fn withdraw(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    reason: Reason,
) -> Result<RecordView, Error> {
    authorize(&caller.actor, Action::WithdrawImport, &Resource::Exchange)?;
    let id = identifier(id)?;
    let whose = whose(caller.actor.reach()).ok_or(Error::NotFound)?;
    let (now, author) = (cx.now(), caller.author());
    let row = cx
        .store
        .write(move |conn| {
            let row = imports::find(conn, &whose, &id)?.ok_or(Error::NotFound)?;
            if imports::withdraw(conn, &row, now.timestamp_millis(), reason.as_str())? {
                let subject = Subject::Agency {
                    id: parsed("agency id", &row.agency_id)?,
                };
                let data = Data::RecordWithdrawn {
                    record: parsed("record id", &row.id)?,
                    reason: Digest::of(reason.as_str()),
                };
                record(conn, author, subject, now, data)?;
            }
            imports::find(conn, &whose, &id)?.ok_or(Error::NotFound)
        })
        .await?;
    RecordView::of(cx, row).await
}
