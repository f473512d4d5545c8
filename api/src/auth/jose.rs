//! The one verifier of compact JWS tokens, typed by purpose.
//!
//! Libraries accept more than a relying party should (any `typ`, unknown critical headers, tokens from the future, a
//! minute of leeway), so everything that is accepted here is listed, and the rest is refused (RFC 8725).

use std::marker::PhantomData;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};
use takedown_core::id::ClientId;
use takedown_core::json;
use takedown_core::policy::Scopes;

use super::key::PublicKey;

/// Longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 8 << 10;

/// How far clocks may differ, in seconds (FAPI 2.0: up to ten ahead are accepted).
pub const LEEWAY_SECONDS: i64 = 10;

/// Longest remaining life of a client assertion, in seconds.
pub const ASSERTION_SECONDS: i64 = 60;

/// Longest life of an access token, in seconds.
pub const ACCESS_SECONDS: i64 = 3_600;

/// Why a token was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three parts of base64url without padding, or too long.
    #[error("the token is not well-formed")]
    Form,
    /// A header that is no object of `alg`, `typ`, `kid`.
    #[error("the token's header has a member that is not accepted, lacks one, or has one twice")]
    Header,
    /// Made for another purpose.
    #[error("the token is of another type")]
    Type,
    /// Nobody's key.
    #[error("the token's key is not known")]
    UnknownKey,
    /// Another algorithm than the key's own.
    #[error("the token's algorithm is not that of the key")]
    Algorithm,
    /// Not signed by the key.
    #[error("the token's signature is wrong")]
    Signature,
    /// A claim is missing, twice there, or of a wrong form.
    #[error("the token lacks a claim or has one of a wrong form")]
    Claims,
    /// Made by somebody else.
    #[error("the token's issuer or subject is wrong")]
    Issuer,
    /// Made for somebody else.
    #[error("the token's audience is wrong")]
    Audience,
    /// Past its end.
    #[error("the token has expired")]
    Expired,
    /// Before its beginning.
    #[error("the token is from the future; check the clock")]
    Future,
    /// Valid for longer than is allowed.
    #[error("the token is valid for too long")]
    TooLong,
}

/// A kind of token. Sealed: the kinds are those of this file.
pub trait Purpose: sealed::Sealed + Sized {
    /// Whether the header's `typ` belongs to this kind.
    fn is_typ(typ: Option<&str>) -> bool;
    /// Checks what is particular to this kind and takes out what callers need.
    ///
    /// # Errors
    /// Whatever is wrong with the claims.
    fn from_claims(claims: &Claims, expected: &Expected<'_>) -> Result<Self, TokenError>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::AccessToken {}
    impl Sealed for super::ClientAssertion {}
}

/// What the verifier holds a token against.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Who must have made it.
    pub issuer: &'a str,
    /// For whom it must have been made.
    pub audience: &'a str,
    /// Now, in seconds since 1970.
    pub now: i64,
}

/// The claims that every token has, checked.
#[derive(Debug)]
pub struct Claims {
    subject: String,
    issued_at: i64,
    expires_at: i64,
    jti: String,
    all: Map<String, Value>,
}

/// One of our own access tokens (RFC 9068), verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Client that it was issued to.
    pub client: ClientId,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was issued, in milliseconds since 1970.
    pub issued_at_ms: i64,
    /// When it ends, in seconds since 1970.
    pub expires_at: i64,
    /// Its id.
    pub jti: String,
}

impl Purpose for AccessToken {
    fn is_typ(typ: Option<&str>) -> bool {
        typ == Some("at+jwt")
    }

    fn from_claims(claims: &Claims, _: &Expected<'_>) -> Result<Self, TokenError> {
        if claims.expires_at - claims.issued_at > ACCESS_SECONDS {
            return Err(TokenError::TooLong);
        }
        if text(&claims.all, "client_id")? != claims.subject {
            return Err(TokenError::Issuer);
        }
        let issued_at_ms = seconds(&claims.all, "issued_ms")?.ok_or(TokenError::Claims)?;
        if issued_at_ms.div_euclid(1_000) != claims.issued_at {
            return Err(TokenError::Claims);
        }
        Ok(Self {
            client: claims.subject.parse().map_err(|_| TokenError::Claims)?,
            scopes: Scopes::parse(text(&claims.all, "scope")?).map_err(|_| TokenError::Claims)?,
            issued_at_ms,
            expires_at: claims.expires_at,
            jti: claims.jti.clone(),
        })
    }
}

/// A client's proof of its key (RFC 7523), verified but not yet checked for reuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAssertion {
    /// The client.
    pub client: ClientId,
    /// Its id, good for one use.
    pub jti: String,
    /// When it ends, in seconds since 1970; the id must be remembered so long.
    pub expires_at: i64,
}

