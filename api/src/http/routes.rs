//! Which endpoint stands where.

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

use super::extract::BodyLimit;
use super::{health, oauth, openapi, v1};

/// The endpoints that the published description names.
pub fn described(limits: BodyLimit) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config.app_data(limits);
        config
            .configure(v1::requests::configure)
            .configure(v1::inbox::configure)
            .configure(v1::exports::configure)
            .configure(v1::agencies::configure)
            .configure(v1::platforms::configure)
            .configure(v1::clients::configure)
            .configure(v1::deliveries::configure)
            .service(oauth::token::token)
            .service(oauth::metadata::authorization_server)
            .service(oauth::metadata::jwks);
    }
}

/// The endpoints beside the API: for machines that watch, and the description itself.
pub fn undescribed(config: &mut web::ServiceConfig) {
    config
        .service(openapi::openapi_json)
        .service(health::livez)
        .service(health::readyz);
}
