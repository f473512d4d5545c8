//! `POST /v1/sandbox/credentials`

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::refused;
use crate::app::Cx;
use crate::app::sandbox::{self, Pair};
use crate::http::headers::acceptable;
use crate::http::middleware::Edge;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::v1::responses::Trying;

/// Whom a tester acts as. Nobody else was given these credentials.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestParties {
    /// A verified agency.
    pub agency: TestAgency,
    /// A platform.
    pub platform: TestPlatform,
}

/// A verified agency and its login.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestAgency {
    /// Its identifier.
    #[schema(example = "agency_01kb0000000000000000000000")]
    pub id: String,
    /// Its name.
    #[schema(example = "Test unit 1a2b3c4d")]
    pub name: String,
    /// Its client.
    #[schema(example = "client_01kb0000000000000000000000")]
    pub client_id: String,
    /// The secret of that, shown this once.
    pub client_secret: String,
}

/// A platform and its login.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestPlatform {
    /// Its identifier.
    #[schema(example = "platform_01kb0000000000000000000000")]
    pub id: String,
    /// Its name.
    #[schema(example = "Test site 1a2b3c4d")]
    pub name: String,
    /// Its host: what lies there or below is asked of it.
    #[schema(example = "t-1a2b3c4d.test")]
    pub host: String,
    /// Its client.
    #[schema(example = "client_01kb0000000000000000000001")]
    pub client_id: String,
    /// The secret of that, shown this once.
    pub client_secret: String,
}

impl From<Pair> for TestParties {
    fn from(pair: Pair) -> Self {
        Self {
            agency: TestAgency {
                id: pair.agency.to_string(),
                name: pair.agency_name,
                client_id: pair.agency_login.client_id,
                client_secret: pair.agency_login.client_secret,
            },
            platform: TestPlatform {
                id: pair.platform.to_string(),
                name: pair.platform_name,
                host: pair.host,
                client_id: pair.platform_login.client_id,
                client_secret: pair.platform_login.client_secret,
            },
        }
    }
}

/// Get credentials to try with
///
/// A fresh agency and a fresh platform each time, for you alone: nobody else sees what they file and answer. Whoever asks need not say who
/// he is; from one address 20 can be made at once and six a minute. They last as long as the data of the sandbox. Only a sandbox answers it.
#[utoipa::path(
    tag = "sandbox",
    operation_id = "make_test_parties",
    security(()),
    responses(
        (status = 201, description = "Both, and how they log in.", body = TestParties),
        (status = 406, description = "Accept names no media type of the answers.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Enough from this address for now; see Retry-After.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy, or the database does not answer; nothing was changed.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 507, description = "The disk is full; nothing was changed.", body = ProblemBody, content_type = "application/problem+json"),
        Trying,
    ),
)]
#[post("/v1/sandbox/credentials")]
pub async fn make_test_parties(
    cx: web::Data<Cx>,
    edge: web::Data<Edge>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    acceptable(&http)?;
    edge.credentials_limit(&http)?;
    let pair = sandbox::pair(&cx).await;
    let pair = pair.map_err(|error| refused(&cx, error))?;
    Ok(HttpResponse::Created().json(TestParties::from(pair)))
}
