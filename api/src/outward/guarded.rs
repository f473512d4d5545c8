//! The resolver of a client: what it gives is what is connected to.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::Guard;

/// Gives a client the addresses that were judged, so that there is no second look-up to be rebound.
#[derive(Debug, Clone)]
pub struct Guarded {
    guard: Guard,
    scheme: &'static str,
}

impl Guarded {
    /// For a client that speaks this scheme alone.
    #[must_use]
    pub fn of(guard: &Guard, scheme: &'static str) -> Self {
        Self {
            guard: guard.clone(),
            scheme,
        }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, scheme) = (self.guard.clone(), self.scheme);
        Box::pin(async move {
            let found = guard.addresses(scheme, name.as_str()).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
