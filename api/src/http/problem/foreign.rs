//! Errors that actix raises itself, turned into problems.

use actix_web::error::{InternalError, PathError, QueryPayloadError};
use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest, HttpResponse, web};

use super::{Code, Problem};

/// Sets the error handlers of actix's own extractors and the answer for what no route takes.
pub fn install(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PathConfig::default().error_handler(path))
        .app_data(web::QueryConfig::default().error_handler(query))
        .app_data(
            web::JsonConfig::default()
                .error_handler(|error, _| problem_error(of_error(&error.into()))),
        )
        .app_data(
            web::FormConfig::default()
                .error_handler(|error, _| problem_error(of_error(&error.into()))),
        );
}

/// A path that does not parse names nothing that exists.
fn path(_: PathError, _: &HttpRequest) -> Error {
    problem_error(Problem::not_found())
}

fn query(_: QueryPayloadError, _: &HttpRequest) -> Error {
    problem_error(Problem::new(
        Code::InvalidParameter,
        "The query could not be read.",
    ))
}

fn problem_error(problem: Problem) -> Error {
    Error::from(problem)
}

/// The problem that stands for an answer of this status that carries no body of its own.
#[must_use]
pub fn of_status(status: StatusCode) -> Problem {
    let code = match status.as_u16() {
        401 => Code::Unauthenticated,
        403 => Code::Forbidden,
        404 => return Problem::not_found(),
        405 => Code::MethodNotAllowed,
        406 => Code::NotAcceptable,
        408 => return Problem::slow_body(),
        413 => Code::BodyTooLarge,
        415 => Code::UnsupportedMediaType,
        428 => Code::PreconditionRequired,
        429 => Code::TooManyRequests,
        503 => Code::Busy,
        507 => Code::StorageFull,
        400..=499 => Code::MalformedBody,
        _ => Code::Internal,
    };
    Problem::new(code, code.title())
}

fn of_error(error: &Error) -> Problem {
    let status = error.as_response_error().status_code();
    let problem = of_status(status);
    if status.is_server_error() {
        problem.because(error.to_string())
    } else {
        problem
    }
}

/// The problem for an answer that actix made from an error, unless it is one already or is no error at all.
///
/// Answers that were built with a body (the token endpoint's own errors) are left alone.
#[must_use]
pub fn adopt<B: actix_web::body::MessageBody>(response: &HttpResponse<B>) -> Option<Problem> {
    if let Some(error) = response.error() {
        if error.as_error::<Problem>().is_some()
            || error.as_error::<InternalError<Problem>>().is_some()
        {
            return None;
        }
        return Some(of_error(error));
    }
    let status = response.status();
    let empty = matches!(
        response.body().size(),
        actix_web::body::BodySize::None | actix_web::body::BodySize::Sized(0)
    );
    if (status.is_client_error() || status.is_server_error()) && empty {
        let problem = of_status(status);
        return Some(
            response
                .headers()
                .iter()
                .fold(problem, |problem, (name, value)| {
                    problem.header(name.clone(), value.clone())
                }),
        );
    }
    None
}
