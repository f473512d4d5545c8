//! Why a use case did not do what was asked.

use takedown_core::policy::Denied;
use takedown_core::request::Illegal;
use takedown_core::signed::Refused;

use super::repeats::Repeat;
use crate::store::{Failure, StoreError};

/// One thing that is wrong with the input, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl FieldError {
    /// An error at a place of the body.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

/// The refusals of the hallway; the doors translate them (`http::problem`).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the caller may not know that it does.
    #[error("there is no such thing")]
    NotFound,
    /// The caller's role does not allow this, and saying so reveals nothing.
    #[error("{0}")]
    Forbidden(String),
    /// The policy refused.
    #[error(transparent)]
    Denied(Denied),
    /// The input is well-formed but wrong.
    #[error("the input is not valid")]
    Invalid(Vec<FieldError>),
    /// The filing contradicts its instrument.
    #[error("the filing contradicts its instrument")]
    Contradiction(Vec<Broken>),
    /// What was signed does not count.
    #[error("the signature is refused: {0}")]
    Signature(Box<Refused>),
    /// The unit of this agency signs whatever it asks, and this is not signed.
    #[error("the agency has said that its unit signs whatever it asks, and this is not signed")]
    Unsigned,
    /// No platform is registered for some of the items.
    #[error("no platform is known for some items")]
    UnknownPlatform(Vec<FieldError>),
    /// The items belong to more than one platform.
    #[error("the items lie on several platforms")]
    SeveralPlatforms(Vec<(String, Vec<usize>)>),
    /// The core refused: the state of the request does not allow this, or the outcomes are not acceptable.
    #[error(transparent)]
    Refused(Box<Illegal>),
    /// The agency has used this reference for another filing.
    #[error("the agency reference was used before, for {0}")]
    DuplicateReference(String),
    /// Somebody may be at some of the items already, and the agency said not to file then; by the place of the item.
    #[error("some of it was asked about before and may be open still")]
    AskedAlready(Vec<(usize, Repeat)>),
    /// The idempotency key was used with another body.
    #[error("the idempotency key was used for another call")]
    KeyMismatch,
    /// `If-Match` names another version than the current one.
    #[error("the current version is {0}")]
    StaleVersion(i32),
    /// `If-Match` is needed.
    #[error("If-Match is required")]
    VersionRequired,
    /// A cursor is not one of ours, or belongs to somebody else.
    #[error("{0}")]
    Cursor(String),
    /// The host of a platform belongs to another one.
    #[error("{0}")]
    Conflict(String),
    /// It is being made, and is there in a moment.
    #[error("{0}")]
    Later(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A rule of an instrument that a filing broke.
#[derive(Debug, Clone)]
pub struct Broken {
    /// Which rule, as a code.
    pub rule: String,
    /// The article it comes from.
    pub citation: String,
    /// Where in the filing, and what would be right.
    pub at: FieldError,
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Signature(Box::new(refused))
    }
}

impl From<Illegal> for Error {
    fn from(illegal: Illegal) -> Self {
        Self::Refused(Box::new(illegal))
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::NotFound,
            other => Self::Denied(other),
        }
    }
}

impl Failure for Error {
    fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}
