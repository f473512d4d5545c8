//! The caller of a use case, from his access token.

use actix_web::{FromRequest, HttpRequest, dev};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use takedown_core::history::Via;

use super::extract::Authenticated;
use super::headers::acceptable;
use super::problem::Problem;
use crate::app::Caller;

impl From<&Authenticated> for Caller {
    fn from(authenticated: &Authenticated) -> Self {
        Self {
            client: authenticated.id(),
            actor: authenticated.actor(),
            via: Via::Api,
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let authenticated = Authenticated::from_request(request, payload);
        let acceptable = acceptable(request);
        async move {
            let authenticated = authenticated.await?;
            acceptable?;
            Ok(Self::from(&authenticated))
        }
        .boxed_local()
    }
}
