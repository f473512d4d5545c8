//! What the form sends.

use actix_web::HttpRequest;

use super::Wrong;
use crate::web::form::{Fields, Unread};

/// What the form sends.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Typed {
    /// What is said against the measure.
    pub text: String,
    /// Its language.
    pub language: String,
}

impl Typed {
    /// Reads the body of a request.
    pub(super) fn read(request: &HttpRequest, body: &[u8]) -> Result<Self, Wrong> {
        let wanted = |name: &str| matches!(name, "text" | "language");
        let fields = Fields::read(request, body, wanted).map_err(|unread| match unread {
            Unread::Unreadable => Wrong::Unreadable,
            Unread::Encoding => Wrong::Encoding,
        })?;
        Ok(Self {
            text: fields.get("text").to_owned(),
            language: fields.get("language").to_owned(),
        })
    }
}
