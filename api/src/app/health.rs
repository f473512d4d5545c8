//! Whether the exchange can serve.
//!
//! Whoever watches need not say who he is, so what was found is good for a moment: however often it is asked for, the
//! database is asked once in that time, and by one at a time.

use std::sync::Arc;

use chrono::TimeDelta;
use takedown_core::time::At;
use tokio::sync::Mutex;

use super::{Cx, Error};
pub use crate::store::outbox::Backlog;
use crate::store::{Conn, StoreError, outbox, registry};

/// How long what was found is good for.
const MOMENT: TimeDelta = TimeDelta::seconds(1);

/// What was found last. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Health {
    ready: Found<()>,
    backlog: Found<Backlog>,
}

type Found<T> = Arc<Mutex<Option<(At, Result<T, String>)>>>;

/// Asks the database for something small.
///
/// # Errors
/// [`StoreError`] when it does not answer.
pub async fn ready(cx: &Cx) -> Result<(), Error> {
    let look = |conn: &mut Conn| registry::version(conn).map(drop);
    found(cx, &cx.health.ready, look).await
}

/// Notifications that wait, and those that were given up.
///
/// # Errors
/// [`StoreError`] when the database does not answer.
pub async fn backlog(cx: &Cx) -> Result<Backlog, Error> {
    found(cx, &cx.health.backlog, outbox::backlog).await
}

/// What was found within the last moment, or what is found now. That the database does not answer is remembered too.
async fn found<T: Clone + Send + 'static>(
    cx: &Cx,
    last: &Found<T>,
    look: fn(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, Error> {
    let mut last = last.lock().await;
    let now = cx.now();
    let fresh = last
        .as_ref()
        .filter(|(at, _)| (now - *at).abs() < MOMENT)
        .map(|(_, found)| found.clone());
    let found = match fresh {
        Some(found) => found,
        None => {
            let found = cx.store.read(look).await;
            let found = found.map_err(|error: StoreError| error.to_string());
            *last = Some((now, found.clone()));
            found
        }
    };
    found.map_err(|why| Error::Store(StoreError::Unavailable(why)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::tests::fixture::{Db, World, on_both};

    on_both!(however_often_it_is_asked_for_the_database_is_asked_once_in_a_moment);

    async fn however_often_it_is_asked_for_the_database_is_asked_once_in_a_moment(db: Db) {
        let world = World::on(db).await;
        let cx = &world.cx;
        let both = async || (ready(cx).await.is_ok(), backlog(cx).await.is_ok());
        assert_eq!(both().await, (true, true));
        world.rename("registry_state", "elsewhere").await;
        world.rename("outbox", "nowhere").await;
        assert_eq!(both().await, (true, true), "nobody looked");
        cx.clock.pass(MOMENT);
        assert_eq!(both().await, (false, false));
        world.rename("elsewhere", "registry_state").await;
        world.rename("nowhere", "outbox").await;
        assert_eq!(both().await, (false, false), "nobody looked");
        cx.clock.pass(MOMENT);
        assert_eq!(both().await, (true, true));
    }
}
