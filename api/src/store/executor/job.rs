//! A caller's work on its way through a thread of the store.

use std::sync::Arc;

use diesel::Connection;
use tokio::sync::oneshot;

use super::{Failure, lost};
use crate::store::history::{self, Appended};
use crate::store::{Conn, StoreError};

/// How one run of a job ended.
pub(super) enum Ran {
    /// Its result is ready to be told.
    Settled,
    /// It was rolled back by a race and may be run again.
    Raced,
    /// The connection is of no further use.
    Broken(StoreError),
}

/// A caller's work together with the way back to the caller.
pub(super) trait Job: Send {
    /// Runs the work. A write is inside a savepoint or transaction of its own when this returns.
    fn run(&mut self, conn: &mut Conn) -> Ran;
    /// Whether it appended to the history and was not refused.
    fn appended(&self) -> bool;
    /// Tells the caller: what the work returned, or why it was not stored.
    fn answer(self: Box<Self>, stored: Result<(), Arc<StoreError>>);
}

/// A query and the way back to its caller.
pub(super) struct Read<T, E, F> {
    pub(super) work: Option<F>,
    pub(super) answer: Option<oneshot::Sender<Result<T, E>>>,
}

impl<T, E, F> Job for Read<T, E, F>
where
    T: Send,
    E: Failure,
    F: FnOnce(&mut Conn) -> Result<T, E> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Ran {
        let Some(work) = self.work.take() else {
            return Ran::Settled;
        };
        let result = work(conn);
        let ran = judge(&result);
        if let Some(answer) = self.answer.take() {
            // The caller may have gone away; then nobody wants the answer.
            let _ = answer.send(result);
        }
        ran
    }

    fn appended(&self) -> bool {
        false
    }

    fn answer(mut self: Box<Self>, stored: Result<(), Arc<StoreError>>) {
        if let (Err(error), Some(answer)) = (stored, self.answer.take()) {
            let _ = answer.send(Err(copy(&error).into()));
        }
    }
}

/// What the caller is told of a change: its result, and the entries it appended.
pub(super) type Written<T, E> = (Result<T, E>, Vec<Appended>);

/// A change and the way back to its caller.
pub(super) struct Write<T, E, F, C> {
    pub(super) work: F,
    pub(super) answer: Option<oneshot::Sender<Written<T, E>>>,
    pub(super) done: Option<Result<T, E>>,
    pub(super) appended: Vec<Appended>,
    pub(super) committed: Option<C>,
}

impl<T, E, F, C> Job for Write<T, E, F, C>
where
    T: Send,
    E: Failure,
    F: FnMut(&mut Conn) -> Result<T, E> + Send,
    C: FnOnce(&T) + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Ran {
        let mut fatal = None;
        history::take_appended();
        let result = conn.transaction(|conn| {
            let result = (self.work)(conn);
            if let Ran::Broken(error) = judge(&result) {
                fatal = Some(error);
            }
            result
        });
        // On a full disk SQLite may end the whole transaction by itself. Rolling back to the savepoint, which is gone
        // then, fails in turn, and that failure would hide the one that matters: the next job of the group would
        // commit on its own.
        if let Some(error) = fatal {
            self.done = Some(Err(copy(&error).into()));
            return Ran::Broken(error);
        }
        self.appended = history::take_appended();
        let ran = judge(&result);
        self.done = Some(result);
        ran
    }

    fn appended(&self) -> bool {
        !self.appended.is_empty() && matches!(self.done, Some(Ok(_)))
    }

    fn answer(mut self: Box<Self>, stored: Result<(), Arc<StoreError>>) {
        let result = match (stored, self.done.take()) {
            // What the work itself refused stands, whether or not its neighbours were stored.
            (_, Some(Err(error))) => Err(error),
            (Ok(()), Some(done)) => done,
            (Err(error), _) => Err(copy(&error).into()),
            (Ok(()), None) => Err(lost().into()),
        };
        if let (Ok(done), Some(committed)) = (&result, self.committed.take()) {
            committed(done);
        }
        if let Some(answer) = self.answer.take() {
            let _ = answer.send((result, self.appended));
        }
    }
}

pub(super) fn judge<T, E: Failure>(result: &Result<T, E>) -> Ran {
    match result.as_ref().err().and_then(Failure::store) {
        Some(error) if error.breaks_connection() => Ran::Broken(copy(error)),
        Some(error) if error.is_race() => Ran::Raced,
        _ => Ran::Settled,
    }
}

/// One failure of the commit is told to every caller of the group.
pub(super) fn copy(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full(why) => StoreError::Full(why.clone()),
        other => StoreError::Unavailable(other.to_string()),
    }
}
