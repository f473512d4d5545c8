//! What a filing does besides: it follows sightings, and whoever had only been sighted is written to.

use takedown_core::history::{Data, Subject};
use takedown_core::id::SightingId;
use takedown_core::platform::Standing;
use takedown_core::time::At;

use super::change::written;
use super::view;
use crate::app::registering::record;
use crate::app::requests::RequestView;
use crate::app::{Caller, Error, FieldError};
use crate::store::Conn;
use crate::store::platforms::contacted;
use crate::store::requests::ItemRow;
use crate::store::sightings::{self, SightingRow, Whose};

/// Links the sightings that a filing names to the request that follows them, and notes who was written to for the first time.
/// A new request leads nowhere yet, so no chain can close.
///
/// # Errors
/// [`Error::Invalid`] naming every sighting that cannot be followed so.
pub(in crate::app) fn of_filing(
    conn: &mut Conn,
    caller: &Caller,
    followed: &[SightingId],
    (views, items): (&[RequestView], &[Vec<ItemRow>]),
    now: At,
) -> Result<(), Error> {
    // Always in one order, so that no two filings wait for each other.
    let mut first: Vec<&RequestView> = views
        .iter()
        .filter(|view| view.platform.standing == Standing::Sighted)
        .collect();
    first.sort_unstable_by_key(|view| view.platform.id);
    for view in first {
        let id = view.platform.id;
        if contacted(conn, &id.to_string(), now.timestamp_millis())? {
            let data = Data::PlatformContacted {
                request: view.request.id,
            };
            record(conn, caller.author(), Subject::Platform { id }, now, data)?;
        }
    }
    let agency = caller.actor.agency().ok_or(Error::NotFound)?;
    let whose = Whose::Agency(agency.to_string());
    let mut refused = Vec::new();
    for (index, id) in followed.iter().enumerate() {
        let mut refuse = |why: String| {
            refused.push(FieldError::new(format!("/sightings/{index}"), why));
        };
        let Some(row) = sightings::find(conn, &whose, &id.to_string())? else {
            refuse(format!("your agency has recorded no sighting {id}"));
            continue;
        };
        let Some(view) = part_for(&row, views, items) else {
            refuse(format!(
                "{id} was seen on {}, where this filing asks about nothing",
                row.platform_id
            ));
            continue;
        };
        let request = Some(view.request.id);
        match view::sighting(&row)?.follow(request, &[]) {
            Ok(next) => {
                let data = Data::SightingFollowed { request };
                written(conn, caller, row, next, data, now)?;
            }
            Err(why) => refuse(why.to_string()),
        }
    }
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(refused))
    }
}

/// The part of a filing that asks about what was seen; else the one that asks its platform.
fn part_for<'a>(
    row: &SightingRow,
    views: &'a [RequestView],
    items: &[Vec<ItemRow>],
) -> Option<&'a RequestView> {
    let parts = || views.iter().zip(items);
    let same = |item: &ItemRow| item.comparison_digest == row.comparison_digest;
    let on = |view: &RequestView| view.platform.id.to_string() == row.platform_id;
    parts()
        .find(|(view, items)| items.iter().any(same) && (row.host.is_some() || on(view)))
        .or_else(|| parts().find(|(view, _)| on(view)))
        .map(|(view, _)| view)
}
