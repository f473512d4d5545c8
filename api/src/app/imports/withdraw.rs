//! Taking a record back as a mistake. It stays to be seen, and is not counted any more.

use takedown_core::history::{Data, Digest, Subject};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::rfc3339;

use super::{RecordView, identifier, whose};
use crate::app::parties::{instant, parsed};
use crate::app::registering::record;
use crate::app::values::Reason;
use crate::app::{Caller, Cx, Error};
use crate::store::StoreError;
use crate::store::imports::{self, ImportRow};

/// Takes a record back. Said again it changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when the caller has no such record, [`Error::Conflict`] when it was taken back for another reason,
/// and those of the policy and the store.
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
            let row = imports::find(conn, &whose, &id)?.ok_or(Error::NotFound)?;
            if row.withdrawal.as_deref() != Some(reason.as_str()) {
                return Err(said_already(&row)?);
            }
            Ok(row)
        })
        .await?;
    RecordView::of(cx, row).await
}

/// Another reason in the place of the first would change what others have read; one that is dropped would be lost.
fn said_already(row: &ImportRow) -> Result<Error, StoreError> {
    let at = row.withdrawn_at.map(instant).transpose()?;
    let at = at.map(rfc3339).unwrap_or_default();
    Ok(Error::Conflict(format!(
        "The record was taken back already, at {at}, and what was said then stays."
    )))
}
