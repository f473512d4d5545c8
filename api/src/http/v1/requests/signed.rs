//! `GET /v1/requests/{id}/signed`

use actix_web::{HttpRequest, HttpResponse, get, http::header, web};
use serde::{Deserialize, Serialize};
use takedown_core::history::Digest;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::app::requests;
use crate::app::{Caller, Cx};
use crate::http::extract::{JOSE, Query};
use crate::http::problem::Problem;
use crate::http::v1::responses::{Calling, Finding};
use crate::http::v1::rules;

/// A JWS in its flattened JSON form (RFC 7515, section 7.2.2): these three members, without spaces or line breaks.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedStatement {
    /// The header, base64url: `alg` EdDSA, `kid` the key's thumbprint, `typ` takedown-request+jws.
    #[validate(custom(function = "rules::base64url"))]
    #[schema(pattern = "^[A-Za-z0-9_-]+$")]
    pub protected: String,
    /// The payload, base64url: the body of the call and the claims `v`, `jti`, `unit`, `domain`, `aud`, `iat`, `exp`, `act`.
    #[validate(custom(function = "rules::base64url"))]
    #[schema(pattern = "^[A-Za-z0-9_-]+$")]
    pub payload: String,
    /// The signature, base64url.
    #[validate(custom(function = "rules::base64url"))]
    #[schema(pattern = "^[A-Za-z0-9_-]{86}$")]
    pub signature: String,
}

impl SignedStatement {
    /// The statement as one text, as it is kept.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// A statement that was kept.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// Which statement.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The digest of a statement, from `signature.statements` of the request; the filing unless said.
    #[validate(custom(function = "rules::sha256_hex"))]
    #[param(pattern = "^[0-9A-Fa-f]{64}$")]
    digest: Option<String>,
}

/// Read what the unit signed
///
/// Byte for byte as the unit handed it in. Its SHA-256 digest is the ETag, and stands in the history entry of what it did.
/// `takedown verify-request` checks it without trusting this exchange. When its platform reads it, this is the receipt, as
/// reading the request is. A request without a signature is attested by the exchange only and answered with 409.
#[utoipa::path(
    tag = "requests",
    operation_id = "read_signed",
    params(("id" = String, Path, description = "Identifier, `req_…`."), Wanted),
    responses(
        (status = 200, description = "The statement.", body = SignedStatement, content_type = "application/jose+json", headers(
            ("etag" = String, description = "The SHA-256 digest of the bytes, in hexadecimal."),
        )),
        (status = 304, description = "It is the one you have."),
        (status = 409, description = "No signature of the unit goes with this request, or what it signed was destroyed with the request.", body = crate::http::problem::ProblemBody, content_type = "application/problem+json"),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}/signed")]
pub async fn read_signed(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    id: web::Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    let digest = wanted.digest.map(|digest| digest.to_ascii_lowercase());
    let digest = digest.and_then(|digest| digest.parse().ok());
    let etag = |digest: &Digest| format!("\"{digest}\"");
    let known = |of: &Digest| {
        let tags = http.headers().get(header::IF_NONE_MATCH);
        let mut tags = tags
            .and_then(|v| v.to_str().ok())
            .into_iter()
            .flat_map(|v| v.split(','));
        tags.any(|tag| tag.trim() == etag(of))
    };
    let (digest, bytes) = requests::read_signed(&cx, &caller, &id, digest, known).await?;
    let Some(bytes) = bytes else {
        return Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, etag(&digest)))
            .finish());
    };
    Ok(HttpResponse::Ok()
        .content_type(JOSE)
        .insert_header((header::ETAG, etag(&digest)))
        .body(bytes))
}
