//! The transparency report: published for everybody, and with every number for those whose requests are counted.
//!
//! What is published was counted before anybody asks for it, by a job of the worker and for a whole year at once, because
//! what may be told of a month depends on what is told of its year. Whoever asks gets what lies ready.

mod own;
mod publish;
mod published;
mod reading;
#[cfg(test)]
mod tests;

pub use own::{Counting, own};
pub use publish::{Publishing, publish};
pub use published::{Edition, Editions, Published, published};
