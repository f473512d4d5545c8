//! Forgetting what has served its time.

use chrono::Duration;

use super::once::KEPT;
use super::{Cx, Error};
use crate::store::{StoreError, clients, idempotency, registry};

/// So many rows are removed in one transaction, so that callers never wait long for the writer.
const AT_ONCE: i64 = 500;
/// A key that no node has used for this long is forgotten; its last token died long before.
const KEYS_KEPT: Duration = Duration::days(7);

/// What was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forgotten {
    /// First answers to idempotency keys older than 24 hours.
    pub answers: usize,
    /// Client assertions that would be refused for their age.
    pub assertions: usize,
    /// Public keys of nodes that are no more.
    pub keys: usize,
    /// Files of exports whose time is over, or that nobody wants any more.
    pub exports: usize,
}

/// Forgets what has served its time.
///
/// # Errors
/// Those of the store; what was forgotten before stays forgotten.
pub async fn forget(cx: &Cx) -> Result<Forgotten, Error> {
    let now = cx.now();
    let answered_before = (now - KEPT).timestamp_millis();
    let mut forgotten = Forgotten::default();
    loop {
        let answers: usize = cx
            .store
            .write(move |conn| idempotency::forget(conn, answered_before, AT_ONCE))
            .await
            .map_err(Error::Store)?;
        forgotten.answers += answers;
        if i64::try_from(answers).unwrap_or(i64::MAX) < AT_ONCE {
            break;
        }
    }
    (forgotten.assertions, forgotten.keys) = cx
        .store
        .write(move |conn| {
            let assertions = clients::forget_assertions(conn, now.timestamp_millis())?;
            let keys = registry::forget_keys(conn, (now - KEYS_KEPT).timestamp_millis())?;
            Ok::<_, StoreError>((assertions, keys))
        })
        .await
        .map_err(Error::Store)?;
    forgotten.exports = super::export::clear_away(cx).await?;
    Ok(forgotten)
}
