//! The answer to a batch.

use serde::Deserialize;
use serde_json::value::RawValue;

/// The answer to a batch: one entry per filing.
#[derive(Debug, Deserialize)]
pub struct BatchAnswer {
    /// In any order; `index` counts from 0.
    pub items: Vec<BatchRow>,
}

/// What became of one filing of a batch.
#[derive(Debug, Deserialize)]
pub struct BatchRow {
    /// Place in what was sent, from 0.
    pub index: usize,
    /// HTTP status of this filing alone.
    pub status: u16,
    /// The request, as sent by the server.
    #[serde(default)]
    pub request: Option<Box<RawValue>>,
    /// The operation and its requests, when the filing became several.
    #[serde(default)]
    pub several: Option<Box<RawValue>>,
    /// The problem, as sent by the server.
    #[serde(default)]
    pub problem: Option<Box<RawValue>>,
}
