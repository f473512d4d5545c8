//! The steps of one export, one read job each.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use takedown_core::export::Viewer;

use super::step::{Stepped, Writer};
use super::{Chunks, Format};
use crate::app::{Cx, Error};
use crate::store::StoreError;
use crate::store::export::{self, Place, Selection, Step};
use crate::store::requests::{Filter, Scope};

/// How often a step waits for a place in the queue of a busy store before the export gives up.
const ATTEMPTS: u32 = 8;
/// How long it waits for the first time; doubled each time.
const PAUSE: Duration = Duration::from_millis(20);

/// Where an export stands.
pub(super) struct Source {
    cx: Cx,
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
        filter: Filter,
    ) -> Result<Self, Error> {
        let newest: Option<String> = cx.store.read(export::newest).await.map_err(Error::Store)?;
        let writer = Writer::new(format, viewer);
        Ok(Self {
            cx,
            from: newest.is_some().then(Place::start),
            selection: Selection {
                scope,
                filter,
                last: newest.unwrap_or_default(),
            },
            heading: writer.heading(),
            writer: Arc::new(Mutex::new(writer)),
        })
    }

    async fn next_chunk(&mut self) -> Result<Option<(Bytes, u64)>, Error> {
        if let Some(heading) = self.heading.take() {
            return Ok(Some((heading, 0)));
        }
        while let Some(from) = self.from.take() {
            let stepped = self.step(from).await?;
            self.from = match stepped.step {
                Step::To(place) => Some(place),
                Step::Done => None,
            };
            self.meet(stepped.agencies, stepped.platforms).await?;
            if !stepped.chunk.is_empty() {
                return Ok(Some((stepped.chunk, stepped.rows)));
            }
        }
        Ok(None)
    }

    async fn step(&self, from: Place) -> Result<Stepped, Error> {
        patiently(|| self.try_step(from.clone())).await
    }

    async fn try_step(&self, from: Place) -> Result<Stepped, Error> {
        let (writer, selection) = (Arc::clone(&self.writer), self.selection.clone());
        self.cx
            .store
            .read(move |conn| {
                let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
                writer.step(conn, &selection, &from)
            })
            .await
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
        self.next_chunk().await
    }
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
