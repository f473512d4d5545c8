//! Asking before filing.

use takedown_core::history::{Data, Digest, Subject};
use takedown_core::locator::Locator;
use takedown_core::policy::{Action, Resource, authorize};

use super::{Repeat, find, key};
use crate::app::registering;
use crate::app::requests::filing_agency;
use crate::app::{Caller, Cx, Error, FieldError};

/// What to look up.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where it is.
    pub locator: Locator,
    /// The platform it is on, for a plain name without a host.
    pub platform: Option<String>,
}

/// What the caller may be told of each, in their order. It is recorded that he asked, with digests instead of locators.
///
/// # Errors
/// [`Error::Forbidden`] while the agency is not verified, [`Error::Invalid`] for a plain name without a platform, and
/// those of the policy and the store.
pub async fn look_up(
    cx: &Cx,
    caller: &Caller,
    action: Action,
    wanted: Vec<Wanted>,
) -> Result<Vec<Option<Repeat>>, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let now = cx.now();
    let agency = filing_agency(cx, caller, now).await?;
    let homeless: Vec<FieldError> = wanted
        .iter()
        .enumerate()
        .filter(|(_, w)| w.platform.is_none() && !w.locator.key_stands_alone())
        .map(|(index, _)| {
            FieldError::new(
                format!("/items/{index}/platform"),
                "a plain name means something on one platform only; say on which",
            )
        })
        .collect();
    if !homeless.is_empty() {
        return Err(Error::Invalid(homeless));
    }
    let keys: Vec<_> = wanted
        .iter()
        .map(|w| key(&w.locator, w.platform.as_deref().unwrap_or_default()))
        .collect();
    let cx2 = cx.clone();
    let found = cx
        .store
        .read(move |conn| find(&cx2, conn, &agency, &keys, now))
        .await?;
    // Before the answer: what was read is recorded, or it is not read.
    let keys = wanted
        .iter()
        .map(|w| Digest::of(w.locator.key().as_str()))
        .collect();
    record(cx, caller, keys).await?;
    Ok(found)
}

/// Records that items were looked up.
pub(in crate::app) async fn record(
    cx: &Cx,
    caller: &Caller,
    keys: Vec<Digest>,
) -> Result<(), Error> {
    let (author, now) = (caller.author(), cx.now());
    cx.store
        .write(move |conn| {
            let data = Data::ItemsLookedUp { keys: keys.clone() };
            registering::record(conn, author, Subject::Exchange, now, data)
        })
        .await
}
