//! Exports that are made as files.

use serde::Deserialize;

/// An export that is made as a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ExportFile {
    /// TypeID.
    pub id: String,
    /// queued, running, done, failed, expired.
    pub state: String,
    /// Rows there are by now.
    pub rows: u64,
    /// Rows there will be, about.
    pub rows_estimated: Option<u64>,
    /// Its bytes.
    pub bytes: u64,
    /// SHA-256 of all its bytes, once it is made.
    pub sha256: Option<String>,
    /// Why it failed.
    pub reason: Option<String>,
    /// Until when it can be downloaded.
    pub expires_at: Option<String>,
}
