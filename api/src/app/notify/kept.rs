//! The time for which what was removed is kept comes to its end.

use takedown_core::history::{Author, By, Data, Via};
use takedown_core::preservation::Due;
use takedown_core::request::{EventType, Side};
use takedown_core::time::At;

use super::outbox::load;
use crate::app::requests::{Published, brought_about};
use crate::app::{Cx, Error};
use crate::store::backend::hold_request;
use crate::store::requests::{self, Scope};
use crate::store::{Conn, StoreError};

/// So many are looked at before the next are asked for.
const AT_ONCE: i64 = 100;

/// Tells the agency of every preservation that comes near its end, ends those whose time is over, and tells how many
/// were due.
///
/// The look at the request, the next mark, the entry, the events and the mails are one commit on a request that is held:
/// over many nodes each is told once.
///
/// # Errors
/// Those of the store; what was told before stays told.
pub async fn watch_kept(cx: &Cx) -> Result<usize, Error> {
    let now = cx.now();
    let mut seen = 0;
    loop {
        let due: Vec<(String, i64)> = cx
            .store
            .read(move |conn| requests::preservation_due(conn, now.timestamp_millis(), AT_ONCE))
            .await
            .map_err(Error::Store)?;
        let last = i64::try_from(due.len()).unwrap_or(i64::MAX) < AT_ONCE;
        seen += due.len();
        for (id, mark) in due {
            of_one(cx, id, mark, now).await?;
        }
        if last {
            return Ok(seen);
        }
    }
}

async fn of_one(cx: &Cx, id: String, mark: i64, now: At) -> Result<(), Error> {
    let (cx2, wanted) = (cx.clone(), id.clone());
    let told = cx
        .store
        .write_then(
            move |conn| Ok::<_, Error>(((), tell(conn, &cx2, (&wanted, mark), now)?)),
            Published::announce(cx),
        )
        .await;
    match told {
        Err(Error::Store(StoreError::Inconsistent(_))) => {
            // Why may quote the row, and the log holds nothing of what was filed.
            tracing::error!(request = %id, "a request cannot be read; nobody is told of its preservation");
            cx.store
                .write(move |conn| requests::preservation_looked_at(conn, &id, mark, None))
                .await
                .map_err(Error::Store)
        }
        told => told.map(|_| ()),
    }
}

/// What the time has brought to this request by now, if another node did not tell it first.
fn tell(
    conn: &mut Conn,
    cx: &Cx,
    (id, mark): (&str, i64),
    now: At,
) -> Result<Vec<Published>, Error> {
    if hold_request(conn, &Scope::All, id)?.is_none() {
        return Ok(Vec::new());
    }
    let mut view = load(conn, id)?;
    let Some((due, kept)) = view.preservation.clone().and_then(|kept| kept.by_time(now)) else {
        let next = view.preservation.as_ref().and_then(|kept| kept.due_at());
        let next = next.map(|at| at.timestamp_millis());
        requests::preservation_looked_at(conn, id, mark, next)?;
        return Ok(Vec::new());
    };
    let until = kept.until;
    let (event, told, data): (_, &[Side], _) = match due {
        Due::Warning => (
            EventType::PreservationEnding,
            &[Side::Agency],
            Data::PreservationEnding { until },
        ),
        Due::End => (
            EventType::PreservationExpired,
            &[Side::Agency, Side::Platform],
            Data::PreservationExpired { until },
        ),
    };
    let change = view.request.clone().by_time(event, told)?;
    view.preservation = Some(kept);
    let nobody = Author {
        by: By::System,
        via: Via::Worker,
        client: None,
    };
    brought_about(conn, cx, nobody, &mut view, (&change, data), now)
}
