//! Old records.

use reqwest::Method;
use serde_json::{Value, json};

use super::wire::{ImportAnswer, ImportedRecord, Page};
use super::{Call, Client, ClientError, Filters, Reply};

impl Client {
    /// Imports rows; each of `rows` is JSON.
    pub async fn import(
        &self,
        rows: &[&str],
        dry_run: bool,
    ) -> Result<Reply<ImportAnswer>, ClientError> {
        let body = format!("[{}]", rows.join(","));
        let mut call = Call::new(Method::POST, &["v1", "imports"]).json(body);
        if dry_run {
            call = call.query("dry_run", "true");
        }
        self.call(&call).await
    }

    /// One page of imported records.
    pub async fn imports(
        &self,
        filters: &Filters,
    ) -> Result<Reply<Page<ImportedRecord>>, ClientError> {
        self.call(&filters.on(Call::get(&["v1", "imports"]))).await
    }

    /// One imported record.
    pub async fn imported(&self, id: &str) -> Result<Reply<Value>, ClientError> {
        self.call(&Call::get(&["v1", "imports", id])).await
    }

    /// Takes an imported record back.
    pub async fn withdraw_import(
        &self,
        id: &str,
        reason: &str,
    ) -> Result<Reply<ImportedRecord>, ClientError> {
        let body = json!({ "reason": reason });
        let call = Call::new(Method::PUT, &["v1", "imports", id, "withdrawal"]);
        self.call(&call.json(body.to_string())).await
    }
}
