//! One party's connection: who it is, its token, and calls that say what went wrong.

use crate::seams::Credentials;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// Tokens are asked for again before the server's five minutes are over.
const TOKEN_KEPT: Duration = Duration::from_secs(200);

/// A caller of one server.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    address: Arc<RwLock<String>>,
    who: Option<Credentials>,
    token: Arc<Mutex<Option<(String, Instant)>>>,
}

impl Api {
    /// A caller without credentials.
    pub fn anonymous(address: Arc<RwLock<String>>) -> Api {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("an HTTP client");
        Api {
            http,
            address,
            who: None,
            token: Arc::default(),
        }
    }

    /// The same connection as somebody.
    pub fn acting_as(&self, who: Credentials) -> Api {
        Api {
            who: Some(who),
            token: Arc::default(),
            ..self.clone()
        }
    }

    /// The same caller with this very token, whatever it is.
    pub fn with_token(&self, token: &str) -> Api {
        let forever = Instant::now() + Duration::from_secs(24 * 3600);
        Api {
            token: Arc::new(Mutex::new(Some((token.to_owned(), forever)))),
            ..self.clone()
        }
    }

    /// The same caller and token at another node.
    pub fn at(&self, address: Arc<RwLock<String>>) -> Api {
        Api {
            address,
            ..self.clone()
        }
    }

    /// Its credentials.
    pub fn credentials(&self) -> &Credentials {
        self.who.as_ref().expect("not anonymous")
    }

    /// The server's address followed by `path`.
    pub fn url(&self, path: &str) -> String {
        format!(
            "{}{path}",
            self.address.read().expect("no story panicked here")
        )
    }

    /// A valid access token.
    pub async fn token(&self) -> String {
        let mut kept = self.token.lock().await;
        if let Some((token, until)) = kept.as_ref()
            && Instant::now() < *until
        {
            return token.clone();
        }
        let answer = self
            .ask_for_token(&[("grant_type", "client_credentials")])
            .await
            .is(200)
            .json();
        let token = answer["access_token"]
            .as_str()
            .expect("an access token")
            .to_owned();
        *kept = Some((token.clone(), Instant::now() + TOKEN_KEPT));
        token
    }

    /// `POST /oauth/token` with this form, authenticated by the client's secret.
    pub async fn ask_for_token(&self, form: &[(&str, &str)]) -> Answer {
        let who = self.credentials();
        let body = form
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("&");
        self.call(Method::POST, "/oauth/token")
            .without_token()
            .with(|call| call.basic_auth(&who.id, Some(&who.secret)))
            .bytes("application/x-www-form-urlencoded", body)
            .await
    }

    /// Forgets the token, so that the next call asks for a new one.
    pub async fn forget_token(&self) {
        *self.token.lock().await = None;
    }

    /// A call to make.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let request = self.http.request(method.clone(), self.url(path));
        Call {
            api: self.clone(),
            request,
            asked: format!("{method} {path}"),
            bare: false,
        }
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// `POST` of JSON.
    pub fn post(&self, path: &str, body: &Value) -> Call {
        self.call(Method::POST, path).json(body)
    }

    /// `PUT` of JSON.
    pub fn put(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PUT, path).json(body)
    }

    /// `PATCH` of JSON.
    pub fn patch(&self, path: &str, body: &Value) -> Call {
        self.call(Method::PATCH, path).json(body)
    }

    /// `DELETE`.
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// Every item of a list, over all its pages.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut page = self.get(path).await.is(200).json();
        loop {
            items.extend(page["items"].as_array().expect("items").iter().cloned());
            let Some(next) = page["next"].as_str() else {
                return items;
            };
            let join = if path.contains('?') { '&' } else { '?' };
            page = self
                .get(&format!("{path}{join}cursor={next}"))
                .await
                .is(200)
                .json();
        }
    }
}

/// A call being put together; awaiting it makes it.
#[must_use = "a call is made by awaiting it"]
pub struct Call {
    api: Api,
    request: RequestBuilder,
    asked: String,
    bare: bool,
}

impl Call {
    /// With this JSON body.
    pub fn json(self, body: &Value) -> Call {
        self.bytes("application/json", body.to_string())
    }

