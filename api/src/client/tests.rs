#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::Duration;

use aws_lc_rs::signature::Ed25519KeyPair;
use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};
use url::Url;

use super::fake::{Answer, Fake};
use super::*;

fn request() -> Value {
    json!({"id": "req_1", "reference": "AAAAA-BBBBB-C", "status": "filed", "version": 1, "kind": "referral", "unheard_of": {"a": [1.10]}})
}

#[tokio::test]
async fn one_token_serves_many_calls_and_is_proved_by_the_secret() {
    let fake = Fake::start(|seen, _| {
        (seen.path == "/v1/requests/req_1")
            .then(|| Answer::json(200, &request()).with("etag", "\"1\""))
    })
    .await;
    let client = fake.client();
    for _ in 0..3 {
        let reply = client.request("req_1").await.unwrap();
        assert_eq!(reply.etag.as_deref(), Some("\"1\""));
        assert!(reply.text.contains("unheard_of"), "no field is dropped");
    }
    let tokens: Vec<_> = fake
        .all()
        .into_iter()
        .filter(|c| c.path == "/oauth/token")
        .collect();
    assert_eq!(tokens.len(), 1);
    let basic = tokens[0]
        .header("authorization")
        .strip_prefix("Basic ")
        .unwrap()
        .to_owned();
    assert_eq!(BASE64.decode(basic.as_bytes()).unwrap(), b"client_t:s3cret");
    assert_eq!(tokens[0].body, "grant_type=client_credentials");
    assert!(
        fake.calls()
            .iter()
            .all(|c| c.header("authorization") == "Bearer t0ken")
    );
}

#[tokio::test]
async fn a_token_about_to_expire_is_renewed() {
    let fake = Fake::start(|seen, n| match seen.path.as_str() {
        "/oauth/token" => Some(Answer::json(
            200,
            &json!({"access_token": format!("t{n}"), "expires_in": 0}),
        )),
        _ => Some(Answer::json(200, &request())),
    })
    .await;
    let client = fake.client();
    client.request("req_1").await.unwrap();
    client.request("req_1").await.unwrap();
    assert_eq!(fake.all().len(), 4, "a token before each call");
}

#[tokio::test]
async fn a_revoked_token_is_replaced_once() {
    let fake = Fake::start(|seen, n| match (seen.path.as_str(), n) {
        ("/oauth/token", _) => None,
        (_, 0..=1) => Some(Answer::problem(401, "unauthenticated", json!({}))),
        _ => Some(Answer::json(200, &request())),
    })
    .await;
    fake.client().request("req_1").await.unwrap();
    let fake = Fake::start(|seen, _| {
        (seen.path != "/oauth/token").then(|| Answer::problem(401, "unauthenticated", json!({})))
    })
    .await;
    let error = fake.client().request("req_1").await.unwrap_err();
    assert_eq!(error.problem().unwrap().code, "unauthenticated");
    assert_eq!(fake.calls().len(), 2);
}

#[tokio::test]
async fn a_key_signs_a_fresh_assertion_for_the_issuer() {
    let rng = aws_lc_rs::rand::SystemRandom::new();
    let der = Ed25519KeyPair::generate_pkcs8v1(&rng).unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64.encode(der.as_ref())
    );
    let fake = Fake::start(|seen, _| match seen.path.as_str() {
        "/.well-known/oauth-authorization-server" => {
            let issuer = format!("http://{}", seen.header("host"));
            Some(Answer::json(200, &json!({ "issuer": issuer })))
        }
        "/oauth/token" => None,
        _ => Some(Answer::json(200, &request())),
    })
    .await;
    let key = SigningKey::from_pem(&pem).unwrap();
    let client = fake.client_as(Credentials::key("client_k", key));
    client.request("req_1").await.unwrap();
    let all = fake.all();
    let token = all.iter().find(|c| c.path == "/oauth/token").unwrap();
    assert_eq!(token.header("authorization"), "", "the key is the proof");
    let form: std::collections::BTreeMap<String, String> =
        url::form_urlencoded::parse(token.body.as_bytes())
            .into_owned()
            .collect();
    let claims = form["client_assertion"].split('.').nth(1).unwrap();
    let claims: Value =
        serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap()).unwrap();
    assert_eq!(claims["sub"], "client_k");
    assert_eq!(claims["aud"], fake.url.as_str().trim_end_matches('/'));
}

