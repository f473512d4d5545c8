//! Keys with which an agency signs.

pub mod add;
pub mod confirm;
pub mod list;
pub mod revoke;
pub mod uses;
pub mod view;
