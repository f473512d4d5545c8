//! Answers with pages, and the headers that keep them harmless.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpResponse, HttpResponseBuilder};

/// Our own stylesheet and our own form, nothing else.
pub(super) const STRICT: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// How long a page may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// The same for everybody until the next version of the program.
    Minutes,
    /// For whoever asked, not at all.
    Never,
}

/// An answer with everything but its body.
pub(super) fn guarded(
    status: StatusCode,
    kind: &str,
    policy: &'static str,
    keep: Keep,
) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer
        .content_type(kind)
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .insert_header((
            CACHE_CONTROL,
            match keep {
                Keep::Minutes => "public, max-age=300",
                Keep::Never => "no-store",
            },
        ));
    answer
}

/// A page.
pub(super) fn html(status: StatusCode, keep: Keep) -> HttpResponseBuilder {
    guarded(status, "text/html; charset=utf-8", STRICT, keep)
}
