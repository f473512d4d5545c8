//! What lies ready for everybody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::transparency::{Period, Report};

use crate::app::{Cx, Error};
use crate::store::StoreError;
use crate::store::transparency as stored;

/// So many reports are remembered at the most: those of two years and some.
const ROOM: usize = 40;

/// A published report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The report, of which parts may be chosen.
    pub report: Report,
    /// All of it as JSON, byte for byte as it was made.
    pub json: String,
    /// When it was made, in Unix milliseconds: another edition has another.
    pub made_at: i64,
}

/// A published report and the periods of which there are others.
#[derive(Debug, Clone)]
pub struct Published {
    /// The report that was asked for.
    pub edition: Arc<Edition>,
    /// All periods there are, in the order of their names by year.
    pub periods: Vec<Period>,
}

/// The reports that this node remembers.
#[derive(Debug, Clone, Default)]
pub struct Editions(Arc<Mutex<HashMap<Period, Arc<Edition>>>>);

impl Editions {
    fn known(&self, period: Period, made_at: i64) -> Option<Arc<Edition>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let edition = known.get(&period).cloned();
        edition.filter(|edition| edition.made_at == made_at)
    }

    fn remember(&self, period: Period, edition: &Arc<Edition>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ROOM {
            known.clear();
        }
        known.insert(period, Arc::clone(edition));
    }
}

/// The report of a period; the newest when none is named: of those that end last the one that begins first.
///
/// # Errors
/// [`Error::NotFound`] when none is published of it, and those of the store.
pub async fn published(
    cx: &Cx,
    action: Action,
    period: Option<Period>,
) -> Result<Published, Error> {
    authorize(&Actor::anonymous(), action, &Resource::Exchange)?;
    let listed: Vec<(String, i64)> = cx.store.read(stored::list).await.map_err(Error::Store)?;
    let listed: Vec<(Period, i64)> = listed
        .iter()
        .filter_map(|(name, made_at)| Some((name.parse().ok()?, *made_at)))
        .collect();
    let newest = || {
        let by_end = listed
            .iter()
            .max_by_key(|(period, _)| (period.last(), std::cmp::Reverse(period.first())));
        by_end.map(|(period, _)| *period)
    };
    let period = period.or_else(newest).ok_or(Error::NotFound)?;
    let found = listed.iter().find(|(listed, _)| *listed == period);
    let (_, made_at) = found.ok_or(Error::NotFound)?;
    let edition = match cx.editions.known(period, *made_at) {
        Some(edition) => edition,
        None => read(cx, period).await?,
    };
    Ok(Published {
        edition,
        periods: listed.into_iter().map(|(period, _)| period).collect(),
    })
}

async fn read(cx: &Cx, period: Period) -> Result<Arc<Edition>, Error> {
    let name = period.to_string();
    let row: Option<stored::ReportRow> = cx
        .store
        .read(move |conn| stored::find(conn, &name))
        .await
        .map_err(Error::Store)?;
    let row = row.ok_or(Error::NotFound)?;
    let edition = Arc::new(Edition {
        report: serde_json::from_str(&row.report).map_err(StoreError::from)?,
        json: row.report,
        made_at: row.made_at,
    });
    cx.editions.remember(period, &edition);
    Ok(edition)
}
