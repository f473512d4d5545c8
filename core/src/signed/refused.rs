//! Why a statement was refused. Nothing of the statement's own words is repeated but names of members.

use thiserror::Error;

use crate::{
    history::Digest,
    time::{At, rfc3339},
};

/// Why a statement was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[allow(missing_docs)]
pub enum Refused {
    #[error("it is larger than {0} bytes")]
    TooLarge(usize),
    #[error(
        "it is not written as {{\"protected\":…,\"payload\":…,\"signature\":…}}: one JSON object of these three texts, each once, without spaces, line breaks or escapes"
    )]
    Form,
    #[error(
        "`{0}` is not base64url as RFC 7515 writes it: no padding, no other characters, no bits left over"
    )]
    Encoding(&'static str),
    #[error("an unprotected `header` is not signed and not taken")]
    Unprotected,
    #[error("its header is not a JSON object in which each member comes once")]
    Header,
    #[error("its header has `crit`; no extension is understood here, so it must be refused")]
    Critical,
    #[error("its header has the member `{0}`; it has `alg`, `kid` and `typ` and nothing else")]
    HeaderMember(String),
    #[error("its header lacks `{0}`, or it is no text")]
    HeaderLacks(&'static str),
    #[error("`alg` is `none`: it is not signed at all")]
    None,
    #[error(
        "`alg` must be `EdDSA`, the algorithm of the key; what the header says never chooses it"
    )]
    Algorithm,
    #[error("`typ` must be `{0}`: it was made for another purpose")]
    Type(&'static str),
    #[error("`kid` must be the SHA-256 thumbprint of the key (RFC 7638): 43 characters")]
    KeyId,
    #[error("its payload is not a JSON object in which each member comes once, at any depth")]
    Payload,
    #[error("it was not signed by the key {0}")]
    Signature(String),
    #[error("`{member}` {wants}")]
    Claim {
        member: &'static str,
        wants: &'static str,
    },
    #[error("`iat` lies in the future; check the clock")]
    Future,
    #[error("`exp` has passed: sign it anew")]
    Expired,
    #[error("`exp` lies more than seven days after `iat`")]
    TooLong,
    #[error("it was signed for another unit")]
    Unit,
    #[error("it names another domain than the one the key was registered for")]
    Domain,
    #[error("it was signed for another platform than the one it would go to")]
    Audience,
    #[error("it says `{0}`, and this is another call")]
    Act(&'static str),
    #[error("the unit has signed something else under this `jti`; one is used once, for ever")]
    JtiUsed,
    #[error("it does not continue what the unit signed last of this request, {0}")]
    Replaces(Digest),
    #[error("this key is not known; register it first")]
    UnknownKey,
    #[error("this key waits for the operator's confirmation")]
    Unconfirmed,
    #[error("this key counts from {} on: it is known for too short a time", shown(.0))]
    TooYoung(At),
    #[error("this key was revoked at {}", shown(.0))]
    Revoked(At),
    #[error("{0}")]
    Key(String),
    #[error(
        "`{0}` would reach the platform with the signed bytes, and it may not see it; leave it out"
    )]
    Escrowed(&'static str),
}

impl Refused {
    /// The rule that was broken, as a code.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "size",
            Self::Form => "form",
            Self::Encoding(_) => "encoding",
            Self::Unprotected => "unprotected_header",
            Self::Header => "header",
            Self::Critical => "crit",
            Self::HeaderMember(_) => "header_member",
            Self::HeaderLacks(_) => "header_lacks",
            Self::None => "alg_none",
            Self::Algorithm => "alg",
            Self::Type(_) => "typ",
            Self::KeyId => "kid",
            Self::Payload => "payload",
            Self::Signature(_) => "signature",
            Self::Claim { .. } => "claim",
            Self::Future => "iat_future",
            Self::Expired => "expired",
            Self::TooLong => "exp_too_long",
            Self::Unit => "unit",
            Self::Domain => "domain",
            Self::Audience => "audience",
            Self::Act(_) => "act",
            Self::JtiUsed => "jti_used",
            Self::Replaces(_) => "replaces",
            Self::UnknownKey => "key_unknown",
            Self::Unconfirmed => "key_unconfirmed",
            Self::TooYoung(_) => "key_too_young",
            Self::Revoked(_) => "key_revoked",
            Self::Key(_) => "key",
            Self::Escrowed(_) => "escrowed",
        }
    }

    /// Where the rule is written down.
    #[must_use]
    pub const fn citation(&self) -> &'static str {
        match self {
            Self::Form | Self::Unprotected => "RFC 7515, section 7.2.2",
            Self::Encoding(_) => "RFC 7515, section 2",
            Self::Critical => "RFC 7515, section 4.1.11",
            Self::None | Self::Algorithm => "RFC 8725, sections 3.1 and 3.2",
            Self::Type(_) => "RFC 8725, section 3.11",
            Self::Audience => "RFC 8725, section 3.9",
            Self::KeyId => "RFC 7638",
            Self::Key(_) => "RFC 7517, RFC 8037",
            _ => "docs/signed-requests.md",
        }
    }

    /// The place: a JSON pointer into the statement's payload for claims, `/protected` and the like for the rest.
    #[must_use]
    pub fn pointer(&self) -> String {
        let place = match self {
            Self::TooLarge(_) | Self::Form => "",
            Self::Encoding(member) => *member,
            Self::Unprotected => "header",
            Self::Header
            | Self::Critical
            | Self::HeaderMember(_)
            | Self::HeaderLacks(_)
            | Self::None
            | Self::Algorithm
            | Self::Type(_)
            | Self::KeyId
            | Self::UnknownKey
            | Self::Unconfirmed
            | Self::TooYoung(_)
            | Self::Revoked(_) => "protected",
            Self::Payload => "payload",
            Self::Signature(_) => "signature",
            Self::Claim { member, .. } => *member,
            Self::Future => "iat",
            Self::Expired | Self::TooLong => "exp",
            Self::Unit => "unit",
            Self::Domain => "domain",
            Self::Audience => "aud",
            Self::Act(_) => "act",
            Self::JtiUsed => "jti",
            Self::Replaces(_) => "replaces",
            Self::Key(_) => "jwk",
            Self::Escrowed(member) => *member,
        };
        match place {
            "" => String::new(),
            place => format!("/{}", place.replace('.', "/")),
        }
    }
}

fn shown(at: &At) -> String {
    rfc3339(*at)
}
