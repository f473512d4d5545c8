//! Server-sent events as a client reads them.

use crate::api::Call;
use crate::wait::PATIENCE;
use serde_json::Value;

/// A stream of events that is open.
#[derive(Debug)]
pub struct Events {
    response: reqwest::Response,
    read: String,
}

/// What stands between two empty lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Where to go on after it.
    pub id: Option<String>,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its data, lines joined.
    pub data: String,
    /// How long to wait before connecting again, in milliseconds.
    pub retry: Option<u32>,
    /// Whether it is a comment and nothing else.
    pub comment: bool,
}

impl Event {
    fn read(block: &str) -> Event {
        let mut event = Event::default();
        let mut data = Vec::new();
        for line in block.lines() {
            match line.split_once(':').expect("a field") {
                ("", _) => event.comment = true,
                ("id", value) => event.id = Some(value.trim_start().to_owned()),
                ("event", value) => event.name = Some(value.trim_start().to_owned()),
                ("data", value) => data.push(value.trim_start()),
                ("retry", value) => event.retry = value.trim().parse().ok(),
                (field, _) => panic!("an unknown field {field}: {block}"),
            }
        }
        event.data = data.join("\n");
        event
    }

    /// Its data.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|problem| panic!("{self:?}: {problem}"))
    }
}

impl Events {
    /// Opens a stream; it must be answered with 200.
    pub async fn open(call: Call) -> Events {
        let call = call.header("accept", "text/event-stream");
        let response = call.begun().await;
        let kind = response.headers()["content-type"].to_str().expect("text");
        assert_eq!(
            (response.status().as_u16(), kind),
            (200, "text/event-stream")
        );
        let encoding = response.headers().get("content-encoding");
        assert!(encoding.is_none_or(|encoding| encoding == "identity"));
        Events {
            response,
            read: String::new(),
        }
    }

    /// The next thing that is sent, a comment too; nothing when the stream ended.
    pub async fn piece(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (Event::read(block), rest.to_owned());
                self.read = rest;
                return Some(event);
            }
            let next = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            match next.expect("something within our patience") {
                Ok(Some(piece)) => {
                    self.read
                        .push_str(std::str::from_utf8(&piece).expect("UTF-8"));
                }
                Ok(None) | Err(_) => {
                    assert_eq!(self.read, "", "the stream broke off inside of an event");
                    return None;
                }
            }
        }
    }

    /// The next event; nothing when the stream ended.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let event = self.piece().await?;
            if !event.data.is_empty() {
                return Some(event);
            }
        }
    }
}
