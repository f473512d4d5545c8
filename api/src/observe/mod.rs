//! Logs and metrics. Locators, notes and secrets never reach either.

mod escape;
pub mod logs;
pub mod metrics;

pub use logs::init;
pub use metrics::{Metrics, metrics_page};
