//! How far the inbox was read, kept so that neither a crash nor a second cron job loses or doubles work.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::CliError;
use crate::client::{Client, ClientError};

/// The remembered place, held by this process alone until it is dropped.
pub(super) struct State {
    path: PathBuf,
    kept: Kept,
    /// Whose inbox the file was of when it was read, if it said so.
    before: Option<Whose>,
    /// Released when closed, also by a crash.
    _lock: File,
}

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Whose inbox it is; files of before do not say.
    #[serde(flatten)]
    whose: Option<Whose>,
    /// Where to read on.
    #[serde(default)]
    cursor: Option<String>,
    /// Items after that place whose command has already succeeded.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    done: BTreeSet<String>,
    /// Items, before or after that place, whose command has failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    failed: Vec<Failed>,
}

/// Whose inbox a state is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Whose {
    /// Address of the exchange.
    server: String,
    /// Who read.
    client_id: String,
}

impl Whose {
    pub(super) fn of(client: &Client) -> Self {
        Self {
            server: client.server().to_string(),
            client_id: client.client_id().to_owned(),
        }
    }
}

/// An item whose command has failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failed {
    pub(super) item: String,
    pub(super) request: String,
    pub(super) reference: String,
    /// Its number in the request, from 1.
    pub(super) position: u64,
    /// How often it was run.
    pub(super) tries: u32,
}

impl State {
    /// Takes the state file for this process; a missing one stands for the beginning of the inbox.
    ///
    /// # Errors
    /// When another process holds it, it cannot be read, or it is of another exchange.
    pub(super) fn lock(path: &Path, whose: Whose) -> Result<Self, CliError> {
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
        let before: Option<Kept> = match fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|e| CliError::input(format!("{}: {e}", path.display())))?,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            Err(e) => return Err(CliError::file(path.display(), e)),
        };
        let (before, cursor, done, failed) = match before {
            Some(kept) => (kept.whose, kept.cursor, kept.done, kept.failed),
            None => Default::default(),
        };
        if let Some(other) = before.as_ref().filter(|other| other.server != whose.server) {
            return Err(CliError::input(format!(
                "{} is of the inbox of {} at {}, and this is {}: give each exchange a state file of its own; if it is the same \
                 exchange under a new address, change \"server\" in the file",
                path.display(),
                other.client_id,
                other.server,
                whose.server
            )));
        }
        Ok(Self {
            path: path.to_owned(),
            kept: Kept {
                // Another client of the same party may go on; whether it is the same party only the exchange knows.
                whose: Some(whose),
                cursor,
                done,
                failed,
            },
            before,
            _lock: lock,
        })
    }

    /// An error of a read, told with the names when it is that the place is of another inbox.
    pub(super) fn told(&self, error: CliError) -> CliError {
        match (&error, &self.kept.whose) {
            (CliError::Client(ClientError::Problem(problem)), Some(whose))
                if problem.code == "invalid-cursor" && self.kept.cursor.is_some() =>
            {
                let before = self.before.as_ref();
                CliError::input(format!(
                    "{} is of the inbox of {} at {}, and not of {}: {}",
                    self.path.display(),
                    before.map_or("another client", |before| &before.client_id),
                    whose.server,
                    whose.client_id,
                    problem.detail
                ))
            }
            _ => error,
        }
    }

    pub(super) fn cursor(&self) -> Option<&String> {
        self.kept.cursor.as_ref()
    }

    /// What failed, in the order in which it first did.
    pub(super) fn failed(&self) -> &[Failed] {
        &self.kept.failed
    }

    /// Whether an item is not to be run with its page: it is done, or is run again by itself.
    pub(super) fn is_settled(&self, item: &str) -> bool {
        self.kept.done.contains(item) || self.kept.failed.iter().any(|failed| failed.item == item)
    }

    /// Remembers that nothing is left to do for an item.
    pub(super) fn settle(&mut self, item: &str) -> Result<(), CliError> {
        self.kept.failed.retain(|failed| failed.item != item);
        self.kept.done.insert(item.to_owned());
        self.write()
    }

    /// Remembers that an item's command has failed.
    pub(super) fn fail(&mut self, failed: Failed) -> Result<(), CliError> {
        let mut known = self.kept.failed.iter_mut();
        match known.find(|known| known.item == failed.item) {
            Some(known) => *known = failed,
            None => self.kept.failed.push(failed),
        }
        self.write()
    }

    /// Remembers that everything up to `cursor` was run.
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

    fn whose(server: &str) -> Whose {
        Whose {
            server: server.to_owned(),
            client_id: "client_t".to_owned(),
        }
    }

    fn lock(path: &Path) -> Result<State, CliError> {
        State::lock(path, whose("https://exchange.example/"))
    }

    fn failed(item: &str, tries: u32) -> Failed {
        Failed {
            item: item.to_owned(),
            request: "req_1".to_owned(),
            reference: "REF1".to_owned(),
            position: 1,
            tries,
        }
    }

    #[test]
    fn a_place_is_remembered_and_its_finished_items_forgotten() {
        let directory = crate::cli::tests::scratch();
        let path = directory.path().join("state");
        let mut state = lock(&path).unwrap();
        assert_eq!(state.cursor(), None);
        state.settle("item_1").unwrap();
        drop(state);
        let mut state = lock(&path).unwrap();
        assert!(state.is_settled("item_1") && state.cursor().is_none());
        state.advance("c1").unwrap();
        drop(state);
        let state = lock(&path).unwrap();
        assert_eq!(state.cursor().map(String::as_str), Some("c1"));
        assert!(!state.is_settled("item_1"));
    }

    #[test]
    fn what_failed_outlives_its_page_until_it_is_settled() {
        let directory = crate::cli::tests::scratch();
        let path = directory.path().join("state");
        let mut state = lock(&path).unwrap();
        state.fail(failed("item_1", 1)).unwrap();
        state.fail(failed("item_2", 1)).unwrap();
        state.fail(failed("item_1", 2)).unwrap();
        state.advance("c1").unwrap();
        drop(state);
        let mut state = lock(&path).unwrap();
        assert_eq!(state.failed(), [failed("item_1", 2), failed("item_2", 1)]);
        assert!(state.is_settled("item_1"));
        state.settle("item_1").unwrap();
        assert_eq!(state.failed(), [failed("item_2", 1)]);
    }

    #[test]
    fn two_runs_do_not_share_a_place() {
        let directory = crate::cli::tests::scratch();
        let path = directory.path().join("state");
        let held = lock(&path).unwrap();
        let error = lock(&path).err().unwrap().to_string();
        assert!(error.contains("another run"), "{error}");
        drop(held);
        assert!(lock(&path).is_ok());
    }

    #[test]
    fn the_place_of_another_exchange_is_refused_by_name_and_one_of_before_is_taken() {
        let directory = crate::cli::tests::scratch();
        let path = directory.path().join("state");
        fs::write(&path, "{\"cursor\":\"c1\",\"done\":[\"item_1\"]}\n").unwrap();
        let mut state = lock(&path).unwrap();
        assert!(state.is_settled("item_1"));
        state.advance("c2").unwrap();
        drop(state);
        let text = fs::read_to_string(&path).unwrap();
        let other = State::lock(&path, whose("https://other.example/"));
        let error = other.err().unwrap().to_string();
        for name in [
            "state",
            "client_t",
            "https://exchange.example/",
            "https://other.example/",
        ] {
            assert!(error.contains(name), "no {name}: {error}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}
