//! A body that may be signed by the unit: JSON as it is, or inside a JWS.

use actix_web::{HttpRequest, web};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use takedown_core::signed::Act;
use validator::Validate;

use super::json::parse;
use super::read::{Size, read};
use crate::app::Error;
use crate::app::signed::Statement;
use crate::http::problem::Problem;

/// How a JWS in its JSON form is announced (RFC 7515, section 9.2.1).
pub const JOSE: &str = "application/jose+json";
const EITHER: &[&str] = &["application/json", JOSE];

/// What the caller says, and the unit's signature where there is one.
#[derive(Debug)]
pub struct Signable<T> {
    /// What the body says; of a JWS, its payload without the claims. Problems point into it either way.
    pub value: T,
    /// The body byte for byte.
    pub bytes: Bytes,
    /// The JWS. Nothing in it may be believed yet.
    pub statement: Option<Statement>,
}

/// Reads such a body.
///
/// # Errors
/// As [`read`] and [`parse`], and `signature-refused` for a JWS that is not exactly of its form or does something else.
pub async fn signable<T: DeserializeOwned + Validate>(
    request: &HttpRequest,
    payload: web::Payload,
    act: Act,
    size: Size,
) -> Result<Signable<T>, Problem> {
    let (bytes, media) = read(request.clone(), payload.into_inner(), EITHER, size).await?;
    match media {
        JOSE => signed(bytes, act),
        _ => plain(bytes),
    }
}

/// Reads a row of a batch, which has no media type of its own: what has a member `protected` is a JWS, and no body of ours has one.
///
/// # Errors
/// As [`signable`].
pub fn signable_row<T: DeserializeOwned + Validate>(
    row: &[u8],
    act: Act,
) -> Result<Signable<T>, Problem> {
    #[derive(Deserialize)]
    struct Jws {
        #[serde(rename = "protected")]
        _header: IgnoredAny,
    }
    let bytes = Bytes::copy_from_slice(row.trim_ascii());
    match serde_json::from_slice::<Jws>(&bytes) {
        Ok(_) => signed(bytes, act),
        Err(_) => plain(Bytes::copy_from_slice(row)),
    }
}

fn plain<T: DeserializeOwned + Validate>(bytes: Bytes) -> Result<Signable<T>, Problem> {
    Ok(Signable {
        value: parse(&bytes)?,
        bytes,
        statement: None,
    })
}

fn signed<T: DeserializeOwned + Validate>(bytes: Bytes, act: Act) -> Result<Signable<T>, Problem> {
    let (statement, body) = Statement::read(&bytes, act).map_err(Error::from)?;
    Ok(Signable {
        value: parse(&body)?,
        bytes,
        statement: Some(statement),
    })
}
