//! Notices: what a platform is told before a first order.

pub mod give;
pub mod list;
pub mod read;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_notices)
        .service(give::give_notice)
        .service(read::read_notice);
}
