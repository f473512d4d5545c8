//! The hallway: every use case, whichever door it came through.
//!
//! A use case is `verb(cx, caller, …)`. It asks the policy, lets the core decide inside one commit, and hands back a
//! view; the doors render it and contain no decisions. Only this room and the worker call the store.

pub mod agencies;
pub mod bootstrap;
mod caller;
pub mod claims;
pub mod clients;
mod clock;
pub mod collections;
mod cx;
pub mod deliveries;
mod error;
pub mod export;
pub mod feeds;
pub mod forms;
pub mod health;
pub mod housekeeping;
pub mod imports;
pub mod inbox;
pub mod instruments;
pub mod log;
pub mod notices;
pub mod notify;
pub mod once;
pub mod operations;
pub mod pages;
pub mod parties;
pub mod platforms;
pub mod private_feeds;
pub mod reads;
pub mod registering;
pub mod registry;
pub mod repeats;
pub mod replica;
pub mod requests;
pub mod retention;
pub mod sandbox;
pub mod scrutinies;
pub mod sightings;
pub mod signed;
pub mod statements;
#[cfg(test)]
pub(crate) mod tests;
pub mod texts;
pub mod tokens;
pub mod transparency;
pub mod values;
pub mod webhooks;

pub use crate::store::StoreError;
pub use caller::Caller;
pub use clock::Clock;
pub use cx::{Cx, Settings};
pub use error::{Broken, Error, FieldError};
