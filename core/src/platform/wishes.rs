//! How a platform wants its mails: at once, gathered or not at all, and when it wants quiet. Never how long it has.

use chrono::{DateTime, Datelike as _, Duration, NaiveDateTime, Timelike as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::hours::{DayTime, QuietHours};
use crate::text::coded_enum;
use crate::time::At;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// So long has to be left of each day, in one piece, for mails that waited.
const LEFT_FREE: u16 = 60;
/// The most spans of a calendar.
pub const MOST_SPANS: usize = 20;

coded_enum! {
    /// How mails that press nobody leave.
    pub enum Pace, "a pace of mails" {
        /// Each by itself, at once.
        AtOnce => "at_once",
        /// Gathered, at the full hour.
        Hourly => "hourly",
        /// Gathered, once a day.
        Daily => "daily",
        /// Not at all: the platform reads its inbox.
        Never => "never",
    }
}

coded_enum! {
    /// A day of the week.
    pub enum Day, "a day of the week" {
        /// Monday.
        Monday => "mon",
        /// Tuesday.
        Tuesday => "tue",
        /// Wednesday.
        Wednesday => "wed",
        /// Thursday.
        Thursday => "thu",
        /// Friday.
        Friday => "fri",
        /// Saturday.
        Saturday => "sat",
        /// Sunday.
        Sunday => "sun",
    }
}

impl Day {
    fn number(self) -> usize {
        Self::ALL.iter().position(|day| *day == self).unwrap_or(0)
    }
}

/// Hours in which no mail is wanted, on some days of the week or on each. What runs over midnight belongs to the day on
/// which it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// On which days it begins; none named: on each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// From when until when.
    pub hours: QuietHours,
}

impl Quiet {
    fn begins_on(&self, day: usize) -> bool {
        self.days.is_empty() || self.days.iter().any(|named| named.number() == day)
    }

    /// Whether a minute of a day of the week (0: Monday) is quiet.
    fn covers(&self, day: usize, minute: u16) -> bool {
        let (from, until) = self.hours.minutes();
        if from < until {
            return self.begins_on(day) && (from..until).contains(&minute);
        }
        self.begins_on(day) && minute >= from || self.begins_on((day + 6) % 7) && minute < until
    }
}

/// How a platform wants its mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// How those leave that press nobody.
    pub mail: Pace,
    /// When the daily one leaves, in the platform's own zone.
    #[serde(default)]
    pub daily_at: DayTime,
    /// When none are wanted, in the platform's own zone.
    #[serde(default)]
    pub quiet: Vec<Quiet>,
    /// Whether mails about a new request carry a part for programs that names the addresses, where there is one to be made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub xarf: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            mail: Pace::AtOnce,
            daily_at: DayTime::default(),
            quiet: Vec::new(),
            xarf: false,
        }
    }
}

/// A wish that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WishesError {
    /// What waits would hardly ever leave.
    #[error(
        "the quiet hours leave less than an hour in one piece on {0}: what waits has to leave on each day; shorten them, or wish for `never` and read the inbox"
    )]
    Endless(Day),
    /// More than anybody needs.
    #[error("a calendar of quiet hours has at most {MOST_SPANS} spans; this one has {0}")]
    TooMany(usize),
    /// A mail of several has no report in it.
    #[error(
        "a mail of several requests carries no report for programs: wish for `xarf` with `at_once` (or `never`, which leaves those about orders), or for `{0}` without it"
    )]
    Gathered(Pace),
}

impl Wishes {
    /// Checks that what waits can leave on each day.
    ///
    /// # Errors
    /// [`WishesError`]
    pub fn check(&self) -> Result<(), WishesError> {
        if self.xarf && matches!(self.mail, Pace::Hourly | Pace::Daily) {
            return Err(WishesError::Gathered(self.mail));
        }
        if self.quiet.len() > MOST_SPANS {
            return Err(WishesError::TooMany(self.quiet.len()));
        }
        for day in Day::ALL {
            let mut longest = 0;
            let mut free = 0;
            for minute in 0..DAY {
                free = if self.quiet(day.number(), minute) {
                    0
                } else {
                    free + 1
                };
                longest = longest.max(free);
            }
            if longest < LEFT_FREE {
                return Err(WishesError::Endless(*day));
            }
        }
        Ok(())
    }

    fn quiet(&self, day: usize, minute: u16) -> bool {
        self.quiet.iter().any(|span| span.covers(day, minute))
    }

