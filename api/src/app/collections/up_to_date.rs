//! Bringing a collection up to date with the feed of its platform.
//!
//! Nothing is done when something happens: whoever reads a collection first takes into it what has come into the feed since, in
//! the order of the feed, at instants that only grow. So there is no second order beside that of the commits, and a platform that
//! never asks costs nothing.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use takedown_core::id::PlatformId;
use takedown_core::time::{At, parse_rfc3339};

use super::stix::objects;
use crate::app::requests::{RequestView, held_view};
use crate::app::{Cx, Error};
use crate::store::collections::{self, ObjectRow, Standing};
use crate::store::requests::Scope;
use crate::store::{Conn, StoreError, feed};

/// So many entries of the feed are taken in at once.
const AT_ONCE: i64 = 20;
/// After so many objects that is enough for one commit: others wait for it on the embedded database.
const ENOUGH: usize = 2_000;
/// So many commits at the most for one call; the rest is for the next one.
const COMMITS: usize = 10;

/// Of an entry of the feed what matters here.
#[derive(Debug, Deserialize)]
struct Entry {
    at: String,
    request: Option<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: String,
}

/// Takes in what is new; whether the collection is as far as the feed now.
///
/// # Errors
/// Those of the store.
pub(super) async fn bring_up_to_date(cx: &Cx, platform: PlatformId) -> Result<bool, Error> {
    let party = platform.to_string();
    for _ in 0..COMMITS {
        let head = cx.feeds.head(&party).await?;
        let id = party.clone();
        let standing = cx
            .store
            .read(move |conn| collections::standing(conn, &id))
            .await?;
        if standing.position >= head {
            return Ok(true);
        }
        let (cx2, id, now) = (cx.clone(), party.clone(), cx.now());
        let written = cx
            .store
            .write(move |conn| take_in(conn, &cx2, &id, now))
            .await;
        match written {
            Ok(()) => {}
            // What can be read is read; the rest comes once something can be written again.
            Err(Error::Store(StoreError::Full(_) | StoreError::ReadOnly(_))) => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Takes in some entries, in one commit.
fn take_in(conn: &mut Conn, cx: &Cx, platform: &str, now: At) -> Result<(), Error> {
    let mut standing = collections::hold(conn, platform)?;
    let scope = Scope::Platform(platform.to_owned());
    let mut written = 0;
    for (position, entry) in feed::page(conn, platform, standing.position, AT_ONCE)? {
        let entry: Entry = serde_json::from_str(&entry).map_err(StoreError::from)?;
        if let Some(request) = entry.request {
            let at =
                parse_rfc3339(&entry.at).map_err(|e| StoreError::Inconsistent(e.to_string()))?;
            let view = held_view(cx, conn, &scope, &request.id)?;
            written += put(conn, cx, platform, (&view, at), &mut standing, now)?;
        }
        standing.position = position;
        if written >= ENOUGH {
            break;
        }
    }
    collections::reached(conn, platform, standing)?;
    Ok(())
}

/// Puts a request in as it is now: what is new or has another version is added at the end, what it does not say any more is taken
/// out. How many objects it has.
fn put(
    conn: &mut Conn,
    cx: &Cx,
    platform: &str,
    (view, at): (&RequestView, At),
    standing: &mut Standing,
    now: At,
) -> Result<usize, Error> {
    let request = view.request.id.to_string();
    let objects = objects(view, &cx.settings.public_url);
    let ids: Vec<&str> = objects.iter().map(|object| &*object.id).collect();
    let known: HashMap<String, ObjectRow> = collections::known(conn, platform, &ids)?
        .into_iter()
        .map(|row| (row.object_id.clone(), row))
        .collect();
    let held: HashSet<String> = collections::held(conn, &request)?.into_iter().collect();
    let mut gone: Vec<String> = collections::of_request(conn, platform, &request)?;
    gone.extend(held.iter().cloned());
    gone.retain(|id| !ids.contains(&&**id));
    collections::let_go(conn, platform, &request, &gone)?;
    let newly: Vec<&str> = objects
        .iter()
        .filter(|object| object.is_observable() && !held.contains(&object.id))
        .map(|object| &*object.id)
        .collect();
    collections::add_held(conn, platform, &request, &newly)?;
    let mut replaced = Vec::new();
    let mut added = Vec::new();
    for object in &objects {
        let since = object.since.unwrap_or(at).timestamp_millis();
        let version = match known.get(&object.id) {
            // As it is known, or as a newer request says it.
            Some(row) if object.since.is_some() && row.version >= since => continue,
            // Clocks of nodes differ; versions only grow.
            Some(row) => {
                replaced.push(object.id.clone());
                since.max(row.version + 1)
            }
            None => since,
        };
        standing.added_at = now.timestamp_micros().max(standing.added_at + 1);
        added.push(ObjectRow {
            platform_id: platform.to_owned(),
            object_id: object.id.clone(),
            object_type: object.kind.to_owned(),
            added_at: standing.added_at,
            version,
            request_id: object.of_request.then(|| request.clone()),
        });
    }
    collections::remove(conn, platform, &replaced)?;
    collections::add(conn, &added)?;
    Ok(objects.len())
}
