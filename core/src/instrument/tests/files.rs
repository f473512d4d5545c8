//! A file that is wrong is refused with its name, the line, and what would be right.

use super::*;

const GROUNDS: &str = include_str!("../../../data/grounds.toml");
const CALENDAR: &str = include_str!("../../../data/calendars/uk.toml");
const REFERRAL: &str = include_str!("../../../data/instruments/referral.toml");
const TCO: &str = include_str!("../../../data/instruments/eu-tco-order.toml");
const UK: &str = include_str!("../../../data/instruments/uk-ta2006-s3-notice.toml");
const INDIA: &str = include_str!("../../../data/instruments/in-it-rules-3-1-d.toml");
const COURT: &str = include_str!("../../../data/instruments/court-order.toml");

fn source<'a>(name: &'a str, text: &'a str) -> Source<'a> {
    Source { name, text }
}

fn parse(name: &str, text: &str) -> Result<Catalogue, Vec<FileError>> {
    Catalogue::parse(
        &[source("grounds.toml", GROUNDS)],
        &[source("calendars/uk.toml", CALENDAR)],
        &[source(name, text)],
    )
}

/// Replaces `old` in a good file, and asserts the only error: its line is that of the replacement.
fn broken(name: &str, text: &str, old: &str, new: &str, reason: &str) {
    assert!(text.contains(old), "{name} has no {old:?}");
    let bad = text.replacen(old, new, 1);
    let errors = parse(name, &bad).unwrap_err();
    let all = errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n");
    let at = text.find(old).unwrap();
    let expected = text[..at].matches('\n').count() + 1;
    assert_eq!(errors.len(), 1, "{all}");
    assert!(errors[0].reason.contains(reason), "{all}");
    assert_eq!(errors[0].file, name);
    assert_eq!(errors[0].line, expected, "{all}");
}

#[test]
fn an_instrument_is_read_strictly() {
    let tco =
        |old: &str, new: &str, reason: &str| broken("eu-tco-order.toml", TCO, old, new, reason);
    tco(
        "needs_reasons = true",
        "need_reasons = true",
        "unknown field `need_reasons`",
    );
    tco(
        "kind = \"order\"",
        "kind = \"command\"",
        "\"command\" is not a kind of instrument",
    );
    tco("kind = \"order\"", "kind = 3", "invalid type: integer `3`");
    tco(
        "jurisdiction = [\"eu\"]",
        "jurisdiction = []",
        "`jurisdiction` is empty",
    );
    tco(
        "jurisdiction = [\"eu\"]",
        "jurisdiction = [\"UK\"]",
        "`jurisdiction`:",
    );
    tco(
        "issuer_types = [\"police\"",
        "issuer_types = [\"army\"",
        "\"army\" is not an agency type",
    );
    tco(
        "item_kinds = [\"url\"]",
        "item_kinds = [\"urls\"]",
        "\"urls\" is not an item kind",
    );
    tco("\"tco:b\"", "\"tco:z\"", "unknown ground `tco:z`");
    tco("\"tco:b\"", "\"tco:a\"", "`tco:a` is listed twice");
    tco(
        "\"force_majeure\"",
        "\"laziness\"",
        "\"laziness\" is not an obstacle",
    );
    tco(
        "unit = \"hours\"",
        "unit = \"days\"",
        "unknown variant `days`",
    );
    tco(
        "unit = \"hours\"",
        "unit = \"working_days\"",
        "needs the `calendar`",
    );
    tco("amount = 1", "amount = 0", "at least 1");
    tco("amount = 1", "amount = -1", "invalid value: integer `-1`");
    tco("max_days = 42", "max_days = 0", "at least 1");
    tco(
        "starts = \"receipt\"",
        "starts = \"arrival\"",
        "\"arrival\" is not a start of a clock",
    );
    tco(
        "id = \"eu-tco-order\"",
        "id = \"eu-tco\"",
        "call the file `eu-tco.toml`",
    );
    tco("minimum_months = 6", "minimum_months = 6 6", "");
}

#[test]
fn an_empty_title_is_refused() {
    let title = "title = \"EU removal order for terrorist content\"";
    broken(
        "eu-tco-order.toml",
        TCO,
        title,
        "title = \" \"",
        "`title` is empty",
    );
}

#[test]
fn a_clock_by_working_days_names_a_calendar_that_exists() {
    let uk = |old: &str, new: &str, reason: &str| {
        broken("uk-ta2006-s3-notice.toml", UK, old, new, reason)
    };
    uk(
        "calendar = \"uk\"",
        "calendar = \"fr\"",
        "unknown calendar `fr`; known are: uk",
    );
    uk(
        "methods = [\"in_person\", \"recorded_post\"]",
        "methods = [\"fax\"]",
        "\"fax\" is not a method of service",
    );
    uk(
        "methods = [\"in_person\", \"recorded_post\"]",
        "methods = []",
        "`methods` is empty",
    );
    let hours = UK.replace("unit = \"working_days\"", "unit = \"hours\"");
    broken(
        "uk-ta2006-s3-notice.toml",
        &hours,
        "calendar = \"uk\"",
        "calendar = \"uk\"",
        "leave `calendar` out",
    );
}

