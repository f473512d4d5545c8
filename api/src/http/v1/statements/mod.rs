//! Statements of reasons (Regulation (EU) 2022/2065, Article 17) for the transparency database.

mod additions;
mod view;

use actix_web::{HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use takedown_core::policy::Action;
use utoipa::ToSchema;
use validator::Validate;

use crate::app::statements::{self, Wanted};
use crate::app::{Caller, Cx};
use crate::http::extract::Body;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::register::Register;
use crate::http::v1::responses::{Calling, Finding, Writing};
use additions::NewStatement;
use view::{StatementBatch, StatementDraft, StatementOfReasons};

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(draft_statement)
        .service(make_statement)
        .service(make_statements);
}

/// See what a statement of reasons lacks
///
/// What follows from the decision on the item stands in `statement`; what only the platform knows is named in
/// `missing`. When none is due, `not_due` says why and by which article. Nothing is stored and nothing is sent.
#[utoipa::path(
    tag = "statements",
    operation_id = "draft_statement",
    params(
        ("id" = String, Path, description = "Identifier of the request, `req_…`."),
        ("item" = String, Path, description = "Identifier of the item, `item_…`."),
    ),
    responses(
        (status = 200, description = "How far it has come.", body = StatementDraft),
        Calling, Finding,
    ),
)]
#[get("/v1/requests/{id}/items/{item}/statement")]
pub async fn draft_statement(
    caller: Caller,
    cx: web::Data<Cx>,
    place: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let wanted = wanted(place.into_inner(), NewStatement::default());
    let stated = statements::one(&cx, &caller, Action::DraftStatement, wanted).await?;
    Ok(HttpResponse::Ok().json(StatementDraft::of(stated)))
}

/// Make a statement of reasons
///
/// The answer is the JSON that the Commission's transparency database takes at `POST /api/v1/statement`. Its `puid` is
/// the identifier of the decision: a corrected decision has another. The platform sends it itself; nothing is stored,
/// and nothing that the agency wrote is in it.
#[utoipa::path(
    tag = "statements",
    operation_id = "make_statement",
    params(
        ("id" = String, Path, description = "Identifier of the request, `req_…`."),
        ("item" = String, Path, description = "Identifier of the item, `item_…`."),
    ),
    request_body(content = NewStatement, description = "What only the platform knows."),
    responses(
        (status = 200, description = "The statement.", body = StatementOfReasons),
        (status = 409, description = "None is due; `article` says by which article.", body = ProblemBody, content_type = "application/problem+json"),
        Writing, Finding,
    ),
)]
#[post("/v1/requests/{id}/items/{item}/statement")]
pub async fn make_statement(
    caller: Caller,
    cx: web::Data<Cx>,
    place: web::Path<(String, String)>,
    Body(given): Body<NewStatement>,
) -> Result<HttpResponse, Problem> {
    let wanted = wanted(place.into_inner(), given);
    let stated = statements::one(&cx, &caller, Action::MakeStatement, wanted).await?;
    Ok(HttpResponse::Ok().json(StatementOfReasons(view::whole(stated)?)))
}

fn wanted((request, item): (String, String), given: NewStatement) -> Wanted {
    Wanted {
        request,
        item,
        given: given.additions(&NewStatement::default()),
    }
}

/// Several statements at once, of one request or of several.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "common": {
        "content_type": ["CONTENT_TYPE_TEXT"], "content_date": "2026-11-20",
        "incompatible_content_ground": "Terms of use, section 4",
        "incompatible_content_explanation": "The text calls for violence, which the terms do not allow.",
        "decision_facts": "A notification named the page. It was read and removed.",
        "automated_detection": "No", "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "recipient_contact_known": true
    },
    "statements": [{ "request": "req_01kkr000000000000000000000", "item": "item_01kkr000000000000000000000" }]
}))]
pub struct NewStatements {
    /// What holds for all of them, where one does not say otherwise.
    common: Option<NewStatement>,
    /// For which items.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    statements: Vec<StatementWanted>,
}

/// One statement of several.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementWanted {
    /// The request, `req_…`.
    request: String,
    /// The item, `item_…`.
    item: String,
    /// What holds for this one.
    own: Option<NewStatement>,
}

/// Make up to 100 statements of reasons
///
/// The answer is the body that the database takes at `POST /api/v1/statements`. As there, it is all or nothing: when
/// one is refused, `errors` says which and why.
#[utoipa::path(
    tag = "statements",
    operation_id = "make_statements",
    request_body(content = NewStatements, description = "For which items, and what only the platform knows."),
    responses(
        (status = 200, description = "The statements.", body = StatementBatch),
        Writing,
    ),
)]
#[post("/v1/statements")]
pub async fn make_statements(
    caller: Caller,
    cx: web::Data<Cx>,
    Body(sent): Body<NewStatements>,
) -> Result<HttpResponse, Problem> {
    let common = sent.common.unwrap_or_default();
    let wanted = sent
        .statements
        .into_iter()
        .map(|one| Wanted {
            request: one.request,
            item: one.item,
            given: one.own.unwrap_or_default().additions(&common),
        })
        .collect();
    let stated = statements::many(&cx, &caller, Action::MakeStatements, wanted).await?;
    Ok(HttpResponse::Ok().json(StatementBatch {
        statements: view::all(stated)?,
    }))
}
