//! Waiting for a condition, never for a time.
#![allow(clippy::panic)]

use std::time::{Duration, Instant};

/// How long a condition may take before the test fails. Generous: only a defect reaches it.
pub const PATIENCE: Duration = Duration::from_secs(60);

const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// Looks until the condition holds. Panics naming `what` when patience ends.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// What comes of it, which must not hang.
pub async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => panic!("waited in vain for {what}"),
    }
}
