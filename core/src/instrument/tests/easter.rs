//! The calendar of the United Kingdom, derived a second time from the rules of the law.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Easter Sunday in the Gregorian calendar (the anonymous algorithm).
fn easter(year: i32) -> NaiveDate {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let of_month = (h + l - 7 * m + 33 * month + 19) % 32;
    day(
        year,
        u32::try_from(month).unwrap(),
        u32::try_from(of_month).unwrap(),
    )
}

fn first_monday(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 1).unwrap()
}

fn last_monday(year: i32, month: u32) -> NaiveDate {
    (4..=5)
        .rev()
        .find_map(|n| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, n))
        .unwrap()
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The weekdays taken by holidays on fixed dates: each that falls on a weekend moves to the next free weekday.
fn observed(dates: &[NaiveDate]) -> BTreeSet<NaiveDate> {
    let mut taken: BTreeSet<_> = dates
        .iter()
        .copied()
        .filter(|day| !is_weekend(*day))
        .collect();
    for moved in dates.iter().filter(|day| is_weekend(**day)) {
        let free = moved
            .iter_days()
            .find(|day| !is_weekend(*day) && !taken.contains(day))
            .unwrap();
        taken.insert(free);
    }
    taken
}

#[test]
fn easter_is_where_it_was() {
    for (year, month, of_month) in [
        (1961, 4, 2),
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2038, 4, 25),
    ] {
        assert_eq!(easter(year), day(year, month, of_month));
    }
}

#[test]
fn the_calendar_is_the_union_of_the_parts_of_the_kingdom() {
    let calendar = Calendars::builtin().get("uk").unwrap();
    assert_eq!((calendar.first_year, calendar.last_year), (2024, 2030));
    for year in 2024..=2030 {
        let mut expected = BTreeSet::from([
            easter(year) - Days::new(2),
            easter(year) + Days::new(1),
            first_monday(year, 5),
            last_monday(year, 5),
            first_monday(year, 8),
            last_monday(year, 8),
        ]);
        for dates in [
            vec![day(year, 1, 1), day(year, 1, 2)],
            vec![day(year, 3, 17)],
            vec![day(year, 7, 12)],
            vec![day(year, 11, 30)],
            vec![day(year, 12, 25), day(year, 12, 26)],
        ] {
            expected.extend(observed(&dates));
        }
        if year == 2026 {
            expected.insert(day(2026, 6, 15));
        }
        let listed: BTreeSet<_> = calendar
            .holidays
            .keys()
            .copied()
            .filter(|day| day.year() == year)
            .collect();
        assert_eq!(listed, expected, "{year}");
        assert!(!calendar.is_working_day(day(year, 12, 25)).unwrap());
        assert!(
            !calendar
                .is_working_day(easter(year) - Days::new(2))
                .unwrap()
        );
    }
}

#[test]
fn each_day_names_its_parts() {
    let calendar = Calendars::builtin().get("uk").unwrap();
    let known = ["england-and-wales", "scotland", "northern-ireland"];
    for (date, holiday) in &calendar.holidays {
        assert!(
            !is_weekend(*date),
            "{date} is listed though nobody works on it"
        );
        assert!(!holiday.regions.is_empty(), "{date}");
        assert!(
            holiday
                .regions
                .iter()
                .all(|region| known.contains(&region.as_str())),
            "{date}"
        );
    }
    let regions = |date| calendar.holidays.get(&date).unwrap().regions.join(" ");
    assert_eq!(regions(day(2026, 1, 2)), "scotland");
    assert_eq!(regions(day(2026, 3, 17)), "northern-ireland");
    assert_eq!(
        regions(day(2026, 4, 6)),
        "england-and-wales northern-ireland"
    );
}
