//! Answer links: a platform that never signed up answers one request from its mail.
//!
//! The secret is 160 random bits, in the mail and nowhere else: here is its SHA-256, there the mail that is kept has it blanked
//! out. What it opens is one request, for a time and for so many answers; the caller it makes acts as the platform, through the
//! same use cases and the same policy as its programs would, and is named `link` in the history.

mod ask;
mod listed;

use std::fmt;

use chrono::TimeDelta;
use takedown_core::history::{Author, By, Content, Data, Digest, Via};
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::time::At;

use super::commit::{Published, brought_about};
use super::filing::Text;
use super::load;
use super::message::{MessageView, keep_said, messages};
use super::read::{HistoryEntry, history};
use super::view::{RequestView, from_rows};
use crate::app::notify::{Due, LINK_SENT};
use crate::app::{Caller, Cx, Error, reads};
use crate::store::links::{self, LinkRow, RejectedRow};
use crate::store::requests::{self, RequestRow, Scope};
use crate::store::{Conn, StoreError};

pub use ask::{renew_link, revoke_links, send_link};
pub use listed::{AnswerLink, LinkStatus, links_of};

/// Crockford's digits in lower case: no i, l, o and u, and nothing that a mail program takes for the end of a link.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of a secret, five bits each.
const LENGTH: usize = 32;
/// For how long a link opens its request.
const LIFE: TimeDelta = TimeDelta::days(30);
/// How often something may be sent from behind one link: a request has at most 1,000 items, which are answered together.
const MOST_USES: i32 = 200;
/// So many messages and changes are shown.
const SHOWN: i64 = 100;

/// Of a link that came with a mail about the request.
pub const MADE_BY_MAIL: &str = "mail";
const MADE_BY_AGENCY: &str = "agency";
const MADE_BY_RECIPIENT: &str = "recipient";

/// Who has the link made that this mail carries: a new one goes where the recipient says only when he asked for it.
#[must_use]
pub fn made_by(mail: &Due) -> &'static str {
    match (mail.event.as_str(), &mail.facts.contact) {
        (LINK_SENT, Some(_)) => MADE_BY_RECIPIENT,
        (LINK_SENT, None) => MADE_BY_AGENCY,
        _ => MADE_BY_MAIL,
    }
}

/// What stands in the address of an answer page. It is shown once, in a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct AnswerSecret(String);

impl AnswerSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the system has no randomness: then nothing is made.
    pub(in crate::app) fn draw() -> Result<Self, StoreError> {
        let mut random = [0_u8; LENGTH];
        aws_lc_rs::rand::fill(&mut random)
            .map_err(|_| StoreError::Unavailable("the system has no randomness".into()))?;
        Ok(Self::of(&random))
    }

    /// The one that these bytes, of which there are 32, are: five bits of each.
    pub(in crate::app) fn of(bytes: &[u8]) -> Self {
        let digit = |byte: &u8| char::from(DIGITS[usize::from(byte & 31)]);
        Self(bytes.iter().take(LENGTH).map(digit).collect())
    }

    /// Whether a text has the form of one.
    pub(in crate::app) fn is_one(given: &str) -> bool {
        given.len() == LENGTH && given.bytes().all(|byte| DIGITS.contains(&byte))
    }

    /// The secret, to be written into an address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(in crate::app) fn digest(given: &str) -> Vec<u8> {
        Digest::of(given.to_ascii_lowercase()).as_bytes().to_vec()
    }

    /// Whether the link of which this is kept still opens something.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub(in crate::app) fn opens(
        conn: &mut Conn,
        digest: &[u8],
        now: At,
    ) -> Result<bool, StoreError> {
        let link = links::by_digest(conn, digest)?;
        Ok(link.is_some_and(|link| holds(&link, now)))
    }
}

impl fmt::Debug for AnswerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswerSecret(…)")
    }
}

