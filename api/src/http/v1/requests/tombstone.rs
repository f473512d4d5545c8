//! `GET /v1/requests/{id}/items/{item}/tombstone`

use actix_web::{HttpResponse, get, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use takedown_core::text::Language;
use takedown_core::tombstone::{self as core, NoTombstone};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::app::requests::{self, Drawn, NewTombstone};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::http::v1::responses::{Calling, Finding};
use crate::http::wire::{self, Instant};

/// What the page is needed for.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedTombstone {
    /// The uploader's language: `en`, `ar`, `fr`, `de` or `pl`; that of the item unless said. Any other is answered in
    /// English, and says so.
    #[param(schema_with = wire::language, required = false)]
    language: Option<Language>,
    /// The HTTP status you want to send it with; the usual one unless said.
    #[validate(range(min = 100, max = 599))]
    #[param(minimum = 100, maximum = 599)]
    status: Option<u16>,
}

/// The page that stands in the place of what you acted on, ready to be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tombstone {
    /// Whether it says who asked and on which basis. Not while a non-disclosure holds: then it names neither authority,
    /// law nor request, and has no code.
    pub disclosed: bool,
    /// Until when it may not say more. Ask again after that.
    #[schema(required = true)]
    pub withheld_until: Option<Instant>,
    /// The language it is in.
    pub language: String,
    /// The language that was wanted; another one when there is no text in it.
    #[schema(required = true)]
    pub wanted_language: Option<String>,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// The HTTP status to send it with: 451 after a legal demand (RFC 7725), 410 when it is gone, 403 when it is blocked for
    /// some. `null` when the item itself stays where it is and the page is only shown to the uploader.
    #[schema(required = true)]
    pub http_status: Option<u16>,
    /// The headers to send with it.
    pub headers: Vec<TombstoneHeader>,
    /// What was done.
    pub title: String,
    /// What is to be said of it.
    pub paragraphs: Vec<TombstoneParagraph>,
    /// What the uploader can do.
    pub redress: Vec<TombstoneParagraph>,
    /// Where and with what he objects; none while it is not disclosed.
    #[schema(required = true)]
    pub objection: Option<TombstoneObjection>,
    /// All of it as plain text.
    pub text: String,
    /// All of it as a page that needs nothing else.
    pub html: String,
}

/// A header to send.
#[derive(Debug, Serialize, ToSchema)]
pub struct TombstoneHeader {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A paragraph of the page.
#[derive(Debug, Serialize, ToSchema)]
pub struct TombstoneParagraph {
    /// What it is about: `measure`, `basis`, `territory`, `withdrawal`, `reference`, `objection`, `court`, `tco`,
    /// `authority`, `platform`. New words may come.
    pub part: &'static str,
    /// What it says.
    pub text: String,
    /// What it says of the law was recalled and not compared with the official text.
    pub recalled: bool,
}

/// Where and with what an uploader objects.
#[derive(Debug, Serialize, ToSchema)]
pub struct TombstoneObjection {
    /// The page of the exchange.
    pub url: String,
    /// The code, the same whenever you ask; an auditor is not shown it.
    #[schema(required = true)]
    pub code: Option<String>,
}

#[derive(Template)]
#[template(path = "http/tombstone.html")]
struct Html<'a> {
    page: &'a core::Tombstone,
    link: Option<String>,
}

impl Tombstone {
    fn of(drawn: &Drawn) -> Result<Self, Problem> {
        let page = &drawn.page;
        let paragraphs = |all: &[core::Paragraph]| -> Vec<TombstoneParagraph> {
            let all = all.iter().map(|one| TombstoneParagraph {
                part: one.part,
                text: one.text.clone(),
                recalled: one.recalled,
            });
            all.collect()
        };
        let link = drawn
            .code
            .as_ref()
            .map(|code| format!("{}/{code}", drawn.url));
        let html = Html { page, link }.render().map_err(Problem::internal)?;
        Ok(Self {
            disclosed: page.disclosed,
            withheld_until: drawn.withheld_until.map(Instant),
            language: page.language.to_owned(),
            wanted_language: drawn.wanted.as_ref().map(ToString::to_string),
            direction: if page.right_to_left { "rtl" } else { "ltr" }.to_owned(),
            http_status: page.status,
            headers: headers(drawn),
            title: page.title.clone(),
            paragraphs: paragraphs(&page.paragraphs),
            redress: paragraphs(&page.redress),
            objection: page.disclosed.then(|| TombstoneObjection {
                url: drawn.url.clone(),
                code: drawn.code.clone(),
            }),
            text: page.plain(),
            html,
        })
    }
}

/// `blocked-by` names who carries the measure out, not who demanded it (RFC 7725, section 4): the platform's own host.
/// `no-cache`, because what may be said changes when a non-disclosure ends or the item is put back.
fn headers(drawn: &Drawn) -> Vec<TombstoneHeader> {
    let mut all = vec![
        ("Content-Type", "text/html; charset=utf-8".to_owned()),
        ("Content-Language", drawn.page.language.to_owned()),
        ("Cache-Control", "no-cache".to_owned()),
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
                .to_owned(),
        ),
    ];
    if let (Some(451), Some(host)) = (drawn.page.status, &drawn.host) {
        all.push(("Link", format!("<https://{host}/>; rel=\"blocked-by\"")));
    }
    all.into_iter()
        .map(|(name, value)| TombstoneHeader { name, value })
        .collect()
}

fn refused(why: &NoTombstone) -> Problem {
    Problem::new(Code::NoTombstone, format!("{why}."))
}

/// Read the page for the uploader
///
/// What stands in the place of an item that you acted on: who asked, on which basis, what the uploader can do, and a code by
/// which he objects without an account. A referral never reads as a duty. While a non-disclosure holds the page says nothing
/// of authority, law or request. The code is made when you first ask, and is the same ever after.
#[utoipa::path(
    tag = "objections",
    operation_id = "read_tombstone",
    params(
        ("id" = String, Path, description = "Identifier of the request, `req_…`."),
        ("item" = String, Path, description = "Identifier of the item, `item_…`."),
        WantedTombstone,
    ),
    responses(
        (status = 200, description = "The page.", body = Tombstone),
        (status = 409, description = "Nothing stands in the place of the item, or the status would say something untrue.", body = ProblemBody, content_type = "application/problem+json"),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}/items/{item}/tombstone")]
pub async fn read_tombstone(
    caller: Caller,
    cx: web::Data<Cx>,
    place: web::Path<(String, String)>,
    Query(wanted): Query<WantedTombstone>,
) -> Result<HttpResponse, Problem> {
    let (request, item) = place.into_inner();
    let new = NewTombstone {
        request,
        item,
        language: wanted.language,
        status: wanted.status,
    };
    let drawn = requests::tombstone(&cx, &caller, new).await?;
    let drawn = drawn.map_err(|why| refused(&why))?;
    Ok(HttpResponse::Ok().json(Tombstone::of(&drawn)?))
}
