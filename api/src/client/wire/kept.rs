//! The duties that go with a request, as the client reads them.

use serde::Deserialize;

/// Keeping what was removed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Preservation {
    /// How it stands.
    pub status: Option<String>,
    /// `filing` or `law`.
    pub basis: Option<String>,
    /// The end.
    pub until: Option<String>,
    /// Since when the platform keeps it.
    pub held_since: Option<String>,
    /// Until when it does at least.
    pub held_until: Option<String>,
    /// How it was made longer.
    pub extensions: Vec<Extension>,
    /// When it ended.
    pub ended_at: Option<String>,
    /// When the platform deleted it.
    pub deleted_at: Option<String>,
}

/// How an end was moved.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Extension {
    /// When that was said.
    pub at: Option<String>,
    /// The end before.
    pub was: Option<String>,
    /// The end since then.
    pub until: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who asked for it.
    pub asked_by: Option<String>,
}

/// Something that lasts until an instant.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Until {
    /// The instant.
    pub until: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// For a non-disclosure: the items whose uploader was told all the same.
    pub broken_for: Vec<String>,
}
