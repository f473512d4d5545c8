//! Mails as files: for a first run without a mail server, and for the demo.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::Delivery;
use crate::mail::message::Mail;

/// A directory that mails are written into.
#[derive(Debug, Clone)]
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Uses a directory, made if it is not there (readable by its owner only).
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self { path })
    }

    /// Where the mails are.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) async fn send(&self, mail: &Mail) -> Delivery {
        let name = format!(
            "{}-{}-{}.eml",
            mail.at.format("%Y%m%dT%H%M%S%3fZ"),
            file_safe(&mail.reference),
            file_safe(&mail.outbox_id)
        );
        let directory = self.path.clone();
        let bytes = mail.bytes().to_vec();
        match tokio::task::spawn_blocking(move || write(&directory, &name, &bytes)).await {
            Ok(Ok(path)) => Delivery::Sent(path.display().to_string()),
            Ok(Err(error)) => {
                Delivery::Transient(format!("the mail could not be written: {error}"))
            }
            Err(error) => Delivery::Transient(format!("the mail could not be written: {error}")),
        }
    }

    pub(super) fn probe(&self) -> Result<String, String> {
        let path = self.path.display();
        match access(&self.path, Access::WRITE_OK | Access::EXEC_OK) {
            Ok(()) => Ok(format!("mails are written into {path}")),
            Err(error) => Err(format!("{path} cannot be written: {error}")),
        }
    }
}

/// Written beside, synced, then renamed: a reader never sees half a mail.
fn write(directory: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let path = directory.join(name);
    let unfinished = directory.join(format!(".{name}.{}.part", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&unfinished)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&unfinished, &path));
    if let Err(error) = written {
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    fs::File::open(directory)?.sync_all()?;
    Ok(path)
}

fn file_safe(text: &str) -> String {
    text.chars()
        .take(80)
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect()
}
