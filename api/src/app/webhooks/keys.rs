//! The keys of webhooks: made here, shown once, kept sealed.

use aws_lc_rs::rand;
use chrono::TimeDelta;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use takedown_core::history::Data;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::time::At;
use takedown_core::webhook::{Keys, SEALED_LENGTH};
use zeroize::Zeroizing;

use super::{Made, Render, identifier, sealed_with};
use crate::app::once::{Answer, Once, shown_once};
use crate::app::parties::instant;
use crate::app::registering::record;
use crate::app::requests::keeper;
use crate::app::{Caller, Cx, Error};
use crate::auth::SealingKeys;
use crate::store::{StoreError, webhooks};

/// For how long the keys before sign as well after a rotation.
pub const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// What may be shown of a key.
#[derive(Debug, Clone)]
pub struct WebhookKey {
    /// The public key: `whpk_…`.
    pub public: String,
    /// When it stops signing; `None` for the present one.
    pub expires_at: Option<At>,
}

/// New keys.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rotation {
    /// End the older ones at once.
    pub revoke_old: bool,
}

/// One generation of keys as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The name of the key that it is sealed with.
    sealed_with: String,
    /// In base64.
    sealed: String,
    /// The public key.
    pub(super) public: String,
    /// When it stops signing, in milliseconds since 1970.
    expires_at: Option<i64>,
}

/// New keys for a webhook.
pub(super) async fn make(cx: &Cx, webhook: &str) -> Result<Made, Error> {
    // Which one writes the database says: it may have changed since this node started.
    let name = sealed_with(cx).await?;
    let keys = cx.sealing.as_ref().zip(name.as_deref());
    let Some(sealing) = keys.and_then(|(keys, name)| keys.named(name)) else {
        return Err(Error::Later(
            "This node lacks the key that seals the secrets of webhooks; try again, and tell the operator if it lasts.",
        ));
    };
    let no_randomness = || StoreError::Unavailable("the system has no randomness".into());
    let mut bytes = Zeroizing::new([0_u8; SEALED_LENGTH]);
    rand::fill(bytes.as_mut()).map_err(|_| no_randomness())?;
    let keys = Keys::from_bytes(bytes.as_ref()).map_err(|_| no_randomness())?;
    let sealed = sealing
        .seal(&purpose(webhook), bytes.as_ref())
        .map_err(|_| no_randomness())?;
    Ok(Made {
        kept: Kept {
            sealed_with: sealing.name().to_owned(),
            sealed: BASE64.encode(&sealed),
            public: keys.public(),
            expires_at: None,
        },
        secret: keys.secret(),
    })
}

/// What a secret is sealed for: no webhook can be given the secret of another.
fn purpose(webhook: &str) -> String {
    format!("takedown/webhook/{webhook}")
}

/// As the column holds them.
pub(super) fn stored(keys: &[Kept]) -> Result<String, StoreError> {
    Ok(serde_json::to_string(keys)?)
}

fn kept(column: &str) -> Result<Vec<Kept>, StoreError> {
    Ok(serde_json::from_str(column)?)
}

/// What may be shown of the keys in the column.
pub(super) fn shown(column: &str) -> Result<Vec<WebhookKey>, StoreError> {
    let shown = |kept: Kept| {
        Ok(WebhookKey {
            public: kept.public,
            expires_at: kept.expires_at.map(instant).transpose()?,
        })
    };
    kept(column)?.into_iter().map(shown).collect()
}

/// The keys in the column that sign now, the newest first; or why there are none, in words for the log.
pub(super) fn signing(
    cx: &Cx,
    webhook: &str,
    column: &str,
    now: At,
) -> Result<Vec<Keys>, &'static str> {
    let sealing = cx.sealing.as_ref();
    let sealing = sealing.ok_or("this node has no sealing key")?;
    let all = kept(column).map_err(|_| "its keys cannot be read")?;
    all.iter()
        .rev()
        .filter(|kept| live(kept, now))
        .map(|kept| {
            let opened = opened(sealing, webhook, kept)?;
            Keys::from_bytes(&opened).map_err(|_| "its keys cannot be read")
        })
        .collect()
}

fn opened(
    keys: &SealingKeys,
    webhook: &str,
    kept: &Kept,
) -> Result<Zeroizing<Vec<u8>>, &'static str> {
    let key = keys.named(&kept.sealed_with);
    let key = key.ok_or("its keys were sealed with another sealing key")?;
    let sealed = BASE64.decode(kept.sealed.as_bytes());
    let sealed = sealed.map_err(|_| "its keys cannot be read")?;
    key.open(&purpose(webhook), &sealed)
        .map_err(|_| "its keys were sealed with another key or changed")
}

