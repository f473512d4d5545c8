//! `/answer/{link}/claim`: the owner of a site that was written to proves that it is his, and gets an inbox of his own.
//!
//! Nothing is asked of him: the page says what to put up, looks when he presses, and says precisely what was there. The credentials
//! stand in one answer and nowhere else, so that answer is the page itself and no redirection to it. The form carries a value by which the
//! same press is known again and answered alike for some minutes: twice is once.

mod render;
mod typed;
mod words;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LANGUAGE, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use takedown_core::claim::ClaimStatus;

use self::render::{Page, Shown};
use self::typed::{Typed, Wrong};
use self::words::Words;
use super::{Asked, clean, not_opened};
use crate::app::claims::{self, Claim, Credentials, Looked, NotLooked};
use crate::app::requests::{self, Opened};
use crate::app::{Cx, Error};
use crate::web::docs::Docs;
use crate::web::form::{foreign, soon};
use crate::web::page;
use crate::web::reply::{Keep, html};

/// The largest body of the form.
pub(in crate::web) const MAX_BODY: usize = 32 << 10;

/// `GET /answer/{link}/claim`: how it works, or how it stands. It changes nothing and looks nowhere.
pub(in crate::web) async fn look(
    request: HttpRequest,
    link: web::Path<String>,
    asked: web::Query<Asked>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let opened = match requests::enter_link(&cx, &link).await {
        Ok(opened) => opened,
        Err(error) => return not_opened(asked.words(&request, None), &error, &docs),
    };
    let words = words::of(asked.words(&request, Some(&opened)).tag);
    let here = Here {
        cx: &cx,
        docs: &docs,
        link: &link,
        opened: &opened,
        words,
    };
    here.shown(StatusCode::OK, &Typed::default(), &[]).await
}

/// `POST /answer/{link}/claim`: one of the buttons.
pub(in crate::web) async fn send(
    request: HttpRequest,
    link: web::Path<String>,
    asked: web::Query<Asked>,
    body: Result<web::Bytes, actix_web::Error>,
    cx: web::Data<Cx>,
    docs: web::Data<Docs>,
) -> HttpResponse {
    let opened = match requests::enter_link(&cx, &link).await {
        Ok(opened) => opened,
        Err(error) => return not_opened(asked.words(&request, None), &error, &docs),
    };
    let words = words::of(asked.words(&request, Some(&opened)).tag);
    let here = Here {
        cx: &cx,
        docs: &docs,
        link: &link,
        opened: &opened,
        words,
    };
    let typed = match body.map(|body| Typed::read(&request, &body)) {
        Ok(Ok(typed)) => typed,
        Ok(Err(())) | Err(_) => {
            let wrong = [Wrong::of("", words.wrong_unreadable)];
            return here
                .shown(StatusCode::BAD_REQUEST, &Typed::default(), &wrong)
                .await;
        }
    };
    if foreign(&request) {
        let wrong = [Wrong::of("", words.wrong_elsewhere)];
        return here.shown(StatusCode::FORBIDDEN, &typed, &wrong).await;
    }
    match typed.get("do") {
        "start" => here.start(&typed).await,
        "look" => here.look(&typed).await,
        "settle" => here.settle(&typed).await,
        _ => {
            let wrong = [Wrong::of("", words.wrong_unreadable)];
            here.shown(StatusCode::UNPROCESSABLE_ENTITY, &typed, &wrong)
                .await
        }
    }
}

/// Where somebody stands with his link.
struct Here<'a> {
    cx: &'a Cx,
    docs: &'a Docs,
    link: &'a str,
    opened: &'a Opened,
    words: &'static Words,
}

