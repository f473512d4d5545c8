//! How a sandbox misbehaves.

use std::time::Duration;

use super::key::{Key, Preset, Privacy};
use super::parse;
use super::reader::Reader;

/// How a sandbox misbehaves on purpose. Elsewhere nothing of it counts.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// Where the dice begin.
    pub seed: u32,
    /// Percent of the messages of webhooks that come twice.
    pub doubled: u8,
    /// Percent that come late.
    pub late: u8,
    /// The longest that one is late, by the clock of the sandbox.
    pub late_for: Duration,
    /// Percent that come after those that follow them.
    pub reordered: u8,
    /// Percent of the entries after which a stream of events breaks.
    pub cut: u8,
}

pub(super) const KEYS: &[&Key] = &[&SEED, &DOUBLED, &LATE, &LATE_FOR, &REORDERED, &CUT];

static SEED: Key = Key {
    name: "sandbox.seed",
    preset: Preset::Value("1"),
    accepts: "a whole number from 0 to 4294967295",
    about: "Only for `takedown sandbox`: where the dice begin. With the same seed the same places of each inbox meet the same misbehaviour.",
    privacy: Privacy::Open,
};
static DOUBLED: Key = Key {
    name: "sandbox.doubled",
    preset: Preset::Value("10"),
    accepts: PERCENT,
    about: "Only for `takedown sandbox`: how many of the messages of webhooks come twice, in percent.",
    privacy: Privacy::Open,
};
static LATE: Key = Key {
    name: "sandbox.late",
    preset: Preset::Value("10"),
    accepts: PERCENT,
    about: "Only for `takedown sandbox`: how many of them come late, in percent.",
    privacy: Privacy::Open,
};
static LATE_FOR: Key = Key {
    name: "sandbox.late_for",
    preset: Preset::Value("20s"),
    accepts: "a duration from 100ms to 1h, such as 20s",
    about: "Only for `takedown sandbox`: how late at the most, by its clock; a tenth of it at the least.",
    privacy: Privacy::Open,
};
static REORDERED: Key = Key {
    name: "sandbox.reordered",
    preset: Preset::Value("10"),
    accepts: PERCENT,
    about: "Only for `takedown sandbox`: how many of them are held back for three seconds, so that what comes next overtakes them, in percent.",
    privacy: Privacy::Open,
};
static CUT: Key = Key {
    name: "sandbox.cut",
    preset: Preset::Value("5"),
    accepts: PERCENT,
    about: "Only for `takedown sandbox`: after how many of the entries a stream of events breaks, in percent.",
    privacy: Privacy::Open,
};

const PERCENT: &str = "a whole number from 0 to 100; `sandbox.doubled`, `sandbox.late` and `sandbox.reordered` come to 100 at the most";

pub(super) fn read(reader: &mut Reader) -> Option<Sandbox> {
    let seed = reader.value(&SEED, parse::within(0_u32, u32::MAX));
    let doubled = reader.value(&DOUBLED, parse::within(0_u8, 100));
    let late = reader.value(&LATE, parse::within(0_u8, 100));
    let late_for = reader.value(
        &LATE_FOR,
        parse::duration_within(Duration::from_millis(100), Duration::from_secs(3_600)),
    );
    let reordered = reader.value(&REORDERED, parse::within(0_u8, 100));
    let cut = reader.value(&CUT, parse::within(0_u8, 100));
    let sandbox = Sandbox {
        seed: seed?,
        doubled: doubled?,
        late: late?,
        late_for: late_for?,
        reordered: reordered?,
        cut: cut?,
    };
    let all = [sandbox.doubled, sandbox.late, sandbox.reordered];
    if all.iter().copied().map(u32::from).sum::<u32>() > 100 {
        let problem = "comes to more than 100 with sandbox.doubled and sandbox.late; one message meets one of them at the most";
        reader.contradiction(&REORDERED, problem);
        return None;
    }
    Some(sandbox)
}
