//! Rate limits by the generic cell rate algorithm: one instant per caller, exact, and with a way to give a call back.
//!
//! Giving back is why no library does it: an answer 304 costs nothing, and that is known only afterwards.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use takedown_core::id::ClientId;

use crate::config::limits::Limits;

const SHARDS: usize = 16;
/// Together at most 65,536 callers are remembered.
const PER_SHARD: usize = 4_096;
/// Test credentials cost a few rows each, for good; nobody needs many.
const CREDENTIALS_PER_MINUTE: u32 = 6;
const CREDENTIALS_BURST: u32 = 20;
const MINUTE_NS: u64 = 60_000_000_000;

/// A policy, as the headers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Name in the headers.
    pub name: &'static str,
    /// Calls that may be made at once.
    pub burst: u32,
    /// Time in which one call is regained, in nanoseconds.
    interval_ns: u64,
}

/// What a caller has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Of which policy.
    pub quota: Quota,
    /// Calls left now.
    pub remaining: u32,
    /// Seconds until everything is regained.
    pub full_in: u64,
    /// Seconds until the next call is let in, when this one was not.
    pub retry_after: Option<u64>,
}

/// Counts calls per key.
pub struct Limiter<K> {
    quota: Quota,
    started: Instant,
    hasher: RandomState,
    shards: [Mutex<HashMap<K, u64>>; SHARDS],
}

impl Quota {
    fn new(name: &'static str, per_minute: u32, burst: u32) -> Self {
        Self {
            name,
            burst: burst.max(1),
            interval_ns: MINUTE_NS / u64::from(per_minute.max(1)),
        }
    }

    /// Seconds in which the whole burst is regained.
    #[must_use]
    pub fn window(&self) -> u64 {
        seconds_up(self.capacity()).max(1)
    }

    fn capacity(&self) -> u64 {
        self.interval_ns.saturating_mul(u64::from(self.burst))
    }
}

fn seconds_up(nanoseconds: u64) -> u64 {
    nanoseconds.div_ceil(1_000_000_000)
}

impl<K: Hash + Eq> Limiter<K> {
    fn new(quota: Quota) -> Self {
        Self {
            quota,
            started: Instant::now(),
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::new(HashMap::new())),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> MutexGuard<'_, HashMap<K, u64>> {
        let index = usize::try_from(self.hasher.hash_one(key)).unwrap_or(0) % SHARDS;
        self.shards[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one call out of the caller's budget, if there is one.
    pub fn take<Q>(&self, key: &Q) -> Budget
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        self.take_at(key, self.now())
    }

    /// Takes several at once, or none.
    pub fn take_many<Q>(&self, key: &Q, count: u32) -> Budget
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        self.spend_at(key, count, self.now())
    }

    fn take_at<Q>(&self, key: &Q, now: u64) -> Budget
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        self.spend_at(key, 1, now)
    }

    fn spend_at<Q>(&self, key: &Q, count: u32, now: u64) -> Budget
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        let mut shard = self.shard(key);
        let known = shard.get_mut(key);
        let regained_at = known.as_deref().copied().unwrap_or(0).max(now);
        let cost = self.quota.interval_ns.saturating_mul(u64::from(count));
        let after = regained_at.saturating_add(cost);
        let used = after - now;
        if used > self.quota.capacity() {
            return Budget {
                quota: self.quota,
                remaining: 0,
                full_in: seconds_up(regained_at - now),
                retry_after: Some(seconds_up(used - self.quota.capacity()).max(1)),
            };
        }
        match known {
            Some(regained_at) => *regained_at = after,
            None => {
                if shard.len() >= PER_SHARD {
                    // Who has regained everything need not be remembered; if all are busy, all begin anew.
                    shard.retain(|_, regained_at| *regained_at > now);
                    if shard.len() >= PER_SHARD {
                        shard.clear();
                    }
                }
                shard.insert(key.to_owned(), after);
            }
        }
        Budget {
            quota: self.quota,
            remaining: u32::try_from((self.quota.capacity() - used) / self.quota.interval_ns)
                .unwrap_or(u32::MAX),
            full_in: seconds_up(used),
            retry_after: None,
        }
    }

    /// Gives one call back.
    pub fn give_back<Q>(&self, key: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        if let Some(regained_at) = self.shard(key).get_mut(key) {
            *regained_at = regained_at.saturating_sub(self.quota.interval_ns);
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| shard.lock().map_or(0, |shard| shard.len()))
            .sum()
    }
}

