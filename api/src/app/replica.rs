//! A replica of the database, from which exports are read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::store::Store;

/// A replica, and how often it could not be used. Cheap to clone.
#[derive(Clone)]
pub struct Replica {
    pub(in crate::app) store: Store,
    passed_over: Arc<AtomicU64>,
}

impl Replica {
    /// A replica behind this store, which only reads.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            passed_over: Arc::default(),
        }
    }

    /// How often the primary was read in its place.
    #[must_use]
    pub fn times_passed_over(&self) -> u64 {
        self.passed_over.load(Ordering::Relaxed)
    }

    pub(in crate::app) fn passed_over(&self, why: &str) {
        self.passed_over.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(
            why,
            "the replica cannot be used; an export reads from the primary"
        );
    }
}
