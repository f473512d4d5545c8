//! One list of endpoints for two uses: answering calls, and describing what can be called.
//!
//! The server's workers only answer: collecting the descriptions in each of them took 10 MiB a worker for good.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa_actix_web::OpenApiFactory;
use utoipa_actix_web::service_config::ServiceConfig;

/// Takes endpoints.
pub trait Register {
    /// Adds an endpoint.
    fn service<F>(&mut self, endpoint: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static;
}

/// For answering.
impl Register for web::ServiceConfig {
    fn service<F>(&mut self, endpoint: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        web::ServiceConfig::service(self, endpoint)
    }
}

/// For describing.
impl Register for ServiceConfig<'_> {
    fn service<F>(&mut self, endpoint: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        ServiceConfig::service(self, endpoint)
    }
}
