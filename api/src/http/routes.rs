//! Which endpoint stands where.

use actix_web::web;

use super::register::Register;
use super::{health, log, oauth, openapi, taxii, v1};

/// The endpoints that the published description names.
pub fn described(config: &mut impl Register) {
    v1::requests::configure(config);
    v1::scrutinies::configure(config);
    v1::doubts::configure(config);
    v1::answer_links::configure(config);
    v1::notices::configure(config);
    v1::statements::configure(config);
    v1::objections::configure(config);
    v1::operations::configure(config);
    v1::sightings::configure(config);
    v1::imports::configure(config);
    v1::inbox::configure(config);
    v1::feeds::configure(config);
    v1::instruments::configure(config);
    v1::texts::configure(config);
    v1::transparency::configure(config);
    v1::exports::configure(config);
    v1::lookups::configure(config);
    v1::agencies::configure(config);
    v1::platforms::configure(config);
    v1::claims::configure(config);
    v1::clients::configure(config);
    v1::deliveries::configure(config);
    v1::webhooks::configure(config);
    v1::log::configure(config);
    v1::sandbox::configure(config);
    config
        .service(oauth::token::token)
        .service(oauth::metadata::authorization_server)
        .service(oauth::metadata::jwks);
}

/// The endpoints beside the API: for machines that watch, the description itself, and what another standard describes.
pub fn undescribed(config: &mut web::ServiceConfig) {
    config
        .service(openapi::openapi_json)
        .service(log::checkpoint)
        .service(log::tile)
        .service(health::livez)
        .service(health::readyz);
    taxii::configure(config);
}
