//! Version 1 of the API: one folder a resource, one file an endpoint.

pub mod agencies;
pub mod clients;
pub mod deliveries;
pub mod exports;
pub mod inbox;
pub mod instruments;
pub mod lookups;
pub mod operations;
pub mod paging;
pub mod platforms;
pub mod registry;
pub mod requests;
pub mod responses;
pub mod rules;
pub mod statements;
pub mod texts;
