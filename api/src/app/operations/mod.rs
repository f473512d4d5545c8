//! Operations: requests that belong together over several platforms, and the agencies that work on them together.

mod list;
mod part;
mod place;
mod requests;
mod team;
mod view;

pub(in crate::app) use part::{INVITED, load as load_part, reference as part_reference};
pub(in crate::app) use place::{for_filing, of_request, put};

pub use list::{List, Wanted, list, read};
pub use part::{PartEvent, PartView};
pub use place::{Adding, New, add, open};
pub use requests::{Placed, PlacedList, requests};
pub use team::{answer, invite, remove};
pub use view::{MemberView, OperationBrief, OperationView};