/// Makes a link for one request and one mailbox. Each mail has its own, also one that is sent again after a crash: whichever
/// arrived opens the request.
///
/// # Errors
/// Those of the store.
pub async fn mint_link(
    cx: &Cx,
    view: &RequestView,
    (contact, made_by): (&str, &str),
) -> Result<AnswerSecret, Error> {
    let secret = AnswerSecret::draw()?;
    let now = cx.now();
    let row = LinkRow {
        digest: AnswerSecret::digest(secret.as_str()),
        request_id: view.request.id.to_string(),
        platform_id: view.request.platform.to_string(),
        contact: contact.to_owned(),
        issued_at: now.timestamp_millis(),
        expires_at: (now + LIFE).timestamp_millis(),
        uses: 0,
        revoked_at: None,
        made_by: made_by.to_owned(),
    };
    cx.store
        .write(move |conn| links::insert(conn, &row))
        .await
        .map_err(Error::Store)?;
    Ok(secret)
}

/// What is behind a link.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The request, with what its platform may see of it. Before the receipt nothing of its content is shown.
    pub view: RequestView,
    /// As whom he acts who has the link.
    pub caller: Caller,
    /// What was written about it, oldest first; nothing before the receipt, and for a page that shows nothing of it.
    pub messages: Vec<MessageView>,
    /// Until when the link opens it.
    pub expires_at: At,
    digest: Vec<u8>,
    contact: String,
}

impl Opened {
    /// Whether its content was handed over before. The button that does it is the receipt: whoever only looks at the page, or
    /// a program that tries out the links of a mail, has received nothing.
    #[must_use]
    pub fn received(&self) -> bool {
        self.view.request.state.fetched_at().is_some()
    }

    /// Of the mailbox that the link went to.
    #[must_use]
    pub fn mailbox(&self) -> Digest {
        Digest::of(&self.contact)
    }

    /// What is kept of the link's secret.
    pub(in crate::app) fn link(&self) -> &[u8] {
        &self.digest
    }

    /// The request's identifier.
    #[must_use]
    pub fn id(&self) -> String {
        self.view.request.id.to_string()
    }

    /// What happened since a version, oldest first.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn since(&self, cx: &Cx, version: i32) -> Result<Vec<HistoryEntry>, Error> {
        history(cx, &self.caller, &self.id(), version, SHOWN).await
    }
}

/// Opens a link. Changes nothing; once the request was received, that it is read again is an entry as everywhere.
///
/// # Errors
/// [`Error::NotFound`], the same for a link that never was, one that is over, used up or ended, and one whose request is gone;
/// and those of the store.
pub async fn open_link(cx: &Cx, given: &str) -> Result<Opened, Error> {
    let mut opened = enter_link(cx, given).await?;
    if opened.received() {
        let request = &opened.view.request;
        let (id, version) = (request.id, Some(request.version));
        reads::of_request(cx, &opened.caller, id, version, Content::Request).await?;
        opened.messages = messages(cx, &opened.caller, &opened.id(), None, SHOWN).await?;
    }
    Ok(opened)
}

/// The same for a page that shows nothing of the request.
///
/// # Errors
/// As [`open_link`].
pub async fn enter_link(cx: &Cx, given: &str) -> Result<Opened, Error> {
    authorize(&Actor::anonymous(), Action::OpenByLink, &Resource::Exchange)?;
    let digest = AnswerSecret::digest(given);
    let now = cx.now();
    let cx2 = cx.clone();
    let (view, link) = cx
        .store
        .read(move |conn| {
            let link = links::by_digest(conn, &digest)?.filter(|link| holds(link, now));
            let link = link.ok_or(Error::NotFound)?;
            let row = requests::find(conn, &Scope::All, &link.request_id)?;
            let view = whole(&cx2, conn, row.ok_or(Error::NotFound)?)?;
            Ok::<_, Error>((view, link))
        })
        .await?;
    let platform = &view.platform;
    if view.erased_at.is_some() || platform.suspended || !platform.standing.can_be_asked() {
        return Err(Error::NotFound);
    }
    Ok(Opened {
        caller: Caller::by_link(view.request.platform),
        messages: Vec::new(),
        expires_at: crate::app::parties::instant(link.expires_at)?,
        digest: link.digest,
        contact: link.contact,
        view,
    })
}

