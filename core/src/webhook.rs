//! Webhooks after Standard Webhooks 1.0.0: which addresses they may go to, and how they are signed.

mod address;
mod keys;

pub use address::{NotPublic, is_loopback, public};
pub use keys::{Keys, KeysError, SEALED_LENGTH, signatures};

use crate::text::coded_enum;

coded_enum! {
    /// Whether a webhook is told of events.
    pub enum WebhookStatus, "a status of a webhook" {
        /// It is.
        Active => "active",
        /// It is not; what happens meanwhile is told once it is active again.
        Disabled => "disabled",
    }
}

coded_enum! {
    /// Why a webhook is disabled.
    pub enum Disabled, "a reason why a webhook is disabled" {
        /// Its party wants it so.
        ByParty => "by_party",
        /// It answered 410 (Gone).
        Gone => "gone",
        /// A message was tried until the end of the schedule, and no other one arrived in that time.
        Failing => "failing",
    }
}
