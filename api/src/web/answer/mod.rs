//! `/answer/{link}`: a platform that never signed up answers one request from its mail.
//!
//! `GET` shows and changes nothing: programs that try out every link of a mail have opened nothing, not even the receipt. What
//! is pressed is a `POST`, goes through the use cases of the API as the platform, and is answered by a redirection; whatever is
//! wrong, the same page comes back with everything that was typed. A link that does not hold gets one page, whatever the reason.

mod act;
pub(super) mod claim;
mod render;
#[cfg(test)]
pub(super) mod tests;
mod typed;
mod words;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_LANGUAGE, CONTENT_DISPOSITION, CONTENT_LANGUAGE, LOCATION, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use self::act::{Done, act};
use self::render::{Notice, Page, Shown};
use self::typed::{Fault, Typed};
use self::words::{Words, choose};
use super::docs::Docs;
use super::form::{Fields, foreign, soon};
use super::page;
use super::reply::{Keep, guarded, html};
use crate::app::requests::{self, Opened};
use crate::app::{Cx, Error};

/// The largest body of the form: hundreds of items with notes.
pub(super) const MAX_BODY: usize = 1_048_576;

/// What may follow the question mark.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    lang: Option<String>,
    done: Option<String>,
}

impl Asked {
    fn words(&self, request: &HttpRequest, opened: Option<&Opened>) -> &'static Words {
        let wanted = request.headers().get(ACCEPT_LANGUAGE);
        let wanted = wanted.and_then(|value| value.to_str().ok());
        let own = opened.map(|opened| &opened.view.platform.languages);
        let own: Vec<String> = own.into_iter().flatten().map(ToString::to_string).collect();
        choose(self.lang.as_deref(), wanted, &own)
    }
}

/// `GET /answer/{link}`: what the link opens. It changes nothing and is no receipt.
pub(super) async fn look(
    request: HttpRequest,
    link: web::Path<String>,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let opened = match requests::open_link(&cx, &link).await {
        Ok(opened) => opened,
        Err(error) => return not_opened(asked.words(&request, None), &error, &docs),
    };
    let words = asked.words(&request, Some(&opened));
    let shown = Shown {
        opened: &opened,
        secret: &link,
        now: cx.now(),
        done: asked.done.as_deref().and_then(Done::read),
        changed: Vec::new(),
    };
    let typed = Typed::default();
    let page = page(&Page::of(&shown, words, &docs, (&typed, &[])));
    answer(StatusCode::OK, words, page)
}

/// `GET /answer/{link}/request.jws`: what the unit signed, to be checked on one's own computer. After the receipt only.
pub(super) async fn signed(
    request: HttpRequest,
    link: web::Path<String>,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let content = match requests::open_link(&cx, &link).await {
        Ok(opened) if opened.received() => {
            let id = opened.id();
            requests::read_signed(&cx, &opened.caller, &id, None, |_| false).await
        }
        Ok(_) => Err(Error::NotFound),
        Err(error) => Err(error),
    };
    match content {
        Ok((_, content)) => guarded(
            StatusCode::OK,
            "application/jose+json",
            super::reply::STRICT,
            Keep::Never,
        )
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"request.jws\""))
        // There is content: nothing of it is said to be known.
        .body(content.unwrap_or_default()),
        Err(Error::Conflict(_)) => not_opened(asked.words(&request, None), &Error::NotFound, &docs),
        Err(error) => not_opened(asked.words(&request, None), &error, &docs),
    }
}

