//! Appending an entry to the history.

use takedown_core::history::{By, Entry, EntryDraft};
use takedown_core::id::EntryId;
use uuid::Uuid;

use super::seal;
use crate::app::Error;
use crate::store::history::{self, NewEntry};
use crate::store::{Conn, StoreError};

/// Appends an entry to the history and returns its identifier.
pub fn append(conn: &mut Conn, draft: &EntryDraft) -> Result<String, Error> {
    let id = EntryId::from_uuid(Uuid::now_v7());
    let party = match draft.by.by {
        By::Agency { id } => Some(id.to_string()),
        By::Platform { id } => Some(id.to_string()),
        By::Authority { id } => Some(id.to_string()),
        By::Auditor { .. } | By::Operator { .. } | By::Uploader | By::Recipient | By::System => {
            None
        }
    };
    let data = serde_json::to_string(&Entry { id, draft }).map_err(StoreError::from)?;
    let sealed = seal(&data)?;
    let id = id.to_string();
    history::append(
        conn,
        &NewEntry {
            id: id.clone(),
            request_id: draft.request().map(|id| id.to_string()),
            version: draft.version(),
            event: draft.event_type().to_owned(),
            side: draft.by.by.as_str().to_owned(),
            party_id: party,
            client_id: draft.by.client.map(|id| id.to_string()),
            via: draft.by.via.as_str().to_owned(),
            at: draft.at.timestamp_millis(),
            data,
            salt: sealed.salt.as_bytes().to_vec(),
            leaf: sealed.leaf.as_bytes().to_vec(),
            erased_with: draft.erased_with(),
        },
    )?;
    Ok(id)
}
