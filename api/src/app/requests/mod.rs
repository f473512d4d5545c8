//! The request: filed, read, answered.

mod answer;
mod attribute;
mod batch;
mod check;
mod commit;
mod correct;
mod document;
mod file;
pub mod filing;
mod internal_note;
mod judge;
mod list;
mod load;
mod message;
mod parts;
pub mod power;
mod read;
mod reopen;
pub mod revision;
mod view;
mod withdraw;

pub(in crate::app) use commit::append;
pub(in crate::app) use internal_note::keeper;
pub(in crate::app) use load::{complete, identifier, scope_of};

pub use answer::{Decision, Expected, acknowledge, close, decide};
pub use attribute::{NewAttribution, attribute};
pub use batch::begin_batch;
pub use check::{CheckCode, Checked, check};
pub use correct::{ItemCorrection, NewCorrection, correct};
pub use document::{DocumentView, NewDocument, OpenDocument, open_document};
pub use file::{Filed, file};
pub use internal_note::{InternalNote, internal_notes, write_internal_note};
pub use list::{Filter, List, list};
pub use message::{MessageView, NewMessage, Saying, messages, write_message};
pub use read::{HistoryEntry, corrections, history, read};
pub use reopen::reopen;
pub use view::{InboxEvent, ItemView, RequestView};
pub use withdraw::{Withdrawal, withdraw};

pub(in crate::app) use commit::notify;
pub(in crate::app) use judge::filing_agency;
pub(crate) use view::from_rows;

#[cfg(test)]
mod tests;
