//! The stories: what people and programs do with the exchange, told through its public doors.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod architecture;
mod bad_calls;
mod bad_input;
mod batch;
mod command_line;
mod contract;
mod conversation;
mod crash;
mod examples;
mod export;
mod first_minutes;
mod forms;
mod generated_client;
mod harness;
mod idempotency;
mod inbox;
mod instruments;
mod leaks;
mod mail;
mod main_job;
mod mistakes;
mod nodes;
mod operations;
mod outages;
mod readme;
mod real_notices;
mod repeats;
mod statements;
mod suspension;
mod taken_back;
mod tenancy;
mod texts;
mod tokens;
mod turns;
mod working_together;
