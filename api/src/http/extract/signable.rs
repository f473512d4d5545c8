//! A body that may be signed by the unit: JSON as it is, or inside a JWS.

use actix_web::{HttpRequest, web};
use bytes::Bytes;
use serde::de::DeserializeOwned;
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
    if media != JOSE {
        return Ok(Signable {
            value: parse(&bytes)?,
            bytes,
            statement: None,
        });
    }
    let (statement, body) = Statement::read(&bytes, act).map_err(Error::from)?;
    Ok(Signable {
        value: parse(&body)?,
        bytes,
        statement: Some(statement),
    })
}
