//! What tests of several rooms start from.

pub(crate) mod fixture;

pub(super) mod exchange;
mod registry;
