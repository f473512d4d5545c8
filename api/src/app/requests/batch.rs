//! Filing many at once: what concerns the call as a whole.

use takedown_core::policy::{Action, Resource, authorize};

use crate::app::once::{Answer, Once, once};
use crate::app::{Caller, Cx, Error};
use crate::store::Conn;

/// Begins a call of many filings, each of which is then judged on its own under a key that belongs to its row.
///
/// The call's own key is claimed first, in a commit of its own: whoever sends it again with another body is refused
/// whole, before any row is looked at, and whoever repeats the call goes on where it broke off.
///
/// # Errors
/// [`Error::KeyMismatch`] when the key was used for another call, and those of the policy and the store.
pub async fn begin_batch(cx: &Cx, caller: &Caller, key: Option<Once>) -> Result<(), Error> {
    authorize(&caller.actor, Action::FileBatch, &Resource::Exchange)?;
    let Some(key) = key else { return Ok(()) };
    let (client, now) = (caller.client.to_string(), cx.now());
    cx.store
        .write(move |conn| {
            // Never given as an answer: the answer of a batch is put together from those of its rows.
            let claimed = |_: &mut Conn| {
                Ok(Answer {
                    status: 200,
                    headers: Vec::new(),
                    body: String::new(),
                })
            };
            once(conn, &client, Some(&key), now, claimed).map(drop)
        })
        .await
}
