//! How an agency's requests fared.

use takedown_core::policy::Action;

use super::permitted;
use crate::app::parties::Agency;
use crate::app::registry::load_agency;
use crate::app::{Caller, Cx, Error};

/// How an agency's requests fared.
#[derive(Debug, Clone)]
pub struct Record {
    /// Which agency.
    pub agency: Agency,
    /// Its counts, as (what, which, how many).
    pub counts: Vec<(&'static str, String, i64)>,
}

/// How often an agency filed, withdrew, corrected, and how its items were answered.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may know of, and those of the policy and the store.
pub async fn record_of(cx: &Cx, caller: &Caller, id: &str) -> Result<Record, Error> {
    let id = permitted(caller, Action::ReadAgencyRecord, id)?.to_string();
    cx.store
        .read(move |conn| {
            let agency = load_agency(conn, &id)?.ok_or(Error::NotFound)?;
            let counts = crate::store::record::of_agency(conn, &id)?;
            Ok(Record { agency, counts })
        })
        .await
}
