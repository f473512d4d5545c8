//! Instants as a person reads them: always with zone, in the recipient's zone and in UTC.
//!
//! Dates are year-month-day with a 24-hour clock in every language: no month names to mistake, and the same
//! characters can be found in the console. Seconds are cut off, so that a time to act by is never shown too late.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// `2026-03-14 13:00 CET`
pub(super) fn local(at: DateTime<Utc>, zone: Tz) -> String {
    let there = at.with_timezone(&zone);
    let abbreviation = there.format("%Z").to_string();
    // The time zone database names some zones only by their offset ("+03").
    let label = if abbreviation.starts_with(['+', '-']) {
        there.format("UTC%:z").to_string()
    } else {
        abbreviation
    };
    format!("{} {label}", there.format("%Y-%m-%d %H:%M"))
}

/// `2026-03-14 13:00 CET = 2026-03-14 12:00 UTC`
pub(super) fn both(at: DateTime<Utc>, zone: Tz) -> String {
    let here = local(at, zone);
    let utc = local(at, Tz::UTC);
    if here == utc {
        utc
    } else {
        format!("{here} = {utc}")
    }
}

/// `2026-03-14`, the day in UTC.
pub(super) fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn summer_and_winter_are_told_apart() {
        assert_eq!(
            both(at("2026-01-14T12:00:59Z"), Tz::Europe__Berlin),
            "2026-01-14 13:00 CET = 2026-01-14 12:00 UTC"
        );
        assert_eq!(
            local(at("2026-07-14T12:00:00Z"), Tz::Europe__Berlin),
            "2026-07-14 14:00 CEST"
        );
    }

    #[test]
    fn zones_without_a_name_show_their_offset() {
        assert_eq!(
            local(at("2026-01-14T22:30:00Z"), Tz::Asia__Riyadh),
            "2026-01-15 01:30 UTC+03:00"
        );
    }

    #[test]
    fn utc_is_said_once() {
        assert_eq!(
            both(at("2026-01-14T12:00:00Z"), Tz::UTC),
            "2026-01-14 12:00 UTC"
        );
    }
}
