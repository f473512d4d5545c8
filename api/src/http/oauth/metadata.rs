//! `/.well-known`: what a client library needs to find its way.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use takedown_core::policy::Scope;

use crate::auth::Tokens;
use crate::http::problem::{Code, Problem, ProblemBody};

/// Authorization server metadata (RFC 8414).
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthorizationServer {
    /// Issuer identifier; the `aud` of client assertions.
    #[schema(example = "https://takedown.example")]
    pub issuer: String,
    /// Where tokens are had.
    pub token_endpoint: String,
    /// Keys that sign access tokens.
    pub jwks_uri: String,
    /// Every scope.
    pub scopes_supported: Vec<String>,
    /// None: there is no authorization endpoint.
    pub response_types_supported: Vec<String>,
    /// `client_credentials`.
    pub grant_types_supported: Vec<String>,
    /// `client_secret_basic` and `private_key_jwt`.
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// How assertions may be signed.
    pub token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// The documentation.
    pub service_documentation: String,
}

/// A set of public keys (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct Jwks {
    /// The keys of all nodes.
    pub keys: Vec<Jwk>,
}

/// A public key (RFC 7517, RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
pub struct Jwk {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`.
    pub crv: String,
    /// The key, base64url.
    pub x: String,
    /// Its RFC 7638 thumbprint.
    pub kid: String,
    /// `EdDSA`.
    pub alg: String,
    /// `sig`.
    pub r#use: String,
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// How to get access tokens
///
/// Authorization server metadata (RFC 8414), from which client libraries configure themselves.
#[utoipa::path(
    operation_id = "read_server_metadata",
    tag = "oauth",
    security(()),
    responses(
        (status = 200, description = "The metadata.", body = AuthorizationServer, content_type = "application/json"),
    )
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn authorization_server(tokens: web::Data<Tokens>) -> HttpResponse {
    let issuer = tokens.issuer();
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=3600"))
        .json(AuthorizationServer {
            issuer: issuer.to_owned(),
            token_endpoint: format!("{issuer}/oauth/token"),
            jwks_uri: format!("{issuer}/.well-known/jwks.json"),
            scopes_supported: Scope::ALL
                .iter()
                .map(|scope| scope.as_str().to_owned())
                .collect(),
            response_types_supported: Vec::new(),
            grant_types_supported: texts(&["client_credentials"]),
            token_endpoint_auth_methods_supported: texts(&[
                "client_secret_basic",
                "private_key_jwt",
            ]),
            token_endpoint_auth_signing_alg_values_supported: texts(&["EdDSA", "Ed25519", "ES256"]),
            service_documentation: format!("{issuer}/docs"),
        })
}

/// The keys that sign access tokens
///
/// A JWK Set (RFC 7517) of all nodes. Clients need not look into access tokens; this is for whoever audits them.
#[utoipa::path(
    operation_id = "read_keys",
    tag = "oauth",
    security(()),
    responses(
        (status = 200, description = "The keys.", body = Jwks, content_type = "application/json"),
        (status = 503, description = "The database cannot be reached.", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/.well-known/jwks.json")]
pub async fn jwks(tokens: web::Data<Tokens>) -> Result<HttpResponse, Problem> {
    let keys = tokens.keys().published().await.map_err(|error| {
        Problem::new(
            Code::DatabaseUnavailable,
            "The keys cannot be read at this moment.",
        )
        .retry_after(2)
        .because(error)
    })?;
    let keys: Vec<serde_json::Value> = keys.iter().map(crate::auth::PublicKey::to_jwk).collect();
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .json(serde_json::json!({ "keys": keys })))
}
