//! Platforms: who is asked.

pub mod change;
pub mod contacts;
pub mod final_orders;
pub mod list;
pub mod notification;
pub mod read;
pub mod register;
pub mod reinstate;
pub mod suspend;
pub mod verify;
pub mod view;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(list::list_platforms)
        .service(register::register_platform)
        .service(read::read_platform)
        .service(final_orders::count_final_orders)
        .service(contacts::read_contacts)
        .service(contacts::add_contacts)
        .service(contacts::replace_contacts)
        .service(change::change_platform)
        .service(notification::set_notification)
        .service(verify::verify_platform)
        .service(suspend::suspend_platform)
        .service(reinstate::reinstate_platform);
}
