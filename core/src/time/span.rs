//! Spans as ISO 8601 writes them.

use chrono::TimeDelta;

/// Digits of one number: so a sum of all parts stays far below what a span can hold.
const MOST_DIGITS: usize = 7;
/// The parts in their order: letter, seconds, and whether it stands behind the `T`.
const PARTS: [(char, i64, bool); 5] = [
    ('W', 604_800, false),
    ('D', 86_400, false),
    ('H', 3_600, true),
    ('M', 60, true),
    ('S', 1, true),
];

/// A text that is no span of this form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{}\" is not a span of time such as PT2H, PT90M or P1DT12H (ISO 8601: weeks, days, hours, minutes and seconds, in whole numbers and in this order; years and months have no fixed length)",
    crate::text::visible(.0)
)]
pub struct SpanError(String);

/// Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds: `PT2H`, `P1DT12H`, `P2W`.
///
/// # Errors
/// [`SpanError`] for anything else, years, months and fractions included.
pub fn parse_span(s: &str) -> Result<TimeDelta, SpanError> {
    seconds(s)
        .map(TimeDelta::seconds)
        .ok_or_else(|| SpanError(s.chars().take(40).collect()))
}

fn seconds(s: &str) -> Option<i64> {
    let written = s.strip_prefix('P')?;
    let (days, times) = match written.split_once('T') {
        Some((_, "")) => return None,
        Some((days, times)) => (days, times),
        None if written.is_empty() => return None,
        None => (written, ""),
    };
    let (mut sum, mut next) = (0_i64, 0);
    for (part, behind) in [(days, false), (times, true)] {
        let mut rest = part;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=MOST_DIGITS).contains(&digits) {
                return None;
            }
            let (number, unit) = rest.split_at(digits);
            let letter = unit.chars().next()?;
            let place = PARTS
                .iter()
                .position(|(known, _, timed)| *known == letter && *timed == behind)?;
            if place < next {
                return None;
            }
            next = place + 1;
            let (_, factor, _) = PARTS.get(place)?;
            sum += number.parse::<i64>().ok()? * factor;
            rest = unit.get(1..)?;
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_read() {
        for (text, seconds) in [
            ("PT2H", 7_200),
            ("PT90M", 5_400),
            ("P1DT12H", 129_600),
            ("P2W", 1_209_600),
            ("P1W2DT3H4M5S", 604_800 + 172_800 + 10_800 + 240 + 5),
            ("PT0S", 0),
            ("PT0000001S", 1),
        ] {
            assert_eq!(parse_span(text), Ok(TimeDelta::seconds(seconds)), "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "2H",
            "PT2",
            "P1Y",
            "P1M",
            "P2H",
            "PT1D",
            "PT1S1M",
            "PT1H1H",
            "PT1.5H",
            "-PT1H",
            "PT-1H",
            "P1DT",
            "pt1h",
            "PT1H ",
            "PT12345678S",
            "PTH",
            "P1DT1D",
        ] {
            let refused = parse_span(text).unwrap_err().to_string();
            assert!(refused.contains("PT2H"), "{text}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(s in any::<String>(), digits in "P[0-9WDTHMS]{0,30}") {
            let _ = parse_span(&s);
            let _ = parse_span(&digits);
        }
    }
}
