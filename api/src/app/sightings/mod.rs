//! Where it moved next: what an agency saw elsewhere after a request, and what is to be done about it.

mod chain;
mod change;
mod contacts;
mod filing;
mod list;
mod outreach;
mod platform;
mod record;
mod view;

pub(in crate::app) use filing::of_filing;

pub use chain::{ChainRequest, ChainView, Direction, chain};
pub use change::{follow, retract, revise};
pub use contacts::{ContactsView, NewContacts, Pasted, ShownContact, contacts, set_contacts};
pub use list::{List, Wanted, list, read};
pub use outreach::{Outreach, OutreachEntry, Unanswered, WantedOutreach, outreach};
pub use platform::FoundContact;
pub use record::{NewSighting, record};
pub use view::SightingView;
