//! The REST door.

pub mod extract;
pub mod middleware;
pub mod oauth;
pub mod problem;
