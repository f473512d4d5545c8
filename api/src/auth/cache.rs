//! Tokens that were verified already, by their digest: a second look costs one hash.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::jose::{AccessToken, LEEWAY_SECONDS};

const SHARDS: usize = 16;
/// Together at most 32,768 tokens, about eight megabytes: ten thousand platforms that poll have as many, and twice that while they
/// change to their next ones.
const PER_SHARD: usize = 2_048;

type Shard = HashMap<[u8; 32], Arc<AccessToken>>;

/// Bounded: when a shard is full, what has expired goes first, then half of the rest. If all of it went, callers in rotation who are a
/// few more than there is room for would find nothing ever.
pub(super) struct VerifiedTokens {
    shards: [Mutex<Shard>; SHARDS],
}

/// Digest of a token, under which it is remembered.
pub(super) fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

impl VerifiedTokens {
    pub(super) fn new() -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::new(Shard::new())),
        }
    }

    fn shard(&self, digest: &[u8; 32]) -> std::sync::MutexGuard<'_, Shard> {
        self.shards[usize::from(digest[0]) % SHARDS]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, unless it is unknown or has expired by `now` (seconds since 1970).
    pub(super) fn get(&self, digest: &[u8; 32], now: i64) -> Option<Arc<AccessToken>> {
        let token = self.shard(digest).get(digest).cloned()?;
        (token.expires_at > now - LEEWAY_SECONDS).then_some(token)
    }

    pub(super) fn put(&self, digest: [u8; 32], token: Arc<AccessToken>, now: i64) {
        let mut shard = self.shard(&digest);
        if shard.len() >= PER_SHARD {
            shard.retain(|_, kept| kept.expires_at > now - LEEWAY_SECONDS);
            if shard.len() >= PER_SHARD {
                let mut stays = false;
                shard.retain(|_, _| {
                    stays = !stays;
                    stays
                });
            }
        }
        shard.insert(digest, token);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| shard.lock().map_or(0, |shard| shard.len()))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use takedown_core::policy::Scopes;

    fn put(cache: &VerifiedTokens, number: usize) {
        let token = AccessToken {
            client: crate::auth::fixture::id("client_x"),
            scopes: Scopes::all(),
            issued_at_ms: 0,
            expires_at: 100,
            jti: number.to_string(),
        };
        cache.put(digest(&number.to_string()), Arc::new(token), 0);
    }

    #[test]
    fn ten_thousand_in_rotation_are_all_found_and_of_too_many_some() {
        let cache = VerifiedTokens::new();
        let round = |callers: usize| {
            let known = |number: &usize| {
                let found = cache.get(&digest(&number.to_string()), 0).is_some();
                if !found {
                    put(&cache, *number);
                }
                found
            };
            (0..callers).filter(known).count()
        };
        round(10_000);
        assert_eq!(round(10_000), 10_000);
        let too_many = SHARDS * PER_SHARD * 5 / 4;
        round(too_many);
        assert!(round(too_many) > too_many / 4);
    }

    #[test]
    fn the_cache_forgets_what_expired_and_stays_bounded() {
        let cache = VerifiedTokens::new();
        for number in 0..50_000 {
            put(&cache, number);
        }
        assert!(cache.len() <= SHARDS * PER_SHARD);
        let last = digest("49999");
        assert!(cache.get(&last, 99).is_some());
        assert!(cache.get(&last, 110).is_none());
        assert!(cache.get(&digest("never"), 0).is_none());
    }
}
