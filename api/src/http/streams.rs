//! Answers without an end: how many there may be, and that all of them end when the node stops.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use takedown_core::id::ClientId;
use tokio::sync::watch;

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
    all: usize,
    of: HashMap<ClientId, usize>,
}

/// A place among the streams of this node; whoever drops it makes room for another one.
#[derive(Debug)]
pub struct Place {
    client: ClientId,
    streams: Streams,
    stopping: watch::Receiver<bool>,
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

    /// A place for one more stream of this client.
    ///
    /// # Errors
    /// 429 when the client has all it may have, 503 when the node has, or stops.
    pub fn enter(&self, client: ClientId) -> Result<Place, Problem> {
        if *self.stopping.borrow() {
            let stops = "This node is about to stop; connect again.";
            return Err(Problem::new(Code::Busy, stops).retry_after(1));
        }
        let mut open = self.lock();
        let own = open.of.get(&client).copied().unwrap_or_default();
        if own >= self.most_of_client {
            return Err(Problem::new(
                Code::TooManyRequests,
                format!(
                    "This client has {own} event streams open here, and that is all there can be; close one, or poll /v1/inbox."
                ),
            )
            .with("violated-policies", vec!["streams"])
            .retry_after(self.heartbeat.as_secs().max(1)));
        }
        if open.all >= self.most {
            return Err(Problem::new(
                Code::Busy,
                "This node has as many event streams open as it keeps; poll /v1/inbox, or come again.",
            )
            .retry_after(self.heartbeat.as_secs().max(1)));
        }
        open.all += 1;
        open.of.insert(client, own + 1);
        Ok(Place {
            client,
            streams: self.clone(),
            stopping: self.stopping.subscribe(),
        })
    }

    /// Tells all of them to end.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// How many are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.lock().all
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Until the node stops.
    pub async fn stopping(&mut self) {
        // The sender lives as long as this place does.
        let _ = self.stopping.wait_for(|stopping| *stopping).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        open.all = open.all.saturating_sub(1);
        match open.of.get_mut(&self.client) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(open.of.remove(&self.client)),
        }
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

    #[test]
    fn places_are_counted_by_client_and_by_node_and_given_back() {
        let streams = streams();
        let first = streams.enter(client(1)).unwrap();
        let _second = streams.enter(client(1)).unwrap();
        let refused = streams.enter(client(1)).unwrap_err();
        assert_eq!(refused.code(), Code::TooManyRequests);
        let _third = streams.enter(client(2)).unwrap();
        assert_eq!(streams.enter(client(3)).unwrap_err().code(), Code::Busy);
        drop(first);
        assert_eq!(streams.open(), 2);
        let _again = streams.enter(client(1)).unwrap();
    }

    #[tokio::test]
    async fn whoever_is_there_is_told_to_end_and_nobody_comes_in_any_more() {
        let streams = streams();
        let mut place = streams.enter(client(1)).unwrap();
        streams.stop();
        place.stopping().await;
        assert_eq!(streams.enter(client(2)).unwrap_err().code(), Code::Busy);
    }
}
