//! Deadlines, by named dates and by properties.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use proptest::prelude::*;

use super::*;

fn uk() -> &'static ClockRule {
    get("uk-ta2006-s3-notice").clock.as_ref().unwrap()
}

fn calendar() -> &'static Calendar {
    Calendars::builtin().get("uk").unwrap()
}

fn hours(amount: u32) -> ClockRule {
    ClockRule {
        starts: ClockStart::Receipt,
        amount,
        unit: Unit::Hours,
        after_interruption: AfterInterruption::Resumes,
    }
}

#[test]
fn hours_are_exact_and_know_no_weekend() {
    let due = |id: &str, start: &str| get(id).clock.as_ref().unwrap().due(at(start)).unwrap();
    assert_eq!(
        due("eu-tco-order", "2026-12-25T23:30:00.123Z"),
        at("2026-12-26T00:30:00.123Z")
    );
    assert_eq!(
        due("au-osa-s109-notice", "2026-02-28T10:00:00Z"),
        at("2026-03-01T10:00:00Z")
    );
    assert_eq!(
        due("in-it-rules-3-1-d", "2026-11-22T22:00:00Z"),
        at("2026-11-23T01:00:00Z")
    );
    assert_eq!(
        due("fr-lcen-6-1", "2028-02-28T10:00:00Z"),
        at("2028-02-29T10:00:00Z")
    );
}

#[test]
fn a_specified_instant_is_the_deadline() {
    let clock = get("court-order").clock.as_ref().unwrap();
    let set = at("2031-05-05T09:00:00Z");
    assert_eq!(clock.due(set), Ok(set));
}

#[test]
fn two_working_days_after_the_day_given() {
    // given (UTC) → the midnight in London that ends the second working day
    for (given, due, why) in [
        (
            "2026-11-16T09:00:00Z",
            "2026-11-19T00:00:00Z",
            "Monday: Tuesday and Wednesday",
        ),
        (
            "2026-11-16T23:59:59.999Z",
            "2026-11-19T00:00:00Z",
            "the hour of the day does not matter",
        ),
        (
            "2026-11-19T12:00:00Z",
            "2026-11-24T00:00:00Z",
            "Thursday: Friday and Monday",
        ),
        (
            "2026-11-20T12:00:00Z",
            "2026-11-25T00:00:00Z",
            "Friday: Monday and Tuesday",
        ),
        (
            "2026-11-21T12:00:00Z",
            "2026-11-25T00:00:00Z",
            "Saturday: Monday and Tuesday",
        ),
        (
            "2026-11-22T12:00:00Z",
            "2026-11-25T00:00:00Z",
            "Sunday: Monday and Tuesday",
        ),
        (
            "2026-04-02T10:00:00Z",
            "2026-04-08T23:00:00Z",
            "Thursday before Good Friday: Tuesday and Wednesday, summer time",
        ),
        (
            "2027-03-25T10:00:00Z",
            "2027-03-31T23:00:00Z",
            "Good Friday in winter time, due in summer time",
        ),
        (
            "2026-12-24T10:00:00Z",
            "2026-12-31T00:00:00Z",
            "Christmas Eve: 25 Friday, 28 substitute, so 29 and 30",
        ),
        (
            "2027-12-24T10:00:00Z",
            "2027-12-31T00:00:00Z",
            "both substitutes on 27 and 28",
        ),
        (
            "2025-12-31T10:00:00Z",
            "2026-01-07T00:00:00Z",
            "2 January counts as a holiday for all",
        ),
        (
            "2026-03-16T10:00:00Z",
            "2026-03-20T00:00:00Z",
            "St Patrick's Day, Northern Ireland only",
        ),
        (
            "2026-07-10T10:00:00Z",
            "2026-07-15T23:00:00Z",
            "12 July on a Sunday: Monday is free",
        ),
        (
            "2026-06-12T10:00:00Z",
            "2026-06-17T23:00:00Z",
            "the one-off day in Scotland",
        ),
        (
            "2026-11-27T10:00:00Z",
            "2026-12-03T00:00:00Z",
            "St Andrew's Day",
        ),
        (
            "2026-07-31T10:00:00Z",
            "2026-08-05T23:00:00Z",
            "Scotland's summer bank holiday",
        ),
        (
            "2028-12-28T10:00:00Z",
            "2029-01-04T00:00:00Z",
            "over the turn of the year",
        ),
    ] {
        assert_eq!(uk().due(at(given)), Ok(at(due)), "{given}: {why}");
    }
}

