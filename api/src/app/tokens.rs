//! What the token endpoint and the verifier need of the registry.

use std::sync::Arc;

use takedown_core::agency::AgencyStatus;
use takedown_core::time::At;

use super::parties::Client;
use super::{Cx, Error};
use crate::store::registry::{self, KeyRow};
use crate::store::{Constraint, StoreError, clients};

/// For how long after it was last seen a node's key is published: longer than any token lives.
const KEY_KEPT: chrono::Duration = chrono::Duration::hours(24);

/// A client, and whether both it and the party it acts for may call at this moment.
///
/// # Errors
/// [`StoreError`] when the database had to be asked and failed.
pub async fn client(cx: &Cx, id: &str) -> Result<Option<(Arc<Client>, bool)>, StoreError> {
    let Some(client) = cx.registry.client(id).await? else {
        return Ok(None);
    };
    let mut enabled = !client.suspended;
    // An auditor bound to a suspended party still reads what it did.
    if client.role == "agency"
        && let Some(agency) = &client.agency
    {
        let agency = cx.registry.agency(&agency.to_string()).await?;
        enabled &= agency.is_some_and(|a| a.status != AgencyStatus::Suspended);
    }
    if client.role == "platform"
        && let Some(platform) = &client.platform
    {
        let platform = cx.registry.platform(&platform.to_string()).await?;
        enabled &= platform.is_some_and(|p| !p.suspended);
    }
    Ok(Some((client, enabled)))
}

/// Marks an assertion as used; false when it was used before, on whichever node.
///
/// # Errors
/// [`StoreError`] when it cannot be marked.
pub async fn use_assertion(cx: &Cx, client: &str, jti: &str, until: At) -> Result<bool, Error> {
    let (client, jti, until) = (client.to_owned(), jti.to_owned(), until.timestamp_millis());
    let used = cx
        .store
        .write(move |conn| clients::use_assertion(conn, &client, &jti, until))
        .await;
    match used {
        Ok(()) => Ok(true),
        Err(StoreError::Exists(Constraint::ClientAssertion)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Publishes the public half of this node's key, or says that it is still in use.
///
/// # Errors
/// [`StoreError`] when it cannot be stored.
pub async fn publish_key(cx: &Cx, kid: &str, jwk: &str) -> Result<(), Error> {
    // Tokens live by the real clock, and so do the keys that sign them.
    let now = cx.clock.real().timestamp_millis();
    let row = KeyRow {
        kid: kid.to_owned(),
        public_key: jwk.to_owned(),
        created_at: now,
        seen_at: now,
    };
    let published = cx
        .store
        .write(move |conn| registry::publish_key(conn, &row))
        .await;
    published.map_err(|e: StoreError| e.into())
}

/// The public keys of all nodes whose tokens may still be valid, as JSON Web Keys.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub async fn published_keys(cx: &Cx) -> Result<Vec<String>, StoreError> {
    let since = (cx.clock.real() - KEY_KEPT).timestamp_millis();
    let rows = cx
        .store
        .read(move |conn| registry::keys(conn, since))
        .await?;
    Ok(rows.into_iter().map(|row| row.public_key).collect())
}