impl Purpose for ClientAssertion {
    /// The successor of RFC 7523 asks for `client-authentication+jwt`; libraries of today send `JWT` or nothing. Both are
    /// safe to take, because a registered key signs nothing else that we accept, and the audience is our issuer alone.
    fn is_typ(typ: Option<&str>) -> bool {
        matches!(typ, None | Some("client-authentication+jwt" | "JWT"))
    }

    fn from_claims(claims: &Claims, expected: &Expected<'_>) -> Result<Self, TokenError> {
        if claims.subject != expected.issuer {
            return Err(TokenError::Issuer);
        }
        if claims.expires_at > expected.now + ASSERTION_SECONDS + LEEWAY_SECONDS {
            return Err(TokenError::TooLong);
        }
        Ok(Self {
            client: claims.subject.parse().map_err(|_| TokenError::Claims)?,
            jti: claims.jti.clone(),
            expires_at: claims.expires_at,
        })
    }
}

/// A token that has the form of its kind; nothing in it may be believed yet.
#[derive(Debug)]
pub struct Unverified<'a, P> {
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
    kid: Option<String>,
    algorithm: String,
    purpose: PhantomData<P>,
}

impl<'a, P: Purpose> Unverified<'a, P> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// When it has not exactly the form of its kind.
    pub fn parse(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Form);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenError::Form)?;
        if payload.contains('.') {
            return Err(TokenError::Form);
        }
        let header = decode(header)?;
        let signature = decode(signature)?;
        let header = json::object(&header).ok_or(TokenError::Header)?;
        if header
            .keys()
            .any(|name| !matches!(name.as_str(), "alg" | "typ" | "kid"))
        {
            return Err(TokenError::Header);
        }
        let member = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(TokenError::Header),
        };
        if !P::is_typ(member("typ")?) {
            return Err(TokenError::Type);
        }
        Ok(Self {
            signed,
            payload,
            signature,
            kid: member("kid")?.map(str::to_owned),
            algorithm: member("alg")?.ok_or(TokenError::Header)?.to_owned(),
            purpose: PhantomData,
        })
    }

    /// The key that it says it is signed with.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Of whom it says that it speaks, for finding the key.
    ///
    /// # Errors
    /// When it does not say.
    pub fn alleged_subject(&self) -> Result<String, TokenError> {
        let claims = json::object(&decode(self.payload)?).ok_or(TokenError::Claims)?;
        text(&claims, "sub").map(str::to_owned)
    }

    /// Verifies the token with the key whose record was found by its kid.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify(self, key: &PublicKey, expected: &Expected<'_>) -> Result<P, TokenError> {
        if !key.algorithm().is_called(&self.algorithm) {
            return Err(TokenError::Algorithm);
        }
        if !key.verifies(self.signed.as_bytes(), &self.signature) {
            return Err(TokenError::Signature);
        }
        let claims = json::object(&decode(self.payload)?).ok_or(TokenError::Claims)?;
        P::from_claims(&common(claims, expected)?, expected)
    }
}

/// Checks the claims that every kind has.
fn common(all: Map<String, Value>, expected: &Expected<'_>) -> Result<Claims, TokenError> {
    let issuer = text(&all, "iss")?;
    let audience = text(&all, "aud")?;
    let subject = text(&all, "sub")?.to_owned();
    let jti = text(&all, "jti")?.to_owned();
    let expires_at = seconds(&all, "exp")?.ok_or(TokenError::Claims)?;
    let issued_at = seconds(&all, "iat")?.ok_or(TokenError::Claims)?;
    let not_before = seconds(&all, "nbf")?;
    if jti.is_empty() || jti.len() > 128 || !jti.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(TokenError::Claims);
    }
    if issuer != expected.issuer {
        return Err(TokenError::Issuer);
    }
    if audience != expected.audience {
        return Err(TokenError::Audience);
    }
    let latest = expected.now + LEEWAY_SECONDS;
    if issued_at > latest || not_before.is_some_and(|instant| instant > latest) {
        return Err(TokenError::Future);
    }
    if expires_at <= expected.now - LEEWAY_SECONDS {
        return Err(TokenError::Expired);
    }
    if expires_at <= issued_at {
        return Err(TokenError::Claims);
    }
    Ok(Claims {
        subject,
        issued_at,
        expires_at,
        jti,
        all,
    })
}

fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    BASE64URL_NOPAD
        .decode(part.as_bytes())
        .map_err(|_| TokenError::Form)
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Result<&'a str, TokenError> {
    claims
        .get(name)
        .and_then(Value::as_str)
        .ok_or(TokenError::Claims)
}

/// Whole, not negative, and small enough to be computed with.
fn seconds(claims: &Map<String, Value>, name: &str) -> Result<Option<i64>, TokenError> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => match value.as_i64() {
            Some(number) if (0..1 << 53).contains(&number) => Ok(Some(number)),
            _ => Err(TokenError::Claims),
        },
    }
}
