//! Private feeds: one's own inbox at a secret address, for feed readers.

pub mod end;
pub mod list;
pub mod open;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_feeds)
        .service(open::open_feed)
        .service(end::end_feed);
}
