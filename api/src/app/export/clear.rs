//! Removing what there is of files.

use chrono::TimeDelta;

use super::sink::LEASE;
use super::source::patiently;
use super::wanted::forgetting;
use crate::app::{Cx, Error};
use crate::store::exports::{self, DONE, EXPIRED, Seen};

/// How long it is remembered that there was a file.
const REMEMBERED: TimeDelta = TimeDelta::days(30);
/// Pieces that are removed in one change.
const AT_ONCE: i64 = 64;
/// Files that are cleared away in one run.
const SOME: i64 = 20;

/// Removes the pieces of a file, or those of a part of it; false as soon as it is not as it was seen any more.
pub(super) async fn clear(cx: &Cx, seen: &Seen, part: Option<i32>) -> Result<bool, Error> {
    loop {
        let cleared = patiently(|| {
            let (seen, until) = (seen.clone(), (cx.now() + LEASE).timestamp_millis());
            async move {
                cx.store
                    .write(move |conn| exports::clear(conn, &seen, until, (part, AT_ONCE)))
                    .await
                    .map_err(Error::Store)
            }
        })
        .await?;
        match cleared {
            Some(0) => return Ok(true),
            Some(_) => {}
            None => return Ok(false),
        }
    }
}

/// Clears away files whose time is over, and those that nobody wants any more; how many there were.
///
/// # Errors
/// Those of the store; what was cleared away stays so.
pub async fn clear_away(cx: &Cx) -> Result<usize, Error> {
    let now = cx.now();
    let over: Vec<Seen> = cx
        .store
        .read(move |conn| exports::over(conn, now.timestamp_millis(), SOME))
        .await
        .map_err(Error::Store)?;
    let until = (now + REMEMBERED).timestamp_millis();
    let count = over.len();
    for mut seen in over {
        let made = seen.2 == DONE;
        if made {
            // First nobody is handed it any more.
            let its = seen.clone();
            let expired: bool = cx
                .store
                .write(move |conn| exports::expire(conn, &its, until, forgetting))
                .await
                .map_err(Error::Store)?;
            if !expired {
                continue;
            }
            EXPIRED.clone_into(&mut seen.2);
        }
        // Whoever had it made again meanwhile has it.
        if clear(cx, &seen, None).await? && !made {
            tracing::debug!(
                export = seen.0,
                state = seen.2,
                "an export was cleared away"
            );
            cx.store
                .write(move |conn| exports::remove(conn, &seen))
                .await
                .map_err(Error::Store)?;
        }
    }
    Ok(count)
}