/// `POST /answer/{link}`: one of the buttons.
pub(super) async fn send(
    request: HttpRequest,
    link: web::Path<String>,
    asked: web::Query<Asked>,
    body: Result<web::Bytes, actix_web::Error>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let opened = match requests::open_link(&cx, &link).await {
        Ok(opened) => opened,
        Err(error) => return not_opened(asked.words(&request, None), &error, &docs),
    };
    let words = asked.words(&request, Some(&opened));
    let read = match &body {
        Ok(body) => Typed::read(&request, body),
        Err(_) => Err(Fault::of("", words.wrong_unreadable)),
    };
    let (typed, unreadable) = match read {
        Ok(typed) => (typed, None),
        Err(fault) => (Typed::default(), Some(fault.said(words))),
    };
    let elsewhere = foreign(&request).then(|| Fault::of("", words.wrong_elsewhere));
    let done = match elsewhere
        .map(|fault| (StatusCode::FORBIDDEN, fault))
        .or(unreadable.map(|fault| (StatusCode::BAD_REQUEST, fault)))
    {
        Some((status, fault)) => Err((status, vec![fault])),
        None => match requests::spend_link(&cx, &opened).await {
            Ok(()) => act(&cx, &opened, &typed, words).await,
            Err(error) => return not_opened(words, &error, &docs),
        },
    };
    match done {
        Ok(Done::NotMine) => notice(StatusCode::OK, words, &docs, Notice::thanks(words)),
        Ok(done) => {
            let at = format!(
                "/answer/{}?lang={}&done={}",
                clean(&link),
                words.tag,
                done.as_str()
            );
            HttpResponse::SeeOther()
                .insert_header((LOCATION, at))
                .finish()
        }
        Err((status, faults)) => again(&cx, &docs, &link, words, (&typed, &faults, status)).await,
    }
}

/// The page once more, as the request stands now, with everything that was typed and what is wrong with it.
async fn again(
    cx: &Cx,
    docs: &Docs,
    link: &str,
    words: &'static Words,
    (typed, faults, status): (&Typed, &[Fault], StatusCode),
) -> HttpResponse {
    let opened = match requests::open_link(cx, link).await {
        Ok(opened) => opened,
        Err(error) => return not_opened(words, &error, docs),
    };
    let changed = match typed.version() {
        Some(version) if status == StatusCode::CONFLICT => {
            opened.since(cx, version).await.unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let shown = Shown {
        opened: &opened,
        secret: link,
        now: cx.now(),
        done: None,
        changed,
    };
    let body = page(&Page::of(&shown, words, docs, (typed, faults)));
    let again = answer(status, words, body);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        soon(again)
    } else {
        again
    }
}

/// `GET /answer`: where a new link can be asked for.
pub(super) async fn enter(
    request: HttpRequest,
    asked: web::Query<Asked>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let words = asked.words(&request, None);
    notice(StatusCode::OK, words, &docs, Notice::renew(words))
}

/// `POST /answer`: asks for a new link. The answer is the same for every code.
pub(super) async fn renew(
    request: HttpRequest,
    asked: web::Query<Asked>,
    body: Result<web::Bytes, actix_web::Error>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let words = asked.words(&request, None);
    if foreign(&request) {
        return notice(StatusCode::FORBIDDEN, words, &docs, Notice::renew(words));
    }
    let read = body.map(|body| Fields::read(&request, &body, |name| name == "code"));
    let Ok(Ok(fields)) = read else {
        return notice(StatusCode::BAD_REQUEST, words, &docs, Notice::renew(words));
    };
    match requests::renew_link(&cx, fields.get("code")).await {
        Ok(()) => notice(StatusCode::OK, words, &docs, Notice::renewed(words)),
        Err(error) => {
            tracing::warn!(%error, "a new answer link could not be asked for");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            soon(notice(status, words, &docs, Notice::later(words)))
        }
    }
}

/// Every link that opens nothing gets the same page: whether it once did is nobody's business.
fn not_opened(words: &'static Words, error: &Error, docs: &Docs) -> HttpResponse {
    if matches!(error, Error::NotFound) {
        return notice(StatusCode::NOT_FOUND, words, docs, Notice::gone(words));
    }
    tracing::warn!(%error, "an answer link could not be opened");
    let status = StatusCode::SERVICE_UNAVAILABLE;
    soon(notice(status, words, docs, Notice::later(words)))
}

fn notice(status: StatusCode, words: &'static Words, docs: &Docs, notice: Notice) -> HttpResponse {
    answer(status, words, page(&notice.with(docs)))
}

/// The secret as it may stand in a header: it opened something, so it is one.
fn clean(link: &str) -> String {
    link.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn answer(status: StatusCode, words: &Words, body: String) -> HttpResponse {
    html(status, Keep::Never)
        .insert_header((CONTENT_LANGUAGE, words.tag))
        .insert_header((VARY, "accept-language"))
        .body(body)
}
