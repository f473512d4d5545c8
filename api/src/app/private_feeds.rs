//! Private feeds: a party's inbox at a secret address, for feed readers, which can send no token.
//!
//! The secret is 160 random bits, shown once; here is its SHA-256. What can be read there is what the inbox holds, and that names no
//! locator, no reason and no person: reading it is no receipt. It shows something as long as the client that opened it may read the
//! inbox itself.

use std::fmt;

use serde::Deserialize;
use takedown_core::history::{Data, Digest};
use takedown_core::id::{EntryId, FeedId};
use takedown_core::policy::{Action, Actor, Resource, Scope, authorize};
use takedown_core::time::{At, parse_rfc3339};
use uuid::Uuid;

use super::once::{Answer, Once, shown_once};
use super::parties::instant;
use super::registering::{Page, one_more, record};
use super::requests::keeper;
use super::{Caller, Cx, Error};
use crate::store::private_feeds::{self, FeedRow};
use crate::store::{StoreError, feed};

/// How many a party may have.
pub const MOST: i64 = 10;
/// How many entries a page of a feed has.
pub const ON_A_PAGE: usize = 100;
/// Crockford's digits in lower case.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of a secret, five bits each.
const LENGTH: usize = 32;

/// What stands in the address of a feed. It is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedSecret(String);

impl FeedSecret {
    fn draw() -> Result<Self, StoreError> {
        let mut random = [0_u8; LENGTH];
        aws_lc_rs::rand::fill(&mut random)
            .map_err(|_| StoreError::Unavailable("the system has no randomness".into()))?;
        let digit = |byte: &u8| char::from(DIGITS[usize::from(byte & 31)]);
        Ok(Self(random.iter().map(digit).collect()))
    }

    /// The secret, to be written into an address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    fn kept(&self) -> Digest {
        Digest::of(&self.0)
    }

    fn digest(given: &str) -> Vec<u8> {
        Digest::of(given.to_ascii_lowercase()).as_bytes().to_vec()
    }
}

impl fmt::Debug for FeedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FeedSecret(…)")
    }
}

/// A private feed as its party sees it.
#[derive(Debug, Clone)]
pub struct PrivateFeed {
    /// Its identifier.
    pub id: String,
    /// What its party calls it.
    pub description: String,
    /// When it was opened.
    pub created_at: At,
}

impl TryFrom<FeedRow> for PrivateFeed {
    type Error = StoreError;

    fn try_from(row: FeedRow) -> Result<Self, StoreError> {
        Ok(Self {
            created_at: instant(row.created_at)?,
            id: row.id,
            description: row.description,
        })
    }
}

/// How a feed is answered; the secret is there in the one answer that shows it.
pub type Render = fn(&PrivateFeed, Option<&FeedSecret>, &str) -> Answer;

/// Opens a private feed of one's own inbox. A repeated call with the same key finds it without its address.
///
/// # Errors
/// [`Error::Conflict`] when the party has all it may have, [`Error::KeyMismatch`], and those of the policy and the store: to say where
/// the inbox is read takes a scope, and to read it another.
pub async fn open(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    description: String,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::OpenFeed, &Resource::Exchange)?;
    caller.reads_what_he_sends(Action::OpenFeed)?;
    let (party, subject) = keeper(&caller.actor)?;
    let id = FeedId::from_uuid(Uuid::now_v7());
    let secret = FeedSecret::draw()?;
    let now = cx.now();
    let (caller, public_url) = (caller.clone(), cx.settings.public_url.clone());
    cx.store
        .write(move |conn| {
            let by = caller.client.to_string();
            shown_once(conn, &by, key.as_ref(), now, |conn| {
                if private_feeds::count(conn, &party)? >= MOST {
                    return Err(Error::Conflict(format!(
                        "You have {MOST} private feeds, and that is all there can be; end one first."
                    )));
                }
                let row = FeedRow {
                    id: id.to_string(),
                    party_id: party.clone(),
                    client_id: by.clone(),
                    digest: FeedSecret::digest(secret.as_str()),
                    description: description.clone(),
                    created_at: now.timestamp_millis(),
                };
                private_feeds::insert(conn, &row)?;
                let data = Data::FeedOpened {
                    feed: id,
                    address: Some(secret.kept()),
                };
                record(conn, caller.author(), subject, now, data)?;
                let opened = PrivateFeed::try_from(row)?;
                let shown = render(&opened, Some(&secret), &public_url);
                Ok((shown, render(&opened, None, &public_url)))
            })
        })
        .await
}