    /// The first instant from `at` on that is not quiet in this zone.
    #[must_use]
    pub fn awake(&self, at: At, zone: Tz) -> At {
        // Two days hold the longest quiet that passes the check, also when the clocks are changed.
        minutes_from(at, 3)
            .find(|then| {
                let there = then.with_timezone(&zone);
                let day = usize::try_from(there.weekday().num_days_from_monday()).unwrap_or(0);
                let minute = u16::try_from(there.hour() * 60 + there.minute()).unwrap_or(0);
                !self.quiet(day, minute)
            })
            .unwrap_or(at)
    }

    /// When what was queued then leaves, gathered or not; `None` when it does not leave at all.
    #[must_use]
    pub fn leaves(&self, queued: At, zone: Tz) -> Option<At> {
        let planned = match self.mail {
            Pace::Never => return None,
            Pace::AtOnce => queued,
            Pace::Hourly => {
                let hour = |at: At| at.timestamp().div_euclid(3600);
                minutes_from(queued, 1)
                    .find(|then| hour(*then) > hour(queued))
                    .unwrap_or(queued)
            }
            Pace::Daily => {
                // The first minute of the next day, if days began when the mail leaves: also when that time of day is skipped
                // or comes twice because the clocks are changed.
                let shifted = Duration::minutes(i64::from(self.daily_at.minutes()));
                let day = |at: At| {
                    let there: NaiveDateTime = at.with_timezone(&zone).naive_local();
                    (there - shifted).date()
                };
                minutes_from(queued, 3)
                    .find(|then| day(*then) > day(queued))
                    .unwrap_or(queued)
            }
        };
        Some(self.awake(planned, zone))
    }
}

