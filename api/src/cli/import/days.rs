//! Days and times as lists have them, in the time of the unit.

use chrono::{Days, LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use takedown_core::time::At;

/// A day, and the instant where the list has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) day: NaiveDate,
    pub(super) instant: Option<At>,
    /// Why the time of day that the list has was left out.
    pub(super) remark: Option<String>,
}

impl Moment {
    pub(super) const fn day(day: NaiveDate) -> Self {
        Self {
            day,
            instant: None,
            remark: None,
        }
    }

    /// An instant that says itself which one it is.
    pub(super) fn instant(at: At, zone: Tz) -> Self {
        Self {
            instant: Some(at),
            ..Self::day(at.with_timezone(&zone).date_naive())
        }
    }

    /// A time by the clock on the wall. Where the clocks were changed it may be none, or two: then only the day is known.
    pub(super) fn local(at: NaiveDateTime, zone: Tz) -> Self {
        let (instant, why) = match zone.from_local_datetime(&at) {
            LocalResult::Single(instant) => (Some(instant.to_utc()), None),
            LocalResult::None => (None, Some("did not exist, because the clocks went forward")),
            LocalResult::Ambiguous(..) => {
                (None, Some("was there twice, because the clocks went back"))
            }
        };
        let said = at.format("%Y-%m-%d %H:%M");
        Self {
            instant,
            remark: why.map(|why| format!("{said} {why} in {zone}; only the day was kept")),
            ..Self::day(at.date())
        }
    }

    /// As a cell of a spreadsheet has it: midnight is a day without a time.
    pub(super) fn dated(at: NaiveDateTime, zone: Tz) -> Self {
        match at == at.date().into() {
            true => Self::day(at.date()),
            false => Self::local(at, zone),
        }
    }
}

/// The moment of a serial number of spreadsheets: days since 1899-12-30.
pub(super) fn serial(number: f64) -> Option<NaiveDateTime> {
    // The days of the years 1900 to 9999.
    if !(1.0..2_958_466.0).contains(&number) {
        return None;
    }
    let (days, seconds) = (number as u64, (number.fract() * 86_400.0).round() as i64);
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?;
    day.and_hms_opt(0, 0, 0)?
        .checked_add_signed(TimeDelta::seconds(seconds))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn local(day: &str) -> (Option<String>, Option<String>) {
        let at = NaiveDateTime::parse_from_str(day, "%Y-%m-%d %H:%M").unwrap();
        let moment = Moment::local(at, chrono_tz::Europe::Warsaw);
        assert_eq!(moment.day, at.date());
        (
            moment.instant.map(takedown_core::time::rfc3339),
            moment.remark,
        )
    }

    #[test]
    fn what_the_clocks_skipped_or_showed_twice_is_a_day_only_and_said() {
        let skipped = "2019-03-31 02:30 did not exist, because the clocks went forward in Europe/Warsaw; only the day was kept";
        assert_eq!(local("2019-03-31 02:30"), (None, Some(skipped.into())));
        let (twice, says) = local("2019-10-27 02:30");
        assert_eq!(twice, None);
        assert!(says.unwrap().contains("was there twice"));
        for (clear, at) in [
            ("2019-03-31 01:59", "2019-03-31T00:59:00.000Z"),
            ("2019-03-31 03:00", "2019-03-31T01:00:00.000Z"),
            ("2019-10-27 01:59", "2019-10-26T23:59:00.000Z"),
            ("2019-10-27 03:00", "2019-10-27T02:00:00.000Z"),
        ] {
            assert_eq!(local(clear), (Some(at.into()), None));
        }
    }
}
