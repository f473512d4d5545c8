//! Instruments: under which powers can be filed here.

pub mod list;
pub mod read;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_instruments)
        .service(read::read_instrument);
}
