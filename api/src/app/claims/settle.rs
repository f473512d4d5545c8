//! How a platform that was just claimed wants to be written to.

use chrono::TimeDelta;
use takedown_core::contact::MailAddress;
use takedown_core::history::{Data, Subject};
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::text::Language;

use super::{Claim, Claimant};
use crate::app::parties::{Platform, instant};
use crate::app::registering::{put, record};
use crate::app::registry::load_platform;
use crate::app::requests::{AnswerSecret, Opened};
use crate::app::values::Zone;
use crate::app::{Cx, Error};
use crate::store::platforms::{PlatformRow, update};
use crate::store::{claims, clients, links};

/// For how long after the proof the page that showed the credentials can say this.
const TICKET: TimeDelta = TimeDelta::hours(1);

/// What the platform wants.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Where it is written to, the first one first.
    pub contacts: Vec<MailAddress>,
    /// The languages it accepts, the preferred one first.
    pub languages: Vec<Language>,
    /// Its zone.
    pub time_zone: Zone,
    /// Whether the answer links that are out end at once, that of this page among them.
    pub end_links: bool,
}

/// Whoever proved to be in charge says how the platform wants to be written to, as often as he likes within an hour. Having the
/// answer link is not enough for that: the ticket stood on the page that showed the credentials.
///
/// # Errors
/// [`Error::NotFound`] for a ticket that is none or over, or whose client is suspended, [`Error::StaleVersion`], and those of the
/// policy and the store.
pub async fn settle_by_link(
    cx: &Cx,
    opened: &Opened,
    ticket: &str,
    wishes: Wishes,
) -> Result<Platform, Error> {
    authorize(
        &Actor::anonymous(),
        Action::ClaimByLink,
        &Resource::Exchange,
    )?;
    let claimant = Claimant::by_link(opened);
    let id = opened.view.request.platform;
    let ticket = AnswerSecret::digest(ticket);
    let now = cx.now();
    let settled = cx
        .store
        .write(move |conn| {
            let key = id.to_string();
            let row = claims::newest(conn, &key, &claimant.key)?;
            let row = row.filter(|row| row.ticket.as_ref() == Some(&ticket));
            let row = row.ok_or(Error::NotFound)?;
            let proved = row.proved_at.map(instant).transpose()?;
            if proved.is_none_or(|proved| now >= proved + TICKET) {
                return Err(Error::NotFound);
            }
            // The ticket is worth no more than the credentials that stood beside it.
            let client = row.client_id.as_deref().ok_or(Error::NotFound)?;
            let client = clients::find(conn, client)?.ok_or(Error::NotFound)?;
            let mut platform = load_platform(conn, &key)?.ok_or(Error::NotFound)?;
            if client.suspended || platform.suspended {
                return Err(Error::NotFound);
            }
            let contacts: Vec<String> = wishes
                .contacts
                .iter()
                .map(|contact| contact.as_str().to_owned())
                .collect();
            // Whoever names an address again that its reader called wrong takes that back; a list that stays as it was says nothing.
            if contacts != platform.contacts {
                links::accept(conn, &key, &contacts)?;
            }
            let mut members = Vec::new();
            let m = &mut members;
            put(m, "contacts", &mut platform.contacts, Some(contacts));
            let languages = wishes.languages.clone();
            put(m, "languages", &mut platform.languages, Some(languages));
            let zone = wishes.time_zone.clone();
            put(m, "time_zone", &mut platform.time_zone, Some(zone.into()));
            let subject = Subject::Platform { id };
            if !members.is_empty() {
                platform.version += 1;
                platform.updated_at = now;
                update(conn, &PlatformRow::try_from(&platform)?, None)?;
                let data = Data::PlatformChanged { members };
                record(conn, claimant.author, subject, now, data)?;
            }
            if wishes.end_links && claims::end_links(conn, &key, now.timestamp_millis())? > 0 {
                let claim = Claim::try_from(row)?.id;
                record(
                    conn,
                    claimant.author,
                    subject,
                    now,
                    Data::LinksEnded { claim },
                )?;
            }
            Ok(platform)
        })
        .await;
    cx.registry.changed();
    settled
}
