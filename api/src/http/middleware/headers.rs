//! Headers that every answer carries.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};

use super::context::{REQUEST_ID, RequestId, SECRET_PAGES, Spent};

const SANDBOX: HeaderName = HeaderName::from_static("takedown-sandbox");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// Adds what keeps answers where they belong; what a handler set itself stays.
pub(super) fn protect(headers: &mut HeaderMap, path: &str) {
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(REFERRER_POLICY, "no-referrer");
    // The pages under /docs bring a policy of their own.
    if !(path == "/docs" || path.starts_with("/docs/")) {
        add(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        );
    }
    if ["/v1/", "/oauth/", "/taxii2/"]
        .iter()
        .chain(&SECRET_PAGES)
        .any(|room| path.starts_with(room))
    {
        add(CACHE_CONTROL, "no-store");
    }
}

/// Says that nothing here is real.
pub(super) fn mark(headers: &mut HeaderMap, is_sandbox: bool) {
    if is_sandbox {
        headers.insert(SANDBOX, HeaderValue::from_static("true"));
    }
}

/// Adds the id of the call.
pub(super) fn name_call(headers: &mut HeaderMap, id: &RequestId) {
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID, value);
    }
}

/// Adds what is left of the caller's budget (draft-ietf-httpapi-ratelimit-headers).
pub(super) fn budget(headers: &mut HeaderMap, spent: &Spent) {
    let quota = spent.budget.quota;
    let policy = format!("\"{}\";q={};w={}", quota.name, quota.burst, quota.window());
    let left = format!(
        "\"{}\";r={};t={}",
        quota.name, spent.budget.remaining, spent.budget.full_in
    );
    for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, left)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}
