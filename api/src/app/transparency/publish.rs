//! Making what is published: a year at a time, by one node, and again after a while.

use std::time::Duration;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use takedown_core::time::At;
use takedown_core::transparency::{Fold, Period, Report};

use super::own::take;
use super::reading::Reading;
use crate::app::{Cx, Error};
use crate::store::StoreError;
use crate::store::requests::Scope;
use crate::store::transparency::{self as stored, ReportRow};

/// A node that has not finished a year by then is taken for gone.
const CLAIM: TimeDelta = TimeDelta::minutes(30);

/// How reports are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publishing {
    /// After how long the reports of a year are made anew.
    pub every: Duration,
    /// Whether periods that are not over are published, too.
    pub open: bool,
}

/// Makes the reports of one year that are due. False when there is none.
///
/// `stops` is asked between steps; once it says so, what was counted is dropped and another run begins anew.
///
/// # Errors
/// Those of the store.
pub async fn publish(cx: &Cx, how: Publishing, stops: impl Fn() -> bool) -> Result<bool, Error> {
    let now = cx.now();
    let oldest: Option<i64> = cx.store.read(stored::oldest).await.map_err(Error::Store)?;
    let year_of = |millis: i64| takedown_core::time::from_millis(millis).map(|at| at.year());
    let oldest = oldest.and_then(|at| year_of(at).ok());
    // The year before is there from the beginning: an exchange that has nothing to report says so.
    let first = oldest.unwrap_or(now.year()).min(now.year() - 1);
    for year in first..=now.year() {
        if stops() {
            return Ok(false);
        }
        if let Some(until) = claim(cx, year, stale_before(year, how.every, now), now).await? {
            return make(cx, year, until, how, stops).await;
        }
    }
    Ok(false)
}

/// What was made before this has to be made anew: what is older than `every`, and of the year of the newest month that is
/// over, what was made before that was.
fn stale_before(year: i32, every: Duration, now: At) -> At {
    let every = TimeDelta::from_std(every).unwrap_or(TimeDelta::MAX);
    let old = now.checked_sub_signed(every).unwrap_or(At::MIN_UTC);
    let this_month = NaiveDate::from_ymd_opt(now.year(), now.month(), 1);
    let last_month = this_month.and_then(|day| day.checked_sub_months(Months::new(1)));
    let Some(last_month) = last_month.filter(|day| day.year() == year) else {
        return old;
    };
    Period::Month(last_month.year(), last_month.month())
        .ends()
        .max(old)
}

async fn claim(cx: &Cx, year: i32, stale_before: At, now: At) -> Result<Option<i64>, Error> {
    let until = (now + CLAIM).timestamp_millis();
    let (now, stale_before) = (now.timestamp_millis(), stale_before.timestamp_millis());
    let claimed = cx
        .store
        .write(move |conn| stored::claim(conn, year, stale_before, (now, until)))
        .await;
    match claimed {
        Ok(claimed) => Ok(claimed.then_some(until)),
        Err(StoreError::Exists(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn make(
    cx: &Cx,
    year: i32,
    claimed_until: i64,
    how: Publishing,
    stops: impl Fn() -> bool,
) -> Result<bool, Error> {
    let made = count(cx, year, how.open, stops).await;
    let Ok(Some((made_at, reports))) = made else {
        cx.store
            .write(move |conn| stored::release(conn, year, claimed_until))
            .await
            .map_err(Error::Store)?;
        return made.map(|_| false);
    };
    let count = reports.len();
    let replaced = cx
        .store
        .write(move |conn| stored::replace(conn, year, (made_at, claimed_until), &reports))
        .await
        .map_err(Error::Store)?;
    tracing::debug!(year, count, replaced, "transparency reports were made");
    Ok(replaced)
}

/// The reports of a year, and when their count began; nothing when it was stopped.
async fn count(
    cx: &Cx,
    year: i32,
    open: bool,
    stops: impl Fn() -> bool,
) -> Result<Option<(i64, Vec<ReportRow>)>, Error> {
    let at = cx.now();
    let time = (Period::Year(year).begins(), Period::Year(year).ends());
    let mut reading = Reading::open(cx, Scope::All, time).await?;
    let mut fold = Fold::to_publish(year, at);
    while let Some(rows) = reading.next().await? {
        if stops() {
            return Ok(None);
        }
        take(&mut fold, &rows)?;
    }
    let made_at = at.timestamp_millis();
    let written = tokio::task::spawn_blocking(move || {
        let reports = fold.finish().publish(at, open);
        let rows = reports.iter().map(|report| row(report, year, made_at));
        rows.collect::<Result<Vec<_>, StoreError>>()
    });
    let rows = written
        .await
        .map_err(|error| StoreError::Inconsistent(format!("a report was not made: {error}")))??;
    Ok(Some((made_at, rows)))
}

fn row(report: &Report, year: i32, made_at: i64) -> Result<ReportRow, StoreError> {
    Ok(ReportRow {
        period: report.period.name.clone(),
        year,
        made_at,
        report: serde_json::to_string(report)?,
    })
}
