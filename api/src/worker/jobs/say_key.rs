//! Says again and again that this node's token key is in use, so that the others keep it.

use crate::app::{Cx, Error, tokens};
use crate::worker::{Job, Next, Stop};

/// The public half of a node's token key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeKey {
    /// Its name in token headers.
    pub kid: String,
    /// The key as a JSON Web Key.
    pub jwk: String,
}

/// See [`tokens::publish_key`].
pub struct SayKey {
    cx: Cx,
    key: NodeKey,
}

impl SayKey {
    /// The job for this node's key.
    #[must_use]
    pub fn new(cx: Cx, key: NodeKey) -> Self {
        Self { cx, key }
    }
}

impl Job for SayKey {
    fn name(&self) -> &'static str {
        "say_key"
    }

    async fn run(&self, _: &Stop) -> Result<Next, Error> {
        tokens::publish_key(&self.cx, &self.key.kid, &self.key.jwk).await?;
        Ok(Next::Wait)
    }
}
