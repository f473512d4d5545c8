//! The pages of answer links: those that are the same for everybody, for the golden files, and the page itself through the
//! server.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;

use super::render::Notice;
use super::words::ALL;
use crate::app::Cx;
use crate::app::requests::{self, MADE_BY_MAIL, mint_link};
use crate::app::tests::fixture::World;
use crate::web::docs::Docs;
use crate::web::tests::{docs_of, openapi};
use crate::web::{configure, page};

/// Every notice in every language.
pub(in crate::web) fn pages(docs: &Docs) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for w in ALL {
        for (name, notice) in [
            ("gone", Notice::gone(w)),
            ("renew", Notice::renew(w)),
            ("renewed", Notice::renewed(w)),
            ("thanks", Notice::thanks(w)),
            ("later", Notice::later(w)),
        ] {
            all.push((format!("answer.{name}.{}", w.tag), page(&notice.with(docs))));
        }
    }
    all
}

async fn ask(cx: &Cx, request: TestRequest) -> (StatusCode, String) {
    let docs = Data::new(docs_of(&openapi()));
    let app = App::new()
        .app_data(Data::new(cx.clone()))
        .configure(|config| configure(config, docs));
    let app = init_service(app).await;
    let answer = call_service(&app, request.to_request()).await;
    let status = answer.status();
    let body = String::from_utf8_lossy(&read_body(answer).await).into_owned();
    (status, body)
}

async fn get(cx: &Cx, path: &str) -> (StatusCode, String) {
    ask(cx, TestRequest::get().uri(path)).await
}

async fn press(cx: &Cx, path: &str, form: &str) -> (StatusCode, String) {
    let request = TestRequest::post().uri(path);
    let request = request.insert_header(("content-type", "application/x-www-form-urlencoded"));
    ask(cx, request.set_payload(form.to_owned())).await
}

#[actix_web::test]
async fn looking_is_no_receipt_and_shows_nothing_of_what() {
    let world = World::new().await;
    let id = world.referral().await;
    let view = requests::read(&world.cx, &world.agency, &id).await.unwrap();
    let secret = mint_link(&world.cx, &view, ("owner@paste.example", MADE_BY_MAIL))
        .await
        .unwrap();
    let at = format!("/answer/{}", secret.as_str());
    for _ in 0..20 {
        let (status, body) = get(&world.cx, &at).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("Cyber Unit Krak\u{f3}w") && body.contains("Open the request"));
        assert!(!body.contains("secret") && !body.contains("KP-1"), "{body}");
        for word in ["must", "deadline", "overdue", "By when"] {
            assert!(!body.contains(word), "{word} about a referral: {body}");
        }
    }
    assert_eq!(world.status(&id).await, "filed");
    let (status, _) = press(&world.cx, &at, "do=open&version=1").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(world.status(&id).await, "fetched");
    let (_, body) = get(&world.cx, &format!("{at}?lang=ar")).await;
    assert!(
        body.contains("<html lang=\"ar\" dir=\"rtl\">") && body.contains("hxxps[:]"),
        "{body}"
    );
    assert!(!body.contains("href=\"https://paste"), "{body}");
    // Cut by one character, or of nobody: the same page as for one that never was.
    let cut = &at[..at.len() - 1];
    let first = get(&world.cx, "/answer/x").await;
    assert_eq!(first.0, StatusCode::NOT_FOUND);
    assert_eq!(get(&world.cx, cut).await, first);
    assert_eq!(press(&world.cx, cut, "do=open").await, first);
}

#[actix_web::test]
async fn a_form_from_elsewhere_or_without_a_button_does_nothing_and_is_shown_again() {
    let world = World::new().await;
    let id = world.referral().await;
    let view = requests::read(&world.cx, &world.agency, &id).await.unwrap();
    let secret = mint_link(&world.cx, &view, ("owner@paste.example", MADE_BY_MAIL))
        .await
        .unwrap();
    let at = format!("/answer/{}", secret.as_str());
    press(&world.cx, &at, "do=open").await;
    let from = TestRequest::post()
        .uri(&at)
        .insert_header(("sec-fetch-site", "cross-site"));
    let from = from.insert_header(("content-type", "application/x-www-form-urlencoded"));
    let (status, body) = ask(
        &world.cx,
        from.set_payload("do=say&text=%3Cb%3Etyped&kind=note"),
    )
    .await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("&#60;b&#62;typed"), "{body}");
    for form in [
        "",
        "do=fly",
        "do=decide&outcome-1=flown&basis=terms&informed=no",
    ] {
        let (status, body) = press(&world.cx, &at, form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(body.contains("This was not saved"), "{form}");
    }
    assert_eq!(world.status(&id).await, "fetched");
}
