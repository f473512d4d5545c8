//! Periods, and the percentiles of what was measured in them.

use proptest::prelude::*;

use super::*;
use crate::transparency::spread::Spread;

#[test]
fn a_period_has_one_writing_and_ends_where_the_next_begins() {
    for (text, first, last) in [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("2026-01-05..2026-02-11", "2026-01-05", "2026-02-11"),
    ] {
        let period: Period = text.parse().unwrap();
        assert_eq!(period.to_string(), text);
        assert_eq!(period.first().to_string(), first, "{text}");
        assert_eq!(period.last().to_string(), last, "{text}");
    }
    let february: Period = "2026-02".parse().unwrap();
    assert!(february.contains(at("2026-02-01T00:00:00Z")));
    assert!(february.contains(at("2026-02-28T23:59:59.999Z")));
    assert!(!february.contains(at("2026-03-01T00:00:00Z")));
    assert_eq!(february.ends(), at("2026-03-01T00:00:00Z"));
}

#[test]
fn what_is_no_period_is_refused() {
    for text in [
        "",
        "26",
        "2026-13",
        "2026-0",
        "2026-1",
        "2026-Q0",
        "2026-Q5",
        "2026-q1",
        "02026",
        "+2026",
        "2026-",
        "2026-01-05",
        "2026-01-05..",
        "..",
        "2026-02-30..2026-03-01",
        "2026-1-5..2026-2-1",
        "0999",
        "2026-Q1 ",
    ] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
    let backwards = "2026-02-02..2026-02-01".parse::<Period>().unwrap_err();
    assert!(matches!(backwards, PeriodError::Backwards(..)));
}

#[test]
fn a_year_consists_of_its_quarters_and_they_of_their_months() {
    let all = Period::of_year(2026);
    assert_eq!(all.len(), 17);
    let days = |filter: fn(&Period) -> bool| -> i64 {
        let days = all.iter().filter(|period| filter(period));
        days.map(|period| (period.ends() - period.begins()).num_days())
            .sum()
    };
    assert_eq!(days(|period| matches!(period, Period::Year(_))), 365);
    assert_eq!(days(|period| matches!(period, Period::Quarter(..))), 365);
    assert_eq!(days(|period| matches!(period, Period::Month(..))), 365);
}

#[test]
fn a_duration_is_counted_in_whole_seconds_then_minutes_then_hours() {
    for (seconds, is) in [
        (0, 0),
        (3_599, 3_599),
        (3_600, 3_600),
        (3_659, 3_600),
        (3_660, 3_660),
        (86_399, 86_340),
        (86_400, 86_400),
        (89_999, 86_400),
        (90_000, 90_000),
    ] {
        assert_eq!(rounded(seconds), is, "{seconds}");
    }
}

#[test]
fn a_duration_shows_its_two_largest_units() {
    for (seconds, shown) in [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_661, "1 h 1 min"),
        (90_000, "1 d 1 h"),
        (86_460, "1 d 1 min"),
    ] {
        assert_eq!(duration(seconds), shown);
    }
}

fn spread(seconds: &[u64]) -> Spread {
    let from = at("2026-01-01T00:00:00Z");
    let mut spread = Spread::default();
    for seconds in seconds {
        let seconds = i64::try_from(*seconds).unwrap();
        spread.add(from, from + chrono::TimeDelta::seconds(seconds));
    }
    spread
}

#[test]
fn percentiles_are_by_nearest_rank() {
    assert_eq!(spread(&[]).percentile(50), None);
    assert_eq!(spread(&[7]).percentile(50), Some(7));
    assert_eq!(spread(&[7]).percentile(90), Some(7));
    assert_eq!(
        spread(&[4, 2]).percentile(50),
        Some(2),
        "the smaller of two"
    );
    assert_eq!(spread(&[5, 1, 3]).percentile(50), Some(3));
    let ten: Vec<u64> = (1..=10).collect();
    assert_eq!(spread(&ten).percentile(50), Some(5));
    assert_eq!(spread(&ten).percentile(90), Some(9));
    let eleven: Vec<u64> = (1..=11).collect();
    assert_eq!(spread(&eleven).percentile(90), Some(10));
    // What runs backwards took no time.
    let mut backwards = Spread::default();
    backwards.add(at("2026-01-02T00:00:00Z"), at("2026-01-01T00:00:00Z"));
    assert_eq!(backwards.percentile(50), Some(0));
}

proptest! {
    #[test]
    fn percentiles_are_those_of_the_sorted_list(
        mut seconds in prop::collection::vec(0_u64..2_000_000, 1..60), p in 1_u64..=100,
    ) {
        let whole = spread(&seconds);
        let (one, two) = seconds.split_at(seconds.len() / 2);
        let mut merged = spread(one);
        merged.merge(&spread(two));
        prop_assert_eq!(&merged, &whole);
        seconds.sort_unstable();
        let rank = (seconds.len() as f64 * p as f64 / 100.0).ceil() as usize;
        prop_assert_eq!(whole.percentile(p), Some(rounded(seconds[rank.max(1) - 1])));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,30}") {
        let _ = text.parse::<Period>();
    }
}
