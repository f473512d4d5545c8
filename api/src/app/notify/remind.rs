//! Reminding of a deadline that comes near.

use takedown_core::notice::deadline_near;
use takedown_core::time::At;

use super::outbox::load;
use crate::app::requests::notify;
use crate::app::{Cx, Error};
use crate::store::{StoreError, requests};

/// So many are looked at before the next are asked for.
const AT_ONCE: i64 = 100;

/// Queues a reminder for every request whose reminder is due, and tells how many were due.
///
/// Whoever clears the mark queues the reminder, both in one commit: over many nodes each is queued once. Whether it
/// is still right is judged inside that commit, on the request as it is there. A request that cannot be read loses its
/// mark all the same, or it would stand before all the others at every run.
///
/// # Errors
/// Those of the store; what was queued before stays queued.
pub async fn remind(cx: &Cx) -> Result<usize, Error> {
    let now = cx.now();
    let mut seen = 0;
    loop {
        let due: Vec<(String, i64)> = cx
            .store
            .read(move |conn| requests::to_remind(conn, now.timestamp_millis(), AT_ONCE))
            .await
            .map_err(Error::Store)?;
        let last = i64::try_from(due.len()).unwrap_or(i64::MAX) < AT_ONCE;
        seen += due.len();
        let mut queued = false;
        for (id, mark) in due {
            queued |= of_one(cx, id, mark, now).await?;
        }
        if queued {
            cx.wake.notify_one();
        }
        if last {
            return Ok(seen);
        }
    }
}

/// Clears the mark of one request and, if it is to be reminded of, queues that.
async fn of_one(cx: &Cx, id: String, mark: i64, now: At) -> Result<bool, Error> {
    let wanted = id.clone();
    let reminded = cx
        .store
        .write(move |conn| {
            if !requests::reminded(conn, &wanted, mark)? {
                return Ok(false);
            }
            let view = load(conn, &wanted)?;
            let Some(notice) = deadline_near(&view.request, now) else {
                return Ok(false);
            };
            notify(conn, &view, notice, now)?;
            Ok::<_, Error>(true)
        })
        .await;
    match reminded {
        Err(Error::Store(StoreError::Inconsistent(_))) => {
            // Why may quote the row, and the log holds nothing of what was filed.
            tracing::error!(request = %id, "a request cannot be read; nobody is reminded of it");
            cx.store
                .write(move |conn| requests::reminded(conn, &id, mark))
                .await
                .map_err(Error::Store)?;
            Ok(false)
        }
        reminded => reminded,
    }
}
