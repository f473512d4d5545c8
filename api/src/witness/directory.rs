//! What a witness keeps: its key, and of each log the checkpoint it signed last.
//!
//! ```text
//! lock            held while a witness runs
//! key             PRIVATE+KEY+…, for its owner only
//! logs/<hash>     the checkpoint signed last, with all signatures; <hash> is SHA-256 of the log's origin
//! forks/<hash>-…  checkpoints that prove that a log has two histories
//! ```

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use secrecy::{ExposeSecret as _, SecretString};
use takedown_core::log::note::{KeyName, SignatureType, VerifierKey};
use takedown_core::log::witness::{Remembered, origin_hash};
use takedown_core::log::{SignedCheckpoint, SigningKey};

use super::StartError;

/// So many proofs of two histories are kept of one log: one proves it.
const MOST_FORKS: usize = 16;

/// The largest file that is read: far above what a checkpoint with all its signatures needs.
const MOST_BYTES: u64 = 1 << 20;

/// What a witness remembers of one log.
#[derive(Debug, Default)]
pub(super) struct Kept(Option<(Remembered, SignedCheckpoint)>);

impl Kept {
    pub(super) fn new(remembered: Remembered, checkpoint: SignedCheckpoint) -> Self {
        Self(Some((remembered, checkpoint)))
    }

    pub(super) fn remembered(&self) -> Remembered {
        self.0
            .as_ref()
            .map_or_else(Remembered::default, |(remembered, _)| *remembered)
    }

    pub(super) fn checkpoint(&self) -> Option<&SignedCheckpoint> {
        self.0.as_ref().map(|(_, checkpoint)| checkpoint)
    }
}

/// The directory of a witness, which no other process has.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    /// The lock goes with the process, however it ends.
    _lock: File,
}

impl Directory {
    pub(super) fn take(path: PathBuf) -> Result<Self, StartError> {
        private_directory(&path).map_err(failed(&path))?;
        let file = path.join("lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&file)
            .map_err(failed(&file))?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StartError::Taken(path)),
            Err(error) => Err(failed(&file)(error.into())),
        }
    }

    /// The key, which is made the first time.
    pub(super) fn key(&self, name: Option<&KeyName>) -> Result<SigningKey, StartError> {
        let path = self.path.join("key");
        let logs = self.path.join("logs");
        if !path.try_exists().map_err(failed(&path))? {
            let name = name.ok_or(StartError::NoName)?;
            // The memory is there before the key is, so that a key without one was taken out of its directory.
            private_directory(&logs).map_err(failed(&logs))?;
            let key = new_key(name.clone())?;
            let text = SecretString::from(format!("{}\n", *key.secret()));
            replace(&self.path, "key", text.expose_secret().as_bytes()).map_err(failed(&path))?;
            return Ok(key);
        }
        let metadata = path.metadata().map_err(failed(&path))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(StartError::Permissions(path));
        }
        if !logs.is_dir() {
            return Err(StartError::NoMemory(self.path.clone()));
        }
        let text = text_of(&path)
            .map(SecretString::from)
            .map_err(failed(&path))?;
        let key =
            SigningKey::parse(text.expose_secret().trim_end_matches('\n')).map_err(|reason| {
                StartError::Key {
                    path: path.clone(),
                    reason,
                }
            })?;
        if key.verifier().signature_type() != SignatureType::Cosignature {
            return Err(StartError::NotAWitness(path));
        }
        match name {
            Some(given) if given != key.verifier().name() => Err(StartError::OtherName {
                known: key.verifier().name().to_string(),
                given: given.to_string(),
            }),
            _ => Ok(key),
        }
    }

    /// What was signed last for a log. The file must be one that this witness wrote: its own signature says so.
    pub(super) fn read(&self, hash: &str, own: &VerifierKey) -> Result<Kept, StartError> {
        let path = self.path.join("logs").join(hash);
        let text = match text_of(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::default()),
            Err(error) => return Err(failed(&path)(error)),
        };
        let damaged = |reason: String| StartError::Damaged {
            path: path.clone(),
            reason,
        };
        let checkpoint: SignedCheckpoint = text
            .parse()
            .map_err(|error| damaged(format!("this is no checkpoint ({error})")))?;
        if let Err(error) = checkpoint.note().verify([own]) {
            return Err(damaged(format!("this witness did not sign it ({error})")));
        }
        let tree = checkpoint.checkpoint();
        if origin_hash(tree.origin()) != hash {
            return Err(damaged(format!("it is of the log {}", tree.origin())));
        }
        let remembered = Remembered {
            size: tree.size(),
            root: *tree.root(),
        };
        Ok(Kept::new(remembered, checkpoint))
    }

    /// Keeps what is being signed, all of it or nothing.
    pub(super) fn write(&self, hash: &str, checkpoint: &SignedCheckpoint) -> io::Result<()> {
        replace(
            &self.path.join("logs"),
            hash,
            checkpoint.to_string().as_bytes(),
        )
    }

    /// Keeps a checkpoint that proves two histories, beside the one that was signed.
    pub(super) fn keep_fork(
        &self,
        hash: &str,
        checkpoint: &SignedCheckpoint,
    ) -> io::Result<PathBuf> {
        let forks = self.path.join("forks");
        private_directory(&forks)?;
        let name = format!("{hash}-{}", origin_hash(checkpoint.note().text()));
        let path = forks.join(&name);
        let mut count = 0;
        for entry in std::fs::read_dir(&forks)? {
            let known = entry?.file_name();
            if known.to_str().is_some_and(|known| known.starts_with(hash)) {
                count += 1;
            }
        }
        if path.try_exists()? || count >= MOST_FORKS {
            return Ok(forks);
        }
        replace(&forks, &name, checkpoint.to_string().as_bytes())?;
        Ok(path)
    }
}

fn new_key(name: KeyName) -> Result<SigningKey, StartError> {
    let mut seed = [0; 32];
    aws_lc_rs::rand::fill(&mut seed).map_err(|_| StartError::Randomness)?;
    let key = SigningKey::from_seed(name, SignatureType::Cosignature, &seed);
    seed.fill(0);
    key.map_err(|_| StartError::Randomness)
}

/// Writes a file so that after a crash the old or the new one is there, complete. When this returns, it is on the disk.
fn replace(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let temporary = directory.join(format!(".{name}.new"));
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temporary, directory.join(name))?;
    File::open(directory)?.sync_all()
}

/// A directory that only its owner enters, and its entry in the one above, on the disk.
fn private_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    match path.parent().filter(|above| !above.as_os_str().is_empty()) {
        Some(above) => File::open(above)?.sync_all(),
        None => Ok(()),
    }
}

fn text_of(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(MOST_BYTES)
        .read_to_string(&mut text)?;
    Ok(text)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> StartError + '_ {
    |source| StartError::File {
        path: path.to_owned(),
        source,
    }
}
