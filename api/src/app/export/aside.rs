//! How exports read: in short steps beside everybody else, and from a replica where there is one that has kept up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::pace::Pace;
use super::source::patiently;
use crate::app::replica::Replica;
use crate::app::{Cx, Error};
use crate::store::backend::{Stand, stand};
use crate::store::{Conn, Store, StoreError, export};

/// How long a replica may take to catch up before the primary is read instead.
const CATCHES_UP: Duration = Duration::from_secs(5);
/// How long between two looks whether it has.
const BETWEEN: Duration = Duration::from_millis(50);
/// A step on a replica that does not answer for so long is done on the primary. The server breaks off statements before that.
const ANSWERS: Duration = Duration::from_secs(40);

/// How one export reads. Its clones go at one pace and to one place.
#[derive(Clone)]
pub(super) struct Aside {
    cx: Cx,
    pace: Pace,
    from_replica: Arc<AtomicBool>,
}

impl Aside {
    /// From the primary, until it was seen that a replica has kept up.
    pub(super) fn new(cx: &Cx) -> Self {
        Self {
            cx: cx.clone(),
            pace: Pace::default(),
            from_replica: Arc::default(),
        }
    }

    pub(super) const fn pace(&self) -> &Pace {
        &self.pace
    }

    /// One step. `step` makes the work of it, once more where the store was busy or the replica failed.
    pub(super) async fn read<T, W>(&self, step: impl Fn() -> W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    {
        self.pace.rest().await;
        if let Some(replica) = self.replica() {
            let why = match timeout(ANSWERS, self.on(&replica.store, &step)).await {
                Ok(Err(Error::Store(error))) => error.to_string(),
                Ok(other) => return other,
                Err(_) => "it does not answer".to_owned(),
            };
            self.leave(replica, &why);
        }
        self.on(&self.cx.store, &step).await
    }

    async fn on<T, W>(&self, store: &Store, step: &impl Fn() -> W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    {
        patiently(|| {
            let (pace, work) = (self.pace.clone(), step());
            store.read(move |conn| {
                pace.work(|| -> Result<T, Error> {
                    let done = work(conn)?;
                    pace.saw(export::newest(conn)?);
                    Ok(done)
                })
            })
        })
        .await
    }

    fn replica(&self) -> Option<&Replica> {
        let replica = self.cx.replica.as_ref()?;
        self.from_replica.load(Ordering::Relaxed).then_some(replica)
    }

    fn leave(&self, replica: &Replica, why: &str) {
        self.from_replica.store(false, Ordering::Relaxed);
        replica.passed_over(why);
    }

    /// Everything that is stored by now is seen by what is read from now on: from the replica, as soon as it has that, or else from
    /// the primary.
    ///
    /// # Errors
    /// Those of the primary.
    pub(super) async fn catch_up(&self) -> Result<(), Error> {
        let Some(replica) = &self.cx.replica else {
            return Ok(());
        };
        let until = Instant::now() + CATCHES_UP;
        let here = self.cx.store.read(stand).await.map_err(Error::Store)?;
        let why = match here {
            Some(here) => caught_up(&replica.store, &here, until).await,
            None => Err("the database is no PostgreSQL".to_owned()),
        };
        match why {
            Ok(()) => self.from_replica.store(true, Ordering::Relaxed),
            Err(why) => self.leave(replica, &why),
        }
        Ok(())
    }
}

/// Waits until a replica stands where the primary stood; otherwise says why it does not.
async fn caught_up(replica: &Store, here: &Stand, until: Instant) -> Result<(), String> {
    loop {
        let asked = timeout_at(until, replica.read::<_, StoreError, _>(stand)).await;
        let there = match asked {
            Ok(Ok(Some(there))) => there,
            Ok(Ok(None)) => return Err("it is no PostgreSQL".to_owned()),
            Ok(Err(error)) => return Err(error.to_string()),
            Err(_) => return Err("it does not answer".to_owned()),
        };
        if let Err(why) = there.is_copy_of(here) {
            return Err(why.to_owned());
        }
        let behind = here.position - there.position;
        if behind <= 0 {
            return Ok(());
        }
        if Instant::now() + BETWEEN >= until {
            return Err(format!(
                "it is {behind} bytes behind and did not catch up within {CATCHES_UP:?}"
            ));
        }
        sleep(BETWEEN).await;
    }
}
