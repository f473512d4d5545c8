//! Entries of the append-only history.
//!
//! A draft says what happened to what, by whom, and when. It is made together with a change and stored in the same
//! commit; position and proof are added when it is sequenced. Texts and locators are not in it: it carries the
//! SHA-256 digests of exactly the bytes that were received, so that it can prove what was said without saying it,
//! and a text can be erased on its date without touching the history.

mod author;
mod content;
mod data;
mod declare;
mod digest;
mod kept;
mod making;
pub mod replay;
mod words;

use serde::{Deserialize, Serialize};

pub use author::{Author, By, Via};
pub use content::Content;
pub use data::Data;
pub use digest::{Digest, DigestError};
pub use kept::commitment;
pub use words::{Annulled, Corrected, Decided, FoundContact, Imported, Said, digest_of};

use crate::{
    id::{AgencyId, ClientId, EntryId, OperationId, PlatformId, RequestId, SightingId},
    request::Change,
    retention::Class,
    time::At,
};

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// A request, in the version that the change made.
    Request {
        /// Which.
        id: RequestId,
        /// The version after the change.
        version: i32,
    },
    /// An agency.
    Agency {
        /// Which.
        id: AgencyId,
    },
    /// A platform.
    Platform {
        /// Which.
        id: PlatformId,
    },
    /// A client.
    Client {
        /// Which.
        id: ClientId,
    },
    /// An operation.
    Operation {
        /// Which.
        id: OperationId,
    },
    /// A sighting.
    Sighting {
        /// Which.
        id: SightingId,
    },
    /// The exchange as a whole, for instance an export over many requests.
    Exchange,
}

/// An entry before it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryDraft {
    /// What it is about.
    pub subject: Subject,
    /// Who brought it about.
    pub by: Author,
    /// When, by the clock of the exchange. The order is the sequence, never this.
    pub at: At,
    /// What happened, with what is needed to recount it.
    #[serde(flatten)]
    pub data: Data,
}

/// An entry under its name: what is stored and sealed, byte for byte.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    /// Its name.
    pub id: EntryId,
    /// The rest.
    #[serde(flatten)]
    pub draft: &'a EntryDraft,
}

impl EntryDraft {
    /// The entry that goes with a change of a request.
    pub const fn of(change: &Change, by: Author, at: At, data: Data) -> Self {
        Self {
            subject: Subject::Request {
                id: change.request.id,
                version: change.request.version,
            },
            by,
            at,
            data,
        }
    }

    /// The type of the entry, for example `request.filed`.
    pub const fn event_type(&self) -> &'static str {
        self.data.event_type()
    }

    /// The request it is about.
    pub const fn request(&self) -> Option<RequestId> {
        match self.subject {
            Subject::Request { id, .. } => Some(id),
            _ => None,
        }
    }

    /// With whose erasure its bytes are destroyed, if it tells anything: a request or sighting it is not stored under, or the
    /// class that it belongs to itself. The entries of a request go with it anyway. By this reads are found as well.
    pub fn erased_with(&self) -> Option<String> {
        match &self.data {
            Data::InternalNoteWritten { request, .. }
            | Data::DocumentRead { request, .. }
            | Data::RequestRead { request, .. }
            | Data::HoldPlaced { request, .. } => Some(request.to_string()),
            Data::SightingRecorded { .. }
            | Data::SightingRevised { .. }
            | Data::SightingRetracted { .. } => match self.subject {
                Subject::Sighting { id } => Some(id.to_string()),
                _ => None,
            },
            Data::ItemsLookedUp { .. } => Some(Class::Lookups.to_string()),
            Data::RecordsImported { .. } | Data::RecordWithdrawn { .. } => {
                Some(Class::Imports.to_string())
            }
            _ => None,
        }
    }

    /// The version of the request, where it is about one.
    pub const fn version(&self) -> Option<i32> {
        match self.subject {
            Subject::Request { version, .. } => Some(version),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
