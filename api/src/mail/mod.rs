//! Mail: what it says, how it looks, how it leaves the house.
//!
//! Three pure steps and one that touches the world:
//! [`MailFacts`] holds everything a mail may say and nothing else, [`render`] turns it into text and HTML with the
//! same facts, [`Sender::compose`] makes the exact bytes, and [`Transport::send`] hands them over. [`retry`] says
//! when to try again. A mail never carries reasons, a note or a message, and a locator only
//! in the part for programs of whoever wished for that (see `docs/THREAT-MODEL.md`).

mod digest;
mod dkim;
mod event;
mod facts;
mod inert;
mod lang;
mod memo;
mod message;
mod phrases;
mod render;
pub mod retry;
mod returned;
mod setup;
mod sheet;
#[cfg(test)]
mod tests;
mod times;
mod transport;
mod xarf;

pub use digest::{DigestFacts, render_digest};
pub use dkim::{Dkim, DkimError};
pub use event::MailEvent;
pub use facts::{
    Asker, Counts, Document, Duty, FactsError, Link, MailFacts, MailSide, Member, Obstacle, Power,
    Span, Verified,
};
pub use lang::languages;
pub use memo::{MemoAbout, MemoFacts, render_memo};
pub use message::{BuildError, Mail, Sender};
pub use render::{Rendered, render};
pub use retry::{Retry, Schedule};
pub use returned::{Disbelieved, LONGEST as LONGEST_REPORT, ReturnPath, Returned};
pub use setup::{SetupError, check_public_url};
pub use sheet::RenderError;
pub use transport::{Delivery, Directory, Smtp, SmtpError, SmtpSettings, SmtpTls, Transport};
pub use xarf::{Report, web_address};
