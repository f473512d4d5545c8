//! `/check`: somebody was sent a mail and asks us whether it is real.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, RETRY_AFTER, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use takedown_core::agency::AgencyStatus;
use takedown_core::instrument::Kind;
use takedown_core::text::visible;
use takedown_core::time::At;

use super::docs::Docs;
use super::page;
use super::reply::{Keep, html};
use super::words::{ALL, Words, choose};
use crate::app::requests::{Checked, CheckedAbout};
use crate::app::{Cx, Error, requests};

/// What may follow the question mark.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
    code: Option<String>,
}

/// `GET /check`: a field for the code, for whoever would rather type our address than follow a link.
pub(super) async fn enter(
    request: HttpRequest,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let words = language(&request, &asked);
    match &asked.code {
        Some(code) => look_up(words, code, &cx, &docs).await,
        None => {
            let form = Enter::new(words, words.enter_title, &words.enter_lines, &docs);
            answer(StatusCode::OK, words, page(&form))
        }
    }
}

/// `GET /check/{code}`: what the link of a mail leads to. It changes nothing and is no receipt.
pub(super) async fn check(
    request: HttpRequest,
    code: web::Path<String>,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    look_up(language(&request, &asked), &code, &cx, &docs).await
}

async fn look_up(words: &'static Words, code: &str, cx: &Cx, docs: &Docs) -> HttpResponse {
    match requests::check(cx, code).await {
        Ok(checked) => answer(
            StatusCode::OK,
            words,
            page(&Page::of(&checked, words, docs)),
        ),
        Err(Error::NotFound) => {
            // Nothing of what was asked for is repeated: every unknown code gets the same page.
            let form = Enter::new(words, words.unknown_title, &words.unknown_lines, docs);
            answer(StatusCode::NOT_FOUND, words, page(&form))
        }
        Err(error) => {
            tracing::warn!(%error, "a check code could not be looked up");
            let form = Enter::new(words, words.later_title, &words.later_lines, docs);
            let mut answer = answer(StatusCode::SERVICE_UNAVAILABLE, words, page(&form));
            answer
                .headers_mut()
                .insert(RETRY_AFTER, actix_web::http::header::HeaderValue::from(5));
            answer
        }
    }
}

fn language(request: &HttpRequest, asked: &Asked) -> &'static Words {
    let wanted = request
        .headers()
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    choose(asked.lang.as_deref(), wanted)
}

fn answer(status: StatusCode, words: &Words, body: String) -> HttpResponse {
    html(status, Keep::Never)
        .insert_header((CONTENT_LANGUAGE, words.tag))
        .insert_header((VARY, "accept-language"))
        .body(body)
}

/// A title, some lines, and the field for a code.
#[derive(Template)]
#[template(path = "web/enter.html")]
pub(super) struct Enter<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    title: &'static str,
    lines: &'a [&'static str],
    contact: Option<&'a str>,
}

impl<'a> Enter<'a> {
    pub(super) fn new(
        w: &'static Words,
        title: &'static str,
        lines: &'a [&'static str],
        docs: &'a Docs,
    ) -> Self {
        Self {
            w,
            all: &ALL,
            title,
            lines,
            contact: docs.contact(),
        }
    }
}

/// What the exchange confirms.
#[derive(Template)]
#[template(path = "web/check.html")]
pub(super) struct Page<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    real: &'static str,
    warning: Option<&'static str>,
    reference: String,
    code: String,
    agency: String,
    agency_type: &'static str,
    country: &'static str,
    verified: &'static str,
    days: Option<(String, String)>,
    persons: &'static str,
    /// What the agency does, and what the other party is to it.
    asks: &'static str,
    asked: &'static str,
    platform: String,
    power: &'static str,
    power_means: &'static str,
    instrument: &'a str,
    citation: &'a str,
    filed_label: &'static str,
    filed: String,
    filed_machine: String,
    next_read: &'static str,
    contact: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(super) fn of(checked: &'a Checked, w: &'static Words, docs: &'a Docs) -> Self {
        let days = checked
            .verification
            .as_ref()
            .map(|v| (day(v.verified_at), day(v.expires_at)));
        let (verified, days) = match (checked.agency_status, &checked.verification) {
            (AgencyStatus::Suspended, _) => (w.verified_suspended, None),
            (AgencyStatus::Pending, _) | (_, None) => (w.verified_not, None),
            (AgencyStatus::Verified, Some(v)) => (w.method(v.method), days),
        };
        let persons = match &checked.verification {
            Some(v) if v.is_by_two() => w.by_two,
            _ => w.by_one,
        };
        let warning = if checked.withdrawn {
            Some(w.withdrawn)
        } else if checked.agency_status == AgencyStatus::Suspended {
            Some(w.warn_suspended)
        } else if !checked.verification_holds {
            Some(w.warn_not_verified)
        } else {
            None
        };
        let about = checked.about;
        let (power, power_means) = match (about, checked.kind) {
            (CheckedAbout::Operation, _) => (w.operation, w.operation_means),
            (CheckedAbout::Notice, _) => (w.notice, w.notice_means),
            (CheckedAbout::Request, Kind::Referral) => (w.voluntary, w.voluntary_means),
            (CheckedAbout::Request, Kind::Order) => (w.binding, w.binding_means),
        };
        let (asks, asked, filed_label) = match about {
            CheckedAbout::Operation => (w.leads, w.invited, w.invited_on),
            CheckedAbout::Notice | CheckedAbout::Request => (w.asks, w.asked, w.filed),
        };
        Self {
            w,
            all: &ALL,
            real: match about {
                CheckedAbout::Operation => w.real_operation,
                CheckedAbout::Notice => w.real_notice,
                CheckedAbout::Request => w.real,
            },
            warning,
            reference: checked.reference.to_string(),
            code: checked.code.to_string(),
            agency: visible(&checked.agency).into_owned(),
            agency_type: w.agency_type(checked.agency_type),
            country: checked.country.name(),
            verified,
            days,
            persons,
            asks,
            asked,
            filed_label,
            platform: visible(&checked.platform).into_owned(),
            power,
            power_means,
            instrument: &checked.instrument.0,
            citation: &checked.instrument.1,
            filed: checked.filed_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            filed_machine: checked.filed_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            next_read: match about {
                CheckedAbout::Operation => w.next_operation,
                CheckedAbout::Notice => w.next_notice,
                CheckedAbout::Request if checked.withdrawn => w.next_withdrawn,
                CheckedAbout::Request => w.next_read,
            },
            contact: docs.contact(),
        }
    }
}

fn day(at: At) -> String {
    at.format("%Y-%m-%d").to_string()
}
