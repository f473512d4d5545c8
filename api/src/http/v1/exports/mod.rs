//! Exports: for auditors, and for agencies of what is theirs.

mod ask;
mod content;
mod forget;
mod imports;
mod list;
mod read;
mod requests;
mod retry;
#[cfg(test)]
mod tests;
mod view;

use actix_web::guard::GuardContext;
use actix_web::http::{Version, header};
use actix_web::{HttpRequest, HttpResponse};
use takedown_core::time::At;

use self::requests::ExportFormat;
use crate::app;
use crate::app::export::{Export, Format};
use crate::http::problem::{Code, FieldError, Problem};
use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(requests::export_requests)
        .service(imports::export_imports)
        .service(ask::make_export)
        .service(list::list_exports)
        .service(content::download_export)
        .service(retry::retry_export)
        .service(read::read_export)
        .service(forget::forget_export);
}

/// Whether the path names a file. What is streamed has names of its own at the same place; without this a method that one of
/// them lacks would be looked for at a file of that name.
fn names_a_file(context: &GuardContext<'_>) -> bool {
    let path = context.head().uri.path();
    let name = path.rsplit('/').next().unwrap_or_default();
    !["requests", "imports", "transparency"].contains(&name)
}

/// The form that was asked for, and its media type.
const fn media(wanted: ExportFormat) -> (Format, &'static str) {
    match wanted {
        ExportFormat::Ndjson => (Format::Ndjson, "application/x-ndjson"),
        ExportFormat::Csv => (Format::Csv, "text/csv; charset=utf-8; header=present"),
    }
}

/// The end of an answer in HTTP/1.0 is the end of the connection, however it came about.
pub(in crate::http) fn shows_its_end(http: &HttpRequest) -> Result<(), Problem> {
    if http.version() >= Version::HTTP_11 {
        return Ok(());
    }
    Err(Problem::new(
        Code::NotAcceptable,
        "An export is sent over HTTP/1.1 or later only, because HTTP/1.0 cannot show that one broke off. A reverse \
         proxy before the exchange may have to be told (nginx: proxy_http_version 1.1).",
    ))
}

/// The answer that hands an export out as a file.
fn downloaded(
    what: &str,
    began: At,
    (format, media_type): (Format, &'static str),
    export: Export,
) -> HttpResponse {
    let name = format!(
        "attachment; filename=\"{what}-{}.{}\"",
        began.format("%Y%m%dT%H%M%SZ"),
        format.as_str()
    );
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(export)
}

/// What is wrong with a filter stands in the query here, not in a body.
fn of_parameters(error: app::Error) -> Problem {
    let app::Error::Invalid(errors) = error else {
        return error.into();
    };
    let errors: Vec<FieldError> = errors
        .into_iter()
        .map(|error| FieldError::parameter(error.pointer.trim_start_matches('/'), error.detail))
        .collect();
    let detail: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Problem::new(Code::InvalidParameter, detail.join("; ")).errors(errors)
}
