//! The calls of `/v1`, one method each.

use reqwest::Method;
use serde::Serialize;
use serde_json::json;

use super::wire::{
    BatchAnswer, Decision, DigestLookups, Forms, InboxEvent, Lookups, Page, Request,
};
use super::{Call, Client, ClientError, Reply};

/// How a JWS in its JSON form is announced.
const JOSE: &str = "application/jose+json";

/// Which requests: the query parameters of lists and exports.
#[derive(Debug, Clone, Default)]
pub struct Filters(pub Vec<(String, String)>);

impl Filters {
    /// Adds one when it is given.
    pub fn with(mut self, name: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub(super) fn on(&self, mut call: Call) -> Call {
        call.query.extend(self.0.iter().cloned());
        call
    }
}

/// One reading of the inbox.
#[derive(Debug, Clone, Default)]
pub struct InboxQuery {
    /// Where the last reading ended; from the beginning when absent.
    pub cursor: Option<String>,
    /// Most events in one answer.
    pub limit: u32,
    /// Seconds to wait for something new.
    pub wait: Option<u32>,
}

/// What a platform or an agency says besides deciding.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// question, obstacle, obstacle_over, answer, note.
    pub kind: String,
    /// The text.
    pub text: String,
    /// BCP 47 tag of the text.
    pub language: String,
    /// force_majeure, manifest_error, insufficient_information; only with `obstacle`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<String>,
    /// The message it replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
}

impl Client {
    /// Who asks: the client's id.
    pub fn client_id(&self) -> &str {
        &self.credentials.client_id
    }

    /// Reads one request in full; for a platform this is the receipt.
    pub async fn request(&self, id: &str) -> Result<Reply<Request>, ClientError> {
        self.call(&Call::get(&["v1", "requests", id])).await
    }

    /// One page of requests.
    pub async fn requests(&self, filters: &Filters) -> Result<Reply<Page<Request>>, ClientError> {
        self.call(&filters.on(Call::get(&["v1", "requests"]))).await
    }

    /// The instruments of the exchange.
    pub async fn instruments(&self) -> Result<Reply<serde_json::Value>, ClientError> {
        self.call(&Call::get(&["v1", "instruments"]).query("limit", "200"))
            .await
    }

    /// One instrument.
    pub async fn instrument(&self, id: &str) -> Result<Reply<serde_json::Value>, ClientError> {
        self.call(&Call::get(&["v1", "instruments", id])).await
    }

    /// One page of the inbox.
    pub async fn inbox(&self, query: &InboxQuery) -> Result<Reply<Page<InboxEvent>>, ClientError> {
        let mut call = Call::get(&["v1", "inbox"]).query("limit", query.limit.to_string());
        if let Some(cursor) = &query.cursor {
            call = call.query("cursor", cursor.as_str());
        }
        call.wait = query.wait;
        self.call(&call).await
    }

    /// Files one request; `filing` is JSON. With `strict` one whose links lie on several platforms is refused; otherwise it
    /// becomes one request for each, which the answer's text lists ([`super::wire::Together`]).
    pub async fn file(&self, filing: &str, strict: bool) -> Result<Reply<Request>, ClientError> {
        let mut call = Call::new(Method::POST, &["v1", "requests"]).json(filing);
        call.strict = strict;
        self.call(&call).await
    }

    /// Files one request that the unit signed; `statement` is a JWS.
    pub async fn file_signed(&self, statement: String) -> Result<Reply<Request>, ClientError> {
        let call = Call::new(Method::POST, &["v1", "requests"]);
        self.call(&call.bytes(JOSE, statement.into())).await
    }

    /// Changes a request, signed by the unit; `statement` is a JWS.
    pub async fn change_signed(
        &self,
        method: Method,
        (id, what): (&str, &str),
        etag: &str,
        statement: String,
    ) -> Result<Reply<Request>, ClientError> {
        let call = Call::new(method, &["v1", "requests", id, what]).if_match(Some(etag));
        self.call(&call.bytes(JOSE, statement.into())).await
    }

    /// Files many; each of `filings` is JSON. `strict` as for one.
    pub async fn file_batch(
        &self,
        filings: &[&str],
        strict: bool,
    ) -> Result<Reply<BatchAnswer>, ClientError> {
        let body = format!("[{}]", filings.join(","));
        let mut call = Call::new(Method::POST, &["v1", "requests", "batch"]).json(body);
        call.strict = strict;
        self.call(&call).await
    }

    /// The transparency report as text: the published one, or with every number that the caller may see.
    pub async fn transparency(&self, own: bool, filters: &Filters) -> Result<String, ClientError> {
        let path: &[&str] = if own {
            &["v1", "exports", "transparency"]
        } else {
            &["v1", "transparency"]
        };
        let mut call = filters.on(Call::get(path));
        call.accept = "application/json, text/csv, application/problem+json";
        let response = self.send(&call).await?;
        let text = response.text().await;
        text.map_err(|e| ClientError::lost(self.server(), &e))
    }

    /// Asks whether items were asked about before.
    pub async fn look_up(&self, items: &serde_json::Value) -> Result<Reply<Lookups>, ClientError> {
        self.call(&Call::new(Method::POST, &["v1", "lookups"]).json(items.to_string()))
            .await
    }

    /// Asks whether the platform was asked about digests before.
    pub async fn look_up_digests(
        &self,
        digests: &serde_json::Value,
    ) -> Result<Reply<DigestLookups>, ClientError> {
        let call = Call::new(Method::POST, &["v1", "digests", "lookup"]);
        self.call(&call.json(digests.to_string())).await
    }

