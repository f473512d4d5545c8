//! Platforms: who is asked.

pub mod change;
pub mod list;
pub mod read;
pub mod register;
pub mod reinstate;
pub mod suspend;
pub mod verify;
pub mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the endpoints.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list::list_platforms)
        .service(register::register_platform)
        .service(read::read_platform)
        .service(change::change_platform)
        .service(verify::verify_platform)
        .service(suspend::suspend_platform)
        .service(reinstate::reinstate_platform);
}
