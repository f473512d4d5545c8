//! What is told of earlier requests about the same item.

use serde::Deserialize;

/// That an item was asked about before.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Repeat {
    /// Its place in a filing, from 1.
    pub position: u64,
    /// In a lookup: the locator in an inert form.
    pub defanged: Option<String>,
    /// In a lookup: whether it was asked about before.
    pub asked: bool,
    /// By the caller itself.
    pub own: Option<Own>,
    /// By others.
    pub elsewhere: Option<Elsewhere>,
    /// In the caller's own old records.
    pub imported: Option<Imported>,
    /// How to go on instead of asking once more.
    pub join: Option<String>,
}

/// What the caller's old records say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Imported {
    /// In how many records.
    pub times: u64,
    /// The first day.
    pub first_on: String,
    /// The last day.
    pub last_on: String,
}

/// What the caller asked itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Own {
    /// In how many requests.
    pub times: u64,
    /// The newest, newest first.
    pub requests: Vec<OwnRequest>,
}

/// One of them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OwnRequest {
    /// Speakable reference.
    pub reference: String,
    /// Where it stands.
    pub status: String,
    /// What became of the item.
    pub outcome: Option<String>,
    /// When it was filed.
    pub filed_at: String,
}

/// What others asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Elsewhere {
    /// In how many requests.
    pub times: u64,
    /// The first day.
    pub first_on: String,
    /// The last day.
    pub last_on: String,
    /// open, closed, withdrawn, withheld.
    pub state: String,
    /// What became of the item.
    pub outcome: Option<String>,
    /// Who agreed to be named.
    pub agencies: Vec<super::Party>,
}

/// The answer to a lookup of locators.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Lookups {
    /// In the order of the call.
    pub items: Vec<Repeat>,
}

/// The answer to a lookup of digests.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DigestLookups {
    /// In the order of the call.
    pub items: Vec<DigestLookup>,
}

/// What a platform was asked about one digest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DigestLookup {
    /// As it was sent.
    pub digest: String,
    /// The newest, newest first.
    pub matches: Vec<DigestMatch>,
    /// Whether there are older ones.
    pub more: bool,
}

/// An item that carries it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DigestMatch {
    /// Speakable reference of the request.
    pub reference: String,
    /// Where it stands.
    pub status: String,
    /// Place of the item, from 1.
    pub position: u64,
    /// What was answered.
    pub outcome: Option<String>,
    /// When it was filed.
    pub filed_at: String,
}
