//! The worker over a real store: what leaves, when, to whom, and what is written down about it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bounced;
mod hooks;
mod kept;
mod leases;
mod mail;
mod memos;
mod records;
mod remind;
mod runner;
mod smtp;
mod wishes;
mod world;
