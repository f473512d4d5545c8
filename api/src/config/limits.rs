//! Rate limits. They hold per node: with several nodes a caller gets the sum.

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;

/// Rate limits.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Whether anything is limited at all.
    pub enabled: bool,
    /// Calls per minute that one client may make on average.
    pub client_per_minute: u32,
    /// Calls that one client may make at once after a pause.
    pub client_burst: u32,
    /// Token requests per minute from one address on average.
    pub token_per_minute: u32,
    /// Token requests that one address may make at once after a pause.
    pub token_burst: u32,
    /// Check codes per minute that may be looked up from one address on average.
    pub check_per_minute: u32,
    /// Such codes that may be looked up from one address at once after a pause.
    pub check_burst: u32,
    /// Locators and digests per minute that one client may look up on average.
    pub lookups_per_minute: u32,
    /// Locators and digests that one client may look up at once after a pause.
    pub lookups_burst: u32,
}

pub(super) const KEYS: &[&Key] = &[
    &ENABLED,
    &CLIENT_PER_MINUTE,
    &CLIENT_BURST,
    &TOKEN_PER_MINUTE,
    &TOKEN_BURST,
    &CHECK_PER_MINUTE,
    &CHECK_BURST,
    &LOOKUPS_PER_MINUTE,
    &LOOKUPS_BURST,
];

static ENABLED: Key = Key {
    name: "limits.enabled",
    preset: Preset::Value("true"),
    accepts: "true or false",
    about: "Whether calls are limited at all.",
    privacy: Privacy::Open,
};
static CLIENT_PER_MINUTE: Key = Key {
    name: "limits.client_per_minute",
    preset: Preset::Value("1200"),
    accepts: "a whole number from 1 to 10000000",
    about: "Calls per minute that one client may make on average. A batch is one call; an answer 304 costs nothing.",
    privacy: Privacy::Open,
};
static CLIENT_BURST: Key = Key {
    name: "limits.client_burst",
    preset: Preset::Value("300"),
    accepts: "a whole number from 1 to 1000000",
    about: "Calls that one client may make at once after a pause.",
    privacy: Privacy::Open,
};
static TOKEN_PER_MINUTE: Key = Key {
    name: "limits.token_per_minute",
    preset: Preset::Value("60"),
    accepts: "a whole number from 1 to 10000000",
    about: "Token requests per minute from one address (one /64 network for IPv6) on average.",
    privacy: Privacy::Open,
};
static TOKEN_BURST: Key = Key {
    name: "limits.token_burst",
    preset: Preset::Value("30"),
    accepts: "a whole number from 1 to 1000000",
    about: "Token requests that one address may make at once after a pause.",
    privacy: Privacy::Open,
};
static CHECK_PER_MINUTE: Key = Key {
    name: "limits.check_per_minute",
    preset: Preset::Value("60"),
    accepts: "a whole number from 1 to 10000000",
    about: "Check codes of mails and codes of objections that may be looked up per minute from one address (one /64 network for IPv6) on average.",
    privacy: Privacy::Open,
};
static CHECK_BURST: Key = Key {
    name: "limits.check_burst",
    preset: Preset::Value("30"),
    accepts: "a whole number from 1 to 1000000",
    about: "Such codes that may be looked up from one address at once after a pause.",
    privacy: Privacy::Open,
};

static LOOKUPS_PER_MINUTE: Key = Key {
    name: "limits.lookups_per_minute",
    preset: Preset::Value("6000"),
    accepts: "a whole number from 1 to 10000000",
    about: "Locators and digests per minute that one client may look up on average. Each of them counts, and so does each item of a filing that asks to be refused when it repeats.",
    privacy: Privacy::Open,
};
static LOOKUPS_BURST: Key = Key {
    name: "limits.lookups_burst",
    preset: Preset::Value("3000"),
    accepts: "a whole number from 1000 to 10000000",
    about: "Locators and digests that one client may look up at once after a pause; one call may have 1,000.",
    privacy: Privacy::Open,
};

pub(super) fn read(reader: &mut Reader) -> Option<Limits> {
    let enabled = reader.value(&ENABLED, parse::truth);
    let client_per_minute = reader.value(&CLIENT_PER_MINUTE, parse::within(1_u32, 10_000_000));
    let client_burst = reader.value(&CLIENT_BURST, parse::within(1_u32, 1_000_000));
    let token_per_minute = reader.value(&TOKEN_PER_MINUTE, parse::within(1_u32, 10_000_000));
    let token_burst = reader.value(&TOKEN_BURST, parse::within(1_u32, 1_000_000));
    let check_per_minute = reader.value(&CHECK_PER_MINUTE, parse::within(1_u32, 10_000_000));
    let check_burst = reader.value(&CHECK_BURST, parse::within(1_u32, 1_000_000));
    let lookups_per_minute = reader.value(&LOOKUPS_PER_MINUTE, parse::within(1_u32, 10_000_000));
    let lookups_burst = reader.value(&LOOKUPS_BURST, parse::within(1_000_u32, 10_000_000));
    Some(Limits {
        enabled: enabled?,
        client_per_minute: client_per_minute?,
        client_burst: client_burst?,
        token_per_minute: token_per_minute?,
        token_burst: token_burst?,
        check_per_minute: check_per_minute?,
        check_burst: check_burst?,
        lookups_per_minute: lookups_per_minute?,
        lookups_burst: lookups_burst?,
    })
}
