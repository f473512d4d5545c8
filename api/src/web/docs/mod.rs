//! `/docs`: what this is, every call, every problem. Rendered once, the same for everybody: the long page of every call when somebody
//! looks at it for the first time, since what it is made from takes more memory than all else at the start.

mod prose;
mod reference;
mod schema;
mod swagger;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use bytes::Bytes;
use serde_json::Value;
use utoipa_swagger_ui::Config;

use self::prose::Span;
use super::page;
use super::reply::{Keep, STRICT, guarded, html};

pub(super) use swagger::{swagger, swagger_without_slash};

const STYLESHEET: &str = include_str!("../../../templates/web/site.css");

/// What the pages say about this exchange.
#[derive(Debug, Clone)]
pub struct About {
    /// Where people and programs reach it, without a trailing slash.
    pub public_url: String,
    /// How its operator is reached, as people write it.
    pub contact: Option<String>,
}

/// What the documentation says about a kind of problem.
#[derive(Debug, Clone, Copy)]
pub struct ProblemHelp {
    /// Its name on the wire and in the address of its page.
    pub name: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What kind of problem it is.
    pub title: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// Reads the published description of the API.
type Description = Box<dyn Fn() -> Value + Send + Sync>;

/// The pages, as bytes.
pub struct Docs {
    about: About,
    index: Bytes,
    openapi: Description,
    reference: OnceLock<Bytes>,
    problems: Bytes,
    each: HashMap<&'static str, Bytes>,
    swagger: Arc<Config<'static>>,
}

impl Docs {
    /// The pages made from the published description of the API and the table of problems.
    #[must_use]
    pub fn new(
        about: About,
        openapi: impl Fn() -> Value + Send + Sync + 'static,
        problems: &[ProblemHelp],
    ) -> Self {
        let url = about.public_url.as_str();
        let each = problems
            .iter()
            .map(|p| {
                let help = prose::spans(p.help);
                let problem = Problem {
                    p: *p,
                    help,
                    public_url: url,
                };
                (p.name, page(&problem).into())
            })
            .collect();
        Self {
            index: page(&Index::of(&about)).into(),
            openapi: Box::new(openapi),
            reference: OnceLock::new(),
            problems: page(&Problems { problems }).into(),
            each,
            swagger: Arc::new(swagger::settings()),
            about,
        }
    }

    fn reference(&self) -> &Bytes {
        self.reference.get_or_init(|| {
            let openapi = (self.openapi)();
            let reference = reference::Reference::of(&openapi, &self.about.public_url);
            page(&ReferencePage { r: &reference }).into()
        })
    }

    /// Every page, for the golden files.
    #[cfg(test)]
    pub(super) fn pages(&self) -> Vec<(String, Bytes)> {
        let mut pages: Vec<(String, Bytes)> = vec![
            ("docs.index".into(), self.index.clone()),
            ("docs.reference".into(), self.reference().clone()),
            ("docs.problems".into(), self.problems.clone()),
        ];
        let each = self.each.iter();
        pages.extend(each.map(|(name, page)| (format!("docs.problem.{name}"), page.clone())));
        pages.sort();
        pages
    }

    pub(super) fn contact(&self) -> Option<&str> {
        self.about.contact.as_deref()
    }
}

#[derive(Template)]
#[template(path = "web/docs.html")]
struct Index<'a> {
    contact: Option<&'a str>,
    token: String,
    platform: String,
    agency: String,
}

impl<'a> Index<'a> {
    fn of(about: &'a About) -> Self {
        let url = &about.public_url;
        let call = format!("curl -sS -H \"Authorization: Bearer $TOKEN\" {url}/v1");
        let send =
            "curl -sS -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json'";
        Self {
            contact: about.contact.as_deref(),
            token: format!(
                "TOKEN=$(curl -sS -u \"$CLIENT_ID:$CLIENT_SECRET\" -d grant_type=client_credentials {url}/oauth/token \
                 | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')"
            ),
            platform: [
                format!("{call}/inbox"),
                format!("{call}/requests/$REQUEST"),
                format!("{send} -X PUT -d '{{}}' {url}/v1/requests/$REQUEST/acknowledgement"),
                format!(
                    "{send} -H 'If-Match: *' -X PUT -d '{{\"remaining\":{{\"outcome\":\"removed\",\"basis\":\"terms\"}}}}' \
                     {url}/v1/requests/$REQUEST/closure"
                ),
            ]
            .join("\n"),
            agency: format!(
                "{send} -d '{{\"instrument\":\"referral\",\
                 \"grounds\":[\"terms\"],\"reasons\":{{\"text\":\"Sells stolen passwords.\",\"language\":\"en\"}},\
                 \"items\":[{{\"locator\":\"https://paste.example/x7\"}}]}}' {url}/v1/requests"
            ),
        }
    }
}

#[derive(Template)]
#[template(path = "web/problems.html")]
struct Problems<'a> {
    problems: &'a [ProblemHelp],
}

#[derive(Template)]
#[template(path = "web/problem.html")]
struct Problem<'a> {
    p: ProblemHelp,
    help: Vec<Span>,
    public_url: &'a str,
}

#[derive(Template)]
#[template(path = "web/reference.html")]
struct ReferencePage<'a> {
    r: &'a reference::Reference,
}

fn kept(body: &Bytes) -> HttpResponse {
    html(StatusCode::OK, Keep::Minutes).body(body.clone())
}

/// `GET /docs`
pub(super) async fn index(docs: web::Data<Docs>) -> HttpResponse {
    kept(&docs.index)
}

/// `GET /docs/reference`
pub(super) async fn reference(docs: web::Data<Docs>) -> HttpResponse {
    kept(docs.reference())
}

/// `GET /docs/problems`
pub(super) async fn problems(docs: web::Data<Docs>) -> HttpResponse {
    kept(&docs.problems)
}

/// `GET /docs/problems/{code}`
pub(super) async fn problem(docs: web::Data<Docs>, code: web::Path<String>) -> HttpResponse {
    docs.each
        .get(code.as_str())
        // Without a body: the edge answers the problem that belongs to the status.
        .map_or_else(|| HttpResponse::NotFound().finish(), kept)
}

/// `GET /docs/site.css`
pub(super) async fn stylesheet() -> HttpResponse {
    guarded(
        StatusCode::OK,
        "text/css; charset=utf-8",
        STRICT,
        Keep::Minutes,
    )
    .body(STYLESHEET)
}
