//! Reads of content, entered in the history before what was read leaves.
//!
//! Somebody who polls must not fill the history: of the same content in the same version each client has one entry a day (UTC).
//! Which there are already this node remembers in memory, with a bound. A table would cost a statement on every read; a node
//! that was restarted, or another one, writes a second entry instead, which is true and harms nobody.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;
use takedown_core::history::{Author, Content, Data, Digest, EntryDraft, Subject};
use takedown_core::id::RequestId;

use super::log::append;
use super::{Caller, Cx, Error};
use crate::store::StoreError;

/// How many reads of a day are remembered. Beyond it all are forgotten, and some are entered twice.
const REMEMBERED: usize = 100_000;
/// How many entries that could not be written are kept for later. Beyond it they are in the log of the program only.
const OWED: usize = 10_000;

/// What this node remembers of reads. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Reads(Arc<Mutex<Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    day: NaiveDate,
    entered: HashSet<Digest>,
    owed: Vec<EntryDraft>,
}

impl Reads {
    fn lock(&self) -> MutexGuard<'_, Remembered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that are not entered yet on the day of `drafts`, each with what it is remembered by.
    fn new_of(&self, drafts: Vec<EntryDraft>) -> Result<Vec<(Digest, EntryDraft)>, StoreError> {
        let mut remembered = self.lock();
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        for draft in drafts {
            remembered.begin(draft.at.date_naive());
            let key = Digest::of(serde_json::to_vec(&(draft.by, &draft.data))?);
            if !remembered.entered.contains(&key) && seen.insert(key) {
                found.push((key, draft));
            }
        }
        Ok(found)
    }

    fn remember(&self, day: NaiveDate, keys: impl IntoIterator<Item = Digest>) {
        let mut remembered = self.lock();
        // Another day may have begun while it was written.
        if remembered.day == day {
            for key in keys {
                if remembered.entered.len() >= REMEMBERED {
                    remembered.entered.clear();
                }
                remembered.entered.insert(key);
            }
        }
    }

    fn owe(&self, drafts: Vec<EntryDraft>) {
        let mut remembered = self.lock();
        let room = OWED.saturating_sub(remembered.owed.len());
        remembered.owed.extend(drafts.into_iter().take(room));
    }

    fn owed(&self) -> Vec<EntryDraft> {
        std::mem::take(&mut self.lock().owed)
    }
}

impl Remembered {
    fn begin(&mut self, day: NaiveDate) {
        if day > self.day {
            self.day = day;
            self.entered.clear();
        }
    }
}

/// Enters that a part of a request goes to the caller; it is stored when this returns.
///
/// # Errors
/// As [`enter`].
pub(in crate::app) async fn of_request(
    cx: &Cx,
    caller: &Caller,
    request: RequestId,
    version: Option<i32>,
    content: Content,
) -> Result<(), Error> {
    let read = Data::RequestRead {
        request,
        version,
        content,
    };
    enter(cx, caller.author(), vec![read]).await
}

/// Enters reads, all in one commit. They are stored when this returns, unless the database cannot be written: then what was
/// read is handed out all the same, the log of the program says so, and the entries follow with the time of the reads once
/// something can be written again. Whoever is asked for what is on his service must be able to read it on a day with a full
/// disk, and a database that only reads after its restoration would otherwise not even do that.
///
/// # Errors
/// [`StoreError::Inconsistent`] when an entry cannot be written as JSON.
pub(in crate::app) async fn enter(cx: &Cx, by: Author, reads: Vec<Data>) -> Result<(), Error> {
    let at = cx.now();
    let draft = |data| EntryDraft {
        subject: Subject::Exchange,
        by,
        at,
        data,
    };
    let new = cx.reads.new_of(reads.into_iter().map(draft).collect())?;
    if new.is_empty() {
        pay(cx);
        return Ok(());
    }
    let (keys, drafts): (Vec<Digest>, Vec<EntryDraft>) = new.into_iter().unzip();
    // In a task of its own: a read changes nothing for its reader, who gets no receipt for it, and who hangs up is entered as well.
    let (cx2, entries) = (cx.clone(), drafts.clone());
    let written = tokio::spawn(async move { write(&cx2, entries).await }).await;
    let written = written.unwrap_or_else(|lost| {
        Err(StoreError::Unavailable(format!("the entry of a read was lost: {lost}")).into())
    });
    cx.reads.remember(at.date_naive(), keys);
    match written {
        Ok(()) => pay(cx),
        Err(error) => {
            for draft in &drafts {
                let read = serde_json::to_string(draft).map_err(StoreError::from)?;
                tracing::warn!(cause = %error, read, "a read is answered that is not in the history");
            }
            // What only reads stays so until it is started anew.
            if cx.store.stopped().is_none() {
                cx.reads.owe(drafts);
            }
        }
    }
    Ok(())
}

/// Remembers a read that another entry tells of already: the receipt of a platform.
pub(in crate::app) fn told_already(
    cx: &Cx,
    caller: &Caller,
    (request, version): (RequestId, i32),
) -> Result<(), Error> {
    let at = cx.now();
    let draft = EntryDraft {
        subject: Subject::Exchange,
        by: caller.author(),
        at,
        data: Data::RequestRead {
            request,
            version: Some(version),
            content: Content::Request,
        },
    };
    let new = cx.reads.new_of(vec![draft])?;
    let keys = new.into_iter().map(|(key, _)| key);
    cx.reads.remember(at.date_naive(), keys);
    Ok(())
}

/// Writes what could not be written when it was due. Nobody waits for it.
fn pay(cx: &Cx) {
    let owed = cx.reads.owed();
    if owed.is_empty() {
        return;
    }
    let cx = cx.clone();
    tokio::spawn(async move {
        if write(&cx, owed.clone()).await.is_err() {
            cx.reads.owe(owed);
        }
    });
}

async fn write(cx: &Cx, drafts: Vec<EntryDraft>) -> Result<(), Error> {
    cx.store
        .write(move |conn| {
            drafts
                .iter()
                .try_for_each(|draft| append(conn, draft).map(drop))
        })
        .await
}

#[cfg(test)]
mod tests;
