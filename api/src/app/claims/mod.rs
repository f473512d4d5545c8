//! Claims: whoever is in charge of a host that was written to proves it, and his platform gets an inbox of its own.
//!
//! A claim belongs to whoever began it: to the mailbox whose answer link was used, or to the operator. Another mailbox of the same
//! platform has another code, so that nobody collects what somebody else proved. What a proof grants depends on who was there
//! before: where somebody acts or answers for the platform already, or it has more hosts than were proved, nothing is granted, and
//! the operator decides.

mod look;
mod press;
mod settle;

use chrono::TimeDelta;
use takedown_core::claim::{Challenge, ClaimCode, ClaimStatus, Sight};
use takedown_core::history::{Author, Data, Digest, Subject};
use takedown_core::id::{ClaimId, PlatformId};
use takedown_core::platform::{ControlMethod, Standing};
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::time::At;
use uuid::Uuid;

pub use look::{Credentials, Looked, NotLooked, look, look_by_link};
pub use press::once;
pub use settle::{Wishes, settle_by_link};

use super::parties::{Platform, instant, parsed};
use super::registering::{Page, invalid, one_more, record};
use super::registry::load_platform;
use super::requests::{AnswerSecret, Opened};
use super::{Caller, Cx, Error};
use crate::store::claims::{self, ClaimRow};
use crate::store::{Conn, StoreError};

/// For how long a proof is looked for.
pub(in crate::app) const LIFE: TimeDelta = TimeDelta::days(7);
/// So many claims one mailbox, or the operator, may begin for one platform within 24 hours.
const MOST_A_DAY: i64 = 5;

/// A claim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Which.
    pub id: ClaimId,
    /// Of which platform.
    pub platform: PlatformId,
    /// What is to be put up, and for which host.
    pub challenge: Challenge,
    /// How it stands.
    pub status: ClaimStatus,
    /// Whether the operator began it, and not somebody with the link of a mail.
    pub by_operator: bool,
    /// When it was begun.
    pub started_at: At,
    /// Until when the proof is looked for.
    pub expires_at: At,
    /// How often was looked.
    pub looks: i32,
    /// When last.
    pub looked_at: Option<At>,
    /// What was there then.
    pub seen: Vec<Sight>,
    /// How it was proved.
    pub method: Option<ControlMethod>,
    /// When.
    pub proved_at: Option<At>,
    /// The client that was made for whoever proved it.
    pub client: Option<String>,
}

impl Claim {
    /// Whether the proof is still looked for.
    #[must_use]
    pub fn is_open(&self, now: At) -> bool {
        self.status == ClaimStatus::Open && now < self.expires_at
    }
}

impl TryFrom<ClaimRow> for Claim {
    type Error = StoreError;

    fn try_from(row: ClaimRow) -> Result<Self, StoreError> {
        let code: ClaimCode = parsed("code of a claim", &row.code)?;
        Ok(Self {
            id: parsed("claim id", &row.id)?,
            platform: parsed("platform id", &row.platform_id)?,
            challenge: Challenge::new(row.host, &code),
            status: parsed("state of a claim", &row.status)?,
            by_operator: row.claimant.is_empty(),
            started_at: instant(row.started_at)?,
            expires_at: instant(row.expires_at)?,
            looks: row.looks,
            looked_at: row.looked_at.map(instant).transpose()?,
            seen: serde_json::from_str(&row.found)?,
            method: row
                .method
                .as_deref()
                .map(|method| parsed("way of proving control", method))
                .transpose()?,
            proved_at: row.proved_at.map(instant).transpose()?,
            client: row.client_id,
        })
    }
}

/// Who claims: as the history names him, and as his claims are found.
#[derive(Debug, Clone)]
struct Claimant {
    author: Author,
    /// See the migration.
    key: String,
    /// What is kept of the answer link; none for the operator.
    link: Option<Vec<u8>>,
}

impl Claimant {
    fn operator(caller: &Caller) -> Self {
        Self {
            author: caller.author(),
            key: String::new(),
            link: None,
        }
    }

    fn by_link(opened: &Opened) -> Self {
        Self {
            author: opened.caller.author(),
            key: opened.mailbox().to_string(),
            link: Some(opened.link().to_vec()),
        }
    }

    const fn is_operator(&self) -> bool {
        self.key.is_empty()
    }

    /// Whether his link opens nothing any more: it ended, or its platform is suspended or gone.
    fn has_ended(&self, conn: &mut Conn, platform: &Platform, now: At) -> Result<bool, StoreError> {
        let Some(link) = &self.link else {
            return Ok(false);
        };
        let open = !platform.suspended && platform.standing.can_be_asked();
        Ok(!open || !AnswerSecret::opens(conn, link, now)?)
    }
}

/// The newest claim from the mailbox of an answer link, if there is one.
///
/// # Errors
/// Those of the policy and the store.
pub async fn of_link(cx: &Cx, opened: &Opened) -> Result<Option<Claim>, Error> {
    authorize(&Actor::anonymous(), Action::OpenClaim, &Resource::Exchange)?;
    let platform = opened.view.request.platform.to_string();
    let key = Claimant::by_link(opened).key;
    let row = cx
        .store
        .read(move |conn| claims::newest(conn, &platform, &key))
        .await?;
    Ok(row.map(Claim::try_from).transpose()?)
}

