//! Whether something was asked about before: agencies ask before they file, platforms ask about digests on their own
//! service.

pub mod digests;
pub mod look_up;
pub mod look_up_many;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(look_up::look_up_items)
        .service(look_up_many::look_up_many_items)
        .service(digests::look_up_digests);
}

/// The most that one call looks up.
const MOST: usize = 1_000;
