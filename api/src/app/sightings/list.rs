//! Listing sightings and reading one.

use takedown_core::id::{PlatformId, RequestId, SightingId};
use takedown_core::platform::Standing;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::sighting::{Confidence, SightingState, Week};

use super::view::{SightingView, read_by, views, whose};
use crate::app::registering::one_more;
use crate::app::{Caller, Cx, Error};
use crate::store::sightings::{self, Filter};

/// Which sightings to list. Everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those after this request.
    pub request: Option<RequestId>,
    /// Those on this platform.
    pub platform: Option<PlatformId>,
    /// Those at exactly this host.
    pub host: Option<String>,
    /// Those on platforms of this standing.
    pub standing: Option<Standing>,
    /// Those of which the agency is so sure.
    pub confidence: Option<Confidence>,
    /// Those that stand so.
    pub state: Option<SightingState>,
    /// Those recorded in this week.
    pub week: Option<Week>,
}

/// A page of sightings.
#[derive(Debug)]
pub struct List {
    /// Newest first.
    pub items: Vec<SightingView>,
    /// Whether older ones follow.
    pub more: bool,
}

/// Sightings that the caller may see, newest first, older than the sighting `before`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    wanted: Wanted,
    before: Option<String>,
    limit: usize,
) -> Result<List, Error> {
    authorize(&caller.actor, Action::ListSightings, &Resource::Exchange)?;
    let whose = match whose(caller) {
        Ok(whose) => whose,
        Err(_) => {
            return Ok(List {
                items: Vec::new(),
                more: false,
            });
        }
    };
    let filter = Filter {
        request: wanted.request.map(|id| id.to_string()),
        platform: wanted.platform.map(|id| id.to_string()),
        host: wanted.host,
        standing: wanted.standing.map(|s| s.as_str().to_owned()),
        confidence: wanted.confidence.map(|c| c.as_str().to_owned()),
        state: wanted.state.map(|s| s.as_str().to_owned()),
        recorded_from: wanted.week.map(|w| w.begins().timestamp_millis()),
        recorded_to: wanted.week.map(|w| w.ends().timestamp_millis()),
    };
    let mut rows = cx
        .store
        .read(move |conn| {
            let most = one_more(limit);
            sightings::page(conn, &whose, &filter, before.as_deref(), most).map_err(Error::from)
        })
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let items = views(cx, &rows).await?;
    read_by(cx, caller, &items).await?;
    Ok(List { items, more })
}

/// One sighting.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may see.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<SightingView, Error> {
    authorize(&caller.actor, Action::ReadSighting, &Resource::Exchange)?;
    let whose = whose(caller)?;
    let id: SightingId = id.parse().map_err(|_| Error::NotFound)?;
    let id = id.to_string();
    let row = cx
        .store
        .read(move |conn| sightings::find(conn, &whose, &id)?.ok_or(Error::NotFound))
        .await?;
    let mut shown = views(cx, &[row]).await?;
    read_by(cx, caller, &shown).await?;
    shown.pop().ok_or(Error::NotFound)
}
