//! Whom a unit writes to next: platforms that nobody speaks for.

use std::sync::Arc;

use takedown_core::id::RequestId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::sighting::{ContactSource, Week};
use takedown_core::time::At;

use super::view::{SightingView, platform, views};
use crate::app::parties::{Platform, instant, parsed};
use crate::app::registering::one_more;
use crate::app::{Caller, Cx, Error};
use crate::store::sightings::{self, ContactRow, SightingRow, ToDo};

/// How many sightings and how many requests an entry shows.
const SHOWN: i64 = 10;

/// What to list.
#[derive(Debug, Clone, Copy)]
pub struct WantedOutreach {
    /// What was sighted or written in this week; in any, unless said.
    pub week: Option<Week>,
    /// Those to write to (`false`) or those that have not answered (`true`); both, unless said.
    pub unanswered: Option<bool>,
}

/// A request that nobody has fetched.
#[derive(Debug, Clone)]
pub struct Unanswered {
    /// Its identifier.
    pub id: RequestId,
    /// Its reference.
    pub reference: String,
    /// When it was filed.
    pub filed_at: At,
}

/// A platform, and what there is to do about it.
#[derive(Debug, Clone)]
pub struct OutreachEntry {
    /// Who.
    pub platform: Arc<Platform>,
    /// The addresses that the agency found.
    pub contacts: Vec<(String, ContactSource, At)>,
    /// The agency's open sightings there, oldest first, at most ten.
    pub sightings: Vec<SightingView>,
    /// The agency's requests there that nobody has fetched, oldest first, at most ten.
    pub requests: Vec<Unanswered>,
}

impl OutreachEntry {
    /// Since when something is to be done: since the oldest request without an answer, else since the oldest sighting.
    #[must_use]
    pub fn since(&self) -> Option<At> {
        let sighted = self.sightings.first().map(|view| view.created_at);
        self.requests.first().map(|r| r.filed_at).or(sighted)
    }
}

/// A page of platforms.
#[derive(Debug)]
pub struct Outreach {
    /// In the order in which they came in.
    pub items: Vec<OutreachEntry>,
    /// Whether more follow.
    pub more: bool,
}

/// What is read of a platform in one go.
struct Raw {
    id: String,
    sightings: Vec<SightingRow>,
    requests: Vec<(String, String, i64)>,
}

/// The platforms that the agency has to write to, or has written to without an answer, after the platform `after`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn outreach(
    cx: &Cx,
    caller: &Caller,
    wanted: WantedOutreach,
    after: Option<String>,
    limit: usize,
) -> Result<Outreach, Error> {
    authorize(&caller.actor, Action::ReadOutreach, &Resource::Exchange)?;
    let agency = caller.actor.agency().ok_or(Error::NotFound)?.to_string();
    let span = wanted.week.map_or((i64::MIN, i64::MAX), |week| {
        let millis = |at: At| at.timestamp_millis();
        (millis(week.begins()), millis(week.ends()))
    });
    let todo = match wanted.unanswered {
        None => ToDo::Any,
        Some(false) => ToDo::Write,
        Some(true) => ToDo::Answer,
    };
    let (raw, mut contacts, more) = cx
        .store
        .read(move |conn| {
            let most = one_more(limit);
            let mut ids = sightings::due(conn, &agency, span, todo, after.as_deref(), most)?;
            let more = ids.len() > limit;
            ids.truncate(limit);
            let contacts = sightings::contacts(conn, &agency, &ids)?;
            let mut raw = Vec::with_capacity(ids.len());
            for id in ids {
                raw.push(Raw {
                    sightings: sightings::open_on(conn, &agency, &id, SHOWN)?,
                    requests: sightings::unfetched_on(conn, &agency, &id, SHOWN)?,
                    id,
                });
            }
            Ok::<_, Error>((raw, contacts, more))
        })
        .await?;
    let mut items = Vec::with_capacity(raw.len());
    for raw in raw {
        let own: Vec<ContactRow> = contacts
            .extract_if(.., |contact| contact.platform_id == raw.id)
            .collect();
        items.push(OutreachEntry {
            platform: platform(cx, &raw.id).await?,
            contacts: own.into_iter().map(contact).collect::<Result<_, _>>()?,
            sightings: views(cx, &raw.sightings).await?,
            requests: raw
                .requests
                .into_iter()
                .map(unanswered)
                .collect::<Result<_, _>>()?,
        });
    }
    Ok(Outreach { items, more })
}

fn contact(row: ContactRow) -> Result<(String, ContactSource, At), Error> {
    let source = parsed("source of an address", &row.source)?;
    Ok((row.address, source, instant(row.found_at)?))
}

fn unanswered((id, reference, filed_at): (String, String, i64)) -> Result<Unanswered, Error> {
    Ok(Unanswered {
        id: parsed("request id", &id)?,
        reference,
        filed_at: instant(filed_at)?,
    })
}
