//! What happens to every call, whatever it is for.

mod address;
mod context;
mod edge;
mod fallback;
mod headers;
mod limits;
mod receipt;
mod span;

pub use address::caller_address;
pub use context::{Edge, RequestId, client_limit, lookup_limit};
pub use edge::edge;
pub use fallback::{Allowed, fallback};
pub use limits::{Budget, Limiter, Quota, RateLimits};
pub use span::CallSpan;

#[cfg(test)]
mod tests;
