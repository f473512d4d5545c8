//! Asking for a link, and ending them.

use chrono::TimeDelta;
use takedown_core::history::Data;
use takedown_core::platform::Standing;
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::request::Side;
use takedown_core::time::At;

use super::super::check::CheckCode;
use super::super::commit::queue_with;
use super::super::load::{self, identifier, scope_of};
use super::super::view::RequestView;
use super::whole;
use crate::app::notify::{Facts, LINK_SENT};
use crate::app::parties::parsed;
use crate::app::registering::record;
use crate::app::requests::keeper;
use crate::app::{Caller, Cx, Error};
use crate::store::{Conn, links, outbox, requests};

/// How many links about one request may be on their way within 24 hours, those of its other mails among them.
const MOST_A_DAY: usize = 6;

/// Sends a new link to the mailboxes that had one about the request with this check code: whoever has the code was sent a mail,
/// and nobody learns here whether he really was.
///
/// # Errors
/// Those of the store. A code that was never given, and one about which enough was sent, are no errors.
pub async fn renew_link(cx: &Cx, given: &str) -> Result<(), Error> {
    authorize(&Actor::anonymous(), Action::RenewLink, &Resource::Exchange)?;
    let code = given.parse::<CheckCode>().ok();
    let wanted = code.map_or(String::new(), |code| code.as_str().to_owned());
    let now = cx.now();
    let cx2 = cx.clone();
    cx.store
        .write(move |conn| {
            let Some(row) = requests::by_check_code(conn, &wanted)? else {
                return Ok(());
            };
            let view = whole(&cx2, conn, row)?;
            let id = view.request.id.to_string();
            let since = (now - TimeDelta::hours(24)).timestamp_millis();
            let (contacts, recent) = links::sent_to(conn, &id, since)?;
            let waiting = outbox::any_with(conn, &id, LINK_SENT, outbox::PENDING)?;
            if view.erased_at.is_some() || waiting || recent >= MOST_A_DAY {
                return Ok(());
            }
            for contact in contacts {
                queue(conn, &view, Some(contact), now)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    cx.wake.notify_one();
    Ok(())
}

/// The agency has a link sent to where the platform is written to now, for instance because the first address was wrong.
///
/// # Errors
/// [`Error::Conflict`] when the platform has an inbox of its own, no address, or was sent enough; [`Error::NotFound`], and those
/// of the policy and the store.
pub async fn send_link(cx: &Cx, caller: &Caller, id: &str) -> Result<(), Error> {
    authorize(&caller.actor, Action::SendLink, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let id = identifier(id)?;
    let now = cx.now();
    let cx2 = cx.clone();
    cx.store
        .write(move |conn| {
            let row = load::hold(conn, &scope, &id)?;
            let view = whole(&cx2, conn, row)?;
            view.not_erased()?;
            may_be_sent(conn, &view, now)?;
            queue(conn, &view, None, now)
        })
        .await?;
    cx.wake.notify_one();
    Ok(())
}

fn may_be_sent(conn: &mut Conn, view: &RequestView, now: At) -> Result<(), Error> {
    let platform = &view.platform;
    let unclaimed = matches!(platform.standing, Standing::Sighted | Standing::Contacted);
    let key = platform.id.to_string();
    if !unclaimed || links::has_client(conn, &key)? {
        return Err(Error::Conflict(format!(
            "{key} has an inbox of its own, and is sent no answer links"
        )));
    }
    let rejected = links::rejected(conn, &key)?;
    let left = |address: &&String| !rejected.iter().any(|row| row.address == **address);
    if platform.contacts.iter().find(left).is_none() {
        return Err(Error::Conflict(format!(
            "{key} has no address that could be written to; say which you found at /v1/platforms/{key}/contacts"
        )));
    }
    let id = view.request.id.to_string();
    let since = (now - TimeDelta::hours(24)).timestamp_millis();
    let (_, recent) = links::sent_to(conn, &id, since)?;
    let waiting = outbox::any_with(conn, &id, LINK_SENT, outbox::PENDING)?;
    if waiting || recent >= MOST_A_DAY {
        return Err(Error::Conflict(format!(
            "a mail with a link is on its way, or {MOST_A_DAY} about this request were sent within 24 hours, and that is all"
        )));
    }
    Ok(())
}

fn queue(
    conn: &mut Conn,
    view: &RequestView,
    contact: Option<String>,
    now: At,
) -> Result<(), Error> {
    let facts = Facts {
        contact,
        ..Facts::of(view)
    };
    let to = (view.request.platform.to_string(), Side::Platform);
    queue_with(conn, view, to, LINK_SENT, facts, now)
}

/// The agency ends every link of a request at once, for instance because a mail came into wrong hands.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn revoke_links(cx: &Cx, caller: &Caller, id: &str) -> Result<(), Error> {
    authorize(&caller.actor, Action::RevokeLinks, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let (_, subject) = keeper(&caller.actor)?;
    let (id, author, now) = (identifier(id)?, caller.author(), cx.now());
    let ended: usize = cx
        .store
        .write(move |conn| {
            requests::find(conn, &scope, &id)?.ok_or(Error::NotFound)?;
            let ended = links::revoke_of_request(conn, &id, now.timestamp_millis())?;
            // Ending what has ended changes nothing.
            if ended > 0 {
                let data = Data::AnswerLinksEnded {
                    request: parsed("request id", &id)?,
                    links: u64::try_from(ended).unwrap_or(u64::MAX),
                };
                record(conn, author, subject, now, data)?;
            }
            Ok::<_, Error>(ended)
        })
        .await?;
    tracing::info!(ended, "answer links were ended");
    Ok(())
}
