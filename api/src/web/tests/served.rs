//! The pages through the server.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use actix_web::{App, web};
use serde_json::Value;

use super::{docs_of, openapi};
use crate::app::Cx;
use crate::app::tests::fixture::World;
use crate::web::{PATHS, configure};

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

async fn ask(cx: &Cx, document: &Value, request: TestRequest) -> Got {
    let docs = Data::new(docs_of(document));
    let app = App::new()
        .app_data(Data::new(cx.clone()))
        .configure(|config| configure(config, docs))
        .default_service(web::to(async || actix_web::HttpResponse::ImATeapot()));
    let app = init_service(app).await;
    let answer = call_service(&app, request.to_request()).await;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = String::from_utf8_lossy(&read_body(answer).await).into_owned();
    Got {
        status,
        headers,
        body,
    }
}

async fn get(cx: &Cx, path: &str) -> Got {
    ask(cx, &openapi(), TestRequest::get().uri(path)).await
}

fn says(got: &Got, name: &str) -> String {
    let value = got.headers.get(name).map(|value| value.to_str().unwrap());
    value.unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn a_code_shows_who_asks_and_nothing_of_what() {
    let world = World::new().await;
    let id = world.referral().await;
    let code = world.check_code(&id).await;
    let got = get(&world.cx, &format!("/check/{code}")).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(says(&got, "cache-control"), "no-store");
    assert_eq!(says(&got, "content-language"), "en");
    for shown in [
        "Cyber Unit Krak\u{f3}w",
        "Poland",
        "Small Paste Service",
        "Voluntary",
        &code,
    ] {
        assert!(got.body.contains(shown), "{shown} in {}", got.body);
    }
    for never in ["secret", "paste.example", "KP-1", &id] {
        assert!(!got.body.contains(never), "{never} in {}", got.body);
    }
    // As it is typed from paper, and in the reader's language.
    let typed = code.replace('-', "").to_lowercase();
    let arabic = TestRequest::get()
        .uri(&format!("/check/{typed}"))
        .insert_header(("accept-language", "ar-EG,ar;q=0.9,en;q=0.5"));
    let got = ask(&world.cx, &openapi(), arabic).await;
    assert!(got.body.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert_eq!(says(&got, "vary"), "accept-language");
    let got = get(&world.cx, &format!("/check?code={typed}&lang=ar")).await;
    assert!(got.status.is_success() && got.body.contains("dir=\"rtl\""));
    // It is no receipt.
    assert_eq!(world.status(&id).await, "filed");
    world.withdraw(&id).await;
    let got = get(&world.cx, &format!("/check/{code}")).await;
    assert!(got.body.contains("has withdrawn"));
}

#[actix_web::test]
async fn every_unknown_code_gets_the_same_page() {
    let world = World::new().await;
    world.referral().await;
    let first = get(&world.cx, "/check/0000-0000-0000-0000").await;
    assert_eq!(first.status, StatusCode::NOT_FOUND);
    assert!(first.body.contains("We do not know this code"));
    for other in [
        "/check/x",
        "/check/%3Cscript%3E",
        "/check/%00",
        "/check/req_01kkr0000000000000000000",
        "/check?code=%27%20or%201=1",
        "/check?code=",
    ] {
        let got = get(&world.cx, other).await;
        assert_eq!(
            (got.status, &got.body),
            (first.status, &first.body),
            "{other}"
        );
    }
    let form = get(&world.cx, "/check").await;
    assert!(form.status.is_success() && form.body.contains("<form action=\"/check\""));
}

#[actix_web::test]
async fn pages_allow_nothing_but_our_own_and_answer_get_and_head_only() {
    let world = World::new().await;
    for path in PATHS {
        let path = path
            .replace("{file:.*}", "")
            .replace("/problems/{code}", "/problems/internal");
        let got = get(&world.cx, &path).await;
        if path == "/docs/api" {
            assert_eq!(
                (got.status, says(&got, "location")),
                (StatusCode::PERMANENT_REDIRECT, "/docs/api/".into())
            );
            continue;
        }
        let policy = says(&got, CONTENT_SECURITY_POLICY.as_str());
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(says(&got, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(says(&got, "referrer-policy"), "no-referrer", "{path}");
        let head = TestRequest::default().method(Method::HEAD).uri(&path);
        assert_eq!(
            ask(&world.cx, &openapi(), head).await.status,
            got.status,
            "{path}"
        );
        let post = ask(&world.cx, &openapi(), TestRequest::post().uri(&path)).await;
        assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let unknown = get(&world.cx, "/docs/problems/no-such").await;
    assert_eq!(
        (unknown.status, unknown.body.len()),
        (StatusCode::NOT_FOUND, 0)
    );
}

#[actix_web::test]
async fn the_api_browser_is_whole_and_calls_nobody() {
    let world = World::new().await;
    let index = get(&world.cx, "/docs/api/").await;
    assert!(index.body.contains("id=\"swagger-ui\""));
    for inline in ["<script>", "<style", "style=\"", "http:", "https:"] {
        assert!(!index.body.contains(inline), "{inline} in {}", index.body);
    }
    for file in index
        .body
        .split('"')
        .filter(|text| text.contains(".js") || text.contains(".css"))
    {
        let got = get(
            &world.cx,
            &format!("/docs/api/{}", file.trim_start_matches("./")),
        )
        .await;
        assert!(got.status.is_success() && !got.body.is_empty(), "{file}");
    }
    let settings = get(&world.cx, "/docs/api/swagger-initializer.js")
        .await
        .body;
    for said in ["/openapi.json", "\"validatorUrl\": \"none\"", "BaseLayout"] {
        assert!(settings.contains(said), "{said} in {settings}");
    }
    assert!(!settings.contains("petstore"), "{settings}");
    let none = get(&world.cx, "/docs/api/../../etc/passwd").await;
    assert_ne!(none.status, StatusCode::OK);
}

#[actix_web::test]
async fn the_reference_has_every_operation_of_the_real_description() {
    let world = World::new().await;
    let document = crate::http::openapi::document();
    let request = TestRequest::get().uri("/docs/reference");
    let page = ask(&world.cx, &document, request).await.body;
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if !operation.is_object() {
                continue;
            }
            operations += 1;
            let id = operation["operationId"].as_str().unwrap();
            assert!(
                page.contains(&format!("<h3 id=\"{id}\">")),
                "{method} {path}"
            );
        }
    }
    assert!(operations > 10);
    // Every link leads somewhere on the page.
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
}
