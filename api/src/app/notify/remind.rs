//! Reminding of a deadline that comes near.

use takedown_core::notice::deadline_near;

use super::outbox::load;
use crate::app::requests::notify;
use crate::app::{Cx, Error};
use crate::store::{StoreError, requests};

/// So many are looked at in one run.
const AT_ONCE: i64 = 100;

/// Queues a reminder for every request whose reminder is due, and tells how many were due.
///
/// Whoever clears the mark queues the reminder, both in one commit: over many nodes each is queued once. Whether it
/// is still right is judged inside that commit, on the request as it is there.
///
/// # Errors
/// Those of the store; what was queued before stays queued.
pub async fn remind(cx: &Cx) -> Result<usize, Error> {
    let now = cx.now();
    let due = cx
        .store
        .read(move |conn| requests::to_remind(conn, now.timestamp_millis(), AT_ONCE))
        .await
        .map_err(Error::Store)?;
    let mut queued = false;
    for row in &due {
        let (id, Some(mark)) = (row.id.clone(), row.remind_at) else {
            continue;
        };
        let reminded = cx
            .store
            .write(move |conn| {
                if !requests::reminded(conn, &id, mark)? {
                    return Ok(false);
                }
                let view = load(conn, &id)?;
                let Some(notice) = deadline_near(&view.request, now) else {
                    return Ok(false);
                };
                notify(conn, &view, notice, now)?;
                Ok::<_, Error>(true)
            })
            .await;
        match reminded {
            Ok(reminded) => queued |= reminded,
            // One request that cannot be read must not keep the others from being reminded of.
            Err(Error::Store(StoreError::Inconsistent(why))) => {
                tracing::error!(request = %row.id, %why, "a request cannot be read");
            }
            Err(error) => return Err(error),
        }
    }
    if queued {
        cx.wake.notify_one();
    }
    Ok(due.len())
}
