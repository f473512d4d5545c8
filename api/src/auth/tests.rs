#![allow(clippy::unwrap_used)]

mod access;
mod assertions;
mod keys;
