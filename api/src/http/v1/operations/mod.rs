//! Operations: requests that belong together over several platforms.

pub mod add;
pub mod answer;
pub mod invite;
pub mod list;
pub mod open;
pub mod read;
pub mod remove;
pub mod requests;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_operations)
        .service(open::open_operation)
        .service(read::read_operation)
        .service(requests::list_requests_of_operation)
        .service(add::add_to_operation)
        .service(invite::invite_to_operation)
        .service(remove::remove_from_operation)
        .service(answer::answer_invitation);
}
