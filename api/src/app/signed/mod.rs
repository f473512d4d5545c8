//! What units sign with keys of their own, and these keys.

mod keys;
mod list;
mod revoke;
mod statement;

pub use keys::{Key, KeyEntry, NewKey, add, confirm, permitted};
pub(in crate::app) use keys::{counts_now, known, known_of};
pub use list::{Use, list, uses};
pub use revoke::revoke;
pub use statement::{Signed, Statement};
pub(in crate::app) use statement::{
    addressed, changed, check, counted, earlier, keep, publishable,
};
