//! Reading what callers send: sizes and depth are bounded, and every refusal says where it hurt.

mod authenticated;
mod body;
mod depth;
mod explain;
mod json;
mod objects;
mod query;
mod read;
mod rows;
mod rules;
mod signable;

pub use authenticated::Authenticated;
pub use body::{Body, MaybeBody, Sent, SentFiling};
pub use json::parse;
pub use query::Query;
pub use read::{BodyLimit, Deadline, MAX_DEPTH, Size, read};
pub use rows::Rows;
pub use rules::field_errors;
pub use signable::{JOSE, signable, signable_row};
