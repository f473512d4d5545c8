//! What the sides send each other besides decisions, and what each keeps for itself.

use std::collections::HashSet;

use bytes::Bytes;
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::wire::Text;
use super::{Call, Client, ClientError, Reply, header};

/// So many pages a list may have: an exchange must not fill this machine's memory.
const MOST_PAGES: usize = 10_000;

/// A document to be sent.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// What it is called.
    pub name: String,
    /// What it is, in words.
    pub text: Text,
    /// question, obstacle, obstacle_over, answer, note.
    pub kind: String,
    /// force_majeure, manifest_error, insufficient_information; only with `obstacle`.
    pub obstacle: Option<String>,
    /// The message it replies to.
    pub in_reply_to: Option<String>,
    /// The PDF.
    pub bytes: Bytes,
}

/// A document on its way here, its body unread.
#[derive(Debug)]
pub struct Downloaded {
    /// `Content-Disposition`.
    pub disposition: Option<String>,
    /// `Repr-Digest`.
    pub digest: Option<String>,
    /// The rest.
    pub response: reqwest::Response,
}

impl Client {
    /// Sends a document.
    pub async fn attach(
        &self,
        request: &str,
        document: &Attachment,
    ) -> Result<Reply<Value>, ClientError> {
        let mut call = Call::new(Method::POST, &["v1", "requests", request, "documents"])
            .bytes("application/pdf", document.bytes.clone())
            .query("name", document.name.as_str())
            .query("text", document.text.text.as_str())
            .query("language", document.text.language.as_str())
            .query("kind", document.kind.as_str());
        if let Some(obstacle) = &document.obstacle {
            call = call.query("obstacle", obstacle.as_str());
        }
        if let Some(earlier) = &document.in_reply_to {
            call = call.query("in_reply_to", earlier.as_str());
        }
        self.call(&call).await
    }

    /// Starts to download the document of a message.
    pub async fn document(&self, request: &str, message: &str) -> Result<Downloaded, ClientError> {
        let mut call = Call::get(&["v1", "requests", request, "documents", message]);
        call.accept = "application/pdf, application/problem+json";
        let response = self.send(&call).await?;
        Ok(Downloaded {
            disposition: header(response.headers(), "content-disposition"),
            digest: header(response.headers(), "repr-digest"),
            response,
        })
    }

    /// Every element of a list, page by page, each as the exchange sent it.
    ///
    /// # Errors
    /// [`ClientError::Endless`] for a list that leads back to where it was, or has more pages than any; those of each call.
    pub async fn every(
        &self,
        path: &[&str],
        query: &[(String, String)],
    ) -> Result<Vec<Value>, ClientError> {
        let mut found = Vec::new();
        let mut cursor: Option<String> = None;
        let mut seen = HashSet::new();
        loop {
            let mut query = query.to_vec();
            query.extend(cursor.take().map(|at| ("cursor".to_owned(), at)));
            let page = self.raw(Method::GET, path, &query, None).await?.body;
            let items = page["items"].as_array().cloned().unwrap_or_default();
            match page["next"].as_str() {
                Some(next) if !items.is_empty() => {
                    if seen.len() >= MOST_PAGES || !seen.insert(next.to_owned()) {
                        let what = path.join("/");
                        return Err(ClientError::Endless { what });
                    }
                    cursor = Some(next.to_owned());
                }
                _ => {}
            }
            found.extend(items);
            if cursor.is_none() {
                return Ok(found);
            }
        }
    }

    /// The saved text of this name, if there is one.
    pub async fn saved_text(&self, name: &str) -> Result<Option<Value>, ClientError> {
        let query = [("name".to_owned(), name.to_owned())];
        let found = self.every(&["v1", "texts"], &query).await?;
        Ok(found.into_iter().next())
    }

    /// A saved text with its placeholders filled.
    pub async fn filled(
        &self,
        id: &str,
        values: &Map<String, Value>,
    ) -> Result<Reply<Text>, ClientError> {
        let body = json!({ "values": values }).to_string();
        let call = Call::new(Method::POST, &["v1", "texts", id, "filled"]).json(body);
        self.call(&call).await
    }
}
