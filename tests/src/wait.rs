//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long a condition may take before the story fails. Generous: only a defect reaches it.
pub const PATIENCE: Duration = Duration::from_secs(60);

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Looks until `look` finds something, and returns it. Panics naming `what` when patience ends.
pub async fn until<T, F>(what: &str, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "waited {PATIENCE:?} in vain for {what}"
        );
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// The same for what needs no awaiting. Blocks the thread, so it also works while dropping and starting.
pub fn until_blocking<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "waited {PATIENCE:?} in vain for {what}"
        );
        std::thread::sleep(BETWEEN_LOOKS);
    }
}