    /// With this body as it is.
    pub fn bytes(mut self, content_type: &str, body: impl Into<Bytes>) -> Call {
        let body: Bytes = body.into();
        let shown = String::from_utf8_lossy(&body[..body.len().min(2000)]).into_owned();
        self.asked = format!("{}\n{shown}", self.asked);
        self.with(|request| request.header("content-type", content_type).body(body))
    }

    /// With a header.
    pub fn header(self, name: &str, value: &str) -> Call {
        self.with(|request| request.header(name, value))
    }

    /// With an `Idempotency-Key`.
    pub fn key(self, key: &str) -> Call {
        self.header("idempotency-key", key)
    }

    /// With an `If-Match`.
    pub fn if_match(self, etag: &str) -> Call {
        self.header("if-match", etag)
    }

    /// Without saying who calls.
    pub fn without_token(mut self) -> Call {
        self.bare = true;
        self
    }

    /// With anything else.
    pub fn with(mut self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Call {
        self.request = change(self.request);
        self
    }

    /// Makes the call and returns when the answer begins: its body is still to come.
    pub async fn begun(self) -> reqwest::Response {
        let asked = self.asked.clone();
        let request = if self.bare {
            self.request
        } else {
            self.request.bearer_auth(self.api.token().await)
        };
        let response = request.send().await;
        response.unwrap_or_else(|problem| panic!("{asked}\ngot no answer: {problem:?}"))
    }

    /// Makes the call; an error only when no answer came (the server is gone, say).
    pub async fn attempt(self) -> Result<Answer, reqwest::Error> {
        let request =
            if self.bare || (self.api.who.is_none() && self.api.token.lock().await.is_none()) {
                self.request
            } else {
                self.request.bearer_auth(self.api.token().await)
            };
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer {
            status,
            headers,
            body: response.bytes().await?,
            asked: self.asked,
        })
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let asked = self.asked.clone();
            self.attempt()
                .await
                .unwrap_or_else(|problem| panic!("{asked}\ngot no answer: {problem:?}"))
        })
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, uncompressed.
    pub body: Bytes,
    asked: String,
}

impl Answer {
    /// Panics, showing question and answer, unless the status is this one.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(
            self.status,
            status,
            "{}\nwas answered:\n{}",
            self.asked,
            self.text()
        );
        self
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|problem| {
            panic!("{}\nwas answered:\n{}\n{problem}", self.asked, self.text())
        })
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The `ETag`, which every versioned answer has.
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag")
            .unwrap_or_else(|| panic!("{}\nhas no ETag: {}", self.asked, self.text()))
            .to_owned()
    }

    /// Checks that this is a well-formed problem of that status and code, and returns it.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let answer = self.is(status);
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{}\nwas answered:\n{}",
            answer.asked,
            answer.text()
        );
        let problem = answer.json();
        let shown = format!("{}\nwas answered:\n{problem:#}", answer.asked);
        assert_eq!(problem["code"], code, "{shown}");
        assert_eq!(problem["status"], json!(status), "{shown}");
        assert!(
            problem["type"]
                .as_str()
                .is_some_and(|page| page.ends_with(&format!("/docs/problems/{code}"))),
            "{shown}"
        );
        for text in ["title", "detail", "request_id"] {
            assert!(
                problem[text].as_str().is_some_and(|text| !text.is_empty()),
                "no {text}: {shown}"
            );
        }
        problem
    }

    /// The same, and that it points at this place of the request's body (a JSON pointer, `/items/0/locator`).
    #[track_caller]
    pub fn problem_at(self, status: u16, code: &str, pointer: &str) -> Value {
        let asked = self.asked.clone();
        let problem = self.problem(status, code);
        let points = |error: &Value| {
            error["pointer"] == format!("#{pointer}")
                && error["detail"]
                    .as_str()
                    .is_some_and(|detail| !detail.is_empty())
        };
        assert!(
            problem["errors"]
                .as_array()
                .is_some_and(|errors| errors.iter().any(points)),
            "{asked}\nnothing at {pointer}: {problem:#}"
        );
        problem
    }
}
