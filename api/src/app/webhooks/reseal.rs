//! Sealing with another key what lies in the database.

use std::sync::Arc;

use super::keys;
use super::webhooks;
use crate::app::{Cx, Error};
use crate::auth::SealingKeys;
use crate::store::StoreError;
use crate::store::sealing_keys;

/// So many webhooks in one commit.
const AT_ONCE: i64 = 100;

/// What a step came to.
#[derive(Debug, Default)]
pub struct Resealed {
    /// How many webhooks were sealed anew.
    pub done: usize,
    /// Those of which something can be read with none of the keys.
    pub unreadable: Vec<String>,
    /// Where to go on.
    pub next: Option<String>,
}

/// The name of the key that writes now; none before the first node came.
///
/// # Errors
/// Those of the store.
pub async fn sealed_with(cx: &Cx) -> Result<Option<String>, Error> {
    let known = cx.store.read(sealing_keys::known).await;
    known.map_err(Error::Store)
}

/// Lets another key write from now on, whichever node it is.
///
/// # Errors
/// Those of the store.
pub async fn write_with(cx: &Cx, from: &str, to: &str) -> Result<bool, Error> {
    let (from, to, now) = (from.to_owned(), to.to_owned(), cx.now().timestamp_millis());
    cx.store
        .write(move |conn| sealing_keys::replace(conn, &from, &to, now))
        .await
        .map_err(Error::Store)
}

/// Seals what webhooks after `after` have with the key of `keys` that writes: some of them, in one commit. What somebody changes
/// meanwhile is left for the next round.
///
/// # Errors
/// Those of the store.
pub async fn reseal(
    cx: &Cx,
    keys: &Arc<SealingKeys>,
    after: Option<String>,
) -> Result<Resealed, Error> {
    let (keys, now) = (Arc::clone(keys), cx.now());
    cx.store
        .write(move |conn| {
            let rows = webhooks::page(conn, None, after.as_deref(), AT_ONCE)?;
            let mut step = Resealed {
                next: rows.last().map(|row| row.id.clone()),
                ..Resealed::default()
            };
            for row in rows {
                match keys::resealed(&keys, &row.id, &row.secrets, now) {
                    Ok(None) => {}
                    Ok(Some(secrets)) => {
                        step.done +=
                            usize::from(webhooks::reseal(conn, &row.id, (&row.secrets, &secrets))?);
                    }
                    Err(why) => step.unreadable.push(format!("{}: {why}", row.id)),
                }
            }
            Ok::<_, StoreError>(step)
        })
        .await
        .map_err(Error::Store)
}
