//! Keeping what was removed: held, extended, released, deleted.

pub mod delete;
pub mod extend;
pub mod hold;
pub mod release;
