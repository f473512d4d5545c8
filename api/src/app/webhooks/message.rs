//! What a webhook says: names, and nothing that could be worth reading on the way.

use serde::{Deserialize, Serialize};
use takedown_core::time::{At, rfc3339};
use takedown_core::webhook::Disabled;

use crate::store::StoreError;

/// The type of a message that was asked for to try a webhook.
pub const TEST: &str = "webhook.test";

/// A webhook was disabled: what its party's inbox says of it.
#[derive(Debug)]
pub struct WebhookEvent<'a> {
    /// The entry of the history, `evt_…`.
    pub id: &'a str,
    /// Its place in the inbox.
    pub position: i64,
    /// `webhook.disabled`.
    pub event: &'static str,
    /// When.
    pub at: At,
    /// Which webhook.
    pub webhook: &'a str,
    /// Why.
    pub reason: Disabled,
}

/// Of an entry of the inbox what a webhook passes on.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    /// `evt_…`
    pub(super) id: String,
    /// What happened.
    pub(super) r#type: String,
    /// When, in RFC 3339.
    pub(super) at: String,
    #[serde(default)]
    request: Option<Named>,
    #[serde(default)]
    notice: Option<Named>,
    #[serde(default)]
    operation: Option<Named>,
    #[serde(default)]
    webhook: Option<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: String,
}

/// The body of a message (Standard Webhooks: `type`, `timestamp`, `data`).
#[derive(Debug, Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: &'a str,
    data: Subject<'a>,
}

#[derive(Debug, Default, Serialize)]
struct Subject<'a> {
    /// The event; the same as the message.
    id: &'a str,
    /// Counts the entries of the inbox from 1 without a gap; none for a test.
    position: Option<i64>,
    request: Option<&'a str>,
    notice: Option<&'a str>,
    operation: Option<&'a str>,
    webhook: Option<&'a str>,
}

impl Entry {
    /// An entry of the feed.
    pub(super) fn read(entry: &str) -> Result<Self, StoreError> {
        Ok(serde_json::from_str(entry)?)
    }

    /// The body of its message: the same in every attempt.
    pub(super) fn body(&self, position: i64) -> Result<String, StoreError> {
        fn id(named: Option<&Named>) -> Option<&str> {
            named.map(|named| named.id.as_str())
        }
        let body = Body {
            r#type: &self.r#type,
            timestamp: &self.at,
            data: Subject {
                id: &self.id,
                position: Some(position),
                request: id(self.request.as_ref()),
                notice: id(self.notice.as_ref()),
                operation: id(self.operation.as_ref()),
                webhook: id(self.webhook.as_ref()),
            },
        };
        Ok(serde_json::to_string(&body)?)
    }
}

/// The body of a test.
pub(super) fn test(id: &str, webhook: &str, at: At) -> Result<String, StoreError> {
    let body = Body {
        r#type: TEST,
        timestamp: &rfc3339(at),
        data: Subject {
            id,
            webhook: Some(webhook),
            ..Subject::default()
        },
    };
    Ok(serde_json::to_string(&body)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_names_and_tells_nothing() {
        let entry = r#"{"id":"evt_1","position":7,"type":"request.filed","at":"2026-11-22T09:30:00.000Z",
            "request":{"id":"req_1","summary":"secret","agency":{"name":"secret"}},"notice":null,"operation":null}"#;
        let body = Entry::read(entry).unwrap().body(7).unwrap();
        assert_eq!(
            body,
            r#"{"type":"request.filed","timestamp":"2026-11-22T09:30:00.000Z","data":{"id":"evt_1","position":7,"request":"req_1","notice":null,"operation":null,"webhook":null}}"#
        );
        assert!(Entry::read("{}").is_err());
    }
}
