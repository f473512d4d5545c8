//! Who calls: by access token, or with the client's id and secret by HTTP Basic, which the standard makes every server take.

use actix_web::http::header::{ACCEPT, AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{FromRequest, HttpRequest, dev, web};
use chrono::Utc;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use takedown_core::history::Via;
use takedown_core::policy::Actor;

use crate::app;
use crate::auth::{GrantError, Tokens};
use crate::http::extract::Authenticated;
use crate::http::middleware::{Edge, client_limit};
use crate::http::problem::{Code, Problem};

/// The caller of a collection, who takes what is answered there.
#[derive(Debug)]
pub(super) struct Caller(pub app::Caller);

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let token = Authenticated::from_request(request, payload);
        let request = request.clone();
        async move {
            let basic = basic(&request).map(str::to_owned);
            let caller = match basic {
                Some(header) => by_secret(&request, &header).await?,
                None => app::Caller::from(&token.await.map_err(challenged)?),
            };
            acceptable(&request)?;
            Ok(Self(caller))
        }
        .boxed_local()
    }
}

/// The one Authorization header, if it is of the scheme Basic.
fn basic(request: &HttpRequest) -> Option<&str> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (first, None) = (headers.next()?, headers.next()) else {
        return None;
    };
    let header = first.to_str().ok()?;
    let (scheme, _) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then_some(header)
}

async fn by_secret(request: &HttpRequest, header: &str) -> Result<app::Caller, Problem> {
    let missing = || Problem::internal("tokens are not configured");
    let tokens = request
        .app_data::<web::Data<Tokens>>()
        .ok_or_else(missing)?;
    let edge = request.app_data::<web::Data<Edge>>();
    // Before anything is looked up: whoever tries out secrets tries as often as he may ask for tokens.
    if let Some(edge) = edge {
        edge.token_limit(request)?;
    }
    let client = match tokens.by_basic(header, Utc::now()).await {
        Ok(client) => client,
        Err(GrantError::Directory(error)) => {
            let says = "Whether you may call cannot be checked at this moment.";
            return Err(Problem::new(Code::DatabaseUnavailable, says)
                .retry_after(2)
                .because(error));
        }
        Err(refused) => {
            let says = format!("You are not let in: {refused}.");
            return Err(challenged(Problem::new(Code::Unauthenticated, says)));
        }
    };
    // Who had the right one asked for no token.
    if let Some(edge) = edge {
        edge.give_token_back(request);
    }
    tracing::Span::current().record("client", client.id.to_string());
    client_limit(request, client.id)?;
    Ok(app::Caller {
        client: client.id,
        actor: Actor::new(client.party, client.scopes),
        via: Via::Api,
    })
}

/// Says that there are two ways to say who one is.
fn challenged(problem: Problem) -> Problem {
    if problem.code() != Code::Unauthenticated {
        return problem;
    }
    let basic = HeaderValue::from_static(r#"Basic realm="takedown", charset="UTF-8""#);
    problem.header(WWW_AUTHENTICATE, basic)
}

/// `Accept` must name the media type of TAXII 2.1, with or without its version.
fn acceptable(request: &HttpRequest) -> Result<(), Problem> {
    let named = request
        .headers()
        .get_all(ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(is_taxii);
    if named {
        return Ok(());
    }
    Err(Problem::new(
        Code::NotAcceptable,
        "Answers here are of TAXII 2.1; send `Accept: application/taxii+json;version=2.1`.",
    ))
}

/// Whether this is the media type, in a version that is spoken here.
pub(super) fn is_taxii(media_type: &str) -> bool {
    let mut parts = media_type.split(';').map(str::trim);
    let named = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/taxii+json"));
    named
        && parts
            .filter_map(|parameter| parameter.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("version"))
            .all(|(_, version)| version.trim().trim_matches('"') == "2.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_named_or_left_out() {
        for taken in [
            "application/taxii+json;version=2.1",
            "application/taxii+json; version=2.1",
            "Application/TAXII+json",
            "application/taxii+json;q=0.5",
        ] {
            assert!(is_taxii(taken), "{taken}");
        }
        for refused in [
            "application/taxii+json;version=2.0",
            "application/vnd.oasis.taxii+json",
            "application/json",
            "*/*",
            "",
        ] {
            assert!(!is_taxii(refused), "{refused}");
        }
    }
}