impl Here<'_> {
    async fn start(&self, typed: &Typed) -> HttpResponse {
        match claims::start_by_link(self.cx, self.opened, typed.get("host")).await {
            Ok(_) => self.see_other(),
            Err(error) => self.refused(typed, error).await,
        }
    }

    async fn look(&self, typed: &Typed) -> HttpResponse {
        let looked = match claims::look_by_link(self.cx, self.opened, typed.get("once")).await {
            Ok(looked) => looked,
            Err(error) => return self.refused(typed, error).await,
        };
        match looked {
            Ok(Looked {
                claim,
                credentials: Some(credentials),
            }) => self.granted(&claim, &credentials).await,
            Ok(_) => self.see_other(),
            Err(NotLooked::Soon) => self.looked_at(typed).await,
            Err(why) => {
                let (status, says) = match why {
                    NotLooked::Enough => (StatusCode::CONFLICT, self.words.wrong_enough),
                    NotLooked::Over => (StatusCode::CONFLICT, self.words.wrong_over),
                    NotLooked::Moved => (StatusCode::CONFLICT, self.words.wrong_moved),
                    // The page says so of the link itself.
                    NotLooked::Ended | NotLooked::Soon => return self.see_other(),
                };
                self.shown(status, typed, &[Wrong::of("", says)]).await
            }
        }
    }

    /// Somebody looks, or did a moment ago. Of two clicks the browser shows what the second one was answered, and the first one may have
    /// been granted by the time this page is made: then this one is the same press, and gets the same.
    async fn looked_at(&self, typed: &Typed) -> HttpResponse {
        let shown = self.now(None).await;
        let ended = |claim: &Claim| claim.status != ClaimStatus::Open;
        if shown.claim.as_ref().is_some_and(ended) {
            let again = claims::look_by_link(self.cx, self.opened, typed.get("once"));
            return match again.await {
                Ok(Ok(Looked {
                    claim,
                    credentials: Some(credentials),
                })) => self.granted(&claim, &credentials).await,
                Ok(_) => self.see_other(),
                Err(error) => self.refused(typed, error).await,
            };
        }
        // Made of what was just read, so that it has the button as long as there is no secret.
        let wrong = [Wrong::of("", self.words.wrong_soon)];
        let status = match shown.failed {
            true => StatusCode::SERVICE_UNAVAILABLE,
            false => StatusCode::TOO_MANY_REQUESTS,
        };
        soon(self.answer(status, &shown, typed, &wrong))
    }

    async fn granted(&self, claim: &Claim, credentials: &Credentials) -> HttpResponse {
        tracing::info!(claim = %claim.id, platform = %claim.platform, "a platform was claimed");
        let typed = Typed::of(&self.opened.view.platform, credentials);
        // Whatever cannot be read anew now: these are shown.
        let shown = Shown {
            claim: Some(claim.clone()),
            taken: false,
            failed: false,
            ..self.now(Some(credentials)).await
        };
        self.answer(StatusCode::OK, &shown, &typed, &[])
    }

    async fn settle(&self, typed: &Typed) -> HttpResponse {
        let wishes = match typed.wishes(self.words) {
            Ok(wishes) => wishes,
            Err(wrong) => {
                return self
                    .shown(StatusCode::UNPROCESSABLE_ENTITY, typed, &wrong)
                    .await;
            }
        };
        let settled = claims::settle_by_link(self.cx, self.opened, typed.get("ticket"), wishes);
        match settled.await {
            Ok(_) => {
                let shown = Shown {
                    saved: true,
                    ..self.now(None).await
                };
                self.answer(StatusCode::OK, &shown, typed, &[])
            }
            Err(Error::NotFound) => {
                let wrong = [Wrong::of("", self.words.wrong_ticket)];
                self.shown(StatusCode::CONFLICT, typed, &wrong).await
            }
            Err(error) => self.refused(typed, error).await,
        }
    }

    /// A refusal of the use case, in the reader's words where there are some.
    async fn refused(&self, typed: &Typed, error: Error) -> HttpResponse {
        let words = self.words;
        let (status, wrong) = match error {
            Error::Invalid(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                Wrong::of("host", words.wrong_host),
            ),
            Error::Conflict(_) => (StatusCode::CONFLICT, Wrong::of("", words.wrong_many)),
            Error::NotFound => (StatusCode::CONFLICT, Wrong::of("", words.wrong_none)),
            error => {
                tracing::warn!(%error, "a claim could not be stored");
                let wrong = Wrong::of("", words.wrong_later);
                (StatusCode::SERVICE_UNAVAILABLE, wrong)
            }
        };
        let page = self.shown(status, typed, &[wrong]).await;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            soon(page)
        } else {
            page
        }
    }

    /// How it stands at this moment.
    async fn now<'b>(&'b self, credentials: Option<&'b Credentials>) -> Shown<'b> {
        let claim = claims::of_link(self.cx, self.opened).await;
        let taken = claims::is_taken(self.cx, self.opened).await;
        let failed = claim.is_err() || taken.is_err();
        let claim = claim.unwrap_or_default();
        // What was granted to this very claim stands in nobody's way.
        let own = claim
            .as_ref()
            .is_some_and(|claim| claim.status == ClaimStatus::Granted);
        Shown {
            opened: self.opened,
            secret: self.link,
            now: self.cx.now(),
            public_url: &self.cx.settings.public_url,
            taken: taken.unwrap_or_default() && !own,
            claim,
            credentials,
            saved: false,
            failed,
        }
    }

    async fn shown(&self, status: StatusCode, typed: &Typed, wrong: &[Wrong]) -> HttpResponse {
        let shown = self.now(None).await;
        if shown.failed {
            return soon(self.answer(StatusCode::SERVICE_UNAVAILABLE, &shown, typed, wrong));
        }
        self.answer(status, &shown, typed, wrong)
    }

    fn answer(
        &self,
        status: StatusCode,
        shown: &Shown<'_>,
        typed: &Typed,
        wrong: &[Wrong],
    ) -> HttpResponse {
        html(status, Keep::Never)
            .insert_header((CONTENT_LANGUAGE, self.words.tag))
            .insert_header((VARY, "accept-language"))
            .body(page(&Page::of(
                shown,
                self.words,
                self.docs,
                (typed, wrong),
            )))
    }

    fn see_other(&self) -> HttpResponse {
        let at = format!("/answer/{}/claim?lang={}", clean(self.link), self.words.tag);
        HttpResponse::SeeOther()
            .insert_header((LOCATION, at))
            .finish()
    }
}
