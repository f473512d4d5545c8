//! Scrutiny: orders that were copied to the authority of the platform's country, for that authority.

pub mod announce;
pub mod decide;
pub mod list;
pub mod read;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_scrutinies)
        .service(read::read_scrutiny)
        .service(announce::announce_scrutiny)
        .service(decide::decide_scrutiny);
}
