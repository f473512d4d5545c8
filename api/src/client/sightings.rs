//! Where material moved, as other programs draw it.

use super::{Call, Client, ClientError};

impl Client {
    /// The chain of a request in one of its forms, as it comes.
    ///
    /// # Errors
    /// As every call: see [`ClientError`].
    pub async fn chain(
        &self,
        request: &str,
        direction: &str,
        format: &str,
    ) -> Result<String, ClientError> {
        let mut call = Call::get(&["v1", "requests", request, "chain"])
            .query("direction", direction)
            .query("format", format);
        call.accept =
            "application/json, application/xml, text/vnd.graphviz, application/problem+json";
        let response = self.send(&call).await?;
        let lost = |error| ClientError::lost(self.server(), &error);
        response.text().await.map_err(lost)
    }
}
