//! Following the inbox: what polling gives, for as long as the caller stays.

use std::time::Duration;

use takedown_core::page::InboxCursor;
use takedown_core::policy::{Action, Actor, Resource, authorize};

use super::{ahead, party_of, position};
use crate::app::{Caller, Cx, Error};
use crate::store::{StoreError, feed};

/// So many entries are read at once: what a reader does not take is not read for him.
const AT_ONCE: i64 = 20;

/// Somebody who follows an inbox, and how far he was told. There is nothing of it in the database: what he was told last he says
/// himself when he comes again.
#[derive(Debug)]
pub struct Following {
    party: String,
    position: i64,
}

/// An entry of the inbox.
#[derive(Debug)]
pub struct Followed {
    /// As it was rendered when it was committed: one line.
    pub entry: String,
    /// Where to go on after it.
    pub cursor: String,
    /// Its place in the inbox.
    pub position: i64,
}

/// Begins to follow one's own inbox after a cursor, or from its beginning.
///
/// # Errors
/// [`Error::Cursor`] when the cursor is not one of this party's, and those of the policy and the store.
pub async fn follow(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<Following, Error> {
    may_follow(&caller.actor)?;
    let party = party_of(caller)?;
    let position = position(cursor, &party)?;
    // A cursor of another node may be ahead of what is remembered here.
    if position > cx.feeds.head(&party).await? && position > cx.feeds.ask(&party).await? {
        return Err(ahead());
    }
    Ok(Following { party, position })
}

/// Whether somebody may follow his inbox, at the beginning and later.
///
/// # Errors
/// Those of the policy.
pub fn may_follow(actor: &Actor) -> Result<(), Error> {
    authorize(actor, Action::FollowInbox, &Resource::Exchange)?;
    Ok(())
}

impl Following {
    /// The next entries; waits for them, and gives none when none came in this time.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn next(&mut self, cx: &Cx, patience: Duration) -> Result<Vec<Followed>, StoreError> {
        let head = cx.feeds.past(&self.party, self.position, patience).await?;
        if head <= self.position {
            return Ok(Vec::new());
        }
        let (party, after) = (self.party.clone(), self.position);
        let rows = cx
            .store
            .read(move |conn| feed::page(conn, &party, after, AT_ONCE))
            .await?;
        let entries = rows.into_iter().map(|(position, entry)| {
            self.position = position;
            let party = self.party.clone();
            let cursor = InboxCursor { party, position }.encode();
            Followed {
                entry,
                cursor,
                position,
            }
        });
        Ok(entries.collect())
    }
}
