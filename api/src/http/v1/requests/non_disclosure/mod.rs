//! How long the uploader may not be told: extended, lifted.

pub mod extend;
pub mod lift;
