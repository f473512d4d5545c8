//! What one side of a request writes for itself. The other side, auditors and the operator never see it: it moves
//! nothing, nobody is told, and its history entry is about the party and not about the request.

use takedown_core::history::{Content, Data, Digest, EntryDraft, Subject};
use takedown_core::id::{InternalNoteId, RequestId};
use takedown_core::policy::{Action, Actor, Party, Resource, authorize};
use takedown_core::time::At;
use uuid::Uuid;

use super::filing::Text;
use super::load::{identifier, scope_of};
use crate::app::log::append;
use crate::app::once::{Answer, Once, once};
use crate::app::parties::{instant, parsed};
use crate::app::{Caller, Cx, Error, reads};
use crate::store::internal_notes::{self, InternalNoteRow};
use crate::store::{StoreError, requests};

/// A note of one's own side.
#[derive(Debug, Clone)]
pub struct InternalNote {
    /// Its identifier.
    pub id: String,
    /// The text.
    pub text: Text,
    /// The client by which it was written.
    pub client: String,
    /// When.
    pub at: At,
}

impl TryFrom<InternalNoteRow> for InternalNote {
    type Error = StoreError;

    fn try_from(row: InternalNoteRow) -> Result<Self, StoreError> {
        Ok(Self {
            text: Text {
                text: row.text,
                language: parsed("language", &row.language)?,
            },
            at: instant(row.at)?,
            id: row.id,
            client: row.client_id,
        })
    }
}

/// The party that keeps papers of its own, and how the history names it.
pub(in crate::app) fn keeper(actor: &Actor) -> Result<(String, Subject), Error> {
    match actor.party() {
        Party::Agency(id) => Ok((id.to_string(), Subject::Agency { id })),
        Party::Platform(id) => Ok((id.to_string(), Subject::Platform { id })),
        Party::Auditor(_) | Party::Operator | Party::Anonymous => Err(Error::NotFound),
    }
}

/// Writes a note for one's own side.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see, [`Error::KeyMismatch`], and those of the store.
pub async fn write_internal_note(
    cx: &Cx,
    caller: &Caller,
    request: &str,
    key: Option<Once>,
    text: Text,
    render: fn(&InternalNote) -> Answer,
) -> Result<Answer, Error> {
    authorize(
        &caller.actor,
        Action::WriteInternalNote,
        &Resource::Exchange,
    )?;
    let scope = scope_of(&caller.actor)?;
    let (party, subject) = keeper(&caller.actor)?;
    let request = identifier(request)?;
    let now = cx.now();
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            let row = requests::find(conn, &scope, &request)?.ok_or(Error::NotFound)?;
            if let Some(at) = row.erased_at {
                return Err(super::view::gone(instant(at)?));
            }
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                let note = InternalNoteId::from_uuid(Uuid::now_v7());
                let row = InternalNoteRow {
                    id: note.to_string(),
                    request_id: request.clone(),
                    party_id: party.clone(),
                    client_id: client.clone(),
                    text: text.text.clone(),
                    language: text.language.to_string(),
                    at: now.timestamp_millis(),
                };
                internal_notes::insert(conn, &row)?;
                let request: RequestId = parsed("request id", &request)?;
                let entry = EntryDraft {
                    subject,
                    by: caller.author(),
                    at: now,
                    data: Data::InternalNoteWritten {
                        request,
                        note,
                        text: Digest::of(&text.text),
                    },
                };
                append(conn, &entry)?;
                Ok(render(&row.try_into()?))
            })
        })
        .await
}

/// The notes of one's own side on a request after `after`, oldest first.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see.
pub async fn internal_notes(
    cx: &Cx,
    caller: &Caller,
    request: &str,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<InternalNote>, Error> {
    authorize(
        &caller.actor,
        Action::ListInternalNotes,
        &Resource::Exchange,
    )?;
    let scope = scope_of(&caller.actor)?;
    let (party, _) = keeper(&caller.actor)?;
    let wanted = identifier(request)?;
    let (request, rows) = cx
        .store
        .read(move |conn| {
            let request = requests::find(conn, &scope, &wanted)?.ok_or(Error::NotFound)?;
            let after = after.as_deref();
            let rows = internal_notes::of_party(conn, &wanted, &party, after, limit)?;
            Ok::<_, Error>((request, rows))
        })
        .await?;
    if !rows.is_empty() {
        let id = parsed("request id", &request.id)?;
        reads::of_request(cx, caller, id, None, Content::InternalNotes).await?;
    }
    rows.into_iter()
        .map(InternalNote::try_from)
        .collect::<Result<_, StoreError>>()
        .map_err(Error::from)
}
