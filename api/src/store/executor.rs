//! Threads that own a connection each, and the queues that feed them.
//!
//! A pool that hands connections to the caller's thread was measured against this: it blocks the caller's runtime,
//! and on SQLite it cannot put the work of many callers under one sync, which is what bounds filings per second.

mod job;
mod replica;
mod threads;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use tokio::sync::oneshot;

use self::job::{Job, Ran, Read, Write};
use self::threads::Threads;
use super::backend::{Access, Location, forget_old_pages, migrate, sqlite};
use super::history::Appended;
use super::{Conn, StoreError, log};

/// Work waiting beyond this is refused with [`StoreError::Busy`], so that callers learn early and memory stays flat.
const QUEUE: usize = 1024;
/// How many callers' changes SQLite commits with one sync at the most.
const GROUP: usize = 64;
/// How many entries are given their places in the log at a time.
const PLACED: usize = 1_000;
/// How often a change that lost a race on PostgreSQL is done again.
const ATTEMPTS: usize = 5;

/// What the work of a caller may fail with.
pub trait Failure: From<StoreError> + From<diesel::result::Error> + Send + 'static {
    /// The store's own error, when it is one: it decides whether the work is done again.
    fn store(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

tokio::task_local! {
    static NOTED: std::cell::RefCell<Vec<Appended>>;
}

/// Runs `work` and gives back, besides what it returns, the history entries that its changes appended and that are stored.
pub async fn noting<F: Future>(work: F) -> (F::Output, Vec<Appended>) {
    NOTED
        .scope(std::cell::RefCell::default(), async {
            let done = work.await;
            (done, NOTED.with(std::cell::RefCell::take))
        })
        .await
}

/// The database, seen from the rest of the program. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    location: Location,
    queues: Arc<Queues>,
    /// Why nothing is written any more.
    stopped: Arc<OnceLock<String>>,
}

/// The ways to the threads. They are dropped in this order: a thread ends when nobody can send it work any more.
struct Queues {
    reads: Sender<Box<dyn Job>>,
    writes: Sender<Box<dyn Job>>,
    _threads: Threads,
}

impl Store {
    /// Migrates the database and starts the threads: `connections` of them for PostgreSQL, one writer and
    /// `connections` readers for SQLite. They end when the last clone is dropped, which waits for them.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be opened or migrated.
    pub fn open(location: Location, connections: usize) -> Result<Self, StoreError> {
        let connections = connections.max(1);
        let mut first = location.open(Access::Write)?;
        migrate(&mut first)?;
        let (reads, read_queue) = bounded(QUEUE);
        let breaks = Arc::default();
        let mut threads = Threads::default();
        let writes = match location {
            Location::Sqlite(_) => {
                let (writes, queue) = bounded(QUEUE);
                let worker = Worker::new(&location, Access::Write, Some(first), &breaks);
                threads.start("store-writer", move || worker.work(&queue, Worker::group))?;
                for _ in 0..connections {
                    let worker = Worker::new(&location, Access::Read, None, &breaks);
                    let queue = read_queue.clone();
                    threads.start("store-reader", move || worker.work(&queue, Worker::single))?;
                }
                writes
            }
            Location::Postgres(_) => {
                let mut first = Some(first);
                for _ in 0..connections {
                    let worker = Worker::new(&location, Access::Write, first.take(), &breaks);
                    let queue = read_queue.clone();
                    threads.start("store", move || worker.work(&queue, Worker::single))?;
                }
                reads.clone()
            }
        };
        Ok(Self {
            location,
            queues: Arc::new(Queues {
                reads,
                writes,
                _threads: threads,
            }),
            stopped: Arc::default(),
        })
    }

    /// How many bytes are free where the embedded database lies; PostgreSQL tells nobody.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the directory cannot be looked at.
    pub fn free_space(&self) -> Result<Option<u64>, StoreError> {
        self.location.free_space()
    }

    /// Writes nothing any more from now on: every change is refused with [`StoreError::ReadOnly`] and this reason.
    pub fn stop_writing(&self, why: String) {
        // Whoever was first knows best.
        let _ = self.stopped.set(why);
    }

    /// Why nothing is written any more, if so.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    /// Whether several nodes may write to this database at once.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.location, Location::Postgres(_))
    }

    /// Overwrites what the log of the embedded database still holds of pages that were changed since. Blocks.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails. That somebody reads just now is no error: it is done the next time.
    pub fn forget_old_pages(&self) -> Result<(), StoreError> {
        if self.is_shared() {
            return Ok(());
        }
        forget_old_pages(&mut self.location.open(Access::Write)?)
    }

    /// How many jobs wait for a thread.
    #[must_use]
    pub fn waiting(&self) -> usize {
        if self.is_shared() {
            self.queues.reads.len()
        } else {
            self.queues.reads.len() + self.queues.writes.len()
        }
    }

    /// How many changes wait for a thread.
    #[cfg(test)]
    pub(crate) fn writes_waiting(&self) -> usize {
        self.queues.writes.len()
    }

    /// Runs a query outside of any transaction of ours.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`] when there is no thread or no database for it.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        enqueue(
            &self.queues.reads,
            Box::new(Read {
                work: Some(work),
                answer: Some(answer),
            }),
        )?;
        answered.await.unwrap_or_else(|_| Err(lost().into()))
    }

    /// Runs a change: all of it is stored and synced when this returns `Ok`, nothing of it otherwise.
    ///
    /// `work` may run more than once: on PostgreSQL a change that lost a race is rolled back and done again.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`] when the change could not be stored.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
    {
        self.write_then(work, |_| {}).await
    }

    /// As [`Store::write`]; `committed` is told once it is stored. A caller who hangs up drops the future of a change
    /// that is stored all the same, so what must follow a commit belongs there and not behind the `await`.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_then<T, E, F, C>(&self, work: F, committed: C) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure,
        F: FnMut(&mut Conn) -> Result<T, E> + Send + 'static,
        C: FnOnce(&T) + Send + 'static,
    {
        if let Some(why) = self.stopped() {
            return Err(StoreError::ReadOnly(why.to_owned()).into());
        }
        let (answer, answered) = oneshot::channel();
        let job = Write {
            work,
            answer: Some(answer),
            done: None,
            appended: Vec::new(),
            committed: Some(committed),
        };
        enqueue(&self.queues.writes, Box::new(job))?;
        let (result, appended) = answered
            .await
            .unwrap_or_else(|_| (Err(lost().into()), Vec::new()));
        if result.is_ok() {
            // Whoever runs without `noting` does not want to know.
            let _ = NOTED.try_with(|noted| noted.borrow_mut().extend(appended));
        }
        result
    }
}

