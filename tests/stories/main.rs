//! The stories: what people and programs do with the exchange, told through its public doors.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod harness;
