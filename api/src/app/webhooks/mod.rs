//! Webhooks: addresses of a party's own that are told of what comes into its inbox.
//!
//! They carry nothing but names: type, time, position, and of what it is. Whoever wants to know more reads it from the API, where
//! reading is recorded and may be refused.

mod health;
mod keys;
mod message;
mod past;
mod reseal;
mod sending;
mod settling;
#[cfg(test)]
mod tests;

pub use health::{Health, health};
pub use keys::{OVERLAP, Rotation, WebhookKey, rotate};
pub use message::{TEST, WebhookEvent};
pub use past::{Delivery, DeliveryStatus, Replay, deliveries, replay, test};
pub use reseal::{Resealed, reseal, sealed_with, write_with};
pub use sending::{
    Found, Lease, Message, Next, Stands, Taken, Work, due, next, release, renew, take,
};
pub use settling::{Outcome, Round, Settled, Written, settle, settle_alone};

use takedown_core::history::{Data, Digest};
use takedown_core::id::WebhookId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;
use takedown_core::webhook::{Disabled, WebhookStatus};
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::once::{Answer, Once, shown_once};
use super::parties::{instant, parsed};
use super::registering::{Page, invalid, one_more, put, record};
use super::requests::{Expected, keeper};
use super::{Caller, Cx, Error};
use crate::store::webhooks::{self, WebhookRow};
use crate::store::{StoreError, feed};

/// How many webhooks a party may have.
pub const MOST: i64 = 10;

/// A webhook as its party sees it.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its identifier.
    pub id: String,
    /// Whose inbox it tells of.
    pub party: String,
    /// Where it leads.
    pub url: String,
    /// What its party calls it.
    pub description: String,
    /// Whether it is told of events.
    pub status: WebhookStatus,
    /// Why it is not.
    pub disabled: Option<Disabled>,
    /// Its keys, the oldest first.
    pub keys: Vec<WebhookKey>,
    /// Counts its versions from 1.
    pub version: i32,
    /// Up to which position of the inbox it was told.
    pub position: i64,
    /// Failures in a row.
    pub failures: i32,
    /// Since when nothing arrived, while that is so.
    pub failing_since: Option<At>,
    /// When something last arrived.
    pub delivered_at: Option<At>,
    /// Why the last failure.
    pub last_error: Option<String>,
    /// When it was registered.
    pub created_at: At,
    /// When its party last changed it, or the exchange disabled it.
    pub updated_at: At,
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let disabled = row.disabled.as_deref();
        Ok(Self {
            status: parsed("status", &row.status)?,
            disabled: disabled.map(|word| parsed("reason", word)).transpose()?,
            keys: keys::shown(&row.secrets)?,
            failing_since: row.failing_since.map(instant).transpose()?,
            delivered_at: row.delivered_at.map(instant).transpose()?,
            created_at: instant(row.created_at)?,
            updated_at: instant(row.updated_at)?,
            id: row.id,
            party: row.party_id,
            url: row.url,
            description: row.description,
            version: row.version,
            position: row.position,
            failures: row.failures,
            last_error: row.last_error,
        })
    }
}

/// A webhook to be registered.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Where it is to lead.
    pub url: String,
    /// What its party calls it.
    pub description: String,
}

/// What is to become of one.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    /// Where it leads from now on.
    pub url: Option<String>,
    /// What its party calls it.
    pub description: Option<String>,
    /// Whether it is told of events.
    pub status: Option<WebhookStatus>,
}

/// How a webhook is answered; the secret is there in the one answer that shows it.
pub type Render = fn(&Webhook, Option<&str>) -> Answer;

/// Registers a webhook, which is told of what comes into the inbox from now on. A repeated call with the same key finds it without
/// its secret.
///
/// # Errors
/// [`Error::Invalid`] for an address that a webhook may not lead to, [`Error::Conflict`] when the party has all it may have,
/// [`Error::KeyMismatch`], [`Error::Later`] on a node that cannot seal secrets, and those of the policy and the store: to say where the
/// inbox is told takes a scope, and to read it another.
pub async fn register(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewWebhook,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::CreateWebhook, &Resource::Exchange)?;
    caller.reads_what_he_sends(Action::CreateWebhook)?;
    let (party, subject) = keeper(&caller.actor)?;
    let url = checked(cx, &new.url).await?;
    let id = WebhookId::from_uuid(Uuid::now_v7());
    let made = keys::make(cx, &id.to_string()).await?;
    let now = cx.now();
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            let by = caller.client.to_string();
            shown_once(conn, &by, key.as_ref(), now, |conn| {
                if webhooks::count(conn, &party)? >= MOST {
                    return Err(Error::Conflict(format!(
                        "You have {MOST} webhooks, and that is all there can be; remove one first."
                    )));
                }
                let secrets = keys::stored(std::slice::from_ref(&made.kept))?;
                let at = now.timestamp_millis();
                let (name, url) = (id.to_string(), url.to_string());
                let row = WebhookRow {
                    description: new.description.clone(),
                    position: feed::head(conn, &party)?,
                    ..WebhookRow::new(name, party.clone(), url, secrets, at)
                };
                webhooks::insert(conn, &row)?;
                let registered = Data::WebhookRegistered {
                    webhook: id,
                    url: Digest::of(&row.url),
                    public_key: made.kept.public.clone(),
                };
                record(conn, caller.author(), subject, now, registered)?;
                made.answers(row, render)
            })
        })
        .await
}