fn lost() -> StoreError {
    StoreError::Unavailable("the store's thread ended before it answered".into())
}

fn enqueue(queue: &Sender<Box<dyn Job>>, job: Box<dyn Job>) -> Result<(), StoreError> {
    queue.try_send(job).map_err(|error| match error {
        TrySendError::Full(_) => StoreError::Busy,
        TrySendError::Disconnected(_) => lost(),
    })
}

/// How a thread works off its queue, beginning with one job.
type Step = fn(&mut Worker, Box<dyn Job>, &Receiver<Box<dyn Job>>);

/// A thread's connection, opened when it is first needed and again after it broke.
struct Worker {
    location: Location,
    access: Access,
    conn: Option<Conn>,
    /// How often a connection of this store broke, and how often when ours was opened. When one breaks the others are
    /// dead with it as a rule: they are opened anew rather than failing one caller each.
    breaks: Arc<AtomicU64>,
    opened: u64,
}

impl Worker {
    fn new(
        location: &Location,
        access: Access,
        conn: Option<Conn>,
        breaks: &Arc<AtomicU64>,
    ) -> Self {
        Self {
            location: location.clone(),
            access,
            conn,
            breaks: Arc::clone(breaks),
            opened: 0,
        }
    }

    /// Works its queue off until nobody can add to it any more.
    fn work(mut self, queue: &Receiver<Box<dyn Job>>, step: Step) {
        while let Ok(job) = queue.recv() {
            step(&mut self, job, queue);
        }
    }

    fn conn(&mut self) -> Result<&mut Conn, StoreError> {
        let breaks = self.breaks.load(Ordering::Relaxed);
        if self.opened != breaks {
            self.conn = None;
            self.opened = breaks;
        }
        if self.conn.is_none() {
            self.conn = Some(self.location.open(self.access)?);
        }
        self.conn.as_mut().ok_or_else(lost)
    }

    fn broke(&mut self) {
        self.conn = None;
        self.breaks.fetch_add(1, Ordering::Relaxed);
    }

    /// One job by itself: reads of both databases and PostgreSQL's writes.
    fn single(&mut self, mut job: Box<dyn Job>, _: &Receiver<Box<dyn Job>>) {
        for attempt in 1..=ATTEMPTS {
            let conn = match self.conn() {
                Ok(conn) => conn,
                Err(error) => return job.answer(Err(Arc::new(error))),
            };
            match guarded(&mut *job, conn) {
                Ran::Raced if attempt < ATTEMPTS => {}
                Ran::Broken(_) => {
                    self.broke();
                    break;
                }
                Ran::Raced | Ran::Settled => break,
            }
        }
        job.answer(Ok(()));
    }

    /// Many writes under one sync: each in a savepoint of its own, so that one that fails takes no other with it.
    fn group(&mut self, first: Box<dyn Job>, queue: &Receiver<Box<dyn Job>>) {
        let mut jobs = vec![first];
        let stored = self.commit_group(&mut jobs, queue).map_err(Arc::new);
        if stored.is_err() {
            self.broke();
        }
        for job in jobs {
            job.answer(stored.clone());
        }
    }

    fn commit_group(
        &mut self,
        jobs: &mut Vec<Box<dyn Job>>,
        queue: &Receiver<Box<dyn Job>>,
    ) -> Result<(), StoreError> {
        let conn = self.conn()?;
        let Conn::Sqlite(sqlite) = conn else {
            return Err(lost());
        };
        sqlite::begin(sqlite)?;
        let mut next = 0;
        while let Some(job) = jobs.get_mut(next) {
            if let Ran::Broken(error) = guarded(&mut **job, conn) {
                return Err(error);
            }
            next += 1;
            if next == jobs.len()
                && next < GROUP
                && let Ok(more) = queue.try_recv()
            {
                jobs.push(more);
            }
        }
        if jobs.iter().any(|job| job.appended()) {
            // In the commit of the entries themselves: there is one writer, so nobody waits for another.
            while log::sequence(conn, PLACED)? == PLACED {}
        }
        let Conn::Sqlite(sqlite) = conn else {
            return Err(lost());
        };
        sqlite::commit(sqlite)
    }
}

/// A panic in a job is a defect; it must not take the thread, and with it the store, down.
fn guarded(job: &mut dyn Job, conn: &mut Conn) -> Ran {
    catch_unwind(AssertUnwindSafe(|| job.run(conn))).unwrap_or_else(|_| {
        tracing::error!("a store job panicked; its connection is closed");
        Ran::Broken(StoreError::Unavailable("a defect stopped the work".into()))
    })
}

#[cfg(test)]
mod tests;
