//! The export as its callers see it, on a real database.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod files;
mod rows;
mod stream;
mod trouble;
mod world;
