//! Exports that are made as files, and downloaded in as many goes as it takes.

use reqwest::Method;
use serde_json::Value;

use super::wire::ExportFile;
use super::{Call, Client, ClientError, Reply};

impl Client {
    /// Asks for an export as a file.
    pub async fn make_export(&self, body: &Value) -> Result<Reply<ExportFile>, ClientError> {
        let call = Call::new(Method::POST, &["v1", "exports"]).json(body.to_string());
        self.call(&call).await
    }

    /// How it stands with one; waits two seconds for its end.
    pub async fn export_file(&self, id: &str) -> Result<Reply<ExportFile>, ClientError> {
        let mut call = Call::get(&["v1", "exports", id]);
        call.wait = Some(2);
        self.call(&call).await
    }

    /// Has one that failed made again.
    pub async fn retry_export(&self, id: &str) -> Result<Reply<ExportFile>, ClientError> {
        let call = Call::new(Method::POST, &["v1", "exports", id, "retry"]);
        self.call(&call).await
    }

    /// Starts to download one that is made from a byte on, as long as it is the file with this digest. The body is read by the
    /// caller as it comes; its status says whether it is a part (206) or all of it (200).
    pub async fn export_content(
        &self,
        id: &str,
        from: u64,
        sha256: &str,
    ) -> Result<reqwest::Response, ClientError> {
        let mut call = Call::get(&["v1", "exports", id, "content"]);
        call.accept = "application/octet-stream, application/problem+json, */*;q=0.1";
        if from > 0 {
            call.further = vec![
                ("range", format!("bytes={from}-")),
                ("if-range", format!("\"{sha256}\"")),
            ];
        }
        self.send(&call).await
    }
}
