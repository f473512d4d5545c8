//! `GET /v1/exports/transparency`

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, get, web};
use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::stream;
use serde::Deserialize;
use takedown_core::id::{AgencyId, PlatformId};
use takedown_core::platform::SizeClass;
use takedown_core::text::Country;
use takedown_core::transparency::{Of, Period};
use utoipa::IntoParams;
use validator::Validate;

use super::{ReportFormat, TransparencyReport, named, refused};
use crate::app::export::BrokenOff;
use crate::app::transparency::{Counting, own};
use crate::app::{Caller, Cx};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::v1::exports::shows_its_end;
use crate::http::v1::responses::Calling;
use crate::http::wire;

/// What to count. Everything given must hold.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnParameters {
    /// The form; `json` unless said.
    #[serde(default)]
    #[param(inline, required = false)]
    format: ReportFormat,
    /// What was filed in a year, quarter or month: `2026`, `2026-Q3`, `2026-07`. Either this or `from` and `to`.
    #[param(value_type = Option<String>, pattern = "^[1-9][0-9]{3}(-Q[1-4]|-(0[1-9]|1[0-2]))?$")]
    period: Option<Period>,
    /// The first day, in UTC.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<NaiveDate>,
    /// The last day, in UTC; it is counted, too.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<NaiveDate>,
    /// By this agency.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// By agencies of this country (ISO 3166-1).
    #[param(value_type = Option<String>, pattern = "^[A-Za-z]{2}$")]
    country: Option<Country>,
    /// To this platform.
    #[param(value_type = Option<String>)]
    platform: Option<PlatformId>,
    /// To platforms of this size.
    #[param(schema_with = wire::size_class)]
    platform_size_class: Option<SizeClass>,
    /// Under this instrument.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    instrument: Option<String>,
    /// On this ground, alone or among others.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    ground: Option<String>,
}

impl OwnParameters {
    fn time(&self) -> Result<Period, Problem> {
        match (self.period, self.from, self.to) {
            (Some(period), None, None) => Ok(period),
            (None, Some(first), Some(last)) => {
                Period::span(first, last).map_err(|error| refused("to", error.to_string()))
            }
            (Some(_), _, _) => Err(refused("period", "goes without `from` and `to`")),
            (None, None, None) => Err(refused(
                "period",
                "is needed, such as 2026, or `from` and `to`",
            )),
            (None, None, Some(_)) => Err(refused("from", "is needed with `to`")),
            (None, Some(_), None) => Err(refused("to", "is needed with `from`")),
        }
    }
}

/// Count what your requests came to
///
/// The transparency report of what the caller may see, with every number as it is: an agency of what it filed, a platform of
/// what it was asked, an auditor of what his appointment covers. The same numbers come from the export of the same requests
/// by `takedown transparency --recompute`.
///
/// It is counted while you wait, in steps; the answer begins at once and its body comes when everything is counted. A count
/// that breaks off ends in the middle of the transfer. Of very many requests take the export home and count there.
#[utoipa::path(
    tag = "transparency",
    operation_id = "export_transparency",
    params(OwnParameters),
    responses(
        (status = 200, description = "The report, by the `format` that was asked for.", headers(
            ("cache-control" = String, description = "`no-store`."),
        ), content(
            (TransparencyReport = "application/json"),
            (String = "text/csv", example = json!("period,made_at,article,letter,agency\r\n2026-01-05..2026-02-11,2026-03-01T09:30:00.000Z,,,\r\n")),
        )),
        Calling,
    ),
)]
#[get("/v1/exports/transparency")]
pub async fn export_transparency(
    caller: Caller,
    cx: web::Data<Cx>,
    http: HttpRequest,
    Query(wanted): Query<OwnParameters>,
) -> Result<HttpResponse, Problem> {
    shows_its_end(&http)?;
    let (format, period) = (wanted.format, wanted.time()?);
    let counting = own(&cx, &caller, period, wanted.into()).await?;
    let mut answer = format.answer();
    named(&mut answer, format, &period.to_string());
    answer.insert_header((CACHE_CONTROL, "no-store"));
    Ok(answer.streaming(stream::once(finished(counting, format))))
}

async fn finished(counting: Counting, format: ReportFormat) -> Result<Bytes, BrokenOff> {
    let report = counting.finish().await.map_err(|error| {
        tracing::error!(%error, "a count broke off");
        BrokenOff
    })?;
    format
        .write(&report)
        .map(Bytes::from)
        .map_err(|_| BrokenOff)
}

impl From<OwnParameters> for Of {
    fn from(wanted: OwnParameters) -> Self {
        Self {
            agency: wanted.agency.map(|id| id.to_string()),
            country: wanted.country.map(|country| country.to_string()),
            platform: wanted.platform.map(|id| id.to_string()),
            platform_size_class: wanted.platform_size_class.map(|size| size.to_string()),
            instrument: wanted.instrument,
            ground: wanted.ground,
            under_non_disclosure: false,
        }
    }
}