    /// Says that the platform has it.
    pub async fn acknowledge(
        &self,
        id: &str,
        etag: Option<&str>,
        platform_reference: Option<&str>,
    ) -> Result<Reply<Request>, ClientError> {
        let mut body = serde_json::Map::new();
        if let Some(reference) = platform_reference {
            body.insert("platform_reference".into(), reference.into());
        }
        self.change(Method::PUT, id, "acknowledgement", etag, &body)
            .await
    }

    /// Gives outcomes.
    pub async fn decide(
        &self,
        id: &str,
        etag: Option<&str>,
        decisions: &[Decision],
    ) -> Result<Reply<Request>, ClientError> {
        let body = json!({ "decisions": decisions });
        self.change(Method::POST, id, "decisions", etag, &body)
            .await
    }

    /// Closes, with one outcome for whatever is undecided when `remaining` is given.
    pub async fn close(
        &self,
        id: &str,
        etag: Option<&str>,
        remaining: Option<&Decision>,
    ) -> Result<Reply<Request>, ClientError> {
        let body = match remaining {
            Some(decision) => json!({ "remaining": decision }),
            None => json!({}),
        };
        self.change(Method::PUT, id, "closure", etag, &body).await
    }

    /// Asks, answers, reports an obstacle or its end, or notes.
    pub async fn message(
        &self,
        id: &str,
        etag: Option<&str>,
        message: &Message,
    ) -> Result<Reply<serde_json::Value>, ClientError> {
        let body = encode(message)?;
        let call = Call::new(Method::POST, &["v1", "requests", id, "messages"])
            .json(body)
            .if_match(etag);
        self.call(&call).await
    }

    /// Takes a request back; a text comes with its language.
    pub async fn withdraw(
        &self,
        id: &str,
        etag: Option<&str>,
        reason: &str,
        text: Option<(&str, &str)>,
    ) -> Result<Reply<Request>, ClientError> {
        let mut body = json!({ "reason": reason });
        if let Some((text, language)) = text {
            body["text"] = json!({ "text": text, "language": language });
        }
        self.change(Method::PUT, id, "withdrawal", etag, &body)
            .await
    }

    /// Opens a closed request again; the text comes with its language.
    pub async fn reopen(
        &self,
        id: &str,
        etag: Option<&str>,
        reason: &str,
        (text, language): (&str, &str),
    ) -> Result<Reply<Request>, ClientError> {
        let text = json!({ "text": text, "language": language });
        let body = json!({ "reason": reason, "text": text });
        self.change(Method::POST, id, "reopening", etag, &body)
            .await
    }

    /// Puts something right, or moves the end of a duty: a correction, a withdrawal, other outcomes, an extension.
    pub async fn mend(
        &self,
        method: Method,
        id: &str,
        what: &str,
        etag: &str,
        body: &serde_json::Value,
    ) -> Result<Reply<Request>, ClientError> {
        self.change(method, id, what, Some(etag), body).await
    }

    /// A form, with its labels in a language.
    pub async fn forms(
        &self,
        id: &str,
        form: &str,
        language: Option<&str>,
    ) -> Result<Reply<Forms>, ClientError> {
        let mut call = Call::get(&["v1", "requests", id, "forms", form]);
        if let Some(language) = language {
            call = call.query("language", language);
        }
        self.call(&call).await
    }

    /// What a statement of reasons for an item lacks.
    pub async fn statement_draft(
        &self,
        id: &str,
        item: &str,
    ) -> Result<Reply<serde_json::Value>, ClientError> {
        let place = ["v1", "requests", id, "items", item, "statement"];
        self.call(&Call::get(&place)).await
    }

    /// The statement of reasons for an item, with what only the platform knows.
    pub async fn statement(
        &self,
        id: &str,
        item: &str,
        given: &serde_json::Value,
    ) -> Result<Reply<serde_json::Value>, ClientError> {
        let place = ["v1", "requests", id, "items", item, "statement"];
        let call = Call::new(Method::POST, &place).json(encode(given)?);
        self.call(&call).await
    }

    /// Several at once, as the database takes them.
    pub async fn statements(
        &self,
        wanted: &serde_json::Value,
    ) -> Result<Reply<serde_json::Value>, ClientError> {
        let call = Call::new(Method::POST, &["v1", "statements"]).json(encode(wanted)?);
        self.call(&call).await
    }

    /// Starts an export of requests or imports; the body is read by the caller as it comes.
    pub async fn export(
        &self,
        what: &str,
        format: &str,
        filters: &Filters,
    ) -> Result<reqwest::Response, ClientError> {
        let mut call = filters.on(Call::get(&["v1", "exports", what]).query("format", format));
        call.accept = "application/x-ndjson, text/csv, application/problem+json, */*;q=0.1";
        self.send(&call).await
    }

    async fn change<B: Serialize>(
        &self,
        method: Method,
        id: &str,
        what: &str,
        etag: Option<&str>,
        body: &B,
    ) -> Result<Reply<Request>, ClientError> {
        let mut place = vec!["v1", "requests", id];
        place.extend(what.split('/'));
        let call = Call::new(method, &place).json(encode(body)?).if_match(etag);
        self.call(&call).await
    }
}

fn encode<B: Serialize>(body: &B) -> Result<String, ClientError> {
    serde_json::to_string(body).map_err(|source| ClientError::Decode {
        what: "the body to send".into(),
        source,
    })
}
