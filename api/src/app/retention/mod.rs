//! Destroying what is older than it may become, in short steps. Each is one commit: what is gone, and the entry that says so.

#[cfg(test)]
mod tests;

use std::time::Duration;

use takedown_core::history::{Author, By, Data, EntryDraft, Subject, Via};
use takedown_core::retention::{Class, ContentGone};
use takedown_core::time::{At, from_millis};

use super::log::append;
use super::requests::{destroyed, erase_old};
use super::{Cx, Error};
use crate::store::erasure::ageing;
use crate::store::{Conn, StoreError};

/// So many rows are destroyed in one commit, so that callers never wait long for the writer.
const AT_ONCE: i64 = 200;
/// So many requests are looked for at a time.
const LOOKED_FOR: i64 = 100;
/// Where a request must stand to be erased.
const OVER: [&str; 2] = ["closed", "withdrawn"];

/// How long each class is kept; one that is not named is kept for good.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Times(Vec<(Class, Duration)>);

impl Times {
    /// From what is configured.
    #[must_use]
    pub fn new(times: Vec<(Class, Duration)>) -> Self {
        Self(times)
    }

    /// The shortest of them.
    #[must_use]
    pub fn shortest(&self) -> Option<Duration> {
        self.0.iter().map(|(_, time)| *time).min()
    }
}

/// How much was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Requests.
    pub requests: usize,
    /// Anything else.
    pub rows: usize,
}

/// Destroys whatever is older than it may become.
///
/// # Errors
/// Those of the store; what was destroyed before stays so, and is named.
pub async fn erase_what_is_old(cx: &Cx, times: &Times) -> Result<Erased, Error> {
    let mut erased = Erased::default();
    for (class, time) in &times.0 {
        let Some(until) = before(cx.now(), *time) else {
            continue;
        };
        if *class == Class::Requests {
            erased.requests += requests(cx, until).await?;
            continue;
        }
        loop {
            let class = *class;
            let now = cx.now();
            let (rows, more) = cx
                .store
                .write(move |conn| step(conn, class, until, now))
                .await?;
            erased.rows += rows;
            if !more {
                break;
            }
        }
    }
    Ok(erased)
}

/// The instant so long before; none before time began here.
fn before(now: At, time: Duration) -> Option<i64> {
    let millis = i64::try_from(time.as_millis()).ok()?;
    let until = now.timestamp_millis().checked_sub(millis)?;
    from_millis(until).is_ok().then_some(until)
}

async fn requests(cx: &Cx, until: i64) -> Result<usize, Error> {
    let mut erased = 0;
    for status in OVER {
        let mut after = (i64::MIN, String::new());
        loop {
            let from = after.clone();
            let some = cx
                .store
                .read(move |conn| {
                    ageing::requests(conn, status, until, (from.0, &from.1), LOOKED_FOR)
                })
                .await
                .map_err(Error::Store)?;
            let Some(last) = some.last() else { break };
            after = last.clone();
            for (_, id) in some {
                match erase_old(cx, id.clone(), until).await {
                    Ok(done) => erased += usize::from(done),
                    Err(Error::Store(StoreError::Inconsistent(_))) => {
                        // Why may quote the row, and the log holds nothing of what was filed.
                        tracing::error!(request = %id, "a request cannot be read and is not erased");
                    }
                    Err(other) => return Err(other),
                }
            }
        }
    }
    Ok(erased)
}

/// One step: how much was destroyed, and whether there may be more.
fn step(conn: &mut Conn, class: Class, until: i64, now: At) -> Result<(usize, bool), Error> {
    let (mut names, mut entries) = (Vec::new(), Vec::new());
    let mut rows = match class {
        Class::Requests => return Ok((0, false)),
        Class::Mails => ageing::mails(conn, until, AT_ONCE)?,
        Class::Sightings => {
            names = ageing::sightings(conn, until, AT_ONCE)?;
            entries = ageing::entries_with(conn, &names)?;
            names.len()
        }
        Class::Imports => {
            names = ageing::imports(conn, until, AT_ONCE)?;
            names.len()
        }
        Class::Lookups => 0,
    };
    // Entries of a class of their own, once nothing is left that they tell of.
    if rows == 0 {
        entries = ageing::entries_until(conn, class.as_str(), until, AT_ONCE)?;
        rows = entries.len();
    }
    if rows == 0 {
        return Ok((0, false));
    }
    let entries = destroyed(conn, entries)?;
    let draft = EntryDraft {
        subject: Subject::Exchange,
        by: Author {
            by: By::System,
            via: Via::Worker,
            client: None,
        },
        at: now,
        data: Data::ContentErased {
            erased: ContentGone {
                class,
                until: from_millis(until).unwrap_or(now),
                names,
                rows,
                entries,
            },
        },
    };
    append(conn, &draft)?;
    Ok((rows, true))
}
