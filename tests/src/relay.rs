//! A fixed address in front of a server that moves: it follows the server through restarts, notes what passes, and can lose an answer.

use std::sync::{Arc, Mutex, RwLock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A call that went through.
#[derive(Debug, Clone)]
pub struct Passed {
    /// `POST /v1/requests`, with the query.
    pub call: String,
    /// Its `Idempotency-Key`.
    pub key: Option<String>,
    /// The status that was answered, as soon as it was.
    pub status: Option<u16>,
    /// Whether the answer was kept from the caller.
    pub lost: bool,
}

#[derive(Debug, Default)]
struct State {
    passed: Vec<Passed>,
    /// Beginnings of calls whose next answer is to be lost.
    losing: Vec<String>,
}

/// A running relay. It ends with the story.
#[derive(Debug, Clone)]
pub struct Relay {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Relay {
    /// One to a server's address, wherever that is when somebody calls. Who calls while no server is there is hung up on.
    pub async fn to(address: Arc<RwLock<String>>) -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let url = address.read().expect("no story panicked here").clone();
                let target = url.trim_start_matches("http://").to_owned();
                tokio::spawn(carry(near, target, shared.clone()));
            }
        });
        Relay { port, state }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The next call that begins so (`PUT /v1/requests/`) is done, and its answer lost.
    pub fn lose_answer_to(&self, beginning: &str) {
        let mut state = self.state.lock().expect("no story panicked here");
        state.losing.push(beginning.to_owned());
    }

    /// What passed so far of what begins so.
    pub fn passed(&self, beginning: &str) -> Vec<Passed> {
        let state = self.state.lock().expect("no story panicked here");
        let passed = state.passed.iter();
        passed
            .filter(|passed| passed.call.starts_with(beginning))
            .cloned()
            .collect()
    }
}

async fn carry(mut near: TcpStream, target: String, state: Arc<Mutex<State>>) {
    let Ok(mut far) = TcpStream::connect(&target).await else {
        return;
    };
    let (mut from_near, mut to_near) = near.split();
    let (mut from_far, mut to_far) = far.split();
    let (mut asked, mut answered) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    // Calls on one connection come one after the other: what a caller writes after an answer begins the next one.
    let (mut beginning, mut current, mut losing) = (true, None, false);
    loop {
        tokio::select! {
            count = from_near.read(&mut asked) => {
                let Some(bytes) = count.ok().and_then(|count| asked.get(..count)).filter(|bytes| !bytes.is_empty()) else {
                    return;
                };
                if beginning {
                    let mut state = state.lock().expect("no story panicked here");
                    (current, losing) = state.note(&String::from_utf8_lossy(bytes));
                    beginning = false;
                }
                if to_far.write_all(bytes).await.is_err() {
                    return;
                }
            }
            count = from_far.read(&mut answered) => {
                let Some(bytes) = count.ok().and_then(|count| answered.get(..count)).filter(|bytes| !bytes.is_empty()) else {
                    return;
                };
                if let Some(passed) = current.take() {
                    state.lock().expect("no story panicked here").answered(passed, bytes, losing);
                }
                if losing || to_near.write_all(bytes).await.is_err() {
                    return;
                }
                beginning = true;
            }
        }
    }
}

impl State {
    /// Notes a call by its head: which it is, and whether its answer is to be lost.
    fn note(&mut self, head: &str) -> (Option<usize>, bool) {
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        let call = first.trim_end_matches(" HTTP/1.1").to_owned();
        let key =
            lines
                .filter_map(|line| line.split_once(": "))
                .find_map(
                    |(name, value)| match name.eq_ignore_ascii_case("idempotency-key") {
                        true => Some(value.trim().to_owned()),
                        false => None,
                    },
                );
        let losing = self
            .losing
            .iter()
            .position(|beginning| call.starts_with(beginning.as_str()));
        if let Some(at) = losing {
            self.losing.remove(at);
        }
        self.passed.push(Passed {
            call,
            key,
            status: None,
            lost: false,
        });
        (Some(self.passed.len() - 1), losing.is_some())
    }

    fn answered(&mut self, passed: usize, head: &[u8], lost: bool) {
        let head = String::from_utf8_lossy(head);
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        if let Some(passed) = self.passed.get_mut(passed) {
            passed.status = status;
            passed.lost = lost;
        }
    }
}
