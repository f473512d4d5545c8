//! Version 1 of the API: one folder a resource, one file an endpoint.

pub mod agencies;
pub mod clients;
pub mod deliveries;
pub mod doubts;
pub mod exports;
pub mod imports;
pub mod inbox;
pub mod instruments;
pub mod log;
pub mod lookups;
pub mod notices;
pub mod objections;
pub mod operations;
pub mod outreach;
pub mod paging;
pub mod platforms;
pub mod registry;
pub mod requests;
pub mod responses;
pub mod rules;
pub mod scrutinies;
pub mod sightings;
pub mod statements;
pub mod texts;
pub mod transparency;
pub mod webhooks;
