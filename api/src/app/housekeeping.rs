//! Forgetting what has served its time.

use chrono::Duration;
use takedown_core::log::thinning::{self, Stored, Thinning};
use takedown_core::time::{At, from_millis};

use super::once::KEPT;
use super::{Cx, Error};
use crate::store::log::{self, CheckpointRow, cosigned};
use crate::store::webhooks::deliveries;
use crate::store::{StoreError, claims, clients, idempotency, receipts, registry, wishes};

/// So many rows are removed in one transaction, so that callers never wait long for the writer.
const AT_ONCE: i64 = 500;
/// A key that no node has used for this long is forgotten; its last token died long before.
const KEYS_KEPT: Duration = Duration::days(7);
/// What became of a webhook's message is shown for this long.
const DELIVERIES_KEPT: Duration = Duration::days(30);

/// A claim that came to nothing is forgotten this long after its end.
const CLAIMS_KEPT: Duration = Duration::days(30);
/// For so long whoever holds a receipt for many entries can ask which they are.
const RECEIPTS_KEPT: Duration = Duration::days(90);

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
    /// Lists of the entries of large receipts that are old.
    pub receipts: usize,
    /// Old signed checkpoints of which a newer one says more.
    pub checkpoints: usize,
    /// What became of messages of webhooks long ago.
    pub deliveries: usize,
    /// Claims that came to nothing.
    pub claims: usize,
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
    let real = cx.clock.real();
    (forgotten.assertions, forgotten.keys) = cx
        .store
        .write(move |conn| {
            let assertions = clients::forget_assertions(conn, real.timestamp_millis())?;
            wishes::forget_links(conn, now.timestamp_millis())?;
            let keys = registry::forget_keys(conn, (real - KEYS_KEPT).timestamp_millis())?;
            Ok::<_, StoreError>((assertions, keys))
        })
        .await
        .map_err(Error::Store)?;
    let promised_before = (now - RECEIPTS_KEPT).timestamp_millis();
    forgotten.receipts = cx
        .store
        .write(move |conn| receipts::forget(conn, promised_before, AT_ONCE))
        .await
        .map_err(Error::Store)?;
    forgotten.exports = super::export::clear_away(cx).await?;
    forgotten.checkpoints = thin(cx, now).await?;
    let ended_before = (now - CLAIMS_KEPT).timestamp_millis();
    forgotten.claims = cx
        .store
        .write(move |conn| claims::forget(conn, ended_before, AT_ONCE))
        .await
        .map_err(Error::Store)?;
    let sent_before = (now - DELIVERIES_KEPT).timestamp_millis();
    loop {
        let some: usize = cx
            .store
            .write(move |conn| deliveries::forget(conn, sent_before, AT_ONCE))
            .await
            .map_err(Error::Store)?;
        forgotten.deliveries += some;
        if i64::try_from(some).unwrap_or(i64::MAX) < AT_ONCE {
            break;
        }
    }
    Ok(forgotten)
}

/// Forgets old checkpoints as [`Thinning`] says. Proofs need none of them: they are made out of the tree.
async fn thin(cx: &Cx, now: At) -> Result<usize, Error> {
    let before = (now - thinning::ALL).timestamp_millis();
    let newest: Option<CheckpointRow> = cx.store.read(log::newest_checkpoint).await?;
    let Some(newest) = newest.and_then(|newest| u64::try_from(newest.size).ok()) else {
        return Ok(0);
    };
    let mut thinning = Thinning::new(now);
    let (mut after, mut all) = (-1, 0);
    loop {
        let some = cx
            .store
            .read(move |conn| cosigned::old(conn, after, before, AT_ONCE))
            .await?;
        let Some((last, ..)) = some.last() else {
            return Ok(all);
        };
        after = *last;
        for (size, signed_at, cosigned) in some {
            thinning.take(Stored {
                size: u64::try_from(size).map_err(unexpected)?,
                signed_at: from_millis(signed_at).map_err(unexpected)?,
                cosigned,
            });
        }
        let sizes = thinning.forgotten(newest).into_iter();
        let sizes: Vec<i64> = sizes.filter_map(|size| i64::try_from(size).ok()).collect();
        if !sizes.is_empty() {
            all += cx
                .store
                .write(move |conn| cosigned::forget(conn, &sizes))
                .await?;
        }
    }
}

fn unexpected(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(format!("a stored checkpoint: {error}"))
}
