//! Persistence on SQLite and PostgreSQL: one query code for both.
//!
//! [`Store`] runs jobs on threads that own a connection each. What differs between the two databases lives in
//! [`backend`]; every other file speaks diesel's common dialect. Only `app` and the worker may use this room.

pub mod agencies;
pub mod backend;
pub mod bounces;
pub mod claims;
pub mod clients;
pub mod collections;
mod conn;
pub mod corrections;
pub mod decisions;
pub mod documents;
pub mod erasure;
mod error;
mod executor;
pub mod export;
pub mod exports;
pub mod feed;
pub mod history;
pub mod idempotency;
pub mod imports;
pub mod internal_notes;
pub mod links;
pub mod log;
pub mod messages;
pub mod notices;
pub mod objections;
pub mod operations;
pub mod outbox;
pub mod oversight;
#[cfg(test)]
pub(crate) mod plan;
pub mod platforms;
pub mod private_feeds;
pub mod receipts;
pub mod record;
pub mod registry;
pub mod repeats;
pub mod requests;
pub mod sandbox;
pub mod saved_texts;
pub mod schema;
pub mod sealing_keys;
pub mod sightings;
pub mod signed;
pub mod statements;
pub mod transparency;
mod update;
pub mod webhooks;
pub mod wishes;

pub use conn::Conn;
pub use error::{Constraint, StoreError};
pub use executor::{Failure, Store, noting};
