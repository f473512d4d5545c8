//! The token endpoint and its published description.

pub mod metadata;
pub mod token;

#[cfg(test)]
mod tests;
