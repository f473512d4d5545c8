//! A line of the entries.

use serde::{Deserialize, Serialize};

use crate::{
    export::Viewer,
    history::{Data, Subject},
    id::{EntryId, RequestId},
    text::coded_enum,
    time::At,
};

coded_enum! {
    /// Why an entry is not shown. Its place is in the tree all the same.
    pub enum Withheld, "a reason to withhold an entry" {
        /// What a party keeps for itself: notes and saved texts.
        OwnPapers => "own_papers",
        /// Whose credentials are which is the operator's business.
        Credentials => "credentials",
        /// It holds digests of what is escrowed for the agency and its auditors, which could be guessed.
        Escrowed => "escrowed",
        /// It holds digests of what an uploader wrote or was answered.
        Uploader => "uploader",
        /// It was destroyed on its date.
        Erased => "erased",
    }
}

impl Withheld {
    /// Whether an entry can be withheld for this: as far as it shows by whether it is one of a request, and whether whoever it is
    /// withheld from may know of everything.
    #[must_use]
    pub const fn can_be(self, of_request: bool, everything: bool) -> bool {
        match self {
            Self::OwnPapers | Self::Credentials => !of_request,
            Self::Escrowed | Self::Uploader => of_request && !everything,
            Self::Erased => true,
        }
    }
}

/// A line of `entries.ndjson`: an entry with what proves it, or one that is withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its place in the log, from 0.
    pub index: u64,
    /// Its salt, 64 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub salt: Option<String>,
    /// Its bytes, exactly: what is hashed with the salt.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<String>,
    /// Or why it is withheld.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub withheld: Option<Withheld>,
    /// Of a withheld entry: which request it is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub request: Option<RequestId>,
    /// Of a withheld entry: which version of that request it made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<i32>,
}

/// An entry as it is read again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// Its name. Entries of the first versions have none.
    #[serde(default)]
    pub id: Option<EntryId>,
    /// What it is about.
    pub subject: Subject,
    /// When it was written, by the clock of the exchange.
    pub at: At,
    /// What happened.
    #[serde(flatten)]
    pub data: Data,
}

impl Entry {
    /// The request it is about, and the version that it made.
    #[must_use]
    pub const fn of(&self) -> Option<(RequestId, i32)> {
        match self.subject {
            Subject::Request { id, version } => Some((id, version)),
            _ => None,
        }
    }
}

/// Why somebody for whom a package is made does not see an entry of this type; nothing when he does. A package for an auditor
/// of one agency shows what that agency sees.
#[must_use]
pub fn withheld(event: &str, viewer: Viewer, everything: bool) -> Option<Withheld> {
    let escrowed = matches!(
        event,
        "request.filed" | "attribution.revised" | "request.corrected"
    );
    match event {
        "internal_note.written" | "text.saved" | "text.removed" => Some(Withheld::OwnPapers),
        _ if event.starts_with("client.") || event.starts_with("webhook.") => {
            Some(Withheld::Credentials)
        }
        _ if escrowed && matches!(viewer, Viewer::Platform | Viewer::Public) => {
            Some(Withheld::Escrowed)
        }
        // Whoever oversees everything, or a platform, reads them; an agency and its auditors do not.
        _ if event.starts_with("objection.") && viewer != Viewer::Platform && !everything => {
            Some(Withheld::Uploader)
        }
        _ => None,
    }
}
