//! The way out to names and addresses that others give: who is asked for them, where it may lead, and what is seen there.
//!
//! Whoever registers a webhook, or claims a host, makes this exchange call an address of his choice, so nothing may be reached that
//! he could not reach himself: each name is resolved once for each attempt, all of its addresses must be public, and the
//! connection goes to one of exactly these. No redirect is followed and no proxy of the environment is used.

mod guard;
mod guarded;
mod names;
mod prover;
mod sink;

pub use guard::{Guard, Refused};
pub use guarded::Guarded;
pub use names::Names;
pub use prover::Prover;
pub use sink::Sink;