/// The column with everything sealed by the key that writes, without what signs no more; none when it is so already.
pub(super) fn resealed(
    keys: &SealingKeys,
    webhook: &str,
    column: &str,
    now: At,
) -> Result<Option<String>, &'static str> {
    let mut all = kept(column).map_err(|_| "its keys cannot be read")?;
    let writing = keys.writing();
    if all.iter().all(|kept| kept.sealed_with == writing.name()) {
        return Ok(None);
    }
    all.retain(|kept| live(kept, now));
    for kept in &mut all {
        let secret = opened(keys, webhook, kept)?;
        let sealed = writing.seal(&purpose(webhook), &secret);
        let sealed = sealed.map_err(|_| "the system has no randomness")?;
        kept.sealed = BASE64.encode(&sealed);
        kept.sealed_with = writing.name().to_owned();
    }
    stored(&all)
        .map(Some)
        .map_err(|_| "its keys cannot be written")
}

fn live(kept: &Kept, now: At) -> bool {
    kept.expires_at.is_none_or(|at| at > now.timestamp_millis())
}

/// Gives a webhook new keys. The ones before sign as well for [`OVERLAP`], unless they are revoked; of those before them nothing
/// is left.
///
/// # Errors
/// [`Error::NotFound`], [`Error::KeyMismatch`], [`Error::Later`] on a node that cannot seal, and those of the policy and the store.
pub async fn rotate(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    key: Option<Once>,
    rotation: Rotation,
    render: Render,
) -> Result<Answer, Error> {
    let resource = Resource::Exchange;
    authorize(&caller.actor, Action::RotateWebhookKeys, &resource)?;
    let (party, subject) = keeper(&caller.actor)?;
    let webhook = identifier(id)?;
    let id = webhook.to_string();
    let made = make(cx, &id).await?;
    let now = cx.now();
    let caller = caller.clone();
    cx.store
        .write(move |conn| {
            let by = caller.client.to_string();
            shown_once(conn, &by, key.as_ref(), now, |conn| {
                let mut row = webhooks::find(conn, &party, &id)?.ok_or(Error::NotFound)?;
                let mut keys = kept(&row.secrets)?;
                renew(&mut keys, made.kept.clone(), rotation, now);
                row.secrets = stored(&keys)?;
                row.version += 1;
                row.updated_at = now.timestamp_millis();
                webhooks::update(conn, &row)?;
                let rotated = Data::WebhookKeysRotated {
                    webhook,
                    public_key: made.kept.public.clone(),
                    revoked: rotation.revoke_old,
                };
                record(conn, caller.author(), subject, now, rotated)?;
                made.answers(row, render)
            })
        })
        .await
}

/// Two live at once: the new ones, and the ones before for a while.
fn renew(keys: &mut Vec<Kept>, new: Kept, rotation: Rotation, now: At) {
    let before = keys.pop().filter(|_| !rotation.revoke_old);
    keys.clear();
    keys.extend(before.map(|before| Kept {
        expires_at: Some((now + OVERLAP).timestamp_millis()),
        ..before
    }));
    keys.push(new);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn kept(public: &str) -> Kept {
        Kept {
            sealed_with: "k".into(),
            sealed: String::new(),
            public: public.into(),
            expires_at: None,
        }
    }

    #[test]
    fn two_live_and_the_older_one_ends() {
        let now = takedown_core::time::from_millis(0).unwrap();
        let mut keys = vec![kept("a")];
        let keep = Rotation::default();
        renew(&mut keys, kept("b"), keep, now);
        renew(&mut keys, kept("c"), keep, now + TimeDelta::hours(1));
        let names: Vec<&str> = keys.iter().map(|kept| kept.public.as_str()).collect();
        assert_eq!(names, ["b", "c"]);
        let end = (now + TimeDelta::hours(1) + OVERLAP).timestamp_millis();
        assert_eq!(keys[0].expires_at, Some(end));
        assert_eq!(keys[1].expires_at, None);
        assert!(live(&keys[0], now + OVERLAP));
        assert!(!live(&keys[0], now + OVERLAP + TimeDelta::hours(1)));
        renew(&mut keys, kept("d"), Rotation { revoke_old: true }, now);
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].public, "d");
    }
}
