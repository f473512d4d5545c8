//! The REST door.

pub mod caller;
pub mod error;
pub mod extract;
pub mod headers;
pub mod health;
pub mod log;
pub mod middleware;
pub mod oauth;
pub mod openapi;
pub mod problem;
pub mod register;
pub mod routes;
pub mod streams;
pub mod taxii;
pub mod v1;
pub mod wire;
