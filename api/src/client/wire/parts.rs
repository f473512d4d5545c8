//! Who works together, as the client reads it.

use serde::Deserialize;

use super::Party;

/// An agency's part in an operation, as the inbox shows it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct InboxPart {
    /// TypeID of the operation (`op_…`).
    pub id: String,
    /// Who leads it.
    pub lead: Party,
    /// Whose part it is.
    pub agency: Party,
    /// How it stands.
    pub membership: String,
}
