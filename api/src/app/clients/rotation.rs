//! New credentials.

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use takedown_core::history::Data;
use takedown_core::policy::Action;
use takedown_core::time::At;

use super::{Keys, Render, make_secret, permitted, write};
use crate::app::once::{Answer, Once, shown_once};
use crate::app::parties::{Client, SecretDigest};
use crate::app::registering::invalid;
use crate::app::{Caller, Cx, Error};
use crate::store::clients;

/// How long older secrets live on after a rotation.
pub const OVERLAP: TimeDelta = TimeDelta::hours(24);
/// So many secrets of a client live at once at the most; a rotation beyond that ends the oldest.
const MOST_SECRETS: usize = 5;

/// New credentials for a client.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// For a client with keys: those it has from now on.
    pub keys: Option<Keys>,
    /// End the older secrets and every token in circulation at once, because they may be in foreign hands.
    pub revoke_old: bool,
}

/// Gives a client a new secret, shown once; the older ones live for [`OVERLAP`] so that nothing stands still. A client
/// with keys is given others, which count at once: a set can hold the old and the new ones for a while.
///
/// # Errors
/// [`Error::Invalid`] when keys are given to a client with a secret or the other way round, [`Error::NotFound`],
/// [`Error::KeyMismatch`], and those of the policy and the store.
pub async fn rotate(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    key: Option<Once>,
    rotation: Rotation,
    render: Render,
) -> Result<Answer, Error> {
    let id = permitted(caller, Action::RotateCredentials, id)?.to_string();
    // Secrets and tokens are looked at by the real clock.
    let (now, real) = (cx.now(), cx.clock.real());
    let (digest, secret) = make_secret()?;
    let caller = caller.clone();
    let answer = cx
        .store
        .write(move |conn| {
            let by = caller.client.to_string();
            shown_once(conn, &by, key.as_ref(), now, |conn| {
                let row = clients::find(conn, &id)?.ok_or(Error::NotFound)?;
                let mut client = Client::try_from(row.clone())?;
                let made = rotate_in(&mut client, &rotation, digest.clone(), real)?;
                let revoked = rotation.revoke_old;
                let data = Data::CredentialsRotated { revoked };
                write(conn, &row, &mut client, &caller, now, data)?;
                let secret = made.then_some(secret.expose_secret());
                Ok((render(&client, secret), render(&client, None)))
            })
        })
        .await;
    cx.registry.changed();
    answer
}

/// Rotates in place; says whether the secret was put to use.
fn rotate_in(
    client: &mut Client,
    rotation: &Rotation,
    digest: SecretDigest,
    now: At,
) -> Result<bool, Error> {
    if rotation.revoke_old {
        client.tokens_not_before = now;
    }
    match (&client.jwks, &rotation.keys) {
        (Some(_), Some(keys)) => {
            client.jwks = Some(keys.0.clone());
            Ok(false)
        }
        (Some(_), None) => Err(invalid(
            "/jwks",
            "this client proves itself by keys; give the key set it has from now on",
        )),
        (None, Some(_)) => Err(invalid(
            "/jwks",
            "this client proves itself by a secret; leave jwks out and it gets a new one",
        )),
        (None, None) => {
            renew(client, digest, rotation.revoke_old, now);
            Ok(true)
        }
    }
}

/// Adds a secret; the older ones end at once or after the overlap.
fn renew(client: &mut Client, digest: SecretDigest, revoke: bool, now: At) {
    let end = now + OVERLAP;
    client
        .secrets
        .retain(|secret| !revoke && secret.expires_at.is_none_or(|at| at > now));
    for secret in &mut client.secrets {
        secret.expires_at = Some(secret.expires_at.map_or(end, |at| at.min(end)));
    }
    client.secrets.push(digest);
    let surplus = client.secrets.len().saturating_sub(MOST_SECRETS);
    client.secrets.drain(..surplus);
}
