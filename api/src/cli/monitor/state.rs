//! What is remembered from one run to the next, beside the ledger.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::CliError;

/// See the module.
#[derive(Debug, Default)]
pub(super) struct State {
    place: PathBuf,
    before: Kept,
    now: Kept,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Kept {
    /// The highest number of a use that was ever shown.
    last: u64,
    /// What was told by mail.
    told: BTreeSet<String>,
    /// Digests of the uses that were proven to be in the log.
    proven: BTreeSet<String>,
}

impl State {
    /// That of a ledger; nothing is remembered before the first run.
    pub(super) fn beside(ledger: &Path) -> Result<Self, CliError> {
        let mut place = ledger.as_os_str().to_owned();
        place.push(".monitor");
        let place = PathBuf::from(place);
        let kept: Kept = match fs::read_to_string(&place) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|why| CliError::input(format!("{}: {why}", place.display())))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(CliError::file(place.display(), error)),
        };
        Ok(Self {
            place,
            before: kept.clone(),
            now: kept,
        })
    }

    pub(super) const fn last(&self) -> u64 {
        self.now.last
    }

    pub(super) fn saw(&mut self, number: u64) {
        self.now.last = self.now.last.max(number);
    }

    pub(super) fn was_told(&self, what: String) -> bool {
        self.now.told.contains(&what)
    }

    pub(super) fn tell(&mut self, what: String) {
        self.now.told.insert(what);
    }

    pub(super) fn is_proven(&self, digest: &str) -> bool {
        self.now.proven.contains(digest)
    }

    pub(super) fn prove(&mut self, digest: String) {
        self.now.proven.insert(digest);
    }

    /// The old file or the new one, whatever happens in between.
    pub(super) fn keep(&self) -> Result<(), CliError> {
        if self.now == self.before {
            return Ok(());
        }
        let fail = |e| CliError::file(self.place.display(), e);
        let text = serde_json::to_string(&self.now).map_err(|e| CliError::input(e.to_string()))?;
        let mut beside = self.place.clone().into_os_string();
        beside.push(".new");
        let mut file = File::create(&beside).map_err(fail)?;
        file.write_all(format!("{text}\n").as_bytes())
            .map_err(fail)?;
        file.sync_all().map_err(fail)?;
        fs::rename(&beside, &self.place).map_err(fail)
    }
}