/// One's own private feeds after `after`, in the order in which they were opened; never their addresses.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<PrivateFeed>, Error> {
    authorize(&caller.actor, Action::ListFeeds, &Resource::Exchange)?;
    let (party, _) = keeper(&caller.actor)?;
    let rows = cx
        .store
        .read(move |conn| {
            private_feeds::page(conn, &party, after.as_deref(), one_more(limit))?
                .into_iter()
                .map(PrivateFeed::try_from)
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

/// Ends one of one's own private feeds: nothing is read at its address any more.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn end(cx: &Cx, caller: &Caller, id: &str) -> Result<(), Error> {
    authorize(&caller.actor, Action::EndFeed, &Resource::Exchange)?;
    let (party, subject) = keeper(&caller.actor)?;
    let id: FeedId = id.parse().map_err(|_| Error::NotFound)?;
    let now = cx.now();
    let author = caller.author();
    cx.store
        .write(move |conn| {
            if !private_feeds::remove(conn, &party, &id.to_string())? {
                return Err(Error::NotFound);
            }
            record(conn, author, subject, now, Data::FeedEnded { feed: id })
        })
        .await
}

/// What is read at the address of a feed.
#[derive(Debug)]
pub struct Shown {
    /// The feed's identifier.
    pub id: FeedId,
    /// Whose inbox it is.
    pub party: String,
    /// When the feed was opened.
    pub created_at: At,
    /// The position of the newest entry there is; the feed is the same as long as this is.
    pub head: i64,
    /// The newest entries before the place that was asked for, the newest first; none when the caller knows the head.
    pub entries: Vec<FeedEntry>,
    /// Before which position older ones are.
    pub older: Option<i64>,
}

/// An entry of the inbox as a feed tells it.
#[derive(Debug)]
pub struct FeedEntry {
    /// The event.
    pub id: Uuid,
    /// What happened, such as `request.filed`.
    pub event: String,
    /// When.
    pub at: At,
    /// What it is about, for an event about a request.
    pub request: Option<Told>,
}

/// What a feed tells of a request: what the inbox tells.
#[derive(Debug, Deserialize)]
pub struct Told {
    /// Its identifier.
    pub id: String,
    /// Short and speakable.
    pub reference: String,
    /// One plain sentence: who asks, may or must as claimed, and by when.
    pub summary: String,
    /// `referral` or `order`.
    pub kind: String,
    /// Where it stood then.
    pub status: String,
}

#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    r#type: String,
    at: String,
    request: Option<Told>,
}

impl FeedEntry {
    fn read(entry: &str) -> Result<Self, StoreError> {
        let entry: Entry = serde_json::from_str(entry)?;
        let id: EntryId = super::parties::parsed("entry id", &entry.id)?;
        Ok(Self {
            id: id.uuid(),
            event: entry.r#type,
            at: parse_rfc3339(&entry.at).map_err(|e| StoreError::Inconsistent(e.to_string()))?,
            request: entry.request,
        })
    }
}

/// Reads a feed by its secret, from before a position or from its newest entry. It changes nothing and is no receipt.
///
/// # Errors
/// [`Error::NotFound`], the same for an address that never was, one that ended, and one whose party or client is suspended or may not
/// read the inbox; and those of the store.
pub async fn show(
    cx: &Cx,
    given: &str,
    before: Option<i64>,
    known_head: Option<i64>,
) -> Result<Shown, Error> {
    authorize(&Actor::anonymous(), Action::ShowFeed, &Resource::Exchange)?;
    let digest = FeedSecret::digest(given);
    let row = cx
        .store
        .read(move |conn| private_feeds::by_digest(conn, &digest))
        .await?
        .ok_or(Error::NotFound)?;
    may_read(cx, &row.client_id).await?;
    let party = name_of(cx, &row.party_id).await?;
    let mut shown = Shown {
        id: super::parties::parsed("feed id", &row.id)?,
        party,
        created_at: instant(row.created_at)?,
        head: cx.feeds.head(&row.party_id).await?,
        entries: Vec::new(),
        older: None,
    };
    if before.is_none() && known_head == Some(shown.head) {
        return Ok(shown);
    }
    let before = before.unwrap_or(i64::MAX);
    let rows = cx
        .store
        .read(move |conn| feed::page_before(conn, &row.party_id, before, one_more(ON_A_PAGE)))
        .await?;
    let more = rows.len() > ON_A_PAGE;
    let rows = &rows[..rows.len().min(ON_A_PAGE)];
    shown.older = rows.last().filter(|_| more).map(|(position, _)| *position);
    shown.entries = rows
        .iter()
        .map(|(_, entry)| FeedEntry::read(entry))
        .collect::<Result<_, StoreError>>()?;
    if let Some((newest, _)) = rows.first() {
        shown.head = shown.head.max(*newest);
    }
    Ok(shown)
}

/// Whether the client that opened a feed may read its inbox now.
async fn may_read(cx: &Cx, client: &str) -> Result<(), Error> {
    match super::tokens::client(cx, client).await? {
        Some((client, true)) if reads_inbox(&client.scopes) => Ok(()),
        _ => Err(Error::NotFound),
    }
}

fn reads_inbox(scopes: &str) -> bool {
    scopes
        .split_ascii_whitespace()
        .any(|scope| scope == Scope::InboxRead.as_str())
}

/// The party's name, while it may act.
async fn name_of(cx: &Cx, party: &str) -> Result<String, Error> {
    if let Some(platform) = cx.registry.platform(party).await? {
        return (!platform.suspended)
            .then(|| platform.name.clone())
            .ok_or(Error::NotFound);
    }
    let agency = cx.registry.agency(party).await?;
    let agency =
        agency.filter(|agency| agency.status != takedown_core::agency::AgencyStatus::Suspended);
    agency
        .map(|agency| agency.name.clone())
        .ok_or(Error::NotFound)
}
