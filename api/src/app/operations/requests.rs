//! Which requests an operation has, and where each stands.

use std::sync::Arc;

use takedown_core::id::RequestId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;

use super::view::{Seen, identifier, load};
use crate::app::parties::{Agency, Platform, instant, parsed};
use crate::app::{Caller, Cx, Error};
use crate::store::StoreError;
use crate::store::operations::{self, StandingRow};

/// What everybody who takes part may know of a request in an operation: that it exists, whom it asks, where it stands.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The part of its target, its status, its counts and its deadline.
    pub row: StandingRow,
    /// Its identifier.
    pub id: RequestId,
    /// Who asks.
    pub agency: Arc<Agency>,
    /// Who is asked.
    pub platform: Arc<Platform>,
    /// Whether the caller may read it in full.
    pub readable: bool,
    /// When it was filed.
    pub filed_at: At,
    /// When it was put into the operation.
    pub added_at: At,
    /// The deadline, while one runs.
    pub due_at: Option<At>,
}

/// A page of an operation's requests.
#[derive(Debug)]
pub struct PlacedList {
    /// In the order in which they were filed.
    pub items: Vec<Placed>,
    /// Whether more follow.
    pub more: bool,
}

/// The requests of an operation, in the order in which they were filed, after the request `after`.
///
/// # Errors
/// [`Error::NotFound`] when there is no operation in which the caller takes part.
pub async fn requests(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    after: Option<String>,
    limit: usize,
) -> Result<PlacedList, Error> {
    authorize(
        &caller.actor,
        Action::ListRequestsOfOperation,
        &Resource::Exchange,
    )?;
    let id = identifier(id)?;
    let asker = caller.clone();
    let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut rows = cx
        .store
        .read(move |conn| {
            let (row, team) = load(conn, &id)?;
            if !Seen::of(&asker, &team)?.takes_part() {
                return Err(Error::Forbidden(
                    "your agency is invited to this operation; accept the invitation to see its requests".into(),
                ));
            }
            Ok(operations::standings_after(conn, &row.id, after.as_deref(), most)?)
        })
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(placed(cx, caller, row).await?);
    }
    Ok(PlacedList { items, more })
}

async fn placed(cx: &Cx, caller: &Caller, row: StandingRow) -> Result<Placed, Error> {
    let missing = || StoreError::Inconsistent("a request names a party that does not exist".into());
    let agency = cx.registry.agency(&row.agency_id).await?;
    let agency = agency.ok_or_else(missing)?;
    let platform = cx.registry.platform(&row.platform_id).await?;
    let platform = platform.ok_or_else(missing)?;
    let open = !matches!(row.status.as_str(), "closed" | "withdrawn");
    Ok(Placed {
        id: parsed("request id", &row.request_id)?,
        readable: caller.actor.reach().covers(agency.id, platform.id),
        filed_at: instant(row.filed_at)?,
        added_at: instant(row.added_at)?,
        due_at: row.due_at.filter(|_| open).map(instant).transpose()?,
        agency,
        platform,
        row,
    })
}
