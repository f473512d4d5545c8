//! `POST /v1/clients`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use takedown_core::id::{AgencyId, PlatformId};
use takedown_core::policy::{Action, Party, Reach, Scope};
use utoipa::ToSchema;
use validator::Validate;

use super::view::{ClientWithSecret, with_secret};
use crate::app::clients::{self, Authentication, Keys};
use crate::app::values::Name;
use crate::app::{Caller, Cx};
use crate::http::error::answer;
use crate::http::headers::once;
use crate::http::problem::{FieldError, Problem};
use crate::http::v1::registry::sent;
use crate::http::v1::responses::{Creating, Writing};
use crate::http::wire;

/// A client to be registered. Exactly one of `agency`, `platform`, `auditor` and `operator` says for whom it acts.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// What it is for: one line.
    #[schema(value_type = String, min_length = 1, max_length = 200)]
    name: Name,
    /// It acts for this agency.
    #[schema(value_type = Option<String>, pattern = "^agency_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    agency: Option<AgencyId>,
    /// It acts for this platform.
    #[schema(value_type = Option<String>, pattern = "^platform_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    platform: Option<PlatformId>,
    /// It reads and exports, and changes nothing.
    auditor: Option<AuditorScope>,
    /// It runs the exchange. `true`, or leave it out.
    operator: Option<bool>,
    /// What it may ask for at the token endpoint; everything its role can use unless said.
    #[validate(length(min = 1, max = 20))]
    #[schema(schema_with = wire::scopes_or_null, required = false)]
    scopes: Option<Vec<Scope>>,
    /// How it proves who it is.
    authentication: AuthenticationKind,
    /// For `key`: its public keys as a JSON Web Key Set (RFC 7517), 1 to 8 Ed25519 or P-256 keys.
    #[schema(value_type = Option<Object>)]
    jwks: Option<Map<String, Value>>,
}

/// What an auditor may see: exactly one of these.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditorScope {
    /// All requests. `true`, or leave it out.
    everything: Option<bool>,
    /// The requests of one agency.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// The requests to one platform.
    #[schema(value_type = Option<String>)]
    platform: Option<PlatformId>,
}

/// How a client proves who it is: by a secret that the exchange makes and shows once, or by keys of its own, of which
/// the exchange knows the public half only.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationKind {
    /// By a secret.
    Secret,
    /// By keys.
    Key,
}

impl NewClient {
    fn parse(self) -> Result<clients::NewClient, Problem> {
        let party = self.party()?;
        let authentication = match (self.authentication, self.jwks) {
            (AuthenticationKind::Secret, None) => Authentication::Secret,
            (AuthenticationKind::Key, Some(jwks)) => Authentication::Keys(keys(jwks)?),
            (AuthenticationKind::Secret, Some(_)) => {
                return Err(refused(
                    "/jwks",
                    "belongs to `\"authentication\": \"key\"`; leave it out",
                ));
            }
            (AuthenticationKind::Key, None) => {
                return Err(refused(
                    "/jwks",
                    "is needed: the public keys with which this client proves itself",
                ));
            }
        };
        Ok(clients::NewClient {
            name: self.name,
            party,
            scopes: self.scopes.map(|scopes| scopes.into_iter().collect()),
            authentication,
        })
    }

    fn party(&self) -> Result<Party, Problem> {
        let operator = match self.operator {
            Some(false) => return Err(refused("/operator", "is true or left out")),
            other => other.map(|_| Party::Operator),
        };
        let auditor = self.auditor.as_ref().map(AuditorScope::parse).transpose()?;
        let given = [
            self.agency.map(Party::Agency),
            self.platform.map(Party::Platform),
            auditor,
            operator,
        ];
        only(given).ok_or_else(|| {
            refused("", "say for whom the client acts: exactly one of agency, platform, auditor and operator")
        })
    }
}

impl AuditorScope {
    fn parse(&self) -> Result<Party, Problem> {
        if self.everything == Some(false) {
            return Err(refused("/auditor/everything", "is true or left out"));
        }
        let given = [
            self.everything.map(|_| Reach::Everything),
            self.agency.map(Reach::Agency),
            self.platform.map(Reach::Platform),
        ];
        only(given).map(Party::Auditor).ok_or_else(|| {
            refused(
                "/auditor",
                "say what the auditor may see: exactly one of everything, agency and platform",
            )
        })
    }
}

fn only<T, const N: usize>(given: [Option<T>; N]) -> Option<T> {
    let mut given = given.into_iter().flatten();
    let first = given.next();
    if given.next().is_some() { None } else { first }
}

pub(super) fn keys(jwks: Map<String, Value>) -> Result<Keys, Problem> {
    Keys::parse(&Value::Object(jwks).to_string())
        .map_err(|error| refused("/jwks", &error.to_string()))
}

fn refused(pointer: &str, detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::at(pointer, detail)])
}

/// Register a client
///
/// For the operator. A secret is shown in this answer only.
#[utoipa::path(
    tag = "registry",
    operation_id = "register_client",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes it safe to repeat the call for 24 hours; the repeated answer is without the secret.")),
    request_body(content = NewClient, description = "The client."),
    responses(
        (status = 201, description = "The client and, once, its secret.", body = ClientWithSecret, headers(
            ("location" = String, description = "Its address."),
        )),
        Writing, Creating,
    ),
)]
#[post("/v1/clients")]
pub async fn register_client(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let new = sent::<NewClient>(&caller, Action::RegisterClient, &http, payload).await?;
    let key = once(&http, &new.bytes)?;
    let client = new.value.parse()?;
    Ok(answer(
        clients::register(&cx, &caller, key, client, with_secret).await?,
    ))
}

#[cfg(test)]
mod tests;
