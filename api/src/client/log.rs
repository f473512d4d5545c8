//! What the log shows to everybody: proofs, checkpoints, hashes.

use serde::Deserialize;
use takedown_core::log::tile::Tile;

use super::{Call, Client, ClientError, header};

/// A proof as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The text of a `.tlog-proof`.
    pub text: String,
    /// The leaf hash of the entry in base64.
    pub leaf: String,
}

#[derive(Debug, Deserialize)]
struct Named {
    entries: Vec<String>,
}

impl Client {
    /// The proof of an entry; none while no signed checkpoint covers it, after so many seconds of waiting.
    pub async fn proof(&self, entry: &str, wait: u32) -> Result<Option<Proof>, ClientError> {
        let mut call = Call::get(&["v1", "log", "proofs", entry]);
        call.accept = "text/plain, application/problem+json, */*;q=0.1";
        call.wait = (wait > 0).then_some(wait);
        call.impatient = true;
        let answer = match self.send(&call).await {
            Ok(answer) => answer,
            Err(ClientError::Problem(problem)) if problem.code == "not-sealed" => return Ok(None),
            Err(other) => return Err(other),
        };
        let leaf = header(answer.headers(), "takedown-leaf").unwrap_or_default();
        let text = answer.text().await;
        let text = text.map_err(|e| ClientError::lost(self.server(), &e))?;
        Ok(Some(Proof { text, leaf }))
    }

    /// The entries that a receipt with this root, in hexadecimal, is for.
    pub async fn entries_of(&self, root: &str) -> Result<Vec<String>, ClientError> {
        let named = self
            .call::<Named>(&Call::get(&["v1", "log", "receipts", root]))
            .await?;
        Ok(named.body.entries)
    }

    /// The newest checkpoint that the log shows, as text.
    pub async fn checkpoint(&self) -> Result<String, ClientError> {
        let mut call = Call::get(&["log", "checkpoint"]);
        call.accept = "*/*";
        let answer = self.send(&call).await?;
        let text = answer.text().await;
        text.map_err(|e| ClientError::lost(self.server(), &e))
    }

    /// The bytes of a tile.
    pub async fn tile(&self, tile: Tile) -> Result<Vec<u8>, ClientError> {
        let path = format!("log/{tile}");
        let mut call = Call::get(&path.split('/').collect::<Vec<_>>());
        call.accept = "*/*";
        let answer = self.send(&call).await?;
        let bytes = answer.bytes().await;
        let bytes = bytes.map_err(|e| ClientError::lost(self.server(), &e))?;
        Ok(bytes.to_vec())
    }
}