#[tokio::test]
async fn an_issuer_elsewhere_gets_no_assertion() {
    let rng = aws_lc_rs::rand::SystemRandom::new();
    let der = Ed25519KeyPair::generate_pkcs8v1(&rng).unwrap();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64.encode(der.as_ref())
    );
    let fake = Fake::start(|seen, _| {
        seen.path
            .starts_with("/.well-known")
            .then(|| Answer::json(200, &json!({"issuer": "https://other.example"})))
    })
    .await;
    let key = SigningKey::from_pem(&pem).unwrap();
    let client = fake.client_as(Credentials::key("client_k", key));
    let error = client.request("req_1").await.unwrap_err().to_string();
    assert!(error.contains("https://other.example"), "{error}");
    assert!(fake.all().iter().all(|c| c.path != "/oauth/token"));
}

#[tokio::test]
async fn refused_credentials_are_explained() {
    let fake = Fake::start(|_, _| {
        Some(Answer::json(
            401,
            &json!({"error": "invalid_client", "error_description": "unknown client"}),
        ))
    })
    .await;
    let error = fake
        .client()
        .request("req_1")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("client_t") && error.contains("invalid_client"),
        "{error}"
    );
    assert!(!error.contains("s3cret"));
}

#[tokio::test]
async fn a_post_is_repeated_under_one_key_when_the_server_is_busy_or_the_answer_is_lost() {
    let fake = Fake::start(|seen, n| match (seen.path.as_str(), n) {
        ("/oauth/token", _) => None,
        (_, 1) => Some(Answer::problem(503, "busy", json!({})).with("retry-after", "0")),
        (_, 2) => {
            Some(Answer::problem(429, "too-many-requests", json!({})).with("retry-after", "0"))
        }
        _ => Some(Answer::json(201, &request())),
    })
    .await;
    fake.client().file("{}", false).await.unwrap();
    let calls = fake.calls();
    assert_eq!(calls.len(), 3);
    let keys: std::collections::BTreeSet<_> = calls
        .iter()
        .map(|c| c.header("idempotency-key").to_owned())
        .collect();
    assert_eq!(keys.len(), 1, "one key over all retries");
    assert!(keys.iter().all(|key| key.len() >= 16));
    fake.client().file("{}", false).await.unwrap();
    assert!(!keys.contains(fake.calls().last().unwrap().header("idempotency-key")));
}

