//! Clients: the programs that call for a party.

pub mod list;
pub mod read;
pub mod register;
pub mod reinstate;
pub mod rotate;
pub mod suspend;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_clients)
        .service(register::register_client)
        .service(read::read_client)
        .service(suspend::suspend_client)
        .service(reinstate::reinstate_client)
        .service(rotate::rotate_credentials);
}
