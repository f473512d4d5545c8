//! A witness for transparency logs (c2sp.org/tlog-witness): run by somebody else than the log's operator, it signs a tree
//! only when it continues the one it signed before. So nobody can be shown another history than everybody else.
//!
//! It needs one directory and no database, and knows nothing of the exchange. What may be signed is decided by
//! [`takedown_core::log::witness`]; here it is kept, and nothing is answered before it is on the disk.

mod directory;
mod error;
mod http;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use takedown_core::log::note::{KeyName, VerifierKey};
use takedown_core::log::witness::{AddCheckpoint, Refusal, authenticate, judge, origin_hash};
use takedown_core::log::{SignedCheckpoint, SigningKey, cosignature};

use directory::{Directory, Kept};

pub use error::{StartError, Unanswered};
pub use http::{BODY_LIMIT, configure};

/// What a witness is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it keeps its key and what it signed.
    pub directory: PathBuf,
    /// What it is called. Needed the first time; afterwards it must be what the key is called.
    pub name: Option<KeyName>,
    /// The keys of the logs it signs for.
    pub logs: Vec<VerifierKey>,
}

/// A witness that is ready to sign. No other process has its directory.
#[derive(Debug)]
pub struct Witness {
    directory: Directory,
    key: SigningKey,
    logs: BTreeMap<String, Log>,
}

#[derive(Debug)]
struct Log {
    hash: String,
    keys: Vec<VerifierKey>,
    /// Held from the reading of what is remembered until the new checkpoint is on the disk.
    kept: Mutex<Kept>,
}

impl Log {
    /// Nothing is changed in there before it is on the disk, so what a panic left behind is right.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Witness {
    /// Takes the directory, makes a key when there is none yet, and reads what was signed before.
    ///
    /// # Errors
    /// [`StartError`] when another process has the directory, or when anything in it is not as this witness left it: one
    /// that forgot something must not sign.
    pub fn open(settings: Settings) -> Result<Self, StartError> {
        let directory = Directory::take(settings.directory)?;
        let key = directory.key(settings.name.as_ref())?;
        let mut logs: BTreeMap<String, Log> = BTreeMap::new();
        for log in settings.logs {
            let origin = log.name().to_string();
            if log.key() == key.verifier().key() {
                return Err(StartError::OwnLog(origin));
            }
            let known = match logs.entry(origin) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let hash = origin_hash(new.key());
                    let kept = Mutex::new(directory.read(&hash, key.verifier())?);
                    new.insert(Log {
                        hash,
                        keys: Vec::new(),
                        kept,
                    })
                }
            };
            if !known.keys.contains(&log) {
                known.keys.push(log);
            }
        }
        if logs.is_empty() {
            return Err(StartError::NoLogs);
        }
        Ok(Self {
            directory,
            key,
            logs,
        })
    }

    /// The key by which its signatures are checked.
    #[must_use]
    pub fn key(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// The logs it signs for, each with the entries of the tree it signed last.
    pub fn logs(&self) -> impl Iterator<Item = (&str, u64)> {
        self.logs
            .iter()
            .map(|(origin, log)| (origin.as_str(), log.kept().remembered().size))
    }

    /// Signs a checkpoint at `now` (seconds since 1970) and returns the line of its signature. What was signed is on the
    /// disk when this returns. Blocks.
    ///
    /// # Errors
    /// [`Unanswered`] when it may not be signed, or could not be kept.
    pub fn add(&self, body: &[u8], now: u64) -> Result<String, Unanswered> {
        let body = std::str::from_utf8(body).map_err(|_| Unanswered::NotText)?;
        let request: AddCheckpoint = body.parse()?;
        authenticate(&request, self.logs.values().flat_map(|log| &log.keys))?;
        let new = request.checkpoint.checkpoint();
        let (origin, size) = (new.origin(), new.size());
        let log = self
            .logs
            .get(origin)
            .ok_or_else(|| Refusal::UnknownLog(origin.to_owned()))?;
        let mut kept = log.kept();
        let remembered = judge(&request, &kept.remembered()).inspect_err(|refusal| {
            if let Refusal::Fork { .. } = refusal {
                self.keep_evidence(log, &request.checkpoint);
            }
        })?;
        let mut signed = request.checkpoint.clone();
        let signature = cosignature::sign(&signed, &self.key, now)?;
        let line = format!("{signature}\n");
        signed.add(signature);
        self.directory.write(&log.hash, &signed)?;
        let old = kept.remembered().size;
        *kept = Kept::new(remembered, signed);
        tracing::info!(origin, old, size, "signed");
        Ok(line)
    }

    /// The checkpoint of a log that it signed last, by [`origin_hash`]; none for an unknown log or one it has not signed
    /// for.
    #[must_use]
    pub fn latest(&self, hash: &str) -> Option<String> {
        let log = self.logs.values().find(|log| log.hash == hash)?;
        log.kept().checkpoint().map(SignedCheckpoint::to_string)
    }

    /// Two roots of one size, both signed by the log, prove that it shows two histories: the second is kept as well.
    fn keep_evidence(&self, log: &Log, checkpoint: &SignedCheckpoint) {
        let origin = checkpoint.checkpoint().origin();
        match self.directory.keep_fork(&log.hash, checkpoint) {
            Ok(path) => tracing::error!(
                origin,
                kept = %path.display(),
                "the log signed two roots for one size: it has two histories"
            ),
            Err(error) => tracing::error!(
                origin,
                %error,
                "the log signed two roots for one size: it has two histories, and the second could not be kept"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
