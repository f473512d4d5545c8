//! Every number, for those who may see the requests that are counted.

use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;
use takedown_core::transparency::{Counted, Fold, FoldError, Of, Period, Report};

use super::reading::Reading;
use crate::app::export::scope_of;
use crate::app::{Caller, Cx, Error};
use crate::store::StoreError;

/// A count that has begun.
pub struct Counting {
    reading: Reading,
    fold: Fold,
    made_at: At,
}

/// Begins to count what the caller may see of a period. The first rows are read before this returns, so that what can be
/// refused is refused before the answer begins.
///
/// # Errors
/// Those of the policy and, for the first rows, of the store.
pub async fn own(cx: &Cx, caller: &Caller, period: Period, only: Of) -> Result<Counting, Error> {
    let permit = authorize(
        &caller.actor,
        Action::ExportTransparency,
        &Resource::Exchange,
    )?;
    let made_at = cx.now();
    let time = (period.begins(), period.ends());
    let mut counting = Counting {
        reading: Reading::open(cx, scope_of(&permit)?, time).await?,
        fold: Fold::of_own(period, only),
        made_at,
    };
    counting.more().await?;
    Ok(counting)
}

impl Counting {
    /// Counts to the end.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn finish(mut self) -> Result<Report, Error> {
        while self.more().await? {}
        let report = self.fold.finish().report(self.made_at);
        report.ok_or_else(|| StoreError::Inconsistent("nothing was counted".into()).into())
    }

    async fn more(&mut self) -> Result<bool, Error> {
        let Some(rows) = self.reading.next().await? else {
            return Ok(false);
        };
        take(&mut self.fold, &rows)?;
        Ok(true)
    }
}

/// Counts rows as they were read.
pub(super) fn take(fold: &mut Fold, rows: &[Counted<'_>]) -> Result<(), Error> {
    let out_of_order = |error: FoldError| Error::Store(StoreError::Inconsistent(error.to_string()));
    rows.iter()
        .try_for_each(|row| fold.take(row).map_err(out_of_order))
}
