//! What a package says of itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Withheld;
use crate::{
    history::Digest,
    id::{ClientId, ExportId},
    policy::Role,
    text::coded_enum,
    time::At,
};

/// The name of this form.
pub const FORMAT: &str = "takedown-exchange/package/v1";

coded_enum! {
    /// A member of a package. A package has all of them, once, in this order.
    pub enum Member, "a member of a package" {
        /// How to check it.
        Readme => "README.txt",
        /// The rows.
        Rows => "rows.ndjson",
        /// The entries of the history.
        Entries => "entries.ndjson",
        /// The hashes of the tree.
        Proof => "proof",
        /// The signed tree.
        Checkpoint => "checkpoint",
        /// The key of the log.
        Keys => "keys",
        /// Whose signatures are asked for.
        Policy => "policy",
        /// What the package says of itself.
        Manifest => "manifest.json",
        /// The signature over that.
        Seal => "seal",
    }
}

/// What a package says of itself. The digests of its members are in it, and the log signs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The address of the exchange.
    pub exchange: String,
    /// Which export.
    pub export: ExportId,
    /// When it was finished, by the clock of the exchange.
    pub made_at: At,
    /// For whom.
    pub made_for: MadeFor,
    /// What was chosen; everything that may be seen, where nothing was.
    pub filter: BTreeMap<String, String>,
    /// Which time it is of.
    pub cut: Cut,
    /// Whether every entry of the log is in it, shown or named as withheld.
    pub complete: bool,
    /// The columns of the rows, in their order.
    pub columns: Vec<String>,
    /// How much there is.
    pub counts: Counts,
    /// The members before this one.
    pub members: Vec<Made>,
}

/// For whom a package was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeFor {
    /// In which role he asked.
    pub role: Role,
    /// Which requests he may know of: `everything`, or those of this agency or platform.
    pub scope: String,
    /// The client that asked.
    pub client: ClientId,
}

impl MadeFor {
    /// The scope of whoever may know of all requests.
    pub const EVERYTHING: &str = "everything";
}

/// Which time a package is of. Rows are read one after the other, each as it stands then; between these two trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// Entries of the log when reading began. What was filed in them and was chosen has its rows.
    pub begun_at: u64,
    /// Entries of the tree of the checkpoint. What the rows say is in them.
    pub size: u64,
}

/// How much there is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Rows.
    pub rows: u64,
    /// The requests they are of.
    pub requests: u64,
    /// Entries that are shown.
    pub entries: u64,
    /// Entries that are not, by why.
    pub withheld: BTreeMap<Withheld, u64>,
}

/// A member as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// Which.
    pub name: Member,
    /// Its bytes, unpacked.
    pub bytes: u64,
    /// Their SHA-256 digest.
    pub sha256: Digest,
}

impl Manifest {
    /// What was written of a member; none of the last two, which come behind the digests.
    #[must_use]
    pub fn made(&self, member: Member) -> Option<&Made> {
        self.members.iter().find(|made| made.name == member)
    }
}
