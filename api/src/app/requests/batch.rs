//! Filing many at once: what concerns the call as a whole.

use std::collections::HashSet;

use takedown_core::history::Digest;
use takedown_core::policy::{Action, Resource, authorize};

use super::filing::{IfRepeated, NewFiling};
use super::judge::{Share, platforms_of};
use crate::app::once::{Answer, Once, once};
use crate::app::{Caller, Cx, Error};
use crate::store::Conn;

/// What makes the answer to a filing depend on the filings before it in the same batch.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tie {
    /// Both have this file number of the agency: the first one has it.
    Reference(String),
    /// Both ask about this item, and one of them wants to be refused in this case.
    Item(Digest),
    /// Both are orders to this platform under an instrument that asks for notice before the first one.
    FirstOrder {
        /// Under which.
        instrument: String,
        /// To which.
        platform: String,
    },
}

impl Tie {
    /// Whether it binds no further filing once one was filed that has it: after the first order none is the first.
    #[must_use]
    pub const fn ends_with_one(&self) -> bool {
        matches!(self, Self::FirstOrder { .. })
    }
}

/// The ties of each filing of a batch; what could not be read has none, and neither has what will be refused for its platform.
pub async fn ties<'a>(
    cx: &Cx,
    filings: impl Iterator<Item = Option<&'a NewFiling>> + Clone,
) -> Vec<Vec<Tie>> {
    let items = |new: &'a NewFiling| {
        let keys = new.items.iter();
        keys.map(|item| Digest::of(item.locator.key().as_str()))
    };
    let careful = filings.clone().flatten();
    let careful = careful.filter(|new| new.if_repeated == IfRepeated::Refuse);
    let careful: HashSet<Digest> = careful.flat_map(items).collect();
    let mut all = Vec::new();
    for new in filings {
        let mut ties = Vec::new();
        if let Some(new) = new {
            ties.extend(new.agency_reference.clone().map(Tie::Reference));
            if !careful.is_empty() {
                let shared = items(new).filter(|item| careful.contains(item));
                ties.extend(shared.map(Tie::Item));
            }
            ties.extend(first_orders(cx, new).await);
        }
        all.push(ties);
    }
    all
}

async fn first_orders(cx: &Cx, new: &NewFiling) -> Vec<Tie> {
    let instrument = cx.powers.catalogue.get(&new.instrument);
    if instrument.is_none_or(|instrument| instrument.prior_notice.is_none()) {
        return Vec::new();
    }
    let shares = platforms_of(cx, new).await.unwrap_or_default();
    let tie = |(platform, _): &Share| Tie::FirstOrder {
        instrument: new.instrument.clone(),
        platform: platform.id.to_string(),
    };
    shares.iter().map(tie).collect()
}

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
