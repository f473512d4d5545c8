//! From the hallway's refusals to problems.

use actix_web::HttpResponse;
use serde_json::json;
use takedown_core::policy::Denied;
use takedown_core::request::Illegal;
use takedown_core::signed::Refused;

use super::problem::{Code, FieldError, Problem};
use crate::app;
use crate::app::StoreError;
use crate::http::v1::lookups::view::RepeatedItem;

impl From<app::Error> for Problem {
    fn from(error: app::Error) -> Self {
        use app::Error;
        match error {
            Error::NotFound => Self::not_found(),
            Error::Forbidden(why) => Self::new(Code::Forbidden, why),
            Error::Denied(denied) => refused(denied),
            Error::Invalid(errors) => Self::invalid(fields(errors)),
            Error::Contradiction(broken) => contradiction(broken),
            Error::Signature(refused) => signature(&refused),
            Error::Unsigned => Self::new(
                Code::SignatureRequired,
                "Your agency has said that its unit signs whatever it asks, and this is not signed.",
            ),
            Error::UnknownPlatform(errors) => Self::new(
                Code::UnknownPlatform,
                "No registered platform has the host of some items, and none was named.",
            )
            .errors(fields(errors)),
            Error::SeveralPlatforms(groups) => several_platforms(&groups),
            Error::Refused(illegal) => illegal_command(&illegal),
            Error::DuplicateReference(request) => Self::new(
                Code::DuplicateReference,
                format!(
                    "Your agency used this agency_reference for {request}, with another content."
                ),
            )
            .with("request", request),
            Error::AskedAlready(repeats) => {
                let repeats = RepeatedItem::all(&repeats);
                Self::new(
                    Code::AlreadyAsked,
                    format!(
                        "{} of the items were asked about before, and at least one request about them may be open.",
                        repeats.len()
                    ),
                )
                .with("repeats", serde_json::to_value(repeats).unwrap_or_default())
            }
            Error::KeyMismatch => Self::new(
                Code::IdempotencyMismatch,
                "This Idempotency-Key was used for another call within the last 24 hours.",
            ),
            Error::StaleVersion(current) => Self::new(
                Code::StaleVersion,
                format!("The current version is \"{current}\"."),
            )
            .with("current_version", current),
            Error::VersionRequired => Self::new(
                Code::PreconditionRequired,
                "Send the ETag of what you decided on as If-Match, or `If-Match: *`.",
            ),
            Error::Cursor(why) => Self::new(Code::InvalidCursor, why),
            Error::Conflict(why) => Self::new(Code::ConflictState, why),
            Error::Later(why) => Self::new(Code::Busy, why).retry_after(5),
            Error::Store(error) => store(error),
        }
    }
}

fn fields(errors: Vec<app::FieldError>) -> Vec<FieldError> {
    errors
        .into_iter()
        .map(|e| FieldError::at(&e.pointer, e.detail))
        .collect()
}

fn refused(denied: Denied) -> Problem {
    match denied {
        Denied::Hidden => Problem::not_found(),
        Denied::Unauthenticated => {
            Problem::new(Code::Unauthenticated, "This needs an access token.")
                .challenge(r#"Bearer realm="takedown""#)
        }
        Denied::Forbidden { role, action } => Problem::new(
            Code::Forbidden,
            format!(
                "A client in the role of {role} may not {}.",
                action.as_str().replace('_', " ")
            ),
        ),
        Denied::InsufficientScope { action, scope } => Problem::new(
            Code::InsufficientScope,
            format!(
                "To {} the token needs the scope {scope}.",
                action.as_str().replace('_', " ")
            ),
        )
        .with("scope", scope.as_str())
        .challenge(&format!(
            r#"Bearer realm="takedown", error="insufficient_scope", scope="{scope}""#
        )),
    }
}

fn contradiction(broken: Vec<app::Broken>) -> Problem {
    let rules: Vec<_> = broken
        .iter()
        .map(|b| json!({ "rule": b.rule, "citation": b.citation, "pointer": format!("#{}", b.at.pointer) }))
        .collect();
    let detail = match broken.as_slice() {
        [only] => format!("{} ({})", only.at.detail, only.citation),
        several => format!(
            "{} rules of the instrument are broken; see errors.",
            several.len()
        ),
    };
    Problem::new(Code::ContradictsInstrument, detail)
        .errors(broken.into_iter().map(|b| {
            FieldError::at(
                &b.at.pointer,
                format!("{} ({}, {})", b.at.detail, b.rule, b.citation),
            )
        }))
        .with("rules", rules)
}

fn signature(refused: &Refused) -> Problem {
    let (rule, citation) = (refused.rule(), refused.citation());
    Problem::new(
        Code::SignatureRefused,
        format!("What was signed does not count: {refused}."),
    )
    .errors([FieldError::at(
        &refused.pointer(),
        format!("{refused} ({rule}, {citation})"),
    )])
    .with("rule", rule)
}

fn several_platforms(groups: &[(String, Vec<usize>)]) -> Problem {
    let members: Vec<_> = groups
        .iter()
        .map(|(platform, items)| json!({ "platform": platform, "items": items }))
        .collect();
    Problem::new(
        Code::SeveralPlatforms,
        format!(
            "The items lie on {} platforms, and you asked for strict handling.",
            groups.len()
        ),
    )
    .errors(groups.iter().flat_map(|(platform, items)| {
        items
            .iter()
            .map(move |i| FieldError::at(&format!("/items/{i}"), format!("lies on {platform}")))
    }))
    .with("platforms", members)
}

fn illegal_command(illegal: &Illegal) -> Problem {
    if illegal.is_invalid_input() {
        return Problem::invalid(vec![FieldError::at("", illegal.to_string())]);
    }
    if let Illegal::Side { .. } = illegal {
        return Problem::new(Code::Forbidden, format!("{illegal}."));
    }
    let needs: Vec<&str> = illegal.needs().iter().map(|s| s.as_str()).collect();
    Problem::new(Code::ConflictState, format!("{illegal}.")).with("needs", needs)
}

fn store(error: StoreError) -> Problem {
    match error {
        StoreError::Busy => Problem::new(
            Code::Busy,
            "More work is waiting than the exchange accepts; nothing was done.",
        )
        .retry_after(1),
        StoreError::Slow(_) => Problem::new(
            Code::Busy,
            "The database took too long over this; nothing was done.",
        )
        .retry_after(2)
        .because(error),
        StoreError::Unavailable(_) => Problem::new(
            Code::DatabaseUnavailable,
            "The database does not answer just now.",
        )
        .retry_after(2)
        .because(error),
        StoreError::Full(_) => Problem::new(
            Code::StorageFull,
            "The disk of the database is full; nothing was stored.",
        )
        .because(error),
        StoreError::ReadOnly(why) => Problem::new(
            Code::HistoryBehind,
            format!("Nothing is written: {why}. Reading still works."),
        ),
        // It lost every race it was allowed to run: the same as being busy.
        error if error.is_race() => Problem::new(
            Code::Busy,
            "Too many others changed the same thing at the same time; nothing was done.",
        )
        .retry_after(1)
        .because(error),
        other => Problem::internal(other),
    }
}

/// The answer of a use case as it leaves.
#[must_use]
pub fn answer(answer: app::once::Answer) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(answer.status)
        .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    builder.content_type("application/json");
    for (name, value) in answer.headers {
        builder.insert_header((name, value));
    }
    builder.body(answer.body)
}
