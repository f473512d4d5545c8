//! A receiver of webhooks on this machine that can be told to misbehave.

use crate::wait;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How a call is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// With this status, these headers (each line ends in CRLF) and this body.
    With(u16, &'static str, String),
    /// Not at all: the connection stays open.
    Stall,
    /// With 200 and two gigabytes.
    Endless,
    /// By closing the connection.
    HangUp,
}

impl Reply {
    /// A status and nothing else.
    pub fn status(status: u16) -> Reply {
        Reply::With(status, "", String::new())
    }
}

/// A call that came.
#[derive(Debug, Clone)]
pub struct Received {
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Exactly as it came.
    pub body: String,
    /// When all of it was there.
    pub at: SystemTime,
}

impl Received {
    /// The message's name.
    pub fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    /// Its body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a body in JSON")
    }
}

#[derive(Debug, Default)]
struct State {
    replies: BTreeMap<String, VecDeque<Reply>>,
    received: BTreeMap<String, Vec<Received>>,
}

/// A running receiver. Ends, with all its connections, with this value.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl Sink {
    /// Starts one that answers 204 to everything.
    pub async fn start() -> Sink {
        Sink::at("127.0.0.1:0".parse().expect("an address"), Arc::default()).await
    }

    async fn at(address: SocketAddr, state: Arc<Mutex<State>>) -> Sink {
        let listener = TcpListener::bind(address).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = state.clone();
        let task = tokio::spawn(async move {
            let mut calls = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                calls.spawn(async move { serve(stream, &shared).await });
            }
        });
        Sink {
            address,
            state,
            task,
        }
    }

    /// Ends it without warning and starts it again at the same address; what it received is remembered.
    pub async fn killed_and_restarted(mut self, while_away: impl AsyncFnOnce()) -> Sink {
        let (address, state) = (self.address, self.state.clone());
        self.task.abort();
        let _ = (&mut self.task).await;
        while_away().await;
        Sink::at(address, state).await
    }

    /// Where a path of it is.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers calls to a path with these, one after the other, and from then on with the last one.
    pub fn answer(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        let replies = replies.into_iter().collect();
        let mut state = self.state.lock().expect("no story panicked here");
        state.replies.insert(path.to_owned(), replies);
    }

    /// What came to a path so far.
    pub fn received(&self, path: &str) -> Vec<Received> {
        let state = self.state.lock().expect("no story panicked here");
        state.received.get(path).cloned().unwrap_or_default()
    }

    /// Waits until so many calls to a path have come, and returns them all.
    pub async fn receives(&self, path: &str, count: usize) -> Vec<Received> {
        wait::until(&format!("{count} calls to {path}"), || async {
            let received = self.received(path);
            (received.len() >= count).then_some(received)
        })
        .await
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let Some((path, received)) = read(&mut stream).await else {
        return;
    };
    let reply = {
        let mut state = state.lock().expect("no story panicked here");
        state
            .received
            .entry(path.clone())
            .or_default()
            .push(received);
        match state.replies.get_mut(&path) {
            Some(replies) if replies.len() > 1 => replies.pop_front(),
            Some(replies) => replies.front().cloned(),
            None => None,
        }
    };
    // A receiver that goes away in the middle is what is played here.
    let _ = match reply.unwrap_or_else(|| Reply::status(204)) {
        Reply::With(status, headers, body) => {
            let head = format!(
                "HTTP/1.1 {status} Told\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
                if status == 204 { 0 } else { body.len() }
            );
            stream.write_all(format!("{head}{body}").as_bytes()).await
        }
        Reply::Stall => std::future::pending().await,
        Reply::Endless => endless(&mut stream).await,
        Reply::HangUp => Ok(()),
    };
}

async fn endless(stream: &mut TcpStream) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 Told\r\ncontent-length: 2147483648\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let much = vec![b'a'; 64 << 10];
    for _ in 0..32_768 {
        stream.write_all(&much).await?;
    }
    Ok(())
}

async fn read(stream: &mut TcpStream) -> Option<(String, Received)> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.split("\r\n");
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers.get("content-length")?.parse().ok()?;
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&bytes[head + 4..head + 4 + length]).into_owned();
    let at = SystemTime::now();
    Some((path, Received { headers, body, at }))
}
