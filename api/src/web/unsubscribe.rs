//! `/unsubscribe/{link}`: whoever reads a platform's mailbox ends the mails that press nobody. `GET` shows and changes nothing, since
//! programs try out every link of a mail; `POST` ends them, also when a mail program sends it by itself (RFC 8058).

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use takedown_core::text::visible;

use super::docs::Docs;
use super::form::{foreign, soon};
use super::page;
use super::reply::{Keep, html};
use super::words::{ALL, Words, most_wanted};
use crate::app::platforms::{self, Unsubscribing};
use crate::app::{Cx, Error};

/// What may follow the question mark.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
}

#[derive(Template)]
#[template(path = "web/unsubscribe.html")]
struct Page<'a> {
    w: &'static Words,
    all: &'static [&'static Words],
    title: &'static str,
    lines: &'a [&'static str],
    /// Whose mails they are.
    platform: Option<String>,
    /// The secret of a link that can still end something.
    link: Option<&'a str>,
    /// The address of this page.
    here: &'a str,
    contact: Option<&'a str>,
}

/// `GET /unsubscribe/{link}`: what the link ends.
pub(super) async fn look(
    request: HttpRequest,
    link: web::Path<String>,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let found = platforms::unsubscribing(&cx, &link).await;
    shown(&request, (&link, &asked), found, &docs)
}

/// `POST /unsubscribe/{link}`: ends them.
pub(super) async fn end(
    request: HttpRequest,
    link: web::Path<String>,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    // A page of somebody else does not know the link; if it does, it still has to be pressed here.
    let found = if foreign(&request) {
        platforms::unsubscribing(&cx, &link).await
    } else {
        platforms::unsubscribe(&cx, &link).await
    };
    shown(&request, (&link, &asked), found, &docs)
}

fn shown(
    request: &HttpRequest,
    (link, asked): (&str, &Asked),
    found: Result<Unsubscribing, Error>,
    docs: &Docs,
) -> HttpResponse {
    let own = found.as_ref().map(|found| found.languages.as_slice());
    let own = own.unwrap_or_default().iter().map(ToString::to_string);
    let own: Vec<String> = own.collect();
    let w = words(request, asked, &own);
    let mut shown = Page {
        w,
        all: &ALL,
        title: w.unsubscribe_gone_title,
        lines: &w.unsubscribe_gone_lines,
        platform: None,
        link: None,
        here: link,
        contact: docs.contact(),
    };
    let status = match found {
        Ok(found) => {
            shown.platform = Some(visible(&found.platform).into_owned());
            if found.ended {
                (shown.title, shown.lines) = (w.unsubscribed_title, &w.unsubscribed_lines);
            } else {
                (shown.title, shown.lines) = (w.unsubscribe_title, &w.unsubscribe_lines);
                shown.link = Some(link);
            }
            StatusCode::OK
        }
        Err(Error::NotFound) => {
            // Nothing of what was asked for is repeated.
            shown.here = "not-kept";
            StatusCode::NOT_FOUND
        }
        Err(error) => {
            tracing::warn!(%error, "a link that ends mails could not be looked up");
            (shown.title, shown.lines) = (w.later_title, &w.later_lines);
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    let answer = html(status, Keep::Never)
        .insert_header((CONTENT_LANGUAGE, w.tag))
        .insert_header((VARY, "accept-language"))
        .body(page(&shown));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        soon(answer)
    } else {
        answer
    }
}

fn words(request: &HttpRequest, asked: &Asked, own: &[String]) -> &'static Words {
    let wanted = request.headers().get(ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|value| value.to_str().ok());
    let of = |asked, accept| most_wanted(&ALL, |words| words.tag, asked, accept);
    let own = || own.iter().find_map(|tag| of(Some(tag.as_str()), None));
    of(asked.lang.as_deref(), wanted)
        .or_else(own)
        .unwrap_or(ALL[0])
}