/// One's own webhooks after `after`, in the order of their registration.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Webhook>, Error> {
    authorize(&caller.actor, Action::ListWebhooks, &Resource::Exchange)?;
    let (party, _) = keeper(&caller.actor)?;
    let rows = cx
        .store
        .read(move |conn| {
            webhooks::page(conn, Some(&party), after.as_deref(), one_more(limit))?
                .into_iter()
                .map(Webhook::try_from)
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

/// One of one's own webhooks, never its secrets.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<Webhook, Error> {
    authorize(&caller.actor, Action::ReadWebhook, &Resource::Exchange)?;
    let (party, _) = keeper(&caller.actor)?;
    let id = identifier(id)?.to_string();
    let row = cx
        .store
        .read(move |conn| webhooks::find(conn, &party, &id)?.ok_or(Error::NotFound))
        .await?;
    Ok(row.try_into()?)
}

/// Changes a webhook: where it leads, what it is called, whether it is told of events. One that becomes active again goes on
/// where it stopped.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and as [`register`].
pub async fn change(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    change: WebhookChange,
) -> Result<Webhook, Error> {
    authorize(&caller.actor, Action::ChangeWebhook, &Resource::Exchange)?;
    // Whoever may not read can still stop one, or call it something else.
    if change.url.is_some() || change.status == Some(WebhookStatus::Active) {
        caller.reads_what_he_sends(Action::ChangeWebhook)?;
    }
    let (party, subject) = keeper(&caller.actor)?;
    let webhook = identifier(id)?;
    let url = match &change.url {
        Some(url) => Some(checked(cx, url).await?.to_string()),
        None => None,
    };
    let now = cx.now();
    let author = caller.author();
    let whose = party.clone();
    let changed = cx
        .store
        .write(move |conn| {
            let row = webhooks::find(conn, &party, &webhook.to_string())?;
            let mut row = row.ok_or(Error::NotFound)?;
            expected.check(row.version, false)?;
            let mut members = Vec::new();
            let m = &mut members;
            put(m, "url", &mut row.url, url.clone());
            let description = change.description.clone();
            put(m, "description", &mut row.description, description);
            let status = change.status.map(|status| status.to_string());
            put(m, "status", &mut row.status, status);
            if members.is_empty() {
                return Ok::<Webhook, Error>(row.try_into()?);
            }
            let has = |name: &str| members.iter().any(|member| member == name);
            let moved = has("url").then(|| Digest::of(&row.url));
            if has("status") {
                let by_party = change.status == Some(WebhookStatus::Disabled);
                row.disabled = by_party.then(|| Disabled::ByParty.to_string());
            }
            row.version += 1;
            row.updated_at = now.timestamp_millis();
            webhooks::update(conn, &row)?;
            if has("url") || has("status") {
                webhooks::refresh(conn, &row.id)?;
            }
            let data = Data::WebhookChanged {
                webhook,
                members,
                url: moved,
            };
            record(conn, author, subject, now, data)?;
            let row = webhooks::find(conn, &party, &row.id)?.ok_or(Error::NotFound)?;
            Ok(row.try_into()?)
        })
        .await;
    cx.feeds.news.of(&whose);
    changed
}

/// Removes a webhook, and what is known of its deliveries.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn remove(cx: &Cx, caller: &Caller, id: &str, expected: Expected) -> Result<(), Error> {
    authorize(&caller.actor, Action::RemoveWebhook, &Resource::Exchange)?;
    let (party, subject) = keeper(&caller.actor)?;
    let webhook = identifier(id)?;
    let now = cx.now();
    let author = caller.author();
    cx.store
        .write(move |conn| {
            let row = webhooks::find(conn, &party, &webhook.to_string())?;
            let row = row.ok_or(Error::NotFound)?;
            expected.check(row.version, false)?;
            webhooks::remove(conn, &row.id, row.version)?;
            record(conn, author, subject, now, Data::WebhookRemoved { webhook })
        })
        .await
}

/// An address that a webhook may lead to, at this moment.
async fn checked(cx: &Cx, url: &str) -> Result<Url, Error> {
    let judged = cx.guard.check(url).await;
    judged.map_err(|refused| invalid("/url", refused.to_string()))
}

/// What is no identifier of a webhook names none.
fn identifier(given: &str) -> Result<WebhookId, Error> {
    given.parse().map_err(|_| Error::NotFound)
}

/// What is made for a webhook: kept sealed, and shown once.
struct Made {
    kept: keys::Kept,
    secret: Zeroizing<String>,
}

impl Made {
    /// The answer that shows the secret, and the one that is kept.
    fn answers(&self, row: WebhookRow, render: Render) -> Result<(Answer, Answer), Error> {
        let webhook = Webhook::try_from(row)?;
        let shown = render(&webhook, Some(self.secret.as_str()));
        Ok((shown, render(&webhook, None)))
    }
}
