//! The catalogue of powers, as data.
