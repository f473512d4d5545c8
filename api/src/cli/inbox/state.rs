//! How far the inbox was read, kept so that neither a crash nor a second cron job loses or doubles work.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::CliError;

/// The remembered place, held by this process alone until it is dropped.
pub(super) struct State {
    path: PathBuf,
    kept: Kept,
    /// Released when closed, also by a crash.
    _lock: File,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    /// Where to read on.
    #[serde(default)]
    cursor: Option<String>,
    /// Items after that place whose command has already succeeded.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    done: BTreeSet<String>,
}

impl State {
    /// Takes the state file for this process; a missing one stands for the beginning of the inbox.
    ///
    /// # Errors
    /// When another process holds it, or it cannot be read.
    pub(super) fn lock(path: &Path) -> Result<Self, CliError> {
        // The lock is a file of its own, because the state is replaced by renaming.
        let beside = with_suffix(path, ".lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&beside)
            .map_err(|e| CliError::file(beside.display(), e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(CliError::input(format!(
                    "another run is using {}",
                    path.display()
                )));
            }
            Err(TryLockError::Error(e)) => return Err(CliError::file(beside.display(), e)),
        }
        let kept = match fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|e| CliError::input(format!("{}: {e}", path.display())))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Kept::default(),
            Err(e) => return Err(CliError::file(path.display(), e)),
        };
        Ok(Self {
            path: path.to_owned(),
            kept,
            _lock: lock,
        })
    }

    pub(super) fn cursor(&self) -> Option<&String> {
        self.kept.cursor.as_ref()
    }

    pub(super) fn is_done(&self, item: &str) -> bool {
        self.kept.done.contains(item)
    }

    /// Remembers that an item's command has succeeded.
    pub(super) fn done(&mut self, item: &str) -> Result<(), CliError> {
        self.kept.done.insert(item.to_owned());
        self.write()
    }

    /// Remembers that everything up to `cursor` is done.
    pub(super) fn advance(&mut self, cursor: &str) -> Result<(), CliError> {
        self.kept.cursor = Some(cursor.to_owned());
        self.kept.done.clear();
        self.write()
    }

    /// The old file or the new one, whatever happens in between.
    fn write(&self) -> Result<(), CliError> {
        let fail = |e| CliError::file(self.path.display(), e);
        let text = serde_json::to_string(&self.kept).map_err(|e| CliError::input(e.to_string()))?;
        let beside = with_suffix(&self.path, ".new");
        let mut file = File::create(&beside).map_err(fail)?;
        file.write_all(text.as_bytes()).map_err(fail)?;
        file.write_all(b"\n").map_err(fail)?;
        file.sync_all().map_err(fail)?;
        fs::rename(&beside, &self.path).map_err(fail)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_place_is_remembered_and_its_finished_items_forgotten() {
        let directory = crate::cli::tests::scratch();
        let path = directory.path().join("state");
        let mut state = State::lock(&path).unwrap();
        assert_eq!(state.cursor(), None);
        state.done("item_1").unwrap();
        drop(state);
        let mut state = State::lock(&path).unwrap();
        assert!(state.is_done("item_1") && state.cursor().is_none());
        state.advance("c1").unwrap();
        drop(state);
        let state = State::lock(&path).unwrap();
        assert_eq!(state.cursor().map(String::as_str), Some("c1"));
        assert!(!state.is_done("item_1"));
    }

    #[test]
    fn two_runs_do_not_share_a_place() {
        let directory = crate::cli::tests::scratch();
        let path = directory.path().join("state");
        let held = State::lock(&path).unwrap();
        let error = State::lock(&path).err().unwrap().to_string();
        assert!(error.contains("another run"), "{error}");
        drop(held);
        assert!(State::lock(&path).is_ok());
    }
}
