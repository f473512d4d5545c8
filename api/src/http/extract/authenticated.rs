//! Who calls: the client behind the access token.

use std::sync::Arc;

use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::{FromRequest, HttpRequest, dev, web};
use chrono::Utc;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use takedown_core::id::ClientId;
use takedown_core::policy::{Actor, Scope, Scopes};

use crate::auth::{AccessToken, Client, Refused, Tokens};
use crate::http::middleware::client_limit;
use crate::http::problem::{Code, Problem};

/// The client of a call. Its token was verified, and neither it nor its party is suspended at this moment.
#[derive(Debug, Clone)]
pub struct Authenticated {
    /// The client as the registry knows it now.
    pub client: Arc<Client>,
    /// Its token.
    pub token: Arc<AccessToken>,
}

impl Authenticated {
    /// Id of the client.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.client.id
    }

    /// As whom it acts and with which scopes, for the policy to judge.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::new(self.client.party, self.scopes())
    }

    /// What both the token and the registry allow.
    #[must_use]
    pub fn scopes(&self) -> Scopes {
        self.token.scopes.and(self.client.scopes)
    }

    /// Refuses a call whose token lacks the scope.
    ///
    /// # Errors
    /// 403 `insufficient-scope`, with the challenge of RFC 6750.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes().contains(scope) {
            return Ok(());
        }
        let name = scope.as_str();
        let challenge =
            format!(r#"Bearer realm="takedown", error="insufficient_scope", scope="{name}""#);
        let problem = Problem::new(
            Code::InsufficientScope,
            format!("This needs the scope {name}."),
        );
        Err(match HeaderValue::from_str(&challenge) {
            Ok(value) => problem.header(WWW_AUTHENTICATE, value),
            Err(_) => problem,
        })
    }
}

impl FromRequest for Authenticated {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let tokens = request
                .app_data::<web::Data<Tokens>>()
                .ok_or_else(|| Problem::internal("tokens are not configured"))?;
            let token = bearer(&request)?;
            let (client, token) = tokens.check(token, Utc::now()).await.map_err(refused)?;
            tracing::Span::current().record("client", client.id.to_string());
            client_limit(&request, client.id)?;
            Ok(Self { client, token })
        }
        .boxed_local()
    }
}

/// The token of the one Authorization header. A token in the query or the body is not looked for (RFC 9700).
fn bearer(request: &HttpRequest) -> Result<&str, Problem> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let (first, second) = (headers.next(), headers.next());
    if second.is_some() {
        return Err(Problem::new(
            Code::Unauthenticated,
            "There is more than one Authorization header.",
        )
        .header(
            WWW_AUTHENTICATE,
            HeaderValue::from_static(r#"Bearer realm="takedown", error="invalid_request""#),
        ));
    }
    first
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token)
        .ok_or_else(|| {
            Problem::new(
                Code::Unauthenticated,
                "Send an access token as Authorization: Bearer; get one from /oauth/token.",
            )
            .header(
                WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Bearer realm="takedown""#),
            )
        })
}

fn refused(refused: Refused) -> Problem {
    match refused {
        Refused::Directory(error) => Problem::new(
            Code::DatabaseUnavailable,
            "Whether you may call cannot be checked at this moment.",
        )
        .retry_after(2)
        .because(error),
        Refused::Token(_) | Refused::Revoked => {
            let challenge = format!(
                r#"Bearer realm="takedown", error="invalid_token", error_description="{refused}""#
            );
            let problem = Problem::new(Code::Unauthenticated, sentence(&refused.to_string()));
            match HeaderValue::from_str(&challenge) {
                Ok(value) => problem.header(WWW_AUTHENTICATE, value),
                Err(_) => problem,
            }
        }
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), characters.as_str()),
        None => String::new(),
    }
}
