//! Where the feeds of the parties stand, so that "nothing new" costs no statement and a long poll wakes at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, watch};

use crate::store::{Store, StoreError, feed};

/// How often a node that shares its database looks for entries that other nodes appended.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How old the last look may be for a remembered head to be believed.
const BELIEVED_FOR: Duration = Duration::from_millis(1_000);
/// A feed nobody has asked for in this time is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);

/// The remembered heads. Cheap to clone.
#[derive(Clone)]
pub struct Feeds {
    store: Store,
    known: Arc<Mutex<HashMap<String, Known>>>,
    looked: Arc<Mutex<Option<Instant>>>,
    /// Told of every entry that this node commits, so that webhooks need not wait for their next look.
    pub news: Arc<Notify>,
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

    /// Follows what other nodes append to the feeds somebody here has asked for. Runs until it is dropped; returns at
    /// once on the embedded database, which has no other nodes.
    pub async fn follow(self) {
        if !self.store.is_shared() {
            return;
        }
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let parties = self.asked_for();
            if parties.is_empty() {
                self.looked_now();
                continue;
            }
            let heads = self
                .store
                .read(move |conn| feed::heads(conn, &parties))
                .await;
            match heads {
                Ok(heads) => {
                    for (party, head) in heads {
                        self.appended(&party, head);
                    }
                    self.looked_now();
                }
                // Believed heads grow old and callers ask the database themselves; they report its failure.
                Err::<_, StoreError>(error) => tracing::debug!(%error, "cannot look at the feeds"),
            }
        }
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

    fn asked_for(&self) -> Vec<String> {
        let mut known = self.lock();
        known.retain(|_, k| k.asked.elapsed() < FORGOTTEN_AFTER || k.head.receiver_count() > 0);
        known.keys().cloned().collect()
    }

    fn looked_now(&self) {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
