//! What is remembered from one run to the next, beside the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use takedown_core::time::At;

use super::found::{number, word};
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
    /// The uses that were proven to be in the log, each under its number.
    proven: BTreeSet<String>,
    /// Digests of the uses that had no number when the list was first seen; nothing comes to them.
    unnumbered: Option<BTreeSet<String>>,
    /// The uses that were there when proofs were first asked for: of these some may have been erased before.
    before: Option<BTreeSet<String>>,
    /// When each use that is not proven yet was first seen, in Unix seconds of this machine's own clock.
    waiting: BTreeMap<String, i64>,
}

/// What a use is known by: the exchange could show the digest of one under the number of another.
pub(super) fn key(one: &Value) -> String {
    let digest = word(one, "digest");
    match number(one) {
        Some(number) => format!("{number} {digest}"),
        None => format!("- {digest}"),
    }
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

    pub(super) fn is_proven(&self, which: &str) -> bool {
        self.now.proven.contains(which)
    }

    pub(super) fn prove(&mut self, which: String) {
        self.now.waiting.remove(&which);
        self.now.proven.insert(which);
    }

    /// Keeps which uses have no number, unless that was done before.
    pub(super) fn begin(&mut self, uses: &[Value]) {
        let first = || {
            let unnumbered = uses.iter().filter(|one| number(one).is_none());
            unnumbered.map(|one| word(one, "digest")).collect()
        };
        self.now.unnumbered.get_or_insert_with(first);
    }

    /// Whether a use had no number from the beginning.
    pub(super) fn had_no_number(&self, digest: &str) -> bool {
        let known = self.now.unnumbered.as_ref();
        known.is_some_and(|known| known.contains(digest))
    }

    /// Keeps which uses there are, unless that was done before.
    pub(super) fn begin_proving(&mut self, uses: &[Value]) {
        let first = || uses.iter().map(key).collect();
        self.now.before.get_or_insert_with(first);
    }

    /// Whether a use was there when proofs were first asked for.
    pub(super) fn was_before(&self, which: &str) -> bool {
        let known = self.now.before.as_ref();
        known.is_some_and(|known| known.contains(which))
    }

    /// Since when a use waits for its proof, by the clock of this machine: the exchange could show any time.
    pub(super) fn waits_since(&mut self, which: &str, now: At) -> i64 {
        let first = now.timestamp();
        *self.now.waiting.entry(which.to_owned()).or_insert(first)
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
