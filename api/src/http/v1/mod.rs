//! Version 1 of the API: one folder a resource, one file an endpoint.

pub mod exports;
pub mod inbox;
pub mod requests;
pub mod responses;
pub mod rules;
