//! Reading what was filed in a time, step by step, as the export does: each step is one job on one thread, with a bounded
//! number of rows, so that counting takes turns with everybody else.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use takedown_core::time::At;
use takedown_core::transparency::{Counted, UnknownValue};

use crate::app::export::{MARGIN, first_at, patiently, with_row};
use crate::app::parties::{Agency, Platform};
use crate::app::{Cx, Error};
use crate::store::export::{self, ExportRow, Items, Place, Row, Selection, Step};
use crate::store::requests::{Filter, Scope};
use crate::store::{Conn, StoreError};

/// The rows of a step.
const ROWS: i64 = 1_000;

/// The parties whose names the rows show.
#[derive(Debug, Clone, Default)]
struct Parties {
    agencies: HashMap<String, Arc<Agency>>,
    platforms: HashMap<String, Arc<Platform>>,
}

/// Where reading stands.
pub(super) struct Reading {
    cx: Cx,
    selection: Selection,
    from: Option<Place>,
    parties: Arc<Parties>,
}

/// What came of a step.
struct Stepped {
    rows: Vec<Counted<'static>>,
    step: Step,
    agencies: HashSet<String>,
    platforms: HashSet<String>,
}

impl Reading {
    /// Draws the line behind which nothing is read any more.
    pub(super) async fn open(
        cx: &Cx,
        scope: Scope,
        (begins, ends): (At, At),
    ) -> Result<Self, Error> {
        let newest: Option<String> = cx.store.read(export::newest).await.map_err(Error::Store)?;
        let last = newest.map(|newest| newest.min(first_at(ends + MARGIN)));
        Ok(Self {
            cx: cx.clone(),
            from: last
                .is_some()
                .then(|| Place::before(first_at(begins - MARGIN))),
            selection: Selection {
                scope,
                filter: Filter::default(),
                items: Items::default(),
                last: last.unwrap_or_default(),
            },
            parties: Arc::default(),
        })
    }

    /// The next rows, in the order of the export; nothing after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Counted<'static>>>, Error> {
        let Some(from) = self.from.take() else {
            return Ok(None);
        };
        let stepped = patiently(|| {
            let (selection, parties) = (self.selection.clone(), Arc::clone(&self.parties));
            let from = from.clone();
            self.cx
                .store
                .read(move |conn| step(conn, &selection, &from, &parties))
        })
        .await?;
        self.from = match stepped.step {
            Step::To(place) => Some(place),
            Step::Done => None,
        };
        self.meet(stepped.agencies, stepped.platforms).await?;
        Ok(Some(stepped.rows))
    }

    async fn meet(
        &mut self,
        agencies: HashSet<String>,
        platforms: HashSet<String>,
    ) -> Result<(), Error> {
        let missing = |id: &str| {
            StoreError::Inconsistent(format!("a request names {id}, which does not exist"))
        };
        let parties = Arc::make_mut(&mut self.parties);
        for id in agencies {
            let found = self.cx.registry.agency(&id).await?;
            let agency = found.ok_or_else(|| missing(&id))?;
            parties.agencies.insert(id, agency);
        }
        for id in platforms {
            let found = self.cx.registry.platform(&id).await?;
            let platform = found.ok_or_else(|| missing(&id))?;
            parties.platforms.insert(id, platform);
        }
        Ok(())
    }
}

fn step(
    conn: &mut Conn,
    selection: &Selection,
    from: &Place,
    parties: &Parties,
) -> Result<Stepped, Error> {
    let (mut agencies, mut platforms) = (HashSet::new(), HashSet::new());
    let mut rows = Vec::new();
    let step = export::step(conn, selection, from, ROWS, |raw: &ExportRow| {
        let agency = parties.agencies.get(&raw.agency_id);
        let platform = parties.platforms.get(&raw.platform_id);
        let (Some(agency), Some(platform)) = (agency, platform) else {
            if agency.is_none() {
                agencies.insert(raw.agency_id.clone());
            }
            if platform.is_none() {
                platforms.insert(raw.platform_id.clone());
            }
            return Ok(Row::Left);
        };
        if !agencies.is_empty() || !platforms.is_empty() {
            return Ok(Row::Left);
        }
        let mut counted = None;
        with_row(raw, agency, platform, |row| {
            counted = Some(Counted::try_from(row).map(Counted::into_owned));
        })?;
        rows.extend(counted.transpose().map_err(|error| unknown(raw, &error))?);
        Ok::<_, Error>(Row::Taken)
    })?;
    Ok(Stepped {
        rows,
        step,
        agencies,
        platforms,
    })
}

fn unknown(raw: &ExportRow, error: &UnknownValue) -> Error {
    Error::Store(StoreError::Inconsistent(format!(
        "{} cannot be counted: {error}",
        raw.item_id
    )))
}
