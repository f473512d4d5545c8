//! Pages for people: whether a mail is real, what an uploader can say against a removal, and the documentation.
//!
//! Rendered on the server, without scripts, under a policy that allows nothing but our own stylesheet. The one
//! exception is the vendored Swagger UI, which brings scripts of its own from this host and nothing from elsewhere.

mod check;
mod docs;
mod objection;
mod reply;
#[cfg(test)]
mod tests;
mod words;

use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, head, post, resource};
use askama::Template;

pub use docs::{About, Docs, ProblemHelp};

/// Where the pages are, for the list of addresses and their methods (`GET` and `HEAD` at each).
pub const PATHS: [&str; 10] = [
    "/check",
    "/check/{code}",
    "/objection",
    "/docs",
    "/docs/site.css",
    "/docs/problems",
    "/docs/problems/{code}",
    "/docs/reference",
    "/docs/api",
    "/docs/api/{file:.*}",
];

/// Where a form is sent to the page it stands on (`GET`, `HEAD` and `POST`).
pub const FORMS: [&str; 1] = ["/objection/{code}"];

/// Adds the pages. The context of the use cases (`web::Data<Cx>`) must be there as application data.
pub fn configure(config: &mut ServiceConfig, docs: Data<Docs>) {
    macro_rules! pages {
        ($($path:literal => $handler:path),+ $(,)?) => {
            $(config.service(
                resource($path).route(get().to($handler)).route(head().to($handler)),
            );)+
        };
    }
    config.app_data(docs);
    config.service(
        resource(FORMS)
            .app_data(PayloadConfig::new(objection::MAX_BODY))
            .route(get().to(objection::look))
            .route(head().to(objection::look))
            .route(post().to(objection::object)),
    );
    pages! {
        "/check" => check::enter,
        "/check/{code}" => check::check,
        "/objection" => objection::enter,
        "/docs" => docs::index,
        "/docs/site.css" => docs::stylesheet,
        "/docs/problems" => docs::problems,
        "/docs/problems/{code}" => docs::problem,
        "/docs/reference" => docs::reference,
        "/docs/api" => docs::swagger_without_slash,
        "/docs/api/{file:.*}" => docs::swagger,
    }
}

/// A template of ours does not fail to render; if one did, the page would say so and the log would have the reason.
fn page(template: &impl Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a page could not be rendered");
        String::from("<!DOCTYPE html><title>Error</title><p>This page could not be made.")
    })
}
