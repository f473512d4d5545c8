//! Values and decisions of the takedown exchange.
//!
//! No I/O, clock, randomness or environment: instants, identifiers and calendars come in as arguments,
//! so that every decision can be replayed. The words are those of `docs/GLOSSARY.md`.

pub mod age;
pub mod agency;
pub mod claim;
pub mod contact;
pub mod document;
pub mod ed25519;
pub mod export;
pub mod form;
pub mod history;
pub mod id;
pub mod imported;
pub mod instrument;
pub mod json;
pub mod locator;
pub mod log;
pub mod non_disclosure;
pub mod notice;
pub mod objection;
pub mod operation;
pub mod oversight;
pub mod package;
pub mod page;
pub mod platform;
pub mod policy;
pub mod preservation;
pub mod repeat;
pub mod request;
pub mod retention;
pub mod sighting;
pub mod signed;
pub mod statement;
pub mod text;
pub mod time;
pub mod tombstone;
pub mod transparency;
pub mod webhook;
pub mod xarf;
