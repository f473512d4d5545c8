//! What a unit signed, in a file of its own that only grows: one JSON object a line.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::CliError;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Line {
    pub(in crate::cli) digest: String,
    pub(in crate::cli) jti: String,
    pub(in crate::cli) kid: String,
    pub(in crate::cli) unit: String,
    pub(in crate::cli) act: String,
    pub(in crate::cli) audience: String,
    pub(in crate::cli) at: String,
}

/// Adds a line, and waits until it is on the disk: what was sent and not noted would look like a theft.
pub(super) fn append(place: &Path, line: &Line) -> Result<(), CliError> {
    let text = serde_json::to_string(line).map_err(|e| CliError::input(e.to_string()))?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(place).and_then(|mut file| {
        file.write_all(format!("{text}\n").as_bytes())
            .and_then(|()| file.sync_all())
    });
    written.map_err(|e| CliError::file(place.display(), e))
}

/// Every line.
pub(in crate::cli) fn read(place: &Path) -> Result<Vec<Line>, CliError> {
    let text = std::fs::read_to_string(place).map_err(|e| CliError::file(place.display(), e))?;
    let lines = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| !line.trim().is_empty());
    lines
        .map(|(line, number)| {
            serde_json::from_str(line)
                .map_err(|e| CliError::input(format!("{}, line {number}: {e}", place.display())))
        })
        .collect()
}
