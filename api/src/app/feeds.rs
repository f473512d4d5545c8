//! Where the feeds of the parties stand, so that "nothing new" costs no statement and a long poll wakes at once.

mod news;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

pub use news::{Heard, News};

use crate::store::backend::moved::{self, Horizon, Moved};
use crate::store::{Conn, Store, StoreError, feed};

/// How often a node that shares its database looks for entries that other nodes appended.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How old the last look may be for a remembered head to be believed.
const BELIEVED_FOR: Duration = Duration::from_millis(1_000);
/// A feed nobody has asked for in this time is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);
/// How often it is looked which feeds those are.
const FORGET_EVERY: Duration = Duration::from_secs(60);

/// The remembered heads. Cheap to clone.
#[derive(Clone)]
pub struct Feeds {
    store: Store,
    known: Arc<Mutex<HashMap<String, Known>>>,
    looked: Arc<Mutex<Option<Instant>>>,
    /// Told of every entry that this node commits or sees, so that webhooks need not wait for their next look.
    pub news: Arc<News>,
}

struct Known {
    head: watch::Sender<i64>,
    loaded: bool,
    asked: Instant,
}

impl Feeds {
    /// Nothing is remembered yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            known: Arc::default(),
            looked: Arc::default(),
            news: Arc::default(),
        }
    }

    /// The position of a party's newest entry.
    ///
    /// On the embedded database this process is the only writer, so what is remembered is true. On a shared one it is
    /// at most [`BELIEVED_FOR`] old; beyond that, and at the first call, the database is asked.
    ///
    /// # Errors
    /// [`StoreError`] when the database had to be asked and failed.
    pub async fn head(&self, party: &str) -> Result<i64, StoreError> {
        match self.believed(party) {
            Some(head) => Ok(head),
            None => self.ask(party).await,
        }
    }

    /// The position of a party's newest entry as the database has it: for a caller who has seen more than is
    /// remembered here, because another node answered him last.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn ask(&self, party: &str) -> Result<i64, StoreError> {
        self.watch(party);
        let id = party.to_owned();
        let head = self.store.read(move |conn| feed::head(conn, &id)).await?;
        self.appended(party, head);
        if let Some(known) = self.lock().get_mut(party) {
            known.loaded = true;
        }
        Ok(head)
    }

    /// Waits until the head is past `position`, for `patience` at the most, and returns it.
    ///
    /// # Errors
    /// As [`Feeds::head`].
    pub async fn past(
        &self,
        party: &str,
        position: i64,
        patience: Duration,
    ) -> Result<i64, StoreError> {
        let mut head = self.watch(party);
        let now = self.head(party).await?;
        if now > position {
            return Ok(now);
        }
        let news = head.wait_for(|head| *head > position);
        let heard = tokio::time::timeout(patience, news).await;
        // Copied at once: what was heard must not be held while something is awaited.
        match heard.ok().and_then(Result::ok).map(|head| *head) {
            Some(head) => Ok(head),
            None => self.head(party).await,
        }
    }

    /// Tells everybody who waits that an entry was committed.
    pub fn appended(&self, party: &str, position: i64) {
        if let Some(known) = self.lock().get(party) {
            known.head.send_if_modified(|head| {
                let newer = position > *head;
                *head = position.max(*head);
                newer
            });
        }
    }

    /// Takes these heads for all there are of these parties: after a restoration they may be lower than what is remembered.
    fn put_back(&self, parties: &[String], heads: &[(String, i64)]) {
        let heads: HashMap<&String, i64> = heads.iter().map(|(id, head)| (id, *head)).collect();
        let known = self.lock();
        for party in parties {
            let there = heads.get(party).copied().unwrap_or_default();
            if let Some(known) = known.get(party) {
                known.head.send_if_modified(|head| {
                    let other = *head != there;
                    *head = there;
                    other
                });
            }
        }
    }

    /// Follows what other nodes append, and forgets feeds that nobody asks for. Runs until it is dropped.
    ///
    /// A look costs what was appended since the last one, however many feeds are remembered here.
    pub async fn follow(self) {
        let shared = self.store.is_shared();
        let (mut seen, mut forgot) = (None, Instant::now());
        loop {
            tokio::time::sleep(if shared { LOOK_EVERY } else { FORGET_EVERY }).await;
            if forgot.elapsed() >= FORGET_EVERY {
                self.forget();
                forgot = Instant::now();
            }
            if !shared {
                continue;
            }
            match self.look(seen.clone()).await {
                Ok(horizon) => {
                    seen = horizon;
                    *self.looked.lock().unwrap_or_else(PoisonError::into_inner) =
                        Some(Instant::now());
                }
                // Believed heads grow old and callers ask the database themselves; they report its failure.
                Err(error) => tracing::debug!(%error, "cannot look at the feeds"),
            }
        }
    }

    /// Takes over what was appended since the last look; at the first one, and when the database is not the same any more, the heads
    /// of all feeds that are remembered here.
    async fn look(&self, seen: Option<Horizon>) -> Result<Option<Horizon>, StoreError> {
        let last = seen.clone();
        let look = move |conn: &mut Conn| moved::moved(conn, last.as_ref());
        let Some(Moved { horizon, mut heads }) = self.store.read(look).await? else {
            return Ok(None);
        };
        let both = seen.as_ref().zip(horizon.as_ref());
        if !both.is_some_and(|(seen, now)| now.is_after(seen)) {
            let parties: Vec<String> = self.lock().keys().cloned().collect();
            let asked = parties.clone();
            let all = move |conn: &mut Conn| feed::heads(conn, &asked);
            heads = self.store.read(all).await?;
            if seen.is_some() {
                // What this node appended just now, and is lowered here, is found by the next look.
                self.put_back(&parties, &heads);
            }
        }
        for (party, head) in &heads {
            self.appended(party, *head);
        }
        // Where nothing can be written, nothing is sent either.
        if horizon.is_some() {
            heads.iter().for_each(|(party, _)| self.news.of(party));
        }
        Ok(horizon)
    }

    fn believed(&self, party: &str) -> Option<i64> {
        let fresh = !self.store.is_shared()
            || self
                .looked
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some_and(|looked| looked.elapsed() < BELIEVED_FOR);
        let mut known = self.lock();
        let known = known.get_mut(party).filter(|known| known.loaded && fresh)?;
        known.asked = Instant::now();
        Some(*known.head.borrow())
    }

    fn watch(&self, party: &str) -> watch::Receiver<i64> {
        self.lock()
            .entry(party.to_owned())
            .or_insert_with(|| Known {
                head: watch::Sender::new(0),
                loaded: false,
                asked: Instant::now(),
            })
            .head
            .subscribe()
    }

    fn forget(&self) {
        self.lock()
            .retain(|_, k| k.asked.elapsed() < FORGOTTEN_AFTER || k.head.receiver_count() > 0);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::app::tests::fixture::{Db, World, on_both};

    on_both!(after_a_restoration_heads_are_what_the_database_has);

    async fn after_a_restoration_heads_are_what_the_database_has(db: Db) {
        let w = World::on(db).await;
        w.referral().await;
        let platform = w.platform.actor.platform().unwrap().to_string();
        let feeds = &w.cx.feeds;
        let there = feeds.ask(&platform).await.unwrap();
        // As it was before the backup was put in its place, which knows nothing of one of them.
        let (later, new) = ("agency_of_later".to_owned(), "agency_new".to_owned());
        for party in [&platform, &later, &new] {
            feeds.watch(party);
            feeds.appended(party, there + 5);
        }
        let heads = [(platform.clone(), there)];
        feeds.put_back(&[platform.clone(), later.clone()], &heads);
        assert_eq!(*feeds.watch(&platform).borrow(), there);
        assert_eq!(*feeds.watch(&later).borrow(), 0);
        // That one was asked for only meanwhile.
        assert_eq!(*feeds.watch(&new).borrow(), there + 5);
        feeds.appended(&platform, there + 1);
        assert_eq!(*feeds.watch(&platform).borrow(), there + 1);
    }
}
