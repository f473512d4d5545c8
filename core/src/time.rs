//! Instants and spans as the domain uses them.

mod span;

use chrono::{DateTime, Datelike, SecondsFormat, SubsecRound, Timelike, Utc};

pub use span::{SpanError, parse_span};

/// Every instant. Millisecond precision in practice: what is finer is lost in the database, so values
/// that enter go through [`truncated`].
pub type At = DateTime<Utc>;

/// The last instant that RFC 3339 can write: 9999-12-31T23:59:59.999Z.
pub const LAST: At = match DateTime::from_timestamp_millis(253_402_300_799_999) {
    Some(at) => at,
    None => DateTime::<Utc>::MAX_UTC,
};

/// A text or number that is not an instant of the years 1 to 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Outside the years that RFC 3339 can write.
    #[error("the instant lies outside the years 1 to 9999")]
    OutOfRange,
    /// Not RFC 3339.
    #[error(
        "\"{}\" is not an RFC 3339 instant such as 2026-03-01T09:30:00.000Z ({reason})",
        crate::text::visible(found)
    )]
    Form {
        /// What was given, cut to 40 characters.
        found: String,
        /// What the parser stumbled over.
        reason: String,
    },
}

/// The instant of a number of milliseconds since 1970-01-01T00:00:00Z.
///
/// # Errors
/// [`TimeError::OutOfRange`] outside the years 1 to 9999.
pub fn from_millis(millis: i64) -> Result<At, TimeError> {
    in_range(DateTime::from_timestamp_millis(millis).ok_or(TimeError::OutOfRange)?)
}

/// Milliseconds since 1970-01-01T00:00:00Z; what is finer is cut off.
#[must_use]
pub fn to_millis(at: At) -> i64 {
    at.timestamp_millis()
}

/// The same instant without what is finer than a millisecond, so that a value compares equal to itself
/// after the way through the database.
#[must_use]
pub fn truncated(at: At) -> At {
    at.trunc_subsecs(3)
}

/// RFC 3339 in UTC with milliseconds: `2026-03-01T09:30:00.000Z`. The only form written on the wire.
#[must_use]
pub fn rfc3339(at: At) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Reads RFC 3339 with any offset; what is finer than a millisecond is cut off.
///
/// # Errors
/// [`TimeError`], with what the parser stumbled over.
pub fn parse_rfc3339(s: &str) -> Result<At, TimeError> {
    match DateTime::parse_from_rfc3339(s) {
        // Second 60 would go out again as it came in, and few readers take it.
        Ok(at) if at.nanosecond() >= 1_000_000_000 => Err(TimeError::Form {
            found: s.chars().take(40).collect(),
            reason: "seconds go from 00 to 59".to_owned(),
        }),
        Ok(at) => in_range(truncated(at.with_timezone(&Utc))),
        Err(error) => Err(TimeError::Form {
            found: s.chars().take(40).collect(),
            reason: error.to_string(),
        }),
    }
}

fn in_range(at: At) -> Result<At, TimeError> {
    if (1..=9999).contains(&at.year()) {
        Ok(at)
    } else {
        Err(TimeError::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn written_with_milliseconds_in_utc() {
        let at = parse_rfc3339("2026-03-01T10:30:00.1239+01:00").unwrap();
        assert_eq!(rfc3339(at), "2026-03-01T09:30:00.123Z");
        assert_eq!(rfc3339(from_millis(0).unwrap()), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn refusals() {
        assert_eq!(from_millis(i64::MAX), Err(TimeError::OutOfRange));
        assert_eq!(from_millis(253_402_300_800_000), Err(TimeError::OutOfRange));
        assert!(from_millis(253_402_300_799_999).is_ok());
        assert!(parse_rfc3339("0000-01-01T00:00:00Z").is_err());
        assert!(parse_rfc3339("2026-03-01T10:30:60Z").is_err());
        let said = parse_rfc3339("2026-03-01").unwrap_err().to_string();
        assert!(
            said.starts_with("\"2026-03-01\" is not an RFC 3339 instant"),
            "{said}"
        );
        assert!(
            parse_rfc3339("2026-03-01T10:30:00").is_err(),
            "an offset is needed"
        );
    }

    proptest! {
        #[test]
        fn there_and_back(millis in -62_135_596_800_000i64..253_402_300_800_000) {
            let at = from_millis(millis).unwrap();
            prop_assert_eq!(to_millis(at), millis);
            prop_assert_eq!(parse_rfc3339(&rfc3339(at)).unwrap(), at);
            prop_assert_eq!(truncated(at), at);
        }

        #[test]
        fn never_panics(s in any::<String>(), millis in any::<i64>()) {
            let _ = parse_rfc3339(&s);
            let _ = from_millis(millis);
        }
    }
}
