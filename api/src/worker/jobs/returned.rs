//! Reads what comes to the return address of mails: a Maildir that the mail server fills.
//!
//! A report is taken out of it once what follows from it is stored. What is not believed changes nothing and is put into the
//! directory `refused` beside it, for whoever looks after the mail server.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::app::requests::{Followed, Undelivered, undelivered};
use crate::app::{Cx, Error};
use crate::mail::{LONGEST_REPORT, ReturnPath, Returned};
use crate::worker::{Job, Next, Stop};

/// So many are read in one run.
const AT_ONCE: usize = 100;

/// The job over one Maildir.
pub struct ReturnedMail {
    cx: Cx,
    path: ReturnPath,
    directory: PathBuf,
}

impl ReturnedMail {
    /// The job over this Maildir.
    #[must_use]
    pub fn new(cx: Cx, path: ReturnPath, directory: PathBuf) -> Self {
        Self {
            cx,
            path,
            directory,
        }
    }

    async fn take(&self, file: &Path) -> Result<(), Error> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let read = match read(file) {
            Ok(bytes) => self.path.read(&bytes),
            // Another node took it, or it cannot be read: then it is still there with the next look.
            Err(error) => {
                tracing::warn!(file = %name, %error, "what came back cannot be read");
                return Ok(());
            }
        };
        let why = match read {
            Ok(returned) => match self.noted(returned).await? {
                Followed::Unknown => "no such mail was sent to that address".to_owned(),
                told => {
                    tracing::info!(file = %name, ?told, "a mail came back");
                    if let Err(error) = fs::remove_file(file) {
                        tracing::warn!(file = %name, %error, "a report cannot be removed");
                    }
                    return Ok(());
                }
            },
            Err(why) => why.to_string(),
        };
        tracing::warn!(file = %name, %why, "what came to the return address is not believed");
        let refused = self.directory.join("refused");
        let put = fs::create_dir_all(&refused)
            .and_then(|()| fs::rename(file, refused.join(name.as_ref())));
        if let Err(error) = put {
            tracing::warn!(file = %name, %error, "it cannot be put aside");
        }
        Ok(())
    }

    async fn noted(&self, returned: Returned) -> Result<Followed, Error> {
        let report = Undelivered {
            delivery: returned.delivery,
            recipients: returned.recipients,
            status: returned.status,
            permanent: returned.permanent,
        };
        undelivered(&self.cx, report).await
    }
}

/// One byte more than a report may have, so that a longer one is known by its length and never read as a whole.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let most = u64::try_from(LONGEST_REPORT).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    fs::File::open(file)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The files that wait, the oldest names first.
fn waiting(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory.join("new"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    files.truncate(AT_ONCE);
    Ok(files)
}

impl Job for ReturnedMail {
    fn name(&self) -> &'static str {
        "returned"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let files = match waiting(&self.directory) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Next::Wait),
            Err(error) => {
                tracing::warn!(%error, "mail.bounce_directory cannot be read");
                return Ok(Next::Wait);
            }
        };
        for file in files {
            if stop.is_set() {
                break;
            }
            self.take(&file).await?;
        }
        Ok(Next::Wait)
    }
}
