//! A server for tests: answers what the test says and remembers what it was asked.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::{Client, Credentials, RetryPolicy, Settings};

/// One call as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path with query.
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    /// Close the connection in the middle of the body.
    broken: bool,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn text(status: u16, kind: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), kind.into())],
            body: body.into(),
            broken: false,
        }
    }

    pub(crate) fn problem(status: u16, code: &str, more: serde_json::Value) -> Self {
        let mut body = json!({"type": format!("https://exchange.example/docs/problems/{code}"), "title": format!("About {code}"),
            "status": status, "code": code, "detail": "what happened", "request_id": "rid-1"});
        for (name, value) in more.as_object().cloned().unwrap_or_default() {
            body[name] = value;
        }
        Self::text(status, "application/problem+json", &body.to_string())
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn broken(mut self) -> Self {
        self.broken = true;
        self
    }
}

/// A running fake; ends with the test.
pub(crate) struct Fake {
    pub(crate) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fake {
    /// `answer` gets each call and how many came before it; `None` leaves it to the fake: tokens are given out,
    /// everything else is not found.
    pub(crate) async fn start(
        answer: impl Fn(&Seen, usize) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, kept) = (Arc::new(answer), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                tokio::spawn(async move { serve(socket, &*answer, &kept).await });
            }
        });
        Self {
            url: Url::parse(&format!("http://127.0.0.1:{port}")).expect("a URL"),
            seen,
            task,
        }
    }

    /// Every call but those for tokens.
    pub(crate) fn calls(&self) -> Vec<Seen> {
        let all = self.all();
        all.into_iter()
            .filter(|c| c.path != "/oauth/token")
            .collect()
    }

    pub(crate) fn all(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }

    pub(crate) fn client(&self) -> Client {
        self.client_as(Credentials::secret("client_t", "s3cret"))
    }

    pub(crate) fn client_as(&self, credentials: Credentials) -> Client {
        Client::new(Settings {
            server: self.url.clone(),
            credentials,
            authorities: None,
            issuer: None,
            allow_http: false,
            retry: RetryPolicy {
                first_wait: Duration::from_millis(5),
                ..RetryPolicy::default()
            },
        })
        .expect("a client")
    }
}

async fn serve(
    mut socket: TcpStream,
    answer: &(dyn Fn(&Seen, usize) -> Option<Answer> + Send + Sync),
    kept: &Mutex<Vec<Seen>>,
) {
    let Some(seen) = read(&mut socket).await else {
        return;
    };
    let before = {
        let mut kept = kept.lock().expect("no panic");
        kept.push(seen.clone());
        kept.len() - 1
    };
    let reply = answer(&seen, before).unwrap_or_else(|| match seen.path.as_str() {
        "/oauth/token" => Answer::json(
            200,
            &json!({"access_token": "t0ken", "token_type": "Bearer", "expires_in": 300}),
        ),
        _ => Answer::problem(404, "not-found", json!({})),
    });
    let mut head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    let length = reply.body.len() + usize::from(reply.broken) * 10;
    head += &format!("content-length: {length}\r\n\r\n{}", reply.body);
    let _ = socket.write_all(head.as_bytes()).await;
    let _ = socket.shutdown().await;
}

async fn read(socket: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = socket.read(&mut buffer).await.ok()?;
        if count == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..count]);
        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let mut start = lines.next()?.split(' ');
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers
            .get("content-length")
            .and_then(|n| n.parse::<usize>().ok())
            .unwrap_or(0);
        let mut body = bytes[end + 4..].to_vec();
        while body.len() < length {
            let count = socket.read(&mut buffer).await.ok()?;
            if count == 0 {
                return None;
            }
            body.extend_from_slice(&buffer[..count]);
        }
        return Some(Seen {
            method: start.next()?.to_owned(),
            path: start.next()?.to_owned(),
            headers,
            body: String::from_utf8(body).ok()?,
        });
    }
}
