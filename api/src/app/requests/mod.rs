//! The request: filed, read, answered.

mod answer;
mod attribute;
mod batch;
mod check;
mod commit;
mod correct;
mod document;
mod doubt;
mod erasure;
mod file;
pub mod filing;
mod internal_note;
mod judge;
pub(in crate::app) mod kept;
mod link;
mod list;
mod load;
mod message;
mod non_disclosure;
mod objection;
mod oversee;
pub mod oversight;
mod parts;
pub mod power;
mod preservation;
mod read;
mod readers;
mod reopen;
pub mod revision;
mod said;
mod tombstone;
mod undelivered;
mod view;
mod withdraw;

pub(in crate::app) use answer::{Acted, Doing, act_within};
pub(in crate::app) use commit::{Published, brought_about};
pub(in crate::app) use internal_note::keeper;
pub(in crate::app) use load::{complete, held_view, identifier, rows, scope_of};

pub use answer::{Decision, Expected, Render, acknowledge, close, decide};
pub use attribute::{NewAttribution, attribute};
pub use batch::{Tie, begin_batch, ties};
pub use check::{CheckCode, Checked, CheckedAbout, check};
pub use correct::{ItemCorrection, NewCorrection, correct};
pub use document::{DocumentView, NewDocument, OpenDocument, open_document};
pub use doubt::{Doubt, doubt, doubts, settle_doubt};
pub use erasure::{Hold, Ordered, erase, hold_of, lift_hold, place_hold};
pub(in crate::app) use erasure::{destroyed, erase_old};
pub use file::{Filed, file};
pub use internal_note::{InternalNote, internal_notes, write_internal_note};
pub use link::{
    AnswerLink, AnswerSecret, LinkStatus, MADE_BY_MAIL, Opened, enter_link, links_of, made_by,
    mint_link, not_mine, open_link, renew_link, revoke_links, send_link, spend_link,
};
pub use list::{Filter, List, list};
pub use message::{MessageView, NewMessage, Saying, messages, write_message};
pub use non_disclosure::{NewExtension, extend_non_disclosure, lift_non_disclosure};
pub use objection::{
    Looked, NewAnswer, ObjectionView, Objections, Spoken, Told, answer_objection, look, object,
    objections,
};
pub use oversee::{AskedScrutiny, ask_scrutiny, record_copy, record_final};
pub(in crate::app) use oversee::{refused as scrutiny_refused, scrutiny_of};
pub use preservation::{Holding, delete_preserved, extend_preservation, hold, release};
pub use read::{HistoryEntry, corrections, history, read, read_signed, read_unless};
pub(in crate::app) use read::{hand_over, preview};
pub use readers::{ReadEntry, readers};
pub use reopen::reopen;
pub use tombstone::{Drawn, NewTombstone, tombstone};
pub use undelivered::{Followed, Undelivered, undelivered};
pub(in crate::app) use undelivered::{given_up, given_up_since, refused};
pub use view::{InboxEvent, ItemView, RequestView};
pub use withdraw::{Withdrawal, withdraw};

pub(in crate::app) use commit::notify;
pub(in crate::app) use judge::filing_agency;
pub(crate) use view::from_rows;
pub(in crate::app) use withdraw::keep_annulments;

#[cfg(test)]
mod tests;
