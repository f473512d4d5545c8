//! Calls about other authorities: scrutiny, notices, final orders.

use reqwest::Method;
use serde_json::Value;

use super::{Call, Client, ClientError, Reply};

impl Client {
    /// Puts something at a path, on the version that was read.
    ///
    /// # Errors
    /// As every call: see [`ClientError`].
    pub async fn put_at(
        &self,
        path: &[&str],
        etag: Option<&str>,
        body: &Value,
    ) -> Result<Reply<Value>, ClientError> {
        let call = Call::new(Method::PUT, path)
            .if_match(etag)
            .json(body.to_string());
        self.call(&call).await
    }
}