#[tokio::test]
async fn a_wait_beyond_patience_gives_the_answer_back() {
    let fake = Fake::start(|seen, _| {
        (seen.path != "/oauth/token").then(|| {
            Answer::problem(429, "too-many-requests", json!({})).with("retry-after", "86400")
        })
    })
    .await;
    let error = fake.client().request("req_1").await.unwrap_err();
    assert_eq!(error.problem().unwrap().status, 429);
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn what_may_have_been_done_is_not_repeated_blindly() {
    let fake = Fake::start(|seen, _| {
        (seen.path != "/oauth/token").then(|| Answer::json(200, &request()).broken())
    })
    .await;
    let error = fake
        .client()
        .close("req_1", Some("\"1\""), None)
        .await
        .unwrap_err();
    assert!(matches!(error, ClientError::Lost { .. }), "{error}");
    assert_eq!(fake.calls().len(), 1);
    assert_eq!(fake.calls()[0].header("if-match"), "\"1\"");
}

#[tokio::test]
async fn nobody_there_is_said_plainly() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let client = Client::new(Settings {
        server: Url::parse(&format!("http://127.0.0.1:{closed}")).unwrap(),
        credentials: Credentials::secret("client_t", "s"),
        authorities: None,
        issuer: None,
        allow_http: false,
        retry: RetryPolicy {
            attempts: 2,
            first_wait: Duration::from_millis(1),
            ..RetryPolicy::default()
        },
    })
    .unwrap();
    let error = client.request("req_1").await.unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_problem_is_told_with_every_pointer_and_nothing_acts_on_the_terminal() {
    let fake = Fake::start(|seen, _| {
        (seen.path != "/oauth/token").then(|| {
            Answer::problem(
                422,
                "invalid",
                json!({"errors": [
                    {"pointer": "#/items/0/locator", "detail": "is \u{1b}[31mred"},
                    {"parameter": "limit", "detail": "at most 200"}]}),
            )
        })
    })
    .await;
    let text = fake
        .client()
        .file("{}", false)
        .await
        .unwrap_err()
        .to_string();
    for part in [
        "About invalid (422 invalid): what happened",
        "#/items/0/locator",
        "limit: at most 200",
        "rid-1",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[tokio::test]
async fn another_kind_of_server_is_recognised() {
    let fake = Fake::start(|seen, _| {
        (seen.path != "/oauth/token")
            .then(|| Answer::text(502, "text/html", "<h1>Bad gateway</h1>"))
    })
    .await;
    let text = fake
        .client()
        .request("req_1")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("502") && text.contains("takedown exchange"),
        "{text}"
    );
}

#[test]
fn secrets_do_not_cross_a_network_in_clear_unless_told() {
    let settings = |server: &str, allow_http| Settings {
        server: Url::parse(server).unwrap(),
        credentials: Credentials::secret("client_t", "s"),
        authorities: None,
        issuer: None,
        allow_http,
        retry: RetryPolicy::default(),
    };
    assert!(Client::new(settings("http://exchange.example", false)).is_err());
    assert!(Client::new(settings("http://exchange.example", true)).is_ok());
    assert!(Client::new(settings("http://[::1]:8080", false)).is_ok());
    assert!(Client::new(settings("ftp://exchange.example", true)).is_err());
    assert!(Client::new(settings("https://user:pw@exchange.example", false)).is_err());
}

#[tokio::test]
async fn ids_and_cursors_cannot_leave_their_place_in_the_url() {
    let fake = Fake::start(|_, _| None).await;
    let client = fake.client();
    let _ = client.request("../agencies?x=1#y").await;
    let query = InboxQuery {
        cursor: Some("a b&c".into()),
        limit: 5,
        wait: Some(3),
    };
    let _ = client.inbox(&query).await;
    let calls = fake.calls();
    assert_eq!(calls[0].path, "/v1/requests/..%2Fagencies%3Fx=1%23y");
    assert_eq!(calls[1].path, "/v1/inbox?limit=5&cursor=a+b%26c");
    assert_eq!(calls[1].header("prefer"), "wait=3");
}

#[tokio::test]
async fn a_list_that_leads_back_to_itself_is_not_followed() {
    let fake = Fake::start(|seen, _| {
        let next = match seen.path.as_str() {
            "/v1/texts" => "a",
            "/v1/texts?cursor=a" => "b",
            "/v1/texts?cursor=b" => "a",
            _ => return None,
        };
        Some(Answer::json(200, &json!({"items": [1], "next": next})))
    })
    .await;
    let error = fake.client().every(&["v1", "texts"], &[]).await;
    assert!(matches!(error, Err(ClientError::Endless { .. })));
    assert_eq!(fake.calls().len(), 3);
}

#[tokio::test]
async fn only_a_sandbox_says_what_time_it_is() {
    let day = chrono::TimeDelta::days(1);
    for (days, is_sandbox, counts) in [
        (2, true, true),
        (2, false, false),
        (-2, true, false),
        (36_500, true, false),
    ] {
        let fake = Fake::start(move |seen, _| {
            let now = chrono::Utc::now() + day * days;
            let told = Answer::json(200, &json!({"now": now.to_rfc3339()}));
            (seen.path == "/v1/sandbox").then(|| match is_sandbox {
                true => told.with("takedown-sandbox", "true"),
                false => told,
            })
        })
        .await;
        let ahead = fake.client().ahead().await;
        assert_eq!(ahead > day, counts, "{days} {is_sandbox}: {ahead}");
        assert!(counts || ahead.is_zero(), "{days} {is_sandbox}: {ahead}");
    }
    let elsewhere = Fake::start(|_, _| None).await;
    assert!(elsewhere.client().ahead().await.is_zero());
    assert_eq!(elsewhere.calls().len(), 1);
}
