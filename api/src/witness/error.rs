//! Why a witness does not start, and why it does not sign.

use std::io;
use std::path::PathBuf;

use takedown_core::log::cosignature::CosignatureError;
use takedown_core::log::note::SigningKeyError;
use takedown_core::log::witness::{Refusal, RequestError};

/// Why a witness does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A file or a directory cannot be used.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody else has the directory.
    #[error("{}: another witness runs on this directory; two could sign two histories", .0.display())]
    Taken(PathBuf),
    /// Others on the machine could read the key.
    #[error("{}: others may read this key; run `chmod 600` on it", .0.display())]
    Permissions(PathBuf),
    /// The file holds no key.
    #[error("{}: {reason}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: SigningKeyError,
    },
    /// A key that signs as a log does.
    #[error("{}: this key is of type 0x01, a log's; a witness's key is of type 0x04", .0.display())]
    NotAWitness(PathBuf),
    /// The first time, without a name.
    #[error(
        "this witness has no key yet: give it a name with --name, such as witness.example/platforms; it becomes part of its key"
    )]
    NoName,
    /// Another name than the first time.
    #[error(
        "this witness is called {known}, as its key says, and not {given}; leave --name out, or give another directory for another witness"
    )]
    OtherName {
        /// What the key is called.
        known: String,
        /// What was given.
        given: String,
    },
    /// A key without what was signed with it.
    #[error("{}: this witness has a key and no memory of what it signed, so it must not sign; put the directory back, or remove the key to start as a new witness with a new key", .0.display())]
    NoMemory(PathBuf),
    /// Something that this witness did not write, or not so.
    #[error("{}: {reason}; put the file back as it was, or start with another directory as a new witness with a new key", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No log.
    #[error("there is no log to sign for; give its vkey with --log, or a file of them with --logs")]
    NoLogs,
    /// A log that would witness itself.
    #[error(
        "the key of the log {0} is this witness's own; a log that witnesses itself proves nothing"
    )]
    OwnLog(String),
    /// The system made no key.
    #[error("no key could be made: the system's source of randomness failed")]
    Randomness,
}

/// Why a checkpoint is not signed.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// Not UTF-8.
    #[error("the body is not text in UTF-8")]
    NotText,
    /// Not a request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// It may not be signed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be signed.
    #[error(transparent)]
    Unsigned(#[from] CosignatureError),
    /// It could not be kept, so it is not signed.
    #[error("what is signed could not be kept, so nothing was signed: {0}")]
    NotKept(#[from] io::Error),
}
