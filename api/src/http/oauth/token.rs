//! `POST /oauth/token`: the client credentials grant.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, dev, post, web};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::{GrantError, GrantRequest, Tokens, basic};
use crate::http::extract::{Size, read};
use crate::http::middleware::Edge;
use crate::http::problem::{Code, Problem, ProblemBody};

const FORM: &[&str] = &["application/x-www-form-urlencoded"];

/// What a client sends. With a secret the client authenticates by HTTP Basic, with a key by an assertion in this form.
#[derive(Debug, Deserialize, ToSchema)]
#[allow(
    dead_code,
    reason = "describes the form; it is read by hand, so that repeated fields are refused"
)]
pub struct TokenForm {
    /// Always `client_credentials`.
    #[schema(pattern = "^client_credentials$")]
    pub grant_type: String,
    /// Scopes, separated by spaces. Without it all that the client has.
    pub scope: Option<String>,
    /// The client's id; not needed.
    pub client_id: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    pub client_assertion_type: Option<String>,
    /// A JWT signed by the client's key: `iss` and `sub` the client's id, `aud` the issuer, `jti` new each time, `exp` at
    /// most 60 seconds ahead; `typ` `client-authentication+jwt`.
    pub client_assertion: Option<String>,
}

/// An access token (RFC 6749 section 5.1).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TokenResponse {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// Its life in seconds.
    #[schema(example = 300)]
    pub expires_in: u64,
    /// What it may be used for.
    #[schema(example = "requests:read inbox:read")]
    pub scope: String,
}

/// An error of the token endpoint (RFC 6749 section 5.2), the one place where errors are no problem documents.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct OauthError {
    /// `invalid_request`, `invalid_client`, `invalid_scope` or `unsupported_grant_type`.
    #[schema(example = "invalid_client")]
    pub error: String,
    /// What is wrong.
    pub error_description: String,
}

/// Get an access token
///
/// The client credentials grant (RFC 6749 section 4.4). Authenticate with `client_secret_basic` (HTTP Basic with the
/// client's id and secret) or with `private_key_jwt` (RFC 7523, EdDSA or ES256). A token lives a few minutes; get a new
/// one when a call answers 401.
#[utoipa::path(
    operation_id = "issue_token",
    tag = "oauth",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    security(("client_basic" = []), ()),
    responses(
        (status = 200, description = "An access token.", body = TokenResponse, content_type = "application/json"),
        (status = 400, description = "The request is wrong: `invalid_request`, `invalid_scope` or `unsupported_grant_type`.", body = OauthError, content_type = "application/json"),
        (status = 401, description = "The client could not be authenticated or is suspended: `invalid_client`.", body = OauthError, content_type = "application/json"),
        (status = 408, description = "The body did not arrive in time.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The body is not a form.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Too many token requests from this address.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The database cannot be reached.", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/oauth/token")]
pub async fn token(
    request: HttpRequest,
    payload: web::Payload,
    tokens: web::Data<Tokens>,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, Problem> {
    edge.token_limit(&request)?;
    let payload: dev::Payload = payload.into_inner();
    let (body, _) = read(request.clone(), payload, FORM, Size::Usual).await?;
    let asked = match form(&request, &body) {
        Ok(asked) => asked,
        Err(error) => return refused(&request, error),
    };
    match tokens.grant(asked, Utc::now()).await {
        Ok(granted) => {
            tracing::info!(client = %granted.client, scopes = %granted.scopes, "token issued");
            Ok(HttpResponse::Ok()
                .insert_header((CACHE_CONTROL, "no-store"))
                .insert_header((PRAGMA, "no-cache"))
                .json(TokenResponse {
                    access_token: granted.access_token,
                    token_type: "Bearer".to_owned(),
                    expires_in: granted.expires_in,
                    scope: granted.scopes.to_string(),
                }))
        }
        Err(error) => refused(&request, error),
    }
}

/// Reads the form: known fields once at most, empty ones count as left out, unknown ones are ignored (RFC 6749
/// section 3.2).
fn form(request: &HttpRequest, body: &[u8]) -> Result<GrantRequest, GrantError> {
    let mut asked = GrantRequest {
        basic: authorization(request)?,
        ..GrantRequest::default()
    };
    for (name, value) in url::form_urlencoded::parse(body) {
        let field = match &*name {
            "grant_type" => &mut asked.grant_type,
            "scope" => &mut asked.scope,
            "client_id" => &mut asked.client_id,
            "client_assertion_type" => &mut asked.assertion_type,
            "client_assertion" => &mut asked.assertion,
            "client_secret" => {
                return Err(GrantError::InvalidRequest(
                    "send the secret in an Authorization header (client_secret_basic), not in the body",
                ));
            }
            _ => continue,
        };
        if field.is_some() {
            return Err(GrantError::InvalidRequest("a parameter is given twice"));
        }
        if !value.is_empty() {
            *field = Some(value.into_owned());
        }
    }
    Ok(asked)
}

fn authorization(
    request: &HttpRequest,
) -> Result<Option<(String, secrecy::SecretString)>, GrantError> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let Some(first) = headers.next() else {
        return Ok(None);
    };
    let parsed = first.to_str().ok().and_then(basic::parse);
    if parsed.is_none() || headers.next().is_some() {
        return Err(GrantError::InvalidClient(
            "the Authorization header is not HTTP Basic with the client's id and secret".to_owned(),
        ));
    }
    Ok(parsed)
}

fn refused(request: &HttpRequest, error: GrantError) -> Result<HttpResponse, Problem> {
    let (status, name) = match &error {
        GrantError::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
        GrantError::InvalidScope(_) => (StatusCode::BAD_REQUEST, "invalid_scope"),
        GrantError::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        GrantError::InvalidClient(_) => (StatusCode::UNAUTHORIZED, "invalid_client"),
        GrantError::Directory(_) => {
            return Err(Problem::new(
                Code::DatabaseUnavailable,
                "Whether you may have a token cannot be checked at this moment.",
            )
            .retry_after(2)
            .because(error));
        }
        GrantError::Randomness => return Err(Problem::internal(error)),
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"));
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((
            WWW_AUTHENTICATE,
            r#"Basic realm="takedown", charset="UTF-8""#,
        ));
    }
    tracing::info!(
        error = name,
        has_header = request.headers().contains_key(AUTHORIZATION),
        "no token issued"
    );
    Ok(response.json(OauthError {
        error: name.to_owned(),
        error_description: error.to_string(),
    }))
}
