//! Recording a sighting.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use takedown_core::history::{Data, Digest, Subject};
use takedown_core::id::{ItemId, PlatformId, RequestId, SightingId};
use takedown_core::locator::Locator;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::sighting::{Confidence, Moved, SeenAs};
use takedown_core::time::At;
use uuid::Uuid;

use super::platform::{self, FoundContact};
use super::view::SightingView;
use crate::app::once::{Answer, Once, once};
use crate::app::parties::Platform;
use crate::app::registering::{invalid, record as enter};
use crate::app::requests::filing::Text;
use crate::app::requests::filing_agency;
use crate::app::{Caller, Cx, Error};
use crate::store::requests::{self, ItemRow, RequestRow, Scope};
use crate::store::sightings::{self, SightingRow};
use crate::store::{Conn, StoreError};

/// A sighting to be recorded.
#[derive(Debug, Clone)]
pub struct NewSighting {
    /// After which request; one of the agency's own.
    pub request: RequestId,
    /// Which item of it moved, where that is known.
    pub item: Option<ItemId>,
    /// Where to.
    pub locator: Locator,
    /// On which platform, where the locator has no host that says it.
    pub platform: Option<PlatformId>,
    /// Announced or found.
    pub seen_as: SeenAs,
    /// The material or its public.
    pub moved: Moved,
    /// How sure the agency is.
    pub confidence: Confidence,
    /// When it was seen; now unless said.
    pub seen_at: Option<At>,
    /// What else is worth knowing.
    pub note: Option<Text>,
    /// Addresses that were found for a platform that nobody speaks for.
    pub contacts: Vec<FoundContact>,
}

/// Records a sighting. A host that leads to no platform becomes one in the same commit.
///
/// # Errors
/// [`Error::Forbidden`] while the agency is not verified, [`Error::Invalid`], [`Error::Conflict`] when the same is recorded
/// already or the agency has brought in too many platforms, [`Error::KeyMismatch`], and those of the store.
pub async fn record(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewSighting,
    render: fn(&SightingView) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::RecordSighting, &Resource::Exchange)?;
    let now = cx.now();
    let agency = filing_agency(cx, caller, now).await?.id;
    if new.seen_at.is_some_and(|at| at > now) {
        return Err(invalid("/seen_at", "must not be in the future"));
    }
    let caller = caller.clone();
    let answer = cx
        .store
        .write(move |conn| {
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                let scope = Scope::Agency(agency.to_string());
                let request = new.request.to_string();
                let request = requests::find(conn, &scope, &request)?.ok_or_else(|| {
                    invalid(
                        "/request",
                        format!("your agency has filed no request {request}"),
                    )
                })?;
                let found = platform::find(conn, &new.locator, new.platform, now)?;
                check(conn, &new, &request, found.platform())?;
                let id = SightingId::from_uuid(Uuid::now_v7());
                let row = row_of(id, &new, &request, found.platform(), now)?;
                sightings::insert(conn, &row)?;
                let of = (agency, id);
                let platform = platform::keep(conn, &caller, of, found, &new.contacts, now)?;
                let data = Data::SightingRecorded {
                    request: new.request,
                    target: Digest::of(new.locator.key().as_str()),
                    platform: platform.id,
                    confidence: new.confidence,
                };
                enter(conn, caller.author(), Subject::Sighting { id }, now, data)?;
                let view = SightingView::from_row(&row, Arc::new(platform))?;
                Ok(render(&view))
            })
        })
        .await;
    // Even when the answer failed: a platform may have come in.
    cx.registry.changed();
    answer
}

/// What moved lies elsewhere than what was asked about, and is recorded once.
fn check(
    conn: &mut Conn,
    new: &NewSighting,
    request: &RequestRow,
    platform: &Platform,
) -> Result<(), Error> {
    let items = requests::items(conn, &request.id)?;
    if let Some(item) = new.item.map(|id| id.to_string())
        && !items.iter().any(|row| row.id == item)
    {
        return Err(invalid(
            "/item",
            format!("{} has no item {item}", request.id),
        ));
    }
    let (digest, platform) = (digest(&new.locator), platform.id.to_string());
    let same = |item: &&ItemRow| {
        item.comparison_digest == digest
            && (new.locator.key_stands_alone() || request.platform_id == platform)
    };
    if let Some(item) = items.iter().find(same) {
        let says = format!(
            "this is where {} was asked about in the same request; a sighting is elsewhere. What came back is filed again",
            item.id
        );
        return Err(invalid("/locator", says));
    }
    if let Some(id) = sightings::same(conn, &request.id, &platform, &digest)? {
        return Err(Error::Conflict(format!(
            "{id} records this already; revise it, or retract it first."
        )));
    }
    Ok(())
}

fn row_of(
    id: SightingId,
    new: &NewSighting,
    request: &RequestRow,
    platform: &Platform,
    now: At,
) -> Result<SightingRow, StoreError> {
    Ok(SightingRow {
        id: id.to_string(),
        agency_id: request.agency_id.clone(),
        request_id: request.id.clone(),
        item_id: new.item.map(|id| id.to_string()),
        seen_as: new.seen_as.as_str().to_owned(),
        moved: new.moved.as_str().to_owned(),
        kind: new.locator.kind().as_str().to_owned(),
        locator: new.locator.filed().to_owned(),
        comparison_digest: digest(&new.locator),
        host: new.locator.host().map(|host| host.as_str().to_owned()),
        platform_id: platform.id.to_string(),
        confidence: new.confidence.as_str().to_owned(),
        revisions: "[]".to_owned(),
        seen_at: new.seen_at.unwrap_or(now).timestamp_millis(),
        note: new.note.as_ref().map(serde_json::to_string).transpose()?,
        followed_by: None,
        followed_at: None,
        retracted_at: None,
        retraction: None,
        version: 1,
        created_at: now.timestamp_millis(),
        updated_at: now.timestamp_millis(),
    })
}

/// Half of the digest by which items are compared, as they have it.
fn digest(locator: &Locator) -> Vec<u8> {
    Sha256::digest(locator.key().as_str())[..16].to_vec()
}
