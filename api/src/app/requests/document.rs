//! Documents: what one side sends the other as PDF, and how it is handed out again.

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _, unfold};
use takedown_core::document::{Name, NotTaken, check};
use takedown_core::history::{Data, Digest};
use takedown_core::id::MessageId;
use takedown_core::policy::{Action, Resource, authorize};

use super::load::{identifier, scope_of};
use crate::app::parties::parsed;
use crate::app::{Caller, Cx, Error, reads};
use crate::store::messages::{self, MessageRow};
use crate::store::{StoreError, documents, requests};

/// A document to be sent, checked.
#[derive(Debug, Clone)]
pub struct NewDocument {
    name: Name,
    digest: Digest,
    /// All of it.
    pub(super) bytes: Bytes,
}

impl NewDocument {
    /// Takes these bytes as a document.
    ///
    /// # Errors
    /// [`NotTaken`]: the rule that they break.
    pub fn new(name: Name, bytes: Bytes) -> Result<Self, NotTaken> {
        check(&bytes)?;
        let digest = Digest::of(&bytes);
        Ok(Self {
            name,
            digest,
            bytes,
        })
    }

    /// What is told of it.
    pub(super) fn view(&self) -> DocumentView {
        DocumentView {
            name: self.name.to_string(),
            bytes: i64::try_from(self.bytes.len()).unwrap_or(i64::MAX),
            digest: self.digest,
        }
    }
}

/// What is told of a document besides its content.
#[derive(Debug, Clone)]
pub struct DocumentView {
    /// What it is called.
    pub name: String,
    /// How many bytes it has.
    pub bytes: i64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

impl DocumentView {
    /// The document of a message, if it has one.
    pub(super) fn of(row: &MessageRow) -> Result<Option<Self>, StoreError> {
        let (Some(name), Some(bytes), Some(digest)) =
            (&row.document_name, row.document_bytes, &row.document_digest)
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            name: name.clone(),
            bytes,
            digest: parsed("document digest", digest)?,
        }))
    }
}

/// A document on its way to a reader.
pub struct OpenDocument {
    /// What is told of it.
    pub view: DocumentView,
    /// Its bytes, each piece read when the one before is gone: a slow reader holds one piece and no thread.
    pub pieces: BoxStream<'static, Result<Bytes, StoreError>>,
}

/// Hands out the document that came with a message. That somebody was handed it is entered first.
///
/// # Errors
/// [`Error::NotFound`] when the caller may not see the request, and when the message has no document.
pub async fn open_document(
    cx: &Cx,
    caller: &Caller,
    request: &str,
    message: &str,
) -> Result<OpenDocument, Error> {
    authorize(&caller.actor, Action::ReadDocument, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let request = identifier(request)?;
    let message: MessageId = message.parse().map_err(|_| Error::NotFound)?;
    let (wanted, id) = (request.clone(), message.to_string());
    let row = cx
        .store
        .read(move |conn| {
            requests::find(conn, &scope, &wanted)?.ok_or(Error::NotFound)?;
            messages::find(conn, &wanted, &id)?.ok_or(Error::NotFound)
        })
        .await?;
    let view = DocumentView::of(&row)?.ok_or(Error::NotFound)?;
    let read = Data::DocumentRead {
        request: parsed("request id", &request)?,
        message,
        document: view.digest,
    };
    reads::enter(cx, caller.author(), vec![read]).await?;
    let pieces = unfold((cx.clone(), row.id, 0), |(cx, id, position)| async move {
        let wanted = id.clone();
        let piece = cx
            .store
            .read(move |conn| documents::piece(conn, &wanted, position))
            .await
            .transpose()?;
        Some((piece.map(Bytes::from), (cx, id, position + 1)))
    });
    Ok(OpenDocument {
        view,
        pieces: pieces.boxed(),
    })
}
