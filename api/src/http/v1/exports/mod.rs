//! Exports: for auditors, and for agencies of what they filed themselves.

mod requests;
#[cfg(test)]
mod tests;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the endpoints.
pub fn configure(config: &mut ServiceConfig) {
    config.service(requests::export_requests);
}
