//! The transparency report: published for everybody, and with every number for those whose requests are counted.

mod own;
mod published;
mod view;

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Deserialize;
use takedown_core::transparency::Report;
use utoipa::ToSchema;

pub use view::TransparencyReport;

use crate::http::problem::{Code, FieldError, Problem};
use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config
        .service(published::read_transparency)
        .service(own::export_transparency);
}

/// The form of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    /// One JSON document: the report.
    #[default]
    Json,
    /// RFC 4180 with a header row, one number a line: a copy for spreadsheets.
    Csv,
}

impl ReportFormat {
    fn answer(self) -> actix_web::HttpResponseBuilder {
        let mut answer = HttpResponse::Ok();
        match self {
            Self::Json => answer.content_type("application/json"),
            Self::Csv => answer.content_type("text/csv; charset=utf-8; header=present"),
        };
        answer
    }

    fn write(self, report: &Report) -> Result<String, Problem> {
        match self {
            Self::Json => serde_json::to_string(report).map_err(Problem::internal),
            Self::Csv => Ok(report.csv()),
        }
    }
}

/// The name for a file of a table.
fn named(answer: &mut actix_web::HttpResponseBuilder, format: ReportFormat, period: &str) {
    if format == ReportFormat::Csv {
        let name = format!("attachment; filename=\"transparency-{period}.csv\"");
        answer.insert_header((header::CONTENT_DISPOSITION, name));
    }
}

fn refused(name: &str, detail: impl Into<String>) -> Problem {
    let error = FieldError::parameter(name, detail);
    Problem::new(Code::InvalidParameter, error.to_string()).errors([error])
}
