//! The way out to addresses that others name: where it may lead, and what is read of the answer.
//!
//! Whoever registers a webhook makes this exchange call an address of his choice, so nothing may be reached that he could not
//! reach himself: each name is resolved once for each attempt, all of its addresses must be public, and the connection goes to one
//! of exactly these. No redirect is followed and no proxy of the environment is used.

mod guard;
mod sender;

pub use guard::{Guard, Refused};
pub use sender::{Attempt, Call, Sender, USER_AGENT};
