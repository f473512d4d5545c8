//! Why a command could not do its work.

use std::io;

use crate::client::ClientError;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The exchange or the way to it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A file.
    #[error("{what}: {source}")]
    File {
        /// Which file, or what was done with it.
        what: String,
        /// The system's reason.
        source: io::Error,
    },
    /// Standard output.
    #[error("standard output: {0}")]
    Output(io::Error),
    /// The command line does not fit together in a way that only this command knows.
    #[error("{0}\n\nFor more information, try '--help'.")]
    Usage(String),
    /// Something given as input cannot be used.
    #[error("{0}")]
    Input(String),
}

impl CliError {
    pub(super) fn file(what: impl ToString, source: io::Error) -> Self {
        Self::File {
            what: what.to_string(),
            source,
        }
    }

    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(super) fn input(text: impl Into<String>) -> Self {
        Self::Input(text.into())
    }

    /// The reader of our output went away (`| head`): nothing to tell it.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            _ => 1,
        }
    }
}

/// One thread is enough: a command waits for one server.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::file("starting", e))
}
