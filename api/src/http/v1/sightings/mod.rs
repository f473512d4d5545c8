//! Sightings: what was seen elsewhere after a request, and the chain it makes.

pub mod chain;
pub mod follow;
pub mod list;
pub mod read;
pub mod record;
pub mod retract;
pub mod revise;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_sightings)
        .service(record::record_sighting)
        .service(read::read_sighting)
        .service(revise::revise_sighting)
        .service(follow::follow_sighting)
        .service(retract::retract_sighting)
        .service(chain::read_chain)
        .service(super::outreach::read_outreach);
}
