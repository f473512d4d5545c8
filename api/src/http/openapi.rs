//! The published description of the API (OpenAPI 3.1), made from the code.

mod complete;
mod examples;

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get};
use serde::Deserialize;
use serde_json::Value;
use utoipa::openapi::security::{
    ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityScheme,
};
use utoipa::openapi::{
    ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, SecurityRequirement,
    Server, Tag,
};
use utoipa_actix_web::AppExt;

use super::problem::ProblemBody;
use super::{routes, wire};

/// The scheme by which every endpoint but a few is called.
const SCHEME: &str = "access_token";

/// What stands in the document besides the endpoints.
fn frame() -> OpenApi {
    let tag = |name: &str, says: &str| {
        let mut tag = Tag::new(name);
        tag.description = Some(says.to_owned());
        tag
    };
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Takedown exchange")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Police units file structured takedown requests; platforms fetch them from their inbox, acknowledge \
                     them and close them link by link; auditors export the history.\n\nErrors are problems (RFC 9457) \
                     with a documented `type`. Lists go on with `cursor`. Words in answers may grow: treat an unknown one \
                     as a word you do not know, not as an error.",
                ))
                .contact(Some(ContactBuilder::new().name(Some("The operator of this exchange")).build()))
                .license(Some(
                    LicenseBuilder::new().name("Apache-2.0 OR MIT").identifier(Some("Apache-2.0 OR MIT")).build(),
                ))
                .build(),
        )
        .tags(Some([
            tag("requests", "Filed by agencies, answered by platforms."),
            tag("statements", "Statements of reasons (Regulation (EU) 2022/2065, Article 17) for the transparency database. The platform sends them itself."),
            tag("scrutinies", "The copy of an order from another Member State for the authority of the platform's country, its scrutiny, and orders that are final."),
            tag("notices", "What a platform is told before a first order."),
            tag("objections", "What is told to an uploader without an account, what he objects to, and what the platform answers."),
            tag("operations", "Requests that belong together over several platforms, and the agencies that work on them."),
            tag("sightings", "Where it moved next: what was seen elsewhere after a request, whom to write to, and the chain it makes."),
            tag("inbox", "What happened, in the order in which it was stored."),
            tag("webhooks", "Addresses that are told of what comes into an inbox, by Standard Webhooks."),
            tag("imports", "What an agency asked before it used this exchange, as its own lists say. Nothing of it was witnessed."),
            tag("lookups", "Whether something was asked about before."),
            tag("texts", "Reasons and answers that a party keeps, with placeholders to be filled before they are sent."),
            tag("exports", "For auditors, and for agencies of their own."),
            tag("log", "The sealed history, for whoever wants to check it."),
            tag("transparency", "What was asked and what came of it, in numbers."),
            tag("instruments", "Under which powers can be filed here."),
            tag("registry", "Who takes part, and how that was verified."),
            tag("deliveries", "Mails that are on their way or could not be delivered."),
            tag("sandbox", "For trying out, in a sandbox alone (`takedown sandbox`); elsewhere each of these calls is answered 404."),
            tag("oauth", "Access tokens by client credentials."),
        ]))
        .servers(Some([Server::new("/")]))
        .security(Some([SecurityRequirement::new(SCHEME, Vec::<String>::new())]))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(SCHEME, token_scheme());
    components.add_security_scheme("client_basic", client_scheme());
    document
}

fn token_scheme() -> SecurityScheme {
    let scopes = takedown_core::policy::Scope::ALL
        .iter()
        .map(|s| (s.as_str(), describe(*s)));
    SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(
        ClientCredentials::new("/oauth/token", Scopes::from_iter(scopes)),
    )]))
}

fn client_scheme() -> SecurityScheme {
    SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Basic)
            .description(Some("client_id and secret; for the token endpoint only."))
            .build(),
    )
}

fn describe(scope: takedown_core::policy::Scope) -> &'static str {
    use takedown_core::policy::Scope;
    match scope {
        Scope::RequestsRead => {
            "Read requests, their history and messages, and one's own notes and saved texts."
        }
        Scope::RequestsWrite => {
            "File, answer, decide, close, withdraw, reopen; keep notes and texts."
        }
        Scope::InboxRead => "Poll the inbox.",
        Scope::ExportRead => "Export.",
        Scope::RegistryRead => "Read who takes part and how that was verified.",
        Scope::RegistryWrite => "Register, verify and suspend.",
        Scope::WebhooksWrite => "Say where events of one's inbox are sent.",
    }
}

/// The endpoints as they are registered, so that none can be missing.
#[must_use]
pub fn registered() -> OpenApi {
    use utoipa::ToSchema as _;
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(frame())
        .configure(|config| routes::described(config))
        .split_for_parts();
    let components = document.components.get_or_insert_default();
    let mut schemas = Vec::new();
    ProblemBody::schemas(&mut schemas);
    let schema = <ProblemBody as utoipa::PartialSchema>::schema();
    components
        .schemas
        .insert(ProblemBody::name().into_owned(), schema);
    components.schemas.extend(schemas);
    let words = wire::words().into_iter();
    let words = words.map(|(name, schema)| (name.to_owned(), schema.into()));
    components.schemas.extend(words);
    document
}

/// The whole document.
#[must_use]
pub fn document() -> Value {
    let mut document = complete::complete(serde_json::to_value(registered()).unwrap_or_default());
    examples::add(&mut document);
    document
}

/// The document as it is served and checked in.
#[must_use]
pub fn json() -> String {
    format!("{:#}", document())
}

/// What is checked in: `scripts/gen --check` proves that it is what [`json`] gives, so nothing is rendered at the start.
const CHECKED_IN: &str = include_str!("../../../openapi/v1.json");

/// The published document.
#[must_use]
pub fn published() -> Value {
    serde_json::from_str(CHECKED_IN).unwrap_or_default()
}

/// The operations of a path by their methods, in lower case.
pub type Operations = BTreeMap<String, Operation>;

/// What is read of an operation to know that it exists.
#[derive(Debug, Deserialize)]
pub struct Operation {
    /// Its name.
    #[serde(rename = "operationId", default)]
    pub operation_id: String,
}

/// What the published document describes, each path with its operations. All else is passed over: the whole of it takes more memory
/// than a server has use for.
#[must_use]
pub fn described() -> Vec<(String, Operations)> {
    #[derive(Deserialize, Default)]
    struct Paths {
        paths: BTreeMap<String, Operations>,
    }
    let document: Paths = serde_json::from_str(CHECKED_IN).unwrap_or_default();
    document.paths.into_iter().collect()
}

/// The API's description.
#[get("/openapi.json")]
pub async fn openapi_json() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", "public, max-age=300"))
        .body(CHECKED_IN)
}
