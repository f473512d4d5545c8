//! Exports: for auditors, and for agencies of what they filed themselves.

mod requests;
#[cfg(test)]
mod tests;

use crate::http::register::Register;

/// Registers the endpoints.
pub fn configure(config: &mut impl Register) {
    config.service(requests::export_requests);
}
