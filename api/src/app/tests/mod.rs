//! What tests of several rooms start from.

pub(crate) mod fixture;
pub(crate) mod patience;

pub(super) mod exchange;
mod oversight;
mod registry;
