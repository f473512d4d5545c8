//! The steps of one export, one read job each, and the line behind which it reads nothing.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use takedown_core::export::Viewer;
use takedown_core::id::RequestId;
use takedown_core::time::At;
use uuid::Uuid;

use super::aside::Aside;
use super::step::{Stepped, Writer};
use super::wanted::Chosen;
use super::{Chunks, Format};
use crate::app::{Cx, Error};
use crate::store::export::{self, Place, Selection, Step};
use crate::store::requests::Scope;
use crate::store::{Conn, StoreError};

/// An identifier holds the instant at which it was made, on the clock of the node that made it. What was filed in a time is
/// looked for so much earlier and later, and then judged by when it was filed.
pub(in crate::app) const MARGIN: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// How often a step waits for a place in the queue of a busy store before the export gives up.
const ATTEMPTS: u32 = 8;
/// How long it waits for the first time; doubled each time.
const PAUSE: Duration = Duration::from_millis(20);

/// Rows as they are handed out.
pub(super) struct Chunk {
    pub(super) bytes: Bytes,
    pub(super) rows: u64,
    /// Their requests, each with the version that its last row shows, where somebody wants to know.
    pub(super) requests: Vec<(String, i32)>,
}

/// Where an export stands.
pub(super) struct Source {
    cx: Cx,
    aside: Aside,
    selection: Selection,
    from: Option<Place>,
    heading: Option<Bytes>,
    // Shared with the job of the present step, and only with that: an export makes one step at a time.
    writer: Arc<Mutex<Writer>>,
}

impl Source {
    /// Draws the line behind which nothing is exported any more.
    pub(super) async fn open(
        cx: Cx,
        format: Format,
        viewer: Viewer,
        scope: Scope,
        chosen: Chosen,
    ) -> Result<Self, Error> {
        let newest: Option<String> = cx.store.read(export::newest).await.map_err(Error::Store)?;
        // Behind the line: what is filed from here on lies beyond it.
        let mut items = chosen.items;
        if !items.comparisons.is_empty() {
            let comparisons = items.comparisons.clone();
            let asked = move |conn: &mut Conn| export::asked_in(conn, &comparisons);
            items.requests = cx.store.read(asked).await.map_err(Error::Store)?;
        }
        let aside = Aside::new(&cx);
        aside.pace().saw(newest.clone());
        aside.catch_up().await?;
        let writer = Writer::new(format, viewer);
        let (from, to) = chosen.filed;
        let begins = from.and_then(|from| from.checked_sub_signed(MARGIN));
        let ends = to.and_then(|to| to.checked_add_signed(MARGIN));
        let last = match (newest, ends) {
            (Some(newest), Some(ends)) => Some(newest.min(first_at(ends))),
            (newest, _) => newest,
        };
        let start = begins.map_or_else(Place::start, |begins| Place::before(first_at(begins)));
        Ok(Self {
            cx,
            aside,
            from: last.is_some().then_some(start),
            selection: Selection {
                scope,
                filter: chosen.requests,
                items,
                last: last.unwrap_or_default(),
            },
            heading: writer.heading(),
            writer: Arc::new(Mutex::new(writer)),
        })
    }

    /// The same, which notes the requests of its rows as well.
    pub(super) fn noting(self) -> Self {
        self.writer().noting();
        self
    }

    /// How it reads.
    pub(super) const fn aside(&self) -> &Aside {
        &self.aside
    }

    /// What came of the next step, which may be no row; nothing after the last.
    pub(super) async fn next_step(&mut self) -> Result<Option<Chunk>, Error> {
        if let Some(heading) = self.heading.take() {
            return Ok(Some(Chunk {
                bytes: heading,
                rows: 0,
                requests: Vec::new(),
            }));
        }
        let Some(from) = self.from.take() else {
            return Ok(None);
        };
        let stepped = self.step(from).await?;
        self.from = match stepped.step {
            Step::To(place) => Some(place),
            Step::Done => None,
        };
        self.meet(stepped.agencies, stepped.platforms).await?;
        Ok(Some(Chunk {
            bytes: stepped.chunk,
            rows: stepped.rows,
            requests: stepped.requests,
        }))
    }

    async fn step(&self, from: Place) -> Result<Stepped, Error> {
        let step = || {
            let (writer, selection) = (Arc::clone(&self.writer), self.selection.clone());
            let from = from.clone();
            move |conn: &mut Conn| {
                let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
                writer.step(conn, &selection, &from)
            }
        };
        self.aside.read(step).await
    }

    /// Makes the writer acquainted with parties it did not know.
    async fn meet(
        &self,
        agencies: HashSet<String>,
        platforms: HashSet<String>,
    ) -> Result<(), Error> {
        let missing = |what: &str, id: &str| {
            StoreError::Inconsistent(format!(
                "a request names the {what} {id}, which does not exist"
            ))
        };
        for id in agencies {
            let found = self.cx.registry.agency(&id).await?;
            let agency = found.ok_or_else(|| missing("agency", &id))?;
            self.writer().parties.agencies.insert(id, agency);
        }
        for id in platforms {
            let found = self.cx.registry.platform(&id).await?;
            let platform = found.ok_or_else(|| missing("platform", &id))?;
            self.writer().parties.platforms.insert(id, platform);
        }
        Ok(())
    }

    fn writer(&self) -> std::sync::MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chunks for Source {
    async fn next(&mut self) -> Result<Option<(Bytes, u64)>, Error> {
        while let Some(chunk) = self.next_step().await? {
            if !chunk.bytes.is_empty() {
                return Ok(Some((chunk.bytes, chunk.rows)));
            }
        }
        Ok(None)
    }
}

/// The least identifier of an instant.
pub(in crate::app) fn first_at(at: At) -> String {
    const VERSION_7: u128 = 7 << 76;
    const VARIANT: u128 = 0b10 << 62;
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or(0);
    let uuid = Uuid::from_u128((millis << 80) | VERSION_7 | VARIANT);
    RequestId::from_uuid(uuid).to_string()
}

/// Tries a step again while the store is busy.
pub(in crate::app) async fn patiently<T, F>(step: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut pause = PAUSE;
    for _ in 1..ATTEMPTS {
        match step().await {
            Err(Error::Store(StoreError::Busy)) => tokio::time::sleep(pause).await,
            other => return other,
        }
        pause *= 2;
    }
    step().await
}
