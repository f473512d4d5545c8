//! Threads that read from a replica.

use std::sync::Arc;

use crossbeam_channel::bounded;

use super::threads::Threads;
use super::{QUEUE, Queues, Store, Worker};
use crate::store::StoreError;
use crate::store::backend::{Access, Location};

impl Store {
    /// Starts `connections` threads that read from a replica. Each connects when it is first needed: a replica that is away keeps
    /// nobody from starting. What is written to it is refused.
    ///
    /// # Errors
    /// [`StoreError`] when the threads cannot be started.
    pub fn open_replica(location: Location, connections: usize) -> Result<Self, StoreError> {
        let (reads, queue) = bounded(QUEUE);
        let breaks = Arc::default();
        let mut threads = Threads::default();
        for _ in 0..connections.max(1) {
            let worker = Worker::new(&location, Access::Look, None, &breaks);
            let queue = queue.clone();
            threads.start("store-replica", move || worker.work(&queue, Worker::single))?;
        }
        let replica = Self {
            location,
            queues: Arc::new(Queues {
                writes: reads.clone(),
                reads,
                _threads: threads,
            }),
            stopped: Arc::default(),
        };
        replica.stop_writing("a replica only reads".to_owned());
        Ok(replica)
    }
}