/// Whether a program acts for the platform of an answer link already: then a proof grants nothing by itself.
///
/// # Errors
/// Those of the store.
pub async fn is_taken(cx: &Cx, opened: &Opened) -> Result<bool, Error> {
    let platform = opened.view.request.platform.to_string();
    cx.store
        .read(move |conn| claims::has_spokesman(conn, &platform))
        .await
        .map_err(Error::Store)
}

/// Whoever has an answer link begins to claim one of the hosts of the platform that was written to. Repeating it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] for a host that is not the platform's or cannot be proved, [`Error::Conflict`] for too many claims, and
/// those of the policy and the store.
pub async fn start_by_link(cx: &Cx, opened: &Opened, host: &str) -> Result<Claim, Error> {
    authorize(
        &Actor::anonymous(),
        Action::ClaimByLink,
        &Resource::Exchange,
    )?;
    let platform = opened.view.request.platform;
    start_as(cx, Claimant::by_link(opened), platform, host).await
}

/// The operator begins one, for somebody who came to him by another way. Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], and as [`start_by_link`].
pub async fn start(cx: &Cx, caller: &Caller, platform: &str, host: &str) -> Result<Claim, Error> {
    authorize(&caller.actor, Action::StartClaim, &Resource::Exchange)?;
    let platform = platform.parse().map_err(|_| Error::NotFound)?;
    let claimant = Claimant::operator(caller);
    start_as(cx, claimant, platform, host).await
}

async fn start_as(
    cx: &Cx,
    claimant: Claimant,
    platform: PlatformId,
    host: &str,
) -> Result<Claim, Error> {
    let host = host.trim().to_ascii_lowercase();
    let now = cx.now();
    cx.store
        .write(move |conn| {
            let key = platform.to_string();
            let known = load_platform(conn, &key)?.ok_or(Error::NotFound)?;
            may_be_claimed(&known, &host)?;
            let newest = claims::newest(conn, &key, &claimant.key)?;
            if let Some(row) = newest.filter(|row| row.host == host) {
                let claim = Claim::try_from(row)?;
                if claim.is_open(now) {
                    return Ok(claim);
                }
            }
            let since = (now - TimeDelta::hours(24)).timestamp_millis();
            if claims::begun_since(conn, (&key, &claimant.key), since)? >= MOST_A_DAY {
                return Err(Error::Conflict(format!(
                    "{MOST_A_DAY} claims of {key} were begun within 24 hours, and that is all; the newest one goes on."
                )));
            }
            let id = ClaimId::from_uuid(Uuid::now_v7());
            let row = ClaimRow {
                id: id.to_string(),
                platform_id: key,
                host: host.clone(),
                claimant: claimant.key.clone(),
                code: draw()?.to_string(),
                status: ClaimStatus::Open.as_str().to_owned(),
                started_at: now.timestamp_millis(),
                expires_at: (now + LIFE).timestamp_millis(),
                looks: 0,
                looked_at: None,
                found: "[]".to_owned(),
                method: None,
                proved_at: None,
                client_id: None,
                ticket: None,
            };
            claims::insert(conn, &row)?;
            let claim = Claim::try_from(row)?;
            let subject = Subject::Platform { id: platform };
            let data = Data::ClaimStarted {
                claim: id,
                host: host.clone(),
                line: Some(Digest::of(claim.challenge.line())),
            };
            record(conn, claimant.author, subject, now, data)?;
            Ok(claim)
        })
        .await
}

/// Only a host of the platform itself can be claimed: what lies below it, or above it, may be somebody else's.
fn may_be_claimed(platform: &Platform, host: &str) -> Result<(), Error> {
    let known = &platform.hosts;
    if !known.iter().any(|one| one == host) {
        return Err(invalid(
            "/host",
            format!(
                "is not one of the hosts under which this platform is known: {}",
                known.join(", ")
            ),
        ));
    }
    let code = ClaimCode::of([0; ClaimCode::LENGTH]);
    if !Challenge::new(host.to_owned(), &code).can_be_proved() {
        return Err(invalid(
            "/host",
            "is no name of the domain name system, so nothing can be proved there; the operator verifies it in another way",
        ));
    }
    if platform.standing == Standing::Gone {
        return Err(Error::Conflict(format!(
            "{} is gone; the operator changes that first.",
            platform.id
        )));
    }
    Ok(())
}

fn draw() -> Result<ClaimCode, StoreError> {
    let mut random = [0_u8; ClaimCode::LENGTH];
    aws_lc_rs::rand::fill(&mut random)
        .map_err(|_| StoreError::Unavailable("the system has no randomness".into()))?;
    Ok(ClaimCode::of(random))
}

/// Claims in the order in which they were begun, after `after`: in one state, or in all.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    status: Option<ClaimStatus>,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Claim>, Error> {
    authorize(&caller.actor, Action::ListClaims, &Resource::Exchange)?;
    let rows = cx
        .store
        .read(move |conn: &mut Conn| {
            let status = status.map(ClaimStatus::as_str);
            claims::page(conn, status, after.as_deref(), one_more(limit))?
                .into_iter()
                .map(Claim::try_from)
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    Ok(Page::cut(rows, limit))
}
