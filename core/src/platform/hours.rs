//! When a platform is reminded: its time zone and its quiet hours. Never how long it has.

/// The name of a time zone in the tz database, such as `Europe/Warsaw` or `UTC`.
///
/// Only the syntax is checked here: which names exist changes with every release of the database, which
/// the core does not carry. The edge looks the name up before it is stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZoneName(String);

/// A text that cannot be the name of a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" is not the name of a time zone; write it as the tz database does: Europe/Warsaw, Asia/Kolkata, UTC", crate::text::visible(.0))]
pub struct TimeZoneError(String);

impl TimeZoneName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for TimeZoneName {
    type Err = TimeZoneError;

    /// Takes names by the tz database's own rules: up to three parts joined by `/`, each of up to 14 ASCII
    /// letters, digits, `_`, `-`, `+`, beginning with a letter or a digit.
    fn from_str(s: &str) -> Result<Self, TimeZoneError> {
        let part = |part: &str| {
            (1..=14).contains(&part.len())
                && part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-+".contains(&b))
        };
        if s.len() <= 64
            && s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.split('/').count() <= 3
            && s.split('/').all(part)
        {
            Ok(Self(s.to_owned()))
        } else {
            Err(TimeZoneError(s.chars().take(40).collect()))
        }
    }
}

impl std::fmt::Display for TimeZoneName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// A time of day, `08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayTime(u16);

/// A text that is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" is not a time of day; write it as 08:00", crate::text::visible(.0))]
pub struct DayTimeError(String);

impl DayTime {
    /// Minutes after midnight.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl Default for DayTime {
    /// Eight in the morning.
    fn default() -> Self {
        Self(8 * 60)
    }
}

impl std::str::FromStr for DayTime {
    type Err = DayTimeError;

    fn from_str(s: &str) -> Result<Self, DayTimeError> {
        let refused = || DayTimeError(s.chars().take(40).collect());
        time_of_day(s).map(Self).ok_or_else(refused)
    }
}

impl std::fmt::Display for DayTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl serde::Serialize for DayTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for DayTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

/// The hours of every day in which a platform wants no reminder, in its own time zone: `22:00-07:00`.
///
/// May run over midnight. Orders are sent at once all the same, and no deadline ever moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QuietHours {
    /// Minutes after midnight.
    from: u16,
    /// Minutes after midnight, not the same as `from`.
    until: u16,
}

/// A text that is not a span of hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not two times of day.
    #[error("\"{}\" is not a span of hours; write two times of day: 22:00-07:00", crate::text::visible(.0))]
    Form(String),
    /// Beginning and end are the same.
    #[error(
        "quiet hours that end when they begin are either none or all; leave them out or give two times"
    )]
    Empty,
}

impl QuietHours {
    /// Beginning and end in minutes after midnight.
    #[must_use]
    pub const fn minutes(self) -> (u16, u16) {
        (self.from, self.until)
    }

    /// Whether a time of day, in minutes after midnight of the platform's own zone, is quiet.
    /// The beginning is, the end is not.
    #[must_use]
    pub const fn covers(self, minute: u16) -> bool {
        if self.from < self.until {
            self.from <= minute && minute < self.until
        } else {
            self.from <= minute || minute < self.until
        }
    }
}

impl std::str::FromStr for QuietHours {
    type Err = HoursError;

    fn from_str(s: &str) -> Result<Self, HoursError> {
        let refused = || HoursError::Form(s.chars().take(40).collect());
        let (from, until) = s.split_once('-').ok_or_else(refused)?;
        let (Some(from), Some(until)) = (time_of_day(from), time_of_day(until)) else {
            return Err(refused());
        };
        if from == until {
            return Err(HoursError::Empty);
        }
        Ok(Self { from, until })
    }
}

/// `HH:MM` as minutes after midnight.
fn time_of_day(s: &str) -> Option<u16> {
    let (hour, minute) = s.trim_matches(' ').split_once(':')?;
    let two = |digits: &str, below: u16| {
        (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| digits.parse::<u16>().ok())
            .flatten()
            .filter(|n| *n < below)
    };
    Some(two(hour, 24)? * 60 + two(minute, 60)?)
}

impl std::fmt::Display for QuietHours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, until) = self.minutes();
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            until / 60,
            until % 60
        )
    }
}

impl serde::Serialize for TimeZoneName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for TimeZoneName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

impl serde::Serialize for QuietHours {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for QuietHours {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zone_names() {
        for name in [
            "UTC",
            "Europe/Warsaw",
            "Etc/GMT+5",
            "America/Argentina/Buenos_Aires",
            "America/North_Dakota/New_Salem",
            "America/Port-au-Prince",
            "EST5EDT",
        ] {
            assert_eq!(name.parse::<TimeZoneName>().unwrap().as_str(), name);
        }
        for name in [
            "",
            "Europe/",
            "/etc/passwd",
            "../zone",
            "Europe Warsaw",
            "Europe//X",
            "+02:00",
            "Варшава",
        ] {
            assert!(name.parse::<TimeZoneName>().is_err(), "{name}");
        }
    }

    #[test]
    fn hours_over_midnight() {
        let night: QuietHours = "22:00-07:30".parse().unwrap();
        assert!(night.covers(22 * 60) && night.covers(0) && night.covers(7 * 60 + 29));
        assert!(!night.covers(7 * 60 + 30) && !night.covers(12 * 60));
        let noon: QuietHours = "12:00 - 13:00".parse().unwrap();
        assert!(noon.covers(12 * 60) && !noon.covers(13 * 60));
        assert_eq!(noon.to_string(), "12:00-13:00");
        assert_eq!("10:00-10:00".parse::<QuietHours>(), Err(HoursError::Empty));
        for s in [
            "",
            "22-7",
            "24:00-01:00",
            "1:00-02:00",
            "22:60-01:00",
            "22:00-",
            "+2:00-03:00",
        ] {
            assert!(s.parse::<QuietHours>().is_err(), "{s}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back(from in 0u16..1440, until in 0u16..1440) {
            prop_assume!(from != until);
            let hours = QuietHours { from, until };
            prop_assert_eq!(hours.to_string().parse::<QuietHours>().unwrap(), hours);
            let quiet = (0..1440).filter(|minute| hours.covers(*minute)).count();
            prop_assert_eq!(quiet, usize::from((until + 1440 - from) % 1440));
        }

        #[test]
        fn never_panics(s in any::<String>()) {
            let _ = s.parse::<QuietHours>();
            let _ = s.parse::<TimeZoneName>();
        }
    }
}
