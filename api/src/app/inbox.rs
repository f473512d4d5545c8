//! Polling the inbox: what happened to a party's requests, in commit order.
//!
//! A page is never used up: a cursor is a position, and asking again with it gives the same entries. Acknowledging a
//! request is a call of its own.

mod following;

pub use following::{Followed, Following, follow, may_follow};

use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use takedown_core::page::InboxCursor;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::Side;

use super::{Caller, Cx, Error};
use crate::store::{StoreError, feed};

/// What to read of the inbox.
#[derive(Debug, Clone)]
pub struct Poll {
    /// Where to go on; the beginning when there is none.
    pub cursor: Option<String>,
    /// How many entries at the most.
    pub limit: usize,
    /// How long to wait when there is nothing new.
    pub patience: Duration,
    /// The head of the feed as the caller knows it, from `If-None-Match`.
    pub known_head: Option<i64>,
}

/// A page of the inbox.
#[derive(Debug)]
pub struct Page {
    /// The entries as they were rendered when they were committed, separated by commas.
    pub entries: Bytes,
    /// Where to go on: after the last entry.
    pub next: String,
    /// Whether more entries follow at once.
    pub more: bool,
    /// The position of the newest entry there is.
    pub head: i64,
}

/// What came of a poll.
#[derive(Debug)]
pub enum Polled {
    /// The head is still the one the caller knows.
    NothingNew(i64),
    /// A page.
    Page(Page),
}

/// Reads what comes after a cursor; waits for it if asked to.
///
/// # Errors
/// [`Error::Cursor`] when the cursor is not one of this party's, and those of the policy and the store.
pub async fn poll(cx: &Cx, caller: &Caller, poll: Poll) -> Result<Polled, Error> {
    authorize(&caller.actor, Action::ReadInbox, &Resource::Exchange)?;
    let party = party_of(caller)?;
    let after = position(poll.cursor.as_deref(), &party)?;
    let mut head = cx.feeds.head(&party).await?;
    // Waiting is for entries after the cursor, and for a head the caller has not seen.
    let seen = after.max(poll.known_head.unwrap_or(0));
    if seen > head {
        head = cx.feeds.ask(&party).await?;
    }
    if head <= seen && !poll.patience.is_zero() {
        head = cx.feeds.past(&party, seen, poll.patience).await?;
    }
    if poll.known_head == Some(head) {
        return Ok(Polled::NothingNew(head));
    }
    if after > head {
        return Err(ahead());
    }
    let (entries, last) = if head == after {
        (Bytes::new(), after)
    } else {
        entries(cx, &party, after, poll.limit).await?
    };
    // Entries may have come in since the head was read.
    let head = head.max(last);
    cx.feeds.appended(&party, head);
    Ok(Polled::Page(Page {
        next: InboxCursor {
            party,
            position: last,
        }
        .encode(),
        more: last < head,
        entries,
        head,
    }))
}

/// The position that a cursor of this party stands for; the beginning without one.
fn position(cursor: Option<&str>, party: &str) -> Result<i64, Error> {
    let Some(cursor) = cursor else { return Ok(0) };
    let cursor = InboxCursor::decode(cursor, party).map_err(|e| Error::Cursor(e.to_string()))?;
    Ok(cursor.position)
}

fn ahead() -> Error {
    Error::Cursor(
        "this cursor is ahead of the inbox: it was made by another exchange, or the exchange was restored from an older \
         backup; start again without a cursor"
            .into(),
    )
}

/// The entries after a position, and the position of the last one.
async fn entries(
    cx: &Cx,
    party: &str,
    after: i64,
    limit: usize,
) -> Result<(Bytes, i64), StoreError> {
    let key = (party.to_owned(), after, limit);
    let count = i64::try_from(limit).unwrap_or(i64::MAX);
    if let Some(page) = cx.pages.get(&key) {
        return Ok((page, after + count));
    }
    let id = party.to_owned();
    let rows = cx
        .store
        .read(move |conn| feed::page(conn, &id, after, count))
        .await?;
    let last = rows.last().map_or(after, |(position, _)| *position);
    let size: usize = rows.iter().map(|(_, entry)| entry.len() + 1).sum();
    let mut page = BytesMut::with_capacity(size);
    for (index, (_, entry)) in rows.iter().enumerate() {
        if index > 0 {
            page.put_u8(b',');
        }
        page.put_slice(entry.as_bytes());
    }
    let page = page.freeze();
    if rows.len() == limit {
        cx.pages.put(key, page.clone());
    }
    Ok((page, last))
}

/// Agencies have an inbox as platforms do: it is how a unit learns without loss what became of its requests.
fn party_of(caller: &Caller) -> Result<String, Error> {
    match caller.actor.side() {
        Some(Side::Platform) => caller.actor.platform().map(|id| id.to_string()),
        Some(Side::Agency) => caller.actor.agency().map(|id| id.to_string()),
        None => None,
    }
    .ok_or(Error::NotFound)
}
