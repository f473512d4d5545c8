//! The REST door.

pub mod extract;
pub mod problem;
