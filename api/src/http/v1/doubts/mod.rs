//! Doubts: whether it is really the agency who asks. For the agency, and for the operator, who reads no request.

pub mod list;
pub mod raise;
pub mod settle;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(raise::doubt)
        .service(list::list_doubts)
        .service(settle::settle_doubt);
}
