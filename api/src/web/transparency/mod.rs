//! `/transparency`: the published report for people. The numbers are those of `GET /v1/transparency`.

mod chart;
mod render;
#[cfg(test)]
pub(super) mod tests;
mod words;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, HeaderValue, RETRY_AFTER, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use takedown_core::policy::Action;
use takedown_core::transparency::{Of, Period};

use self::render::{Absent, Page};
use self::words::{Words, choose};
use super::page;
use super::reply::{Keep, html};
use crate::app::transparency::{Published, published};
use crate::app::{Cx, Error};

/// What may follow the question mark.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
    period: Option<String>,
    agency: Option<String>,
    country: Option<String>,
    platform_size_class: Option<String>,
    instrument: Option<String>,
    ground: Option<String>,
}

impl Asked {
    fn only(&self) -> Of {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Of {
            agency: given(&self.agency),
            country: given(&self.country),
            platform_size_class: given(&self.platform_size_class),
            instrument: given(&self.instrument),
            ground: given(&self.ground),
            ..Of::default()
        }
    }
}

/// `GET /transparency`
pub(super) async fn show(
    request: HttpRequest,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
) -> HttpResponse {
    let wanted = request
        .headers()
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let words = choose(asked.lang.as_deref(), wanted);
    let period = asked.period.as_deref().filter(|text| !text.is_empty());
    let found = match period.map(str::parse::<Period>).transpose() {
        Ok(period) => published(&cx, Action::ShowTransparency, period).await,
        Err(_) => Err(Error::NotFound),
    };
    match found {
        Ok(published) => shown(&cx, words, &published, &asked.only()).await,
        Err(Error::NotFound) => absent(&cx, words).await,
        Err(error) => later(words, &error),
    }
}

async fn shown(cx: &Cx, words: &'static Words, found: &Published, only: &Of) -> HttpResponse {
    let report = &found.edition.report;
    if report.about(only).is_err() || report.table(only).is_none() {
        return absent(cx, words).await;
    }
    let mut months = Vec::new();
    for month in render::months_of(report, &found.periods) {
        match published(cx, Action::ShowTransparency, Some(month)).await {
            Ok(month) => months.push(month.edition),
            // It went away with an edition in between; the next look shows those of the new one.
            Err(Error::NotFound) => {}
            Err(error) => return later(words, &error),
        }
    }
    let months: Vec<_> = months.iter().map(|edition| &edition.report).collect();
    let shown = Page::of(words, report, &months, &found.periods, only);
    answer(StatusCode::OK, words, page(&shown))
}

/// Nothing of what was asked for is repeated.
async fn absent(cx: &Cx, words: &'static Words) -> HttpResponse {
    let periods = match published(cx, Action::ShowTransparency, None).await {
        Ok(newest) => newest.periods,
        Err(Error::NotFound) => Vec::new(),
        Err(error) => return later(words, &error),
    };
    let shown = Absent::new(words, words.none_title, words.none_line, &periods);
    answer(StatusCode::NOT_FOUND, words, page(&shown))
}

fn later(words: &'static Words, error: &Error) -> HttpResponse {
    tracing::warn!(%error, "the transparency report could not be read");
    let shown = Absent::new(words, words.later_title, words.later_line, &[]);
    let mut answer = answer(StatusCode::SERVICE_UNAVAILABLE, words, page(&shown));
    let headers = answer.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(5));
    answer
}

fn answer(status: StatusCode, words: &Words, body: String) -> HttpResponse {
    let keep = if status == StatusCode::OK {
        Keep::Minutes
    } else {
        Keep::Never
    };
    html(status, keep)
        .insert_header((CONTENT_LANGUAGE, words.tag))
        .insert_header((VARY, "accept-language"))
        .body(body)
}
