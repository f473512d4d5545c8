//! Answers without an end: how many there may be, and that all of them end when the node stops.
//!
//! That a reader has gone shows when the next piece is written and not before. A client that connects again at once must not find
//! its places taken by what is left of it, so the oldest of its streams makes room.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use takedown_core::id::ClientId;
use tokio::sync::{Notify, watch};

use crate::config::server::Server;
use crate::http::problem::{Code, Problem};

/// The streams of this node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Streams {
    /// How long one may be silent.
    pub heartbeat: Duration,
    /// How long it waits for a reader that takes nothing.
    pub patience: Duration,
    most: usize,
    most_of_client: usize,
    open: Arc<Mutex<Open>>,
    stopping: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    last: u64,
    of: HashMap<ClientId, VecDeque<(u64, Arc<Notify>)>>,
}

/// A place among the streams of this node; whoever drops it makes room for another one.
#[derive(Debug)]
pub struct Place {
    client: ClientId,
    number: u64,
    replaced: Arc<Notify>,
    stopping: watch::Receiver<bool>,
    streams: Streams,
}

/// Why somebody has to leave his place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// The node stops.
    Stopping,
    /// The client opened more than it may have, and this is its oldest.
    Replaced,
}

impl Streams {
    /// As configured.
    #[must_use]
    pub fn new(server: &Server) -> Self {
        Self {
            heartbeat: server.stream_heartbeat,
            patience: server.stream_patience,
            most: server.streams,
            most_of_client: server.streams_per_client,
            open: Arc::default(),
            stopping: watch::Sender::new(false),
        }
    }

    /// A place for one more stream of this client; its oldest one makes room when it has all it may have.
    ///
    /// # Errors
    /// 503 when the node has all it may have, or stops.
    pub fn enter(&self, client: ClientId) -> Result<Place, Problem> {
        if *self.stopping.borrow() {
            let stops = "This node is about to stop; connect again.";
            return Err(Problem::new(Code::Busy, stops).retry_after(1));
        }
        let mut open = self.lock();
        let own = open.of.get(&client).map_or(0, VecDeque::len);
        let oldest = match open.of.get_mut(&client) {
            Some(own) if own.len() >= self.most_of_client => own.pop_front(),
            _ => None,
        };
        match oldest {
            Some((_, replaced)) => {
                open.count -= 1;
                replaced.notify_one();
            }
            None if open.count >= self.most => {
                return Err(Problem::new(
                    Code::Busy,
                    "This node has as many event streams open as it keeps; poll /v1/inbox, or come again.",
                )
                .retry_after(self.heartbeat.as_secs().max(1)));
            }
            None => {}
        }
        tracing::debug!(client = %client, own, all = open.count, "a stream is opened");
        open.count += 1;
        open.last += 1;
        let (number, replaced) = (open.last, Arc::<Notify>::default());
        let own = open.of.entry(client).or_default();
        own.push_back((number, Arc::clone(&replaced)));
        Ok(Place {
            client,
            number,
            replaced,
            stopping: self.stopping.subscribe(),
            streams: self.clone(),
        })
    }

    /// Tells all of them to end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// How many are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.lock().count
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits until this place has to be left.
    pub async fn leave(&mut self) -> Leave {
        let stopping = &mut self.stopping;
        tokio::select! {
            // The sender lives as long as this place does.
            _ = stopping.wait_for(|stopping| *stopping) => Leave::Stopping,
            () = self.replaced.notified() => Leave::Replaced,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        let Some(own) = open.of.get_mut(&self.client) else {
            return;
        };
        let before = own.len();
        own.retain(|(number, _)| *number != self.number);
        let (left, empty) = (before - own.len(), own.is_empty());
        if empty {
            open.of.remove(&self.client);
        }
        open.count -= left;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use uuid::Uuid;

    use super::*;

    fn streams() -> Streams {
        Streams {
            heartbeat: Duration::from_secs(15),
            patience: Duration::from_secs(30),
            most: 3,
            most_of_client: 2,
            open: Arc::default(),
            stopping: watch::Sender::new(false),
        }
    }

    fn client(n: u128) -> ClientId {
        ClientId::from_uuid(Uuid::from_u128(n))
    }

    #[tokio::test]
    async fn the_oldest_of_a_client_makes_room_and_of_a_node_nobody() {
        let streams = streams();
        let mut first = streams.enter(client(1)).unwrap();
        let second = streams.enter(client(1)).unwrap();
        let other = streams.enter(client(2)).unwrap();
        assert_eq!(streams.enter(client(3)).unwrap_err().code(), Code::Busy);
        let third = streams.enter(client(1)).unwrap();
        assert_eq!(first.leave().await, Leave::Replaced);
        assert_eq!(streams.open(), 3);
        // It made room already, and makes none again.
        drop(first);
        assert_eq!(streams.open(), 3);
        drop((second, third, other));
        assert_eq!(streams.open(), 0);
        assert!(streams.lock().of.is_empty());
    }

    #[tokio::test]
    async fn whoever_is_there_is_told_to_end_and_nobody_comes_in_any_more() {
        let streams = streams();
        let mut place = streams.enter(client(1)).unwrap();
        streams.stop();
        assert_eq!(place.leave().await, Leave::Stopping);
        assert_eq!(streams.enter(client(2)).unwrap_err().code(), Code::Busy);
    }
}
