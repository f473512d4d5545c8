//! Claims: who proves to be in charge of a platform. For the operator; whoever was written to claims from the page of his mail.

pub mod list;
pub mod look;
pub mod start;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_claims)
        .service(start::start_claim)
        .service(look::look_at_claim);
}
