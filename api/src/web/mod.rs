//! Pages for people: whether a mail is real, answering a request from a mail without an account, what an uploader can say against a removal, what was asked and what came of
//! it, and the documentation.
//!
//! Rendered on the server, without scripts, under a policy that allows nothing but our own stylesheet. The one
//! exception is the vendored Swagger UI, which brings scripts of its own from this host and nothing from elsewhere.

mod answer;
mod check;
mod docs;
mod feed;
mod form;
mod objection;
mod reply;
mod sandbox;
#[cfg(test)]
mod tests;
mod transparency;
mod unsubscribe;
mod words;

use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, head, post, resource};
use askama::Template;

pub use docs::{About, Docs, ProblemHelp};
pub use sandbox::mark_pages;

/// Where the pages are, for the list of addresses and their methods (`GET` and `HEAD` at each).
pub const PATHS: [&str; 13] = [
    "/answer/{link}/request.jws",
    "/check",
    "/check/{code}",
    "/feeds/{feed}",
    "/objection",
    "/transparency",
    "/docs",
    "/docs/site.css",
    "/docs/problems",
    "/docs/problems/{code}",
    "/docs/reference",
    "/docs/api",
    "/docs/api/{file:.*}",
];

/// Where a form is sent to the page it stands on (`GET`, `HEAD` and `POST`).
pub const FORMS: [&str; 5] = [
    "/objection/{code}",
    "/answer",
    "/answer/{link}",
    "/answer/{link}/claim",
    "/unsubscribe/{link}",
];

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
        resource("/objection/{code}")
            .app_data(PayloadConfig::new(objection::MAX_BODY))
            .route(get().to(objection::look))
            .route(head().to(objection::look))
            .route(post().to(objection::object)),
    );
    config.service(
        resource("/answer")
            .app_data(PayloadConfig::new(1_024))
            .route(get().to(answer::enter))
            .route(head().to(answer::enter))
            .route(post().to(answer::renew)),
    );
    config.service(
        resource("/answer/{link}")
            .app_data(PayloadConfig::new(answer::MAX_BODY))
            .route(get().to(answer::look))
            .route(head().to(answer::look))
            .route(post().to(answer::send)),
    );
    config.service(
        resource("/answer/{link}/claim")
            .app_data(PayloadConfig::new(answer::claim::MAX_BODY))
            .route(get().to(answer::claim::look))
            .route(head().to(answer::claim::look))
            .route(post().to(answer::claim::send)),
    );
    config.service(
        resource("/unsubscribe/{link}")
            .app_data(PayloadConfig::new(1_024))
            .route(get().to(unsubscribe::look))
            .route(head().to(unsubscribe::look))
            .route(post().to(unsubscribe::end)),
    );
    pages! {
        "/answer/{link}/request.jws" => answer::signed,
        "/check" => check::enter,
        "/check/{code}" => check::check,
        "/feeds/{feed}" => feed::show,
        "/objection" => objection::enter,
        "/transparency" => transparency::show,
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
