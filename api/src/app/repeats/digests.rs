//! Whether a platform was asked about a digest on its own service before. Nothing is matched or removed by itself.

use std::collections::HashMap;

use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{OutcomeCode, Status};
use takedown_core::time::At;

use super::{outcome, status};
use crate::app::parties::instant;
use crate::app::{Caller, Cx, Error};
use crate::store::repeats::{AskedItem, items_named, with_digest};

/// So many matches of a digest are told, the newest.
const TOLD: usize = 10;

/// What a platform was asked about a digest.
#[derive(Debug)]
pub struct AskedDigest {
    /// The newest matches, newest first.
    pub matches: Vec<DigestMatch>,
    /// Whether there are older ones.
    pub more: bool,
}

/// An item that carries a digest.
#[derive(Debug, Clone)]
pub struct DigestMatch {
    /// The request.
    pub request: String,
    /// Its reference.
    pub reference: String,
    /// Where it stands, or that the item was taken back.
    pub status: Status,
    /// The item.
    pub item: String,
    /// Its place in the request, from 1.
    pub position: i32,
    /// What became of it.
    pub outcome: Option<OutcomeCode>,
    /// When it was filed.
    pub filed_at: At,
    /// When the exchange was told of the outcome.
    pub decided_at: Option<At>,
}

/// What the calling platform was asked about each digest (32 bytes), in their order.
///
/// # Errors
/// Those of the policy and the store.
pub async fn look_up(
    cx: &Cx,
    caller: &Caller,
    digests: Vec<Vec<u8>>,
) -> Result<Vec<AskedDigest>, Error> {
    authorize(&caller.actor, Action::LookUpDigests, &Resource::Exchange)?;
    let platform = caller.actor.platform().ok_or(Error::NotFound)?.to_string();
    cx.store
        .read(move |conn| {
            let limit = i64::try_from(TOLD + 1).unwrap_or(i64::MAX);
            let found = digests
                .iter()
                .map(|digest| with_digest(conn, &platform, digest, limit))
                .collect::<Result<Vec<_>, _>>()?;
            let mut ids: Vec<String> = found
                .iter()
                .flat_map(|ids| ids.iter().take(TOLD).cloned())
                .collect();
            ids.sort_unstable();
            ids.dedup();
            let items: HashMap<String, AskedItem> = items_named(conn, &ids)?
                .into_iter()
                .map(|item| (item.item.clone(), item))
                .collect();
            found
                .iter()
                .map(|ids| {
                    let matches = ids.iter().take(TOLD).filter_map(|id| items.get(id));
                    Ok(AskedDigest {
                        matches: matches.map(of_item).collect::<Result<_, _>>()?,
                        more: ids.len() > TOLD,
                    })
                })
                .collect()
        })
        .await
}

fn of_item(item: &AskedItem) -> Result<DigestMatch, Error> {
    Ok(DigestMatch {
        request: item.request.clone(),
        reference: item.reference.clone(),
        status: status(item)?,
        item: item.item.clone(),
        position: item.position,
        outcome: outcome(item)?,
        filed_at: instant(item.filed_at)?,
        decided_at: item.decided_at.map(instant).transpose()?,
    })
}
