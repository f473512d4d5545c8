//! A private feed as it is answered: never with its address, but for the answer that made it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::once::Answer;
use crate::app::private_feeds::{self, FeedSecret};
use crate::http::v1::registry::created;
use crate::http::wire::Instant;

/// A private feed of your inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feed {
    /// Identifier, `feed_…`.
    pub id: String,
    /// What you call it.
    pub description: String,
    /// When it was opened.
    pub created_at: Instant,
}

/// A private feed that was just opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedWithUrl {
    /// The feed.
    #[serde(flatten)]
    pub feed: Feed,
    /// Where it is read, shown this once: whoever has the address reads the feed. `null` when the call is repeated with the same
    /// Idempotency-Key: who lost it ends the feed and opens another one.
    #[schema(required = true)]
    pub url: Option<String>,
}

impl Feed {
    /// What may be shown of one.
    #[must_use]
    pub fn of(feed: &private_feeds::PrivateFeed) -> Self {
        Self {
            id: feed.id.clone(),
            description: feed.description.clone(),
            created_at: Instant(feed.created_at),
        }
    }
}

/// 201 with the feed and, once, its address. No cache may keep it.
pub(super) fn with_url(
    feed: &private_feeds::PrivateFeed,
    secret: Option<&FeedSecret>,
    public_url: &str,
) -> Answer {
    let body = FeedWithUrl {
        feed: Feed::of(feed),
        url: secret.map(|secret| format!("{public_url}/feeds/{}.atom", secret.as_str())),
    };
    let mut answer = created(format!("/v1/feeds/{}", feed.id), None, &body);
    answer
        .headers
        .push(("cache-control".into(), "no-store".into()));
    answer
}
