//! What time it is.

use takedown_core::time::{At, from_millis};

/// The clock of use cases. In tests time passes when the test says so, not while it sleeps.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    #[cfg(test)]
    ahead: std::sync::Arc<std::sync::atomic::AtomicI64>,
}

impl Clock {
    /// This instant, to the millisecond: what is shown, stored and compared is one and the same.
    #[must_use]
    pub fn now(&self) -> At {
        let now = chrono::Utc::now();
        #[cfg(test)]
        let now = now
            + chrono::TimeDelta::milliseconds(self.ahead.load(std::sync::atomic::Ordering::SeqCst));
        from_millis(now.timestamp_millis()).unwrap_or(now)
    }

    /// Lets time pass, for everybody who shares this clock.
    #[cfg(test)]
    pub(crate) fn pass(&self, time: chrono::TimeDelta) {
        self.ahead
            .fetch_add(time.num_milliseconds(), std::sync::atomic::Ordering::SeqCst);
    }
}
