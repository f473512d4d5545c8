//! What was put right since the filing: what stood there before stays to be seen.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use takedown_core::id::ItemId;
use takedown_core::time::At;

use super::filing::Text;

/// The most corrections and attributions of one request.
pub const MAX_REVISIONS: usize = 200;

/// Everything that was put right, oldest first; kept as JSON beside the request.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Revisions {
    /// Facts that took the place of others.
    pub facts: Vec<Revision>,
    /// Courts and authorities that annulled the request or items of it.
    pub annulments: Vec<Annulment>,
}

/// One fact that took the place of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// The request's version since then.
    pub version: i32,
    /// When.
    pub at: At,
    /// Which: a word of `takedown_core::request::Fact`, or `attribution`.
    pub fact: String,
    /// Of which item, where it is one's.
    pub item: Option<ItemId>,
    /// What stood there; null when nothing did.
    pub was: Value,
    /// What stands there since then.
    pub now: Value,
    /// Why, in words.
    pub text: Option<Text>,
}

/// A court or an authority annulled the request, or items of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annulment {
    /// The request's version since then.
    pub version: i32,
    /// When the agency said so.
    pub at: At,
    /// The court or authority.
    pub by: String,
    /// The reference of its decision.
    pub decision: String,
    /// The items; none means the whole request.
    pub items: Vec<ItemId>,
}
