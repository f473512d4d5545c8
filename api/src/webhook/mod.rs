//! Sending webhooks: one call with narrow limits, to an address that the room `outward` has judged.

mod sender;

pub use crate::outward::{Guard, Refused};
pub use sender::{Attempt, Call, Sender, USER_AGENT};
