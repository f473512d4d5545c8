//! Keys with which units sign.

use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;

/// Keys with which units sign.
#[derive(Debug, Clone)]
pub struct Signing {
    /// For how long a key must be known before it counts.
    pub key_age: Duration,
}

pub(super) const KEYS: &[&Key] = &[&KEY_AGE];

static KEY_AGE: Key = Key {
    name: "signing.key_age",
    preset: Preset::Value("24h"),
    accepts: "a duration from 0s to 30d, such as 24h",
    about: "For how long a unit's signing key must be known before what is signed with it counts, so that a stolen login cannot sign at once. A key that an earlier key of the unit cosigned counts at once.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader) -> Option<Signing> {
    let key_age = reader.value(
        &KEY_AGE,
        parse::duration_within(Duration::ZERO, Duration::from_secs(30 * 86_400)),
    );
    Some(Signing { key_age: key_age? })
}
