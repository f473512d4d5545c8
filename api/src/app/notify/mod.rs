//! What the worker needs of the hallway: notifications taken under a lease, judged on what is true now, and settled.
//!
//! Delivery is at least once. A process that dies between handing a mail over and settling it leaves a lease that
//! lapses; whoever takes the row next sends the same mail with the same `Message-ID`, by which mail programs know a
//! repeat. Nothing here talks to the network, and no transaction is open while somebody else does.

mod facts;
mod gather;
mod judge;
mod kept;
mod memo;
mod outbox;
mod queued;
mod remind;

pub use crate::store::wishes::DIGEST;
pub use facts::{Attached, Facts};
pub use gather::Digest;
pub(in crate::app) use judge::LINK_SENT;
pub use judge::{About, Letter, Verdict};
pub use kept::watch_kept;
pub use memo::{Memo, OPERATOR, remind_of_verifications};
pub(in crate::app) use memo::{WEBHOOK_DISABLED, queue};
pub use outbox::{Due, Lease, Outcome, SentMail, judge, lease, renew, settle};
pub(in crate::app) use queued::{queued, side_of};
pub use remind::remind;