/// An instant, and then the beginning of every minute for so many days.
fn minutes_from(at: At, days: i64) -> impl Iterator<Item = DateTime<Utc>> {
    let first = at.timestamp().div_euclid(60) * 60;
    let later = (1..days * 1440).filter_map(move |n| DateTime::from_timestamp(first + n * 60, 0));
    std::iter::once(at).chain(later)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono_tz::{America, Asia, Europe};
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> At {
        text.parse().unwrap()
    }

    fn wishes(mail: Pace, quiet: &[(&[Day], &str)]) -> Wishes {
        let span = |(days, hours): &(&[Day], &str)| Quiet {
            days: days.to_vec(),
            hours: hours.parse().unwrap(),
        };
        Wishes {
            mail,
            quiet: quiet.iter().map(span).collect(),
            ..Wishes::default()
        }
    }

    #[test]
    fn a_night_ends_in_the_morning_of_the_platforms_own_zone() {
        let night = wishes(Pace::AtOnce, &[(&[], "22:00-07:00")]);
        let leaves = |text| night.leaves(at(text), Europe::Warsaw).unwrap();
        assert_eq!(leaves("2026-03-14T20:59:59Z"), at("2026-03-14T20:59:59Z"));
        assert_eq!(leaves("2026-03-14T21:00:00Z"), at("2026-03-15T06:00:00Z"));
        // In the night in which the clocks go forward it ends an hour earlier, when they go back an hour later.
        assert_eq!(leaves("2026-03-28T22:00:00Z"), at("2026-03-29T05:00:00Z"));
        assert_eq!(leaves("2026-10-24T21:00:00Z"), at("2026-10-25T06:00:00Z"));
    }

    #[test]
    fn what_runs_over_midnight_belongs_to_the_day_it_begins_on() {
        let friday = wishes(Pace::AtOnce, &[(&[Day::Friday], "20:00-10:00")]);
        let leaves = |text| friday.leaves(at(text), Tz::UTC).unwrap();
        assert_eq!(leaves("2026-03-13T21:00:00Z"), at("2026-03-14T10:00:00Z"));
        assert_eq!(leaves("2026-03-14T09:59:00Z"), at("2026-03-14T10:00:00Z"));
        assert_eq!(leaves("2026-03-14T21:00:00Z"), at("2026-03-14T21:00:00Z"));
        assert_eq!(leaves("2026-03-13T09:00:00Z"), at("2026-03-13T09:00:00Z"));
    }

    #[test]
    fn gathered_mails_leave_at_the_full_hour_or_once_a_day_and_never_in_quiet() {
        let hourly = wishes(Pace::Hourly, &[]);
        let next = hourly.leaves(at("2026-03-14T11:00:00Z"), Asia::Kolkata);
        assert_eq!(next, Some(at("2026-03-14T12:00:00Z")));
        let daily = wishes(Pace::Daily, &[]);
        let next = |text| daily.leaves(at(text), Europe::Berlin).unwrap();
        assert_eq!(next("2026-03-14T06:59:00Z"), at("2026-03-14T07:00:00Z"));
        assert_eq!(next("2026-03-14T07:00:00Z"), at("2026-03-15T07:00:00Z"));
        assert_eq!(next("2026-03-28T12:00:00Z"), at("2026-03-29T06:00:00Z"));
        let both = wishes(Pace::Daily, &[(&[], "07:30-09:15")]);
        let next = both.leaves(at("2026-03-14T01:00:00Z"), Europe::Berlin);
        assert_eq!(next, Some(at("2026-03-14T08:15:00Z")));
        assert_eq!(
            wishes(Pace::Never, &[]).leaves(at("2026-03-14T01:00:00Z"), Tz::UTC),
            None
        );
    }

    #[test]
    fn a_time_of_day_that_is_skipped_or_comes_twice_counts_once() {
        let daily = Wishes {
            daily_at: "02:30".parse().unwrap(),
            ..wishes(Pace::Daily, &[])
        };
        let next = |text| daily.leaves(at(text), America::New_York).unwrap();
        // On 8 March 2026 there is no 02:30 in New York: 03:00 is the first minute after it.
        assert_eq!(next("2026-03-08T05:00:00Z"), at("2026-03-08T07:00:00Z"));
        assert_eq!(next("2026-03-08T07:00:00Z"), at("2026-03-09T06:30:00Z"));
        let early = Wishes {
            daily_at: "01:30".parse().unwrap(),
            ..daily.clone()
        };
        // On 1 November 2026 there are two.
        let next = |text| early.leaves(at(text), America::New_York).unwrap();
        assert_eq!(next("2026-11-01T04:00:00Z"), at("2026-11-01T05:30:00Z"));
        assert_eq!(next("2026-11-01T05:30:00Z"), at("2026-11-02T06:30:00Z"));
    }

    #[test]
    fn a_calendar_that_never_ends_is_refused() {
        let weekend: &[Day] = &[Day::Saturday, Day::Sunday];
        for fine in [
            vec![],
            vec![(&[] as &[Day], "18:00-17:00")],
            vec![(weekend, "00:00-21:00"), (&[], "22:00-07:00")],
        ] {
            assert_eq!(wishes(Pace::AtOnce, &fine).check(), Ok(()), "{fine:?}");
        }
        for (endless, day) in [
            (
                vec![(&[] as &[Day], "00:00-12:00"), (&[], "12:00-00:00")],
                Day::Monday,
            ),
            (vec![(&[], "17:30-17:00")], Day::Monday),
            (vec![(weekend, "00:00-23:30")], Day::Saturday),
            // An hour is left, but in two pieces.
            (vec![(&[Day::Tuesday], "00:30-23:30")], Day::Tuesday),
        ] {
            let refused = wishes(Pace::AtOnce, &endless).check();
            assert_eq!(refused, Err(WishesError::Endless(day)), "{endless:?}");
        }
        let many = vec![(&[] as &[Day], "01:00-02:00"); MOST_SPANS + 1];
        assert_eq!(
            wishes(Pace::AtOnce, &many).check(),
            Err(WishesError::TooMany(21))
        );
    }

    #[test]
    fn a_report_for_programs_is_in_no_mail_of_several() {
        for pace in Pace::ALL {
            let wished = Wishes {
                xarf: true,
                ..wishes(*pace, &[])
            };
            let refused = matches!(pace, Pace::Hourly | Pace::Daily);
            assert_eq!(wished.check().is_err(), refused, "{pace}");
        }
    }

    proptest! {
        #[test]
        fn whatever_passes_the_check_leaves_within_three_days(
            from in 0u16..1440, length in 1u16..1440, day in 0usize..7, pace in 0usize..3, seconds in 0i64..63_000_000,
        ) {
            let until = (from + length) % 1440;
            let hours = format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60);
            let wished = wishes(Pace::ALL[pace], &[(&[], &hours), (&[Day::ALL[day]], "03:00-09:00")]);
            let queued = DateTime::from_timestamp(1_767_225_600 + seconds, 0).unwrap();
            if wished.check().is_ok() {
                let leaves = wished.leaves(queued, Europe::Lisbon).unwrap();
                prop_assert!(leaves >= queued && leaves - queued < Duration::days(3));
                prop_assert_eq!(wished.awake(leaves, Europe::Lisbon), leaves);
            }
        }
    }
}
