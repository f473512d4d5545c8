//! Old records.

use serde::Deserialize;

use crate::client::Problem;

/// What became of each row of an import.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ImportAnswer {
    /// In the order of the rows.
    pub items: Vec<ImportedRow>,
}

/// What became of one row.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ImportedRow {
    /// Which row, from 0.
    pub index: usize,
    /// imported, already_imported, would_be_imported, refused.
    pub result: String,
    /// The record.
    pub id: Option<String>,
    /// The members that say something else than the record.
    pub differs: Vec<String>,
    /// Why it was refused.
    pub problem: Option<Problem>,
}

/// An imported record.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ImportedRecord {
    /// Identifier.
    pub id: String,
    /// The agency's file number.
    pub agency_reference: Option<String>,
    /// Where it is, made inert.
    pub defanged: String,
    /// The platform as the agency wrote it.
    pub platform_name: Option<String>,
    /// The platform registered for it.
    pub platform: Option<super::Party>,
    /// The day of the mail.
    pub sent_on: String,
    /// What became of it.
    pub outcome: Option<String>,
    /// That it was taken back.
    pub withdrawal: Option<serde_json::Value>,
}
