//! Access tokens.

use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;
use super::server::Server;

/// Access tokens.
#[derive(Debug, Clone)]
pub struct Oauth {
    /// Life of an access token.
    pub token_lifetime: Duration,
    /// The issuer identifier (RFC 8414), which clients put as `aud` into their assertions.
    pub issuer: String,
}

pub(super) const KEYS: &[&Key] = &[&TOKEN_LIFETIME, &ISSUER];

static TOKEN_LIFETIME: Key = Key {
    name: "oauth.token_lifetime",
    preset: Preset::Value("300s"),
    accepts: "a duration from 60s to 3600s, such as 300s",
    about: "Life of an access token. Suspension works at once whatever it is.",
    privacy: Privacy::Open,
};
static ISSUER: Key = Key {
    name: "oauth.issuer",
    preset: Preset::Derived("server.public_url"),
    accepts: "an origin, such as https://takedown.example",
    about: "Issuer identifier (RFC 8414) and the one accepted audience of client assertions.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader, server: Option<&Server>) -> Option<Oauth> {
    let token_lifetime = reader.value(
        &TOKEN_LIFETIME,
        parse::duration_within(Duration::from_secs(60), Duration::from_secs(3_600)),
    );
    let issuer = match (reader.optional(&ISSUER, parse::origin)?, server) {
        (Some(issuer), _) => issuer,
        (None, Some(server)) => {
            reader.derived(&ISSUER, &server.public_url, "from server.public_url");
            server.public_url.clone()
        }
        (None, None) => return None,
    };
    Some(Oauth {
        token_lifetime: token_lifetime?,
        issuer,
    })
}
