//! Claims of platforms.

use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;

pub(super) const KEYS: &[&Key] = &[&LOOK_INTERVAL, &TIMEOUT];

static LOOK_INTERVAL: Key = Key {
    name: "claims.look_interval",
    preset: Preset::Value("10s"),
    accepts: "a duration from 1ms to 1d, such as 10s",
    about: "For how long a host is left alone after somebody had it looked at for the proof of a claim, whoever asks next. A look is at most five questions for records and four for addresses, with their repeats, and one call to the host.",
    privacy: Privacy::Open,
};
static TIMEOUT: Key = Key {
    name: "claims.timeout",
    preset: Preset::Value("10s"),
    accepts: "a duration from 100ms to 30s, such as 10s",
    about: "How long the file that proves a claim may take, from resolving the name to its last byte.",
    privacy: Privacy::Open,
};

/// Claims of platforms.
#[derive(Debug, Clone, Copy)]
pub struct Claims {
    /// For how long a host is left alone after a look.
    pub look_interval: Duration,
    /// How long the file may take.
    pub timeout: Duration,
}

pub(super) fn read(reader: &mut Reader) -> Option<Claims> {
    let look_interval = reader.value(
        &LOOK_INTERVAL,
        parse::duration_within(Duration::from_millis(1), Duration::from_secs(86_400)),
    );
    let timeout = reader.value(
        &TIMEOUT,
        parse::duration_within(Duration::from_millis(100), Duration::from_secs(30)),
    );
    Some(Claims {
        look_interval: look_interval?,
        timeout: timeout?,
    })
}