fn holds(link: &LinkRow, now: At) -> bool {
    link.revoked_at.is_none() && link.expires_at > now.timestamp_millis() && link.uses < MOST_USES
}

pub(super) fn whole(cx: &Cx, conn: &mut Conn, row: RequestRow) -> Result<RequestView, Error> {
    let items = requests::items(conn, &row.id)?;
    let (agency, platform) = load::parties_within(cx, conn, &row.agency_id, &row.platform_id)?;
    Ok(from_rows(row, items, agency, platform)?)
}

/// Counts what is sent from behind a link, before anything is done with it.
///
/// # Errors
/// [`Error::NotFound`] when the link ended meanwhile, and those of the policy and the store.
pub async fn spend_link(cx: &Cx, opened: &Opened) -> Result<(), Error> {
    authorize(
        &Actor::anonymous(),
        Action::AnswerByLink,
        &Resource::Exchange,
    )?;
    let (digest, now) = (opened.digest.clone(), cx.now().timestamp_millis());
    let spent = cx
        .store
        .write(move |conn| links::spend(conn, &digest, MOST_USES, now))
        .await
        .map_err(Error::Store)?;
    if spent { Ok(()) } else { Err(Error::NotFound) }
}

/// Whoever reads the mailbox says that the site is not his: no mail about the platform goes there any more, the links that did
/// are ended, and the agency is told.
///
/// # Errors
/// [`Error::Conflict`] once the request was erased, [`Error::NotFound`], and those of the store.
pub async fn not_mine(cx: &Cx, opened: &Opened, why: Option<Text>) -> Result<(), Error> {
    let (id, contact) = (opened.id(), opened.contact.clone());
    let platform = opened.view.request.platform.to_string();
    let now = cx.now();
    let cx2 = cx.clone();
    let ((), _) = cx
        .store
        .write_then(
            move |conn| {
                let row = load::hold(conn, &Scope::All, &id)?;
                let mut view = whole(&cx2, conn, row)?;
                view.not_erased()?;
                let at = now.timestamp_millis();
                let rejected = RejectedRow {
                    platform_id: platform.clone(),
                    address: contact.clone(),
                    request_id: id.clone(),
                    rejected_at: at,
                };
                let new = links::reject(conn, &rejected)?;
                links::revoke_of_contact(conn, (&platform, &contact), at)?;
                if !new {
                    return Ok(((), Vec::new()));
                }
                let why = match &why {
                    Some(text) => {
                        let kind = ("recipient", "contact_rejected");
                        Some(keep_said(conn, &view, kind, text, now)?)
                    }
                    None => None,
                };
                let change = view.request.clone().contact_rejected()?;
                let data = Data::ContactRejected {
                    contact: Digest::of(&contact),
                    why,
                };
                let author = Author {
                    by: By::Recipient,
                    via: Via::Link,
                    client: None,
                };
                let told = brought_about(conn, &cx2, author, &mut view, (&change, data), now)?;
                Ok::<_, Error>(((), told))
            },
            Published::announce(cx),
        )
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn secrets_are_long_different_and_shown_nowhere() {
        let drawn: Vec<AnswerSecret> = (0..200).map(|_| AnswerSecret::draw().unwrap()).collect();
        for secret in &drawn {
            assert_eq!(secret.as_str().len(), LENGTH);
            assert!(!format!("{secret:?}").contains(secret.as_str()));
        }
        for place in 0..LENGTH {
            let mut seen: Vec<u8> = drawn.iter().map(|s| s.as_str().as_bytes()[place]).collect();
            seen.sort_unstable();
            seen.dedup();
            assert!(seen.len() > 16, "place {place}: {seen:?}");
        }
        let (one, cut) = (&drawn[0], &drawn[0].as_str()[..LENGTH - 1]);
        assert_ne!(
            AnswerSecret::digest(one.as_str()),
            AnswerSecret::digest(cut)
        );
        let upper = one.as_str().to_ascii_uppercase();
        assert_eq!(
            AnswerSecret::digest(&upper),
            AnswerSecret::digest(one.as_str())
        );
    }
}
