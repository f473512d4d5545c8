//! The takedown exchange: server, worker and command line in one binary.
//!
//! `docs/ARCHITECTURE.md` says which room may use which.

pub mod app;
pub mod auth;
pub mod boot;
pub mod cli;
pub mod client;
pub mod config;
pub mod http;
pub mod mail;
pub mod observe;
pub mod outward;
pub mod package;
pub mod store;
pub mod web;
pub mod webhook;
pub mod witness;
pub mod worker;
