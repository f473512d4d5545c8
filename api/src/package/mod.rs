//! The file of a package: one zip, written member by member and read by position, never as a whole.
//!
//! Every byte beside the members follows from them, so that a package has one form: whatever unpacks zip files opens it, and
//! one that was packed again is noticed.

mod bytes;
mod check;
mod layout;
mod open;
mod write;
mod zip;

#[cfg(test)]
mod tests;

pub use bytes::{Opened, ReadAt};
pub use check::{Checked, Told, check};
pub use open::Fault;
pub use write::Writer;
pub use zip::Zip;
