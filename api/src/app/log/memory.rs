//! The last checkpoint that a node knows to be signed, in a file of its own.
//!
//! It is kept apart from the database, because it answers whether the database is still the one that was promised: after an
//! older backup was put back the two disagree, and signing on would be a second history.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use takedown_core::log::SignedCheckpoint;

/// See the module.
#[derive(Debug, Default)]
pub struct Memory {
    file: Option<PathBuf>,
    last: Mutex<Option<SignedCheckpoint>>,
}

/// Why there is no memory.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The file cannot be used.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds no checkpoint.
    #[error("{}: {reason}. It holds the last checkpoint that this node knew; put it back from a copy, or remove it if you know that nothing is missing from the database", path.display())]
    Form {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl Memory {
    /// The memory in this file, which is made with the first checkpoint.
    ///
    /// # Errors
    /// [`MemoryError`] when it is there and cannot be read.
    pub fn open(path: &Path) -> Result<Self, MemoryError> {
        let last = match fs::read_to_string(path) {
            Ok(text) => Some(text.parse().map_err(|e| MemoryError::Form {
                path: path.to_owned(),
                reason: format!("{e}"),
            })?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(failed(path)(source)),
        };
        Ok(Self {
            file: Some(path.to_owned()),
            last: Mutex::new(last),
        })
    }

    /// What is known to be signed.
    #[must_use]
    pub fn last(&self) -> Option<SignedCheckpoint> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether there should be something to remember and is not: the file is not there.
    #[must_use]
    pub(super) fn is_lost(&self) -> bool {
        self.file.is_some() && self.last().is_none()
    }

    /// Notes a checkpoint, for good when this returns.
    ///
    /// # Errors
    /// [`MemoryError::File`] when it cannot be written.
    pub fn note(&self, checkpoint: &SignedCheckpoint) -> Result<(), MemoryError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let size = checkpoint.checkpoint().size();
        if last
            .as_ref()
            .is_some_and(|known| known.checkpoint().size() >= size)
        {
            return Ok(());
        }
        if let Some(path) = &self.file {
            replace(path, checkpoint.to_string().as_bytes()).map_err(failed(path))?;
        }
        *last = Some(checkpoint.clone());
        Ok(())
    }
}

/// Puts a file in the place of another, whole or not at all.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> MemoryError {
    let path = path.to_owned();
    |source| MemoryError::File { path, source }
}
