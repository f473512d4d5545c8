//! What uploaders object to: listed, and answered by the platform.

mod answer;
mod list;
mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_objections)
        .service(list::list_objections_of_request)
        .service(answer::answer_objection);
}
