//! The numbers of one table.

use super::metric::{CELLS, Metric, cell};
use super::spread::{Measure, Spread};

/// The counts and times of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figures {
    counts: Vec<u64>,
    times: [Spread; Measure::ALL.len()],
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            counts: vec![0; CELLS],
            times: std::array::from_fn(|_| Spread::default()),
        }
    }
}

impl Figures {
    /// Counts one more of a whole.
    pub(super) fn count(&mut self, whole: Metric) {
        self.count_code(whole, 0);
    }

    /// Counts one more under a code, by its place in [`Metric::codes`].
    pub(super) fn count_code(&mut self, metric: Metric, code: usize) {
        if let Some(count) = self.counts.get_mut(cell(metric, code)) {
            *count += 1;
        }
    }

    /// All counts, each at its place ([`cell`]).
    pub(super) fn counts(&self) -> &[u64] {
        &self.counts
    }

    pub(super) fn whole(&self, whole: Metric) -> u64 {
        self.counts.get(cell(whole, 0)).copied().unwrap_or(0)
    }

    pub(super) const fn time(&self, measure: Measure) -> &Spread {
        &self.times[measure as usize]
    }

    pub(super) const fn time_mut(&mut self, measure: Measure) -> &mut Spread {
        &mut self.times[measure as usize]
    }

    /// Adds what was counted elsewhere.
    pub(super) fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        for (times, more) in self.times.iter_mut().zip(&other.times) {
            times.merge(more);
        }
    }
}
