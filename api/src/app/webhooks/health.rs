//! Which webhooks work, for the operator: neither where they lead in full nor anything secret.

use takedown_core::policy::{Action, Resource, authorize};
use url::Url;

use super::{Webhook, webhooks};
use crate::app::registering::{Page, one_more};
use crate::app::{Caller, Cx, Error};
use crate::store::{Conn, StoreError, feed};

/// How a webhook stands.
#[derive(Debug, Clone)]
pub struct Health {
    /// The webhook.
    pub webhook: Webhook,
    /// The host of its address. The rest may hold a secret.
    pub host: String,
    /// How many entries of the inbox it was not told of yet.
    pub waiting: i64,
}

/// All webhooks after `after`, in the order of their registration.
///
/// # Errors
/// Those of the policy and the store.
pub async fn health(
    cx: &Cx,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Health>, Error> {
    let resource = Resource::Exchange;
    authorize(&caller.actor, Action::ListWebhookHealth, &resource)?;
    let rows = cx
        .store
        .read(move |conn| {
            let rows = webhooks::page(conn, None, after.as_deref(), one_more(limit))?;
            rows.into_iter()
                .map(|row| of(conn, row.try_into()?))
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

fn of(conn: &mut Conn, webhook: Webhook) -> Result<Health, StoreError> {
    let url = Url::parse(&webhook.url).ok();
    let host = url.as_ref().and_then(Url::host_str);
    Ok(Health {
        host: host.unwrap_or_default().to_owned(),
        waiting: feed::head(conn, &webhook.party)? - webhook.position,
        webhook,
    })
}