#[test]
fn ladders_and_specified_dates() {
    let india = |old: &str, new: &str, reason: &str| {
        broken("in-it-rules-3-1-d.toml", INDIA, old, new, reason)
    };
    india(
        "floor = \"Joint Secretary\"",
        "floor = \"Colonel\"",
        "`Colonel` is not among the `ranks`",
    );
    india(
        "exceptions = [\"Director\"]",
        "exceptions = [\"Clerk\"]",
        "`Clerk` is not among the `ranks`",
    );
    india(
        "minimum_days = 180",
        "minimum_days = 180\nminimum_months = 6",
        "not both",
    );
    let court =
        |old: &str, new: &str, reason: &str| broken("court-order.toml", COURT, old, new, reason);
    let errors = parse(
        "court-order.toml",
        &COURT.replace(
            "any_ground = true",
            "any_ground = true\ngrounds = [\"terms\"]",
        ),
    )
    .unwrap_err();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0].reason.contains("`grounds` must be left out"),
        "{}",
        errors[0]
    );
    let errors = parse(
        "court-order.toml",
        &COURT.replace("any_ground = true\n", ""),
    )
    .unwrap_err();
    assert!(
        errors[0].reason.contains("`grounds` is empty"),
        "{}",
        errors[0]
    );
    court("[clock]", "[clock]\namount = 3", "must be left out");
}

#[test]
fn a_referral_cannot_be_given_a_power() {
    for duty in [
        "[clock]\nstarts = \"receipt\"\namount = 1\nunit = \"hours\"\nafter_interruption = \"resumes\"\ncitation = \"x\"",
        "[non_disclosure]\ncitation = \"x\"",
        "[preservation]\ncitation = \"x\"",
        "[service]\nmethods = [\"in_person\"]\ncitation = \"x\"",
    ] {
        let errors = parse("referral.toml", &format!("{REFERRAL}\n{duty}\n")).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].reason.contains("voluntary"), "{}", errors[0]);
        assert!(errors[0].line > REFERRAL.lines().count(), "{}", errors[0]);
    }
}

#[test]
fn all_errors_of_a_file_come_together() {
    let bad = TCO
        .replace("\"tco:b\"", "\"tco:z\"")
        .replace("amount = 1", "amount = 0")
        .replace("max_days = 42", "max_days = 0");
    let errors = parse("eu-tco-order.toml", &bad).unwrap_err();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors[0].to_string().starts_with("eu-tco-order.toml:"));
}

#[test]
fn calendars_are_read_strictly() {
    for (old, new, reason) in [
        ("date = 2026-06-15", "date = 2026-13-15", ""),
        (
            "date = 2026-06-15",
            "date = 2026-06-15T10:00:00Z",
            "local date",
        ),
        (
            "date = 2026-06-15",
            "date = 2036-06-15",
            "outside the years 2024 to 2030",
        ),
        ("date = 2026-06-15", "date = 2026-12-25", "listed twice"),
        (
            "time_zone = \"Europe/London\"",
            "time_zone = \"GMT+9000\"",
            "not a time zone",
        ),
        ("\"sunday\"]", "\"sonntag\"]", "`sonntag` is not a weekday"),
        (
            "last_year = 2030",
            "last_year = 2031",
            "2031 has no holiday",
        ),
        ("weekend =", "weekends =", "unknown field"),
    ] {
        assert!(CALENDAR.contains(old), "{old}");
        let bad = CALENDAR.replacen(old, new, 1);
        let errors = Catalogue::parse(&[], &[source("uk.toml", &bad)], &[]).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].reason.contains(reason), "{}", errors[0]);
        assert!(errors[0].line > 1, "{}", errors[0]);
    }
}

#[test]
fn grounds_are_read_strictly() {
    let good = "[[ground]]\ncode = \"a:b\"\ntitle = \"t\"\ncitation = \"c\"\n";
    for (text, reason) in [
        (format!("{good}{good}"), "exists already"),
        (good.replace("a:b", "A:b"), "lower-case"),
        (good.replace("a:b", "a:b:c"), "lower-case"),
        (good.replace("a:b", ""), "lower-case"),
        (good.replace("citation", "source"), "unknown field `source`"),
        (good.replace("\"t\"", "\"\""), "`title` is empty"),
    ] {
        let errors = Catalogue::parse(&[source("grounds.toml", &text)], &[], &[]).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].reason.contains(reason), "{}", errors[0]);
    }
}

#[test]
fn the_same_name_twice_is_an_error() {
    let errors = Catalogue::parse(
        &[source("grounds.toml", GROUNDS)],
        &[source("a/uk.toml", CALENDAR), source("b/uk.toml", CALENDAR)],
        &[
            source("a/referral.toml", REFERRAL),
            source("b/referral.toml", REFERRAL),
        ],
    )
    .unwrap_err();
    let all: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors.len(), 2, "{all:?}");
    assert!(
        all[0].starts_with("b/uk.toml:7: the calendar `uk` exists already"),
        "{all:?}"
    );
    assert!(
        all[1].starts_with("b/referral.toml:1: the instrument `referral` exists already"),
        "{all:?}"
    );
}

#[test]
fn an_operators_own_calendar_counts() {
    let own = CALENDAR
        .replace("id = \"uk\"", "id = \"mine\"")
        .replace("Europe/London", "Asia/Tokyo");
    let notice = UK.replace("calendar = \"uk\"", "calendar = \"mine\"");
    let catalogue = Catalogue::parse(
        &[source("grounds.toml", GROUNDS)],
        &[source("mine.toml", &own)],
        &[source("uk-ta2006-s3-notice.toml", &notice)],
    )
    .unwrap();
    let clock = catalogue
        .get("uk-ta2006-s3-notice")
        .unwrap()
        .clock
        .as_ref()
        .unwrap();
    let start = at("2026-11-16T09:00:00Z");
    assert_eq!(
        clock.due_by(start, catalogue.calendars()),
        Ok(at("2026-11-18T15:00:00Z"))
    );
    assert_eq!(
        clock.due(start),
        Err(DueError::UnknownCalendar("mine".to_owned()))
    );
}
