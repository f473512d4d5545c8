//! The threads of a store, and their end.

use std::convert::Infallible;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::store::StoreError;

/// How long the program waits at its end for a thread that does not come back from the database.
const PATIENCE: Duration = Duration::from_secs(10);

/// Threads that are waited for when this is dropped. When `main` returned while one of them closed its connection, the
/// process tore OpenSSL down under libpq and ended with a segmentation fault.
pub(super) struct Threads {
    handles: Vec<JoinHandle<()>>,
    /// Every thread holds a sender; that there is none left says that all have ended.
    running: Option<Sender<Infallible>>,
    ended: Receiver<Infallible>,
}

impl Default for Threads {
    fn default() -> Self {
        let (running, ended) = bounded(0);
        Self {
            handles: Vec::new(),
            running: Some(running),
            ended,
        }
    }
}

impl Threads {
    /// Starts one more.
    pub(super) fn start(
        &mut self,
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let running = self.running.clone();
        let handle = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                let _running = running;
                work();
            })
            .map_err(|e| StoreError::Unavailable(format!("cannot start a thread: {e}")))?;
        self.handles.push(handle);
        Ok(())
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.running = None;
        let me = thread::current().id();
        if self.handles.iter().any(|handle| handle.thread().id() == me) {
            // The last job held the last clone of the store: this thread cannot wait for itself.
            return;
        }
        if self.ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("the database does not answer; its connections are given up");
            return;
        }
        for handle in self.handles.drain(..) {
            // A panic in a thread of the store is caught and told there.
            let _ = handle.join();
        }
    }
}
