//! A sighting as the doors see it.

use std::sync::Arc;

use takedown_core::history::{Content, Data};
use takedown_core::id::{ItemId, RequestId};
use takedown_core::locator::Locator;
use takedown_core::policy::Reach;
use takedown_core::sighting::{Moved, SeenAs, Sighting};
use takedown_core::time::At;

use crate::app::parties::{Platform, instant, parsed};
use crate::app::requests::filing::Text;
use crate::app::{Caller, Cx, Error, reads};
use crate::store::StoreError;
use crate::store::sightings::{SightingRow, Whose};

/// A sighting.
#[derive(Debug, Clone)]
pub struct SightingView {
    /// The part of it that changes.
    pub sighting: Sighting,
    /// The item of the request that moved, where that is known.
    pub item: Option<ItemId>,
    /// Announced or found.
    pub seen_as: SeenAs,
    /// The material or its public.
    pub moved: Moved,
    /// Where to, as it was written.
    pub locator: Locator,
    /// On which platform.
    pub platform: Arc<Platform>,
    /// When it was seen.
    pub seen_at: At,
    /// What else the agency noted.
    pub note: Option<Text>,
    /// Since when a request follows it.
    pub followed_at: Option<At>,
    /// Why it was retracted.
    pub retraction: Option<Text>,
    /// Counts its versions from 1.
    pub version: i32,
    /// When it was recorded.
    pub created_at: At,
    /// When it was last changed.
    pub updated_at: At,
}

impl SightingView {
    /// From its row and the platform it names.
    pub(super) fn from_row(row: &SightingRow, platform: Arc<Platform>) -> Result<Self, StoreError> {
        let text = |json: &Option<String>| {
            json.as_deref()
                .map(serde_json::from_str::<Text>)
                .transpose()
        };
        let locator = Locator::parse(parsed("item kind", &row.kind)?, &row.locator)
            .map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        Ok(Self {
            sighting: sighting(row)?,
            item: row
                .item_id
                .as_deref()
                .map(|id| parsed("item id", id))
                .transpose()?,
            seen_as: parsed("way of seeing", &row.seen_as)?,
            moved: parsed("what moved", &row.moved)?,
            locator,
            platform,
            seen_at: instant(row.seen_at)?,
            note: text(&row.note)?,
            followed_at: row.followed_at.map(instant).transpose()?,
            retraction: text(&row.retraction)?,
            version: row.version,
            created_at: instant(row.created_at)?,
            updated_at: instant(row.updated_at)?,
        })
    }
}

/// What the core decides on.
pub(super) fn sighting(row: &SightingRow) -> Result<Sighting, StoreError> {
    Ok(Sighting {
        id: parsed("sighting id", &row.id)?,
        from: parsed("request id", &row.request_id)?,
        confidence: parsed("confidence", &row.confidence)?,
        revisions: serde_json::from_str(&row.revisions)?,
        followed_by: row
            .followed_by
            .as_deref()
            .map(|id| parsed::<RequestId>("request id", id))
            .transpose()?,
        retracted_at: row.retracted_at.map(instant).transpose()?,
    })
}

/// The row as the core wants it from now on.
pub(super) fn adopt(row: SightingRow, next: &Sighting, now: At) -> Result<SightingRow, StoreError> {
    let followed_by = next.followed_by.map(|id| id.to_string());
    let followed_at = match &followed_by {
        None => None,
        same if *same == row.followed_by => row.followed_at,
        Some(_) => Some(now.timestamp_millis()),
    };
    Ok(SightingRow {
        confidence: next.confidence.as_str().to_owned(),
        revisions: serde_json::to_string(&next.revisions)?,
        followed_by,
        followed_at,
        retracted_at: next.retracted_at.map(|at| at.timestamp_millis()),
        version: row.version + 1,
        updated_at: now.timestamp_millis(),
        ..row
    })
}

/// Sightings with what is known of their platforms.
pub(super) async fn views(cx: &Cx, rows: &[SightingRow]) -> Result<Vec<SightingView>, Error> {
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let platform = platform(cx, &row.platform_id).await?;
        views.push(SightingView::from_row(row, platform)?);
    }
    Ok(views)
}

/// Enters that sightings are handed over: after which request each was made, and no more of it.
pub(super) async fn read_by(cx: &Cx, caller: &Caller, views: &[SightingView]) -> Result<(), Error> {
    let read = views.iter().map(|view| Data::RequestRead {
        request: view.sighting.from,
        version: None,
        content: Content::Sightings,
    });
    reads::enter(cx, caller.author(), read.collect()).await
}

/// A platform that a row names.
pub(super) async fn platform(cx: &Cx, id: &str) -> Result<Arc<Platform>, Error> {
    let found = cx.registry.platform(id).await?;
    found.ok_or_else(|| StoreError::Inconsistent(format!("{id} does not exist")).into())
}

/// Whose sightings a caller may see.
///
/// # Errors
/// [`Error::NotFound`] for who has no business with any: platforms, also an auditor appointed for one.
pub(super) fn whose(caller: &Caller) -> Result<Whose, Error> {
    match caller.actor.reach() {
        Reach::Everything => Ok(Whose::All),
        Reach::Agency(id) => Ok(Whose::Agency(id.to_string())),
        Reach::Platform(_) | Reach::Nothing => Err(Error::NotFound),
    }
}
