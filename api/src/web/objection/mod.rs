//! `/objection`: somebody found a page in the place of what he had put there, and has something to say against that.

mod form;
mod render;
#[cfg(test)]
pub(super) mod tests;
mod words;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_LANGUAGE, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use takedown_core::objection::{MAX_CHARS, NotTaken};
use takedown_core::text::{Language, TextError, bounded};

use self::form::Typed;
use self::render::{Enter, Page};
use self::words::{Words, choose};
use super::docs::Docs;
use super::form::{foreign, soon};
use super::page;
use super::reply::{Keep, html};
use crate::app::requests::{self, Looked, filing::Text};
use crate::app::{Cx, Error};

/// The largest body of the form: every character of the longest text as four bytes, each written as `%XX`.
pub(super) const MAX_BODY: usize = MAX_CHARS * 4 * 3 + 1_024;

/// What may follow the question mark.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
    code: Option<String>,
    sent: Option<String>,
}

/// What was wrong with what was sent, in nobody's language yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    Elsewhere,
    Unreadable,
    Encoding,
    Empty,
    TooLong,
    Control,
    Taken(NotTaken),
    Later,
}

impl Wrong {
    const fn status(self) -> StatusCode {
        match self {
            Self::Elsewhere => StatusCode::FORBIDDEN,
            Self::Unreadable | Self::Encoding => StatusCode::BAD_REQUEST,
            Self::Empty | Self::TooLong | Self::Control => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Taken(_) => StatusCode::CONFLICT,
            Self::Later => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// `GET /objection`: a field for the code.
pub(super) async fn enter(
    request: HttpRequest,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let words = language(&request, &asked);
    match &asked.code {
        Some(code) => look_up(words, code, false, &cx, &docs).await,
        None => {
            let form = Enter::new(words, words.enter_title, words.enter_line, &docs);
            answer(StatusCode::OK, words, page(&form))
        }
    }
}

/// `GET /objection/{code}`: what was done, and how it stands with earlier objections. It changes nothing.
pub(super) async fn look(
    request: HttpRequest,
    code: web::Path<String>,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let words = language(&request, &asked);
    look_up(words, &code, asked.sent.is_some(), &cx, &docs).await
}

async fn look_up(
    words: &'static Words,
    code: &str,
    sent: bool,
    cx: &Cx,
    docs: &Docs,
) -> HttpResponse {
    match requests::look(cx, code).await {
        Ok(looked) => {
            let typed = Typed::default();
            let shown = Page::of(&looked, words, docs, (&typed, None), sent);
            answer(StatusCode::OK, words, page(&shown))
        }
        Err(error) => not_shown(words, error, docs),
    }
}

/// Every unknown code gets the same page, which repeats nothing of what was asked for.
fn not_shown(words: &'static Words, error: Error, docs: &Docs) -> HttpResponse {
    if matches!(error, Error::NotFound) {
        let form = Enter::new(words, words.unknown_title, words.unknown_line, docs);
        return answer(StatusCode::NOT_FOUND, words, page(&form));
    }
    tracing::warn!(%error, "an objection code could not be looked up");
    let form = Enter::new(words, words.later_title, words.later_line, docs);
    soon(answer(StatusCode::SERVICE_UNAVAILABLE, words, page(&form)))
}

/// `POST /objection/{code}`: objects. Whatever goes wrong, what was typed stays in the form.
pub(super) async fn object(
    request: HttpRequest,
    code: web::Path<String>,
    asked: web::Query<Asked>,
    body: Result<web::Bytes, actix_web::Error>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let words = language(&request, &asked);
    let read = match &body {
        Ok(body) => Typed::read(&request, body),
        Err(_) => Err(Wrong::Unreadable),
    };
    let (typed, unreadable) = match read {
        Ok(typed) => (typed, None),
        Err(wrong) => (Typed::default(), Some(wrong)),
    };
    let looked = match requests::look(&cx, &code).await {
        Ok(looked) => looked,
        Err(error) => return not_shown(words, error, &docs),
    };
    let refused = foreign(&request).then_some(Wrong::Elsewhere).or(unreadable);
    let said = match refused {
        Some(wrong) => Err(wrong),
        None => said(&typed),
    };
    let made = match said {
        Ok(text) => object_with(&cx, &looked, text).await,
        Err(wrong) => Err(wrong),
    };
    match made {
        Ok(()) => HttpResponse::SeeOther()
            .insert_header((
                LOCATION,
                format!("/objection/{}?lang={}&sent=1", looked.code, words.tag),
            ))
            .finish(),
        Err(wrong) => {
            let shown = Page::of(&looked, words, &docs, (&typed, Some(wrong)), false);
            let answer = answer(wrong.status(), words, page(&shown));
            if wrong == Wrong::Later {
                soon(answer)
            } else {
                answer
            }
        }
    }
}

async fn object_with(cx: &Cx, looked: &Looked, text: Text) -> Result<(), Wrong> {
    match requests::object(cx, looked.code.as_str(), text).await {
        Ok(made) => made.map_err(Wrong::Taken),
        Err(error) => {
            tracing::warn!(%error, "an objection could not be stored");
            Err(Wrong::Later)
        }
    }
}

/// The text as it is kept: browsers send every line break as two characters and show it as one.
fn said(typed: &Typed) -> Result<Text, Wrong> {
    let text = typed.text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        return Err(Wrong::Empty);
    }
    bounded("it", &text, MAX_CHARS).map_err(|error| match error {
        TextError::TooLong { .. } => Wrong::TooLong,
        TextError::Control { .. } | TextError::ControlInLine { .. } => Wrong::Control,
    })?;
    let language: Language = typed.language.parse().map_err(|_| Wrong::Unreadable)?;
    Ok(Text { text, language })
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
