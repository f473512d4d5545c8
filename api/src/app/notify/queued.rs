//! A notification as it is queued.

use takedown_core::id::{AgencyId, DeliveryId};
use takedown_core::request::Side;
use takedown_core::time::At;
use uuid::Uuid;

use super::facts::Facts;
use crate::store::StoreError;
use crate::store::outbox::{self, OutboxRow};

/// A notification to this party, which is written to as one of that kind, to be sent at once. `about` is the request, the notice, the
/// operation, the agency or the webhook that it is about. Its address is looked up when it is sent.
///
/// # Errors
/// [`StoreError`] when its facts cannot be written.
pub(in crate::app) fn queued(
    about: &str,
    (party, side): (&str, Side),
    event: &str,
    facts: &Facts,
    now: At,
) -> Result<OutboxRow, StoreError> {
    let now = now.timestamp_millis();
    Ok(OutboxRow {
        id: DeliveryId::from_uuid(Uuid::now_v7()).to_string(),
        request_id: about.to_owned(),
        party_id: party.to_owned(),
        side: side.as_str().to_owned(),
        event: event.to_owned(),
        facts: serde_json::to_string(facts)?,
        status: outbox::PENDING.to_owned(),
        attempts: 0,
        next_at: now,
        lease: None,
        lease_until: 0,
        last_error: None,
        created_at: now,
        settled_at: None,
        withheld: false,
    })
}

/// As what a party with an inbox of its own is written to.
pub(in crate::app) fn side_of(party: &str) -> Side {
    if party.starts_with(AgencyId::PREFIX) {
        Side::Agency
    } else {
        Side::Platform
    }
}