/// The limits of this node; `None` where nothing is limited.
pub struct RateLimits {
    /// Calls per client.
    pub clients: Option<Limiter<ClientId>>,
    /// Token requests per address.
    pub tokens: Option<Limiter<IpAddr>>,
    /// Check codes looked up per address.
    pub checks: Option<Limiter<IpAddr>>,
    /// Test credentials made in a sandbox, per address.
    pub credentials: Option<Limiter<IpAddr>>,
    /// Locators and digests that are looked up, per client.
    pub lookups: Option<Limiter<ClientId>>,
}

impl RateLimits {
    /// As configured.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let client = Quota::new("client", limits.client_per_minute, limits.client_burst);
        let token = Quota::new("token", limits.token_per_minute, limits.token_burst);
        let check = Quota::new("check", limits.check_per_minute, limits.check_burst);
        let credentials = Quota::new("credentials", CREDENTIALS_PER_MINUTE, CREDENTIALS_BURST);
        let lookup = Quota::new("lookup", limits.lookups_per_minute, limits.lookups_burst);
        Self {
            credentials: limits.enabled.then(|| Limiter::new(credentials)),
            lookups: limits.enabled.then(|| Limiter::new(lookup)),
            clients: limits.enabled.then(|| Limiter::new(client)),
            tokens: limits.enabled.then(|| Limiter::new(token)),
            checks: limits.enabled.then(|| Limiter::new(check)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    /// Sixty per minute, five at once.
    fn limiter() -> Limiter<String> {
        Limiter::new(Quota::new("client", 60, 5))
    }

    #[test]
    fn a_burst_is_let_in_and_then_one_per_interval() {
        let limiter = limiter();
        let left: Vec<u32> = (0..5).map(|_| limiter.take_at("a", 0).remaining).collect();
        assert_eq!(left, [4, 3, 2, 1, 0]);
        let refused = limiter.take_at("a", 0);
        assert_eq!(
            (refused.retry_after, refused.remaining, refused.full_in),
            (Some(1), 0, 5)
        );
        assert_eq!(limiter.take_at("a", SECOND).retry_after, None);
        assert!(limiter.take_at("a", SECOND).retry_after.is_some());
        assert_eq!(
            limiter.take_at("b", SECOND).remaining,
            4,
            "others are not concerned"
        );
        assert_eq!(
            limiter.take_at("a", 60 * SECOND).remaining,
            4,
            "all is regained"
        );
    }

    #[test]
    fn several_are_taken_together_or_not_at_all() {
        let limiter = limiter();
        assert_eq!(limiter.spend_at("a", 4, 0).remaining, 1);
        assert!(limiter.spend_at("a", 2, 0).retry_after.is_some());
        assert_eq!(limiter.spend_at("a", 1, 0).retry_after, None);
    }

    #[test]
    fn what_is_given_back_counts_as_never_taken() {
        let limiter = limiter();
        for _ in 0..100 {
            assert!(limiter.take_at("a", 0).retry_after.is_none());
            limiter.give_back("a");
        }
        assert_eq!(limiter.take_at("a", 0).remaining, 4);
        limiter.give_back("unknown");
    }

    #[test]
    fn the_number_of_remembered_callers_is_bounded() {
        let limiter = limiter();
        for number in 0..200_000_u32 {
            limiter.take_at(number.to_string().as_str(), u64::from(number));
        }
        assert!(limiter.len() <= SHARDS * PER_SHARD);
    }

    #[test]
    fn limits_can_be_switched_off() {
        let mut limits = Limits {
            enabled: false,
            client_per_minute: 1,
            client_burst: 1,
            token_per_minute: 1,
            token_burst: 1,
            check_per_minute: 1,
            check_burst: 1,
            lookups_per_minute: 1,
            lookups_burst: 1,
        };
        assert!(RateLimits::new(&limits).clients.is_none());
        limits.enabled = true;
        let on = RateLimits::new(&limits);
        assert_eq!(on.clients.unwrap().quota.window(), 60);
        assert!(on.tokens.is_some());
    }
}
