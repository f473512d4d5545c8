//! Reads what comes to the return address of mails: a Maildir that the mail server fills.
//!
//! A report is taken out of it once what follows from it is stored. What is not believed, or cannot be read or noted, changes nothing
//! and is put into the directory `refused` beside it, for whoever looks after the mail server.

use std::collections::BinaryHeap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::app::requests::{Followed, Undelivered, undelivered};
use crate::app::{Cx, Error};
use crate::mail::{LONGEST_REPORT, ReturnPath, Returned};
use crate::store::StoreError;
use crate::worker::{Job, Next, Stop};

/// So many are read in one run.
const AT_ONCE: usize = 100;
/// Where what changes nothing is put.
const REFUSED: &str = "refused";
/// So many lie there, the newest: whoever knows a return address can send to it without end.
const MOST_REFUSED: usize = 1_000;

/// Where a message is after it was read.
enum Now {
    /// Taken out, or another node took it.
    Gone,
    /// Among what was refused.
    Refused,
    /// Where it was: this node cannot change the directory.
    There,
}

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

    async fn take(&self, file: PathBuf) -> Result<Now, Error> {
        let name = file.file_name().unwrap_or_default().to_owned();
        let shown = name.to_string_lossy().into_owned();
        let from = file.clone();
        let why = match blocking(move || read(&from)).await {
            Ok(bytes) => match self.followed(&bytes).await? {
                Ok(told) => {
                    tracing::info!(file = %shown, ?told, "a mail came back");
                    let removed = blocking(move || fs::remove_file(file)).await;
                    return Ok(done(&shown, Now::Gone, removed));
                }
                Err(why) => why,
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Now::Gone),
            Err(error) => format!("it cannot be read: {error}"),
        };
        tracing::warn!(file = %shown, %why, "what came to the return address changes nothing");
        let refused = self.directory.join(REFUSED);
        let put = blocking(move || {
            fs::create_dir_all(&refused)?;
            fs::rename(file, refused.join(name))
        });
        Ok(done(&shown, Now::Refused, put.await))
    }

    /// What followed from a message, or why nothing does. A report that cannot be noted must not keep the others from being read.
    async fn followed(&self, message: &[u8]) -> Result<Result<Followed, String>, Error> {
        let returned = match self.path.read(message) {
            Ok(returned) => returned,
            Err(why) => return Ok(Err(why.to_string())),
        };
        match self.noted(returned).await {
            Ok(Followed::Unknown) => Ok(Err("no such mail was sent to that address".to_owned())),
            Ok(told) => Ok(Ok(told)),
            Err(error) if passes(&error) => Err(error),
            Err(error) => Ok(Err(format!("it cannot be noted: {error}"))),
        }
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

/// Whether a failure passes by itself, so that the same report is read again then.
fn passes(error: &Error) -> bool {
    let Error::Store(error) = error else {
        return false;
    };
    let away = matches!(
        error,
        StoreError::Busy
            | StoreError::Slow(_)
            | StoreError::Unavailable(_)
            | StoreError::Full(_)
            | StoreError::ReadOnly(_)
    );
    away || error.is_race()
}

/// Where a message is, once it was moved or could not be.
fn done(file: &str, now: Now, moved: io::Result<()>) -> Now {
    match moved {
        Ok(()) => now,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Now::Gone,
        Err(error) => {
            tracing::warn!(%file, %error, "a message cannot be taken out of mail.bounce_directory");
            Now::There
        }
    }
}

/// Work with files, beside what else this node does.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
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

/// The files that wait, the oldest names first; never more than one run reads, however many there are.
fn waiting(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut oldest = BinaryHeap::with_capacity(AT_ONCE + 1);
    for entry in fs::read_dir(directory.join("new"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            oldest.push(entry.path());
            if oldest.len() > AT_ONCE {
                oldest.pop();
            }
        }
    }
    Ok(oldest.into_sorted_vec())
}

/// Removes what was refused but for the newest.
fn forget_oldest(refused: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(refused)? {
        let entry = entry?;
        // Another node may have removed it.
        let Ok(seen) = entry.metadata() else {
            continue;
        };
        if seen.is_file() {
            files.push((seen.modified()?, entry.path()));
        }
    }
    files.sort_unstable();
    let over = files.len().saturating_sub(MOST_REFUSED);
    for (_, file) in files.into_iter().take(over) {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

impl Job for ReturnedMail {
    fn name(&self) -> &'static str {
        "returned"
    }

    async fn run(&self, stop: &Stop) -> Result<Next, Error> {
        let directory = self.directory.clone();
        let files = match blocking(move || waiting(&directory)).await {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Next::Wait),
            Err(error) => {
                tracing::warn!(%error, "mail.bounce_directory cannot be read");
                return Ok(Next::Wait);
            }
        };
        let (mut more, mut refused) = (files.len() == AT_ONCE, false);
        for file in files {
            if stop.is_set() {
                break;
            }
            match self.take(file).await? {
                Now::Gone => {}
                Now::Refused => refused = true,
                // It would be read again at once, and for ever.
                Now::There => more = false,
            }
        }
        if refused {
            let place = self.directory.join(REFUSED);
            if let Err(error) = blocking(move || forget_oldest(&place)).await {
                tracing::warn!(%error, "what was refused cannot be removed");
            }
        }
        Ok(if more { Next::Again } else { Next::Wait })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn directory(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("takedown-{name}-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(&path).unwrap();
        path
    }

    fn name(number: usize) -> String {
        format!("{number:05}.mail")
    }

    #[test]
    fn of_a_flood_the_oldest_are_read_first_and_no_more_than_one_run_takes() {
        let maildir = directory("flood");
        let new = maildir.join("new");
        fs::create_dir_all(new.join("a-directory")).unwrap();
        for number in (0..AT_ONCE * 3).rev() {
            fs::write(new.join(name(number)), "x").unwrap();
        }
        let found = waiting(&maildir).unwrap();
        let wanted: Vec<PathBuf> = (0..AT_ONCE).map(|number| new.join(name(number))).collect();
        assert_eq!(found, wanted);
        fs::remove_dir_all(&maildir).unwrap();
    }

    #[test]
    fn of_what_was_refused_the_newest_are_kept() {
        let refused = directory("refused");
        let began = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        for number in 0..MOST_REFUSED + 3 {
            let file = fs::File::create(refused.join(name(number))).unwrap();
            // The first by name came last.
            let age = u64::try_from(number).unwrap();
            file.set_modified(began - Duration::from_secs(age)).unwrap();
        }
        forget_oldest(&refused).unwrap();
        let left: BTreeSet<String> = fs::read_dir(&refused)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let newest: BTreeSet<String> = (0..MOST_REFUSED).map(name).collect();
        assert_eq!(left, newest);
        forget_oldest(&refused).unwrap();
        assert_eq!(fs::read_dir(&refused).unwrap().count(), MOST_REFUSED);
        fs::remove_dir_all(&refused).unwrap();
    }

    #[test]
    fn only_what_passes_by_itself_is_read_again() {
        for error in [
            StoreError::Busy,
            StoreError::Unavailable("away".into()),
            StoreError::ReadOnly("looked at".into()),
            StoreError::Stale,
        ] {
            assert!(passes(&Error::Store(error)));
        }
        for error in [
            Error::NotFound,
            Error::Store(StoreError::Inconsistent("a column".into())),
        ] {
            assert!(!passes(&error), "{error}");
        }
    }
}