#[test]
fn the_day_is_that_of_london() {
    // 23:30 UTC in July is already the next day in London.
    assert_eq!(
        uk().due(at("2026-07-20T22:59:59Z")),
        Ok(at("2026-07-22T23:00:00Z"))
    );
    assert_eq!(
        uk().due(at("2026-07-20T23:00:00Z")),
        Ok(at("2026-07-23T23:00:00Z"))
    );
    // The clocks change on 25 October 2026.
    assert_eq!(
        uk().due(at("2026-10-23T12:00:00Z")),
        Ok(at("2026-10-28T00:00:00Z"))
    );
    assert_eq!(
        calendar().day_of(at("2026-10-24T23:30:00Z")),
        day(2026, 10, 25)
    );
    assert_eq!(
        calendar().day_of(at("2026-10-25T23:30:00Z")),
        day(2026, 10, 25)
    );
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn a_year_without_data_is_an_error_and_never_a_date() {
    for (start, year) in [
        ("2030-12-30T12:00:00Z", 2031),
        ("2023-06-01T12:00:00Z", 2023),
        ("2045-01-01T00:00:00Z", 2045),
    ] {
        let error = uk().due(at(start)).unwrap_err();
        assert_eq!(
            error,
            DueError::OutsideCalendar {
                calendar: "uk".to_owned(),
                year,
                first: 2024,
                last: 2030
            },
            "{start}"
        );
        assert!(error.to_string().contains("2024 to 2030"));
    }
    // The last working days of the last year are known.
    assert_eq!(
        uk().due(at("2030-12-27T12:00:00Z")),
        Ok(at("2031-01-01T00:00:00Z"))
    );
    // Every day that counts lies in 2024, though the notice was given before.
    assert_eq!(
        uk().due(at("2023-12-31T12:00:00Z")),
        Ok(at("2024-01-05T00:00:00Z"))
    );
}

#[test]
fn other_errors_are_errors() {
    let rule = ClockRule {
        unit: Unit::WorkingDays {
            calendar: "mars".to_owned(),
            days: None,
        },
        ..hours(1)
    };
    assert_eq!(
        rule.due(at("2026-01-01T00:00:00Z")),
        Err(DueError::UnknownCalendar("mars".to_owned()))
    );
    assert_eq!(hours(1).due(At::MAX_UTC), Err(DueError::OutOfRange));
}

#[test]
fn a_day_that_begins_after_midnight() {
    // In Beirut the clocks went forward at midnight of 30 March 2025, a Sunday.
    let beirut = Calendar {
        id: "test".to_owned(),
        time_zone: chrono_tz::Asia::Beirut,
        weekend: Vec::new(),
        ..calendar().clone()
    };
    let due = beirut
        .end_of_working_days(at("2025-03-28T12:00:00Z"), 1)
        .unwrap();
    assert_eq!(due, at("2025-03-29T22:00:00Z"));
}

/// Instants from 2024 until a month before the calendar ends.
fn instants() -> impl Strategy<Value = At> {
    let first = at("2024-01-01T00:00:00Z").timestamp_millis();
    let last = at("2030-11-30T00:00:00Z").timestamp_millis();
    (first..last).prop_map(|millis| crate::time::from_millis(millis).unwrap())
}

proptest! {
    #[test]
    fn due_is_monotone(one in instants(), other in instants(), amount in 1u32..12) {
        let (early, late) = if one <= other { (one, other) } else { (other, one) };
        let days = ClockRule { amount, ..uk().clone() };
        for rule in [&days, &hours(amount)] {
            prop_assert!(rule.due(early).unwrap() <= rule.due(late).unwrap());
            prop_assert!(rule.due(early).unwrap() > early);
        }
    }

    #[test]
    fn more_time_is_never_sooner(start in instants(), amount in 1u32..12) {
        let rule = |amount| ClockRule { amount, ..uk().clone() };
        prop_assert!(rule(amount).due(start).unwrap() < rule(amount + 1).due(start).unwrap());
    }

    #[test]
    fn the_last_day_is_a_working_day(start in instants(), amount in 1u32..12) {
        let rule = ClockRule { amount, ..uk().clone() };
        let due = rule.due(start).unwrap();
        let last = calendar().day_of(due - TimeDelta::milliseconds(1));
        prop_assert!(!matches!(last.weekday(), Weekday::Sat | Weekday::Sun));
        prop_assert!(!calendar().holidays.contains_key(&last));
        // It ends at midnight in London, and exactly `amount` working days lie between.
        prop_assert_eq!(calendar().day_of(due), last.succ_opt().unwrap());
        let between = calendar()
            .day_of(start)
            .iter_days()
            .skip(1)
            .take_while(|day| *day <= last)
            .filter(|day| calendar().is_working_day(*day).unwrap())
            .count();
        prop_assert_eq!(between, usize::try_from(amount).unwrap());
    }
}
