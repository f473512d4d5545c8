//! `GET /v1/transparency`

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use takedown_core::id::AgencyId;
use takedown_core::platform::SizeClass;
use takedown_core::policy::Action;
use takedown_core::text::Country;
use takedown_core::transparency::{Of, Period};
use utoipa::IntoParams;
use validator::Validate;

use super::{ReportFormat, TransparencyReport, named, refused};
use crate::app::transparency::published;
use crate::app::{Cx, Error};
use crate::http::extract::Query;
use crate::http::headers::acceptable;
use crate::http::problem::{Code, Problem, ProblemBody};
use crate::http::wire;

/// Which report, and what of it.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PublishedParameters {
    /// The form; `json` unless said.
    #[serde(default)]
    #[param(inline, required = false)]
    format: ReportFormat,
    /// A calendar year, quarter or month: `2026`, `2026-Q3`, `2026-07`. Unless said the one that ended last, and of those the
    /// longest.
    #[param(value_type = Option<String>, pattern = "^[1-9][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?$")]
    period: Option<Period>,
    /// Tables about this agency.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// About agencies of this country (ISO 3166-1).
    #[param(value_type = Option<String>, pattern = "^[A-Za-z]{2}$")]
    country: Option<Country>,
    /// About platforms of this size.
    #[param(schema_with = wire::size_class)]
    platform_size_class: Option<SizeClass>,
    /// About this instrument.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    instrument: Option<String>,
    /// About this ground.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    ground: Option<String>,
}

/// Read the transparency report
///
/// What was asked, how fast it was answered and what came of it, for everybody and without a token. Counts below
/// `suppressed_below` are not told, nor are others from which they could be computed; percentiles are of at least so many
/// values. What is under a running non-disclosure is counted in the totals alone. Old records are never counted.
///
/// Each report was made when its period was over and is made anew from time to time (`made_at`). Parameters choose among its
/// tables; there are none by other combinations. Every number is defined in the documentation, and can be computed from an
/// export by `takedown transparency --recompute`.
#[utoipa::path(
    tag = "transparency",
    operation_id = "read_transparency",
    security(()),
    params(
        PublishedParameters,
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the report you have: 304 while it is the same."),
    ),
    responses(
        (status = 200, description = "The report, by the `format` that was asked for.", headers(
            ("etag" = String, description = "Of this edition."),
            ("cache-control" = String, description = "How long it may be kept."),
        ), content(
            (TransparencyReport = "application/json"),
            (String = "text/csv", example = json!("period,made_at,article,letter,agency\r\n2025,2026-01-08T04:00:00.000Z,,,\r\n")),
        )),
        (status = 304, description = "You have it."),
        (status = 400, description = "A parameter was refused, or there are no tables by such a combination.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No report of this period is published.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 406, description = "Accept names no media type of the answers.", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy, or the database does not answer; see Retry-After.", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
#[get("/v1/transparency")]
pub async fn read_transparency(
    cx: web::Data<Cx>,
    http: HttpRequest,
    Query(wanted): Query<PublishedParameters>,
) -> Result<HttpResponse, Problem> {
    acceptable(&http)?;
    if let Some(Period::Span(..)) = wanted.period {
        return Err(refused(
            "period",
            "years, quarters and months are published; spans of days are for those whose requests are counted (GET /v1/exports/transparency)",
        ));
    }
    let (format, period) = (wanted.format, wanted.period);
    let found = published(&cx, Action::ReadTransparency, period).await;
    let edition = found.map_err(not_there)?.edition;
    let etag = format!("\"t{:x}\"", edition.made_at);
    let only = Of::from(wanted);
    let known = http.headers().get_all(IF_NONE_MATCH).any(|tags| {
        let tags = tags.to_str().unwrap_or_default().split(',');
        let mut tags = tags.map(|tag| tag.trim().trim_start_matches("W/"));
        tags.any(|tag| tag == etag)
    });
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        format.answer()
    };
    answer
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, "public, max-age=300"));
    if known {
        return Ok(answer.finish());
    }
    named(&mut answer, format, &edition.report.period.name);
    if only == Of::default() && format == ReportFormat::Json {
        return Ok(answer.body(edition.json.clone()));
    }
    let part = edition.report.about(&only).map_err(|not_published| {
        let first = only.dimensions().next().map_or("", |one| one.as_str());
        refused(first, not_published.to_string())
    })?;
    Ok(answer.body(format.write(&part)?))
}

fn not_there(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::new(
            Code::NotFound,
            "No report of this period is published. Leave `period` out for the newest.",
        ),
        error => error.into(),
    }
}

impl From<PublishedParameters> for Of {
    fn from(wanted: PublishedParameters) -> Self {
        Self {
            agency: wanted.agency.map(|id| id.to_string()),
            country: wanted.country.map(|country| country.to_string()),
            platform_size_class: wanted.platform_size_class.map(|size| size.to_string()),
            instrument: wanted.instrument,
            ground: wanted.ground,
            ..Self::default()
        }
    }
}
