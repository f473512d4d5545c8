//! Whether the exchange can serve.

use super::{Cx, Error};
pub use crate::store::outbox::Backlog;
use crate::store::{StoreError, outbox, registry};

/// Asks the database for something small.
///
/// # Errors
/// [`StoreError`] when it does not answer.
pub async fn ready(cx: &Cx) -> Result<(), Error> {
    cx.store
        .read(registry::version)
        .await
        .map(drop)
        .map_err(|e: StoreError| e.into())
}

/// Notifications that wait, and those that were given up.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub async fn backlog(cx: &Cx) -> Result<Backlog, Error> {
    let backlog = cx.store.read(outbox::backlog).await;
    backlog.map_err(|e: StoreError| e.into())
}

/// How far the database's clock is ahead of ours, in milliseconds; the embedded database has no clock of its own.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub async fn clock_ahead(cx: &Cx) -> Result<Option<i64>, Error> {
    let asked = cx.now().timestamp_millis();
    let theirs = cx
        .store
        .read(crate::store::backend::clock)
        .await
        .map_err(|e: StoreError| e)?;
    let answered = cx.now().timestamp_millis();
    Ok(theirs.map(|theirs| theirs - (asked + answered) / 2))
}
