//! An operator's own files beside those of the release.

use super::*;

pub(super) const POWER: &str = r#"id = "xx-media-act-7"
kind = "order"
title = "Order under section 7"
citation = "Media Act, s.7"
summary = "Asks for removal within two working days."
effect = "As claimed, it is binding."
jurisdiction = ["CH"]
issuer_types = ["police"]
item_kinds = []
grounds = ["terms"]
needs_reasons = true
needs_provision = false
territory = "any"
modification_suffices = false
obstacles = ["manifest_error"]

[clock]
starts = "receipt"
amount = 2
unit = "working_days"
calendar = "xx"
after_interruption = "resumes"
citation = "Media Act, s.8"

[[ground]]
code = "xx-media-act:hatred"
title = "Incites hatred"
citation = "Media Act, s.3"
"#;

const DAYS: &str = r#"id = "xx"
title = "Example"
citation = "Holidays Act"
time_zone = "Europe/Zurich"
weekend = ["saturday", "sunday"]
first_year = 2026
last_year = 2027

[[holiday]]
date = 2026-08-03
name = "A day in the north"
regions = ["north"]

[[holiday]]
date = 2027-08-02
name = "A day everywhere"
"#;

fn with(calendars: &[(&str, &str)], instruments: &[(&str, &str)]) -> (Catalogue, Vec<FileError>) {
    let sources = |files: &[(&'static str, &'static str)]| -> Vec<Source<'static>> {
        files
            .iter()
            .map(|(name, text)| Source { name, text })
            .collect()
    };
    let leak = |files: &[(&str, &str)]| -> Vec<(&'static str, &'static str)> {
        files
            .iter()
            .map(|(name, text)| -> (&'static str, &'static str) {
                (
                    Box::leak((*name).to_owned().into_boxed_str()),
                    Box::leak((*text).to_owned().into_boxed_str()),
                )
            })
            .collect()
    };
    Catalogue::builtin_with(&sources(&leak(calendars)), &sources(&leak(instruments)))
}

const CALENDAR_FILE: (&str, &str) = ("d/calendars/xx.toml", DAYS);

#[test]
fn a_national_power_with_its_own_grounds_and_calendar() {
    let (catalogue, errors) = with(&[CALENDAR_FILE], &[("d/xx-media-act-7.toml", POWER)]);
    assert_eq!(errors, []);
    let own = catalogue.get("xx-media-act-7").unwrap();
    let codes: Vec<_> = own.grounds.iter().map(|g| g.code.as_str()).collect();
    assert_eq!(codes, ["terms", "xx-media-act:hatred"]);
    assert!(Catalogue::builtin().get("xx-media-act-7").is_none());
    assert!(!Catalogue::is_builtin("xx-media-act-7") && Catalogue::is_builtin("referral"));
    assert_eq!(
        catalogue.iter().count(),
        Catalogue::builtin().iter().count() + 1
    );
    // Friday noon, a holiday on Monday, two working days: the midnight after Wednesday.
    let rule = own.clock.as_ref().unwrap();
    let due = rule.due(at("2026-07-31T10:00:00Z"));
    assert_eq!(due, Ok(at("2026-08-05T22:00:00Z")));
    // The rule carries the days: what a request has stored needs no catalogue.
    let stored = serde_json::to_string(rule).unwrap();
    let read: ClockRule = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, *rule);
    assert_eq!(read.due(at("2026-07-31T10:00:00Z")), due);
    assert_eq!(
        rule.due(at("2027-12-31T10:00:00Z")),
        Err(DueError::OutsideCalendar {
            calendar: "xx".to_owned(),
            year: 2028,
            first: 2026,
            last: 2027
        })
    );
}

#[test]
fn the_parts_of_a_country() {
    let uk = Catalogue::builtin().calendars();
    let ids: Vec<_> = uk.iter().map(|calendar| calendar.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "uk",
            "uk-england-and-wales",
            "uk-northern-ireland",
            "uk-scotland"
        ]
    );
    let day = |text: &str| text.parse().unwrap();
    let works = |id: &str, text: &str| uk.get(id).unwrap().is_working_day(day(text)).unwrap();
    // 2 January is a holiday in Scotland only, Easter Monday everywhere else.
    for (id, second, easter) in [
        ("uk", false, false),
        ("uk-scotland", false, true),
        ("uk-england-and-wales", true, false),
        ("uk-northern-ireland", true, false),
    ] {
        assert_eq!(works(id, "2024-01-02"), second, "{id}");
        assert_eq!(works(id, "2024-04-01"), easter, "{id}");
    }
    let (own, _) = with(&[CALENDAR_FILE], &[]);
    assert!(own.calendars().get("xx-north").is_some());
}

#[test]
fn a_wrong_file_is_left_out_and_the_others_stand() {
    let (catalogue, errors) = with(
        &[CALENDAR_FILE],
        &[
            ("d/broken.toml", "id = "),
            ("d/xx-media-act-7.toml", POWER),
            ("e/xx-media-act-7.toml", POWER),
        ],
    );
    assert!(catalogue.get("xx-media-act-7").is_some());
    let said: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("d/broken.toml:1: "), "{said:#?}");
    assert_eq!(
        said[1],
        "e/xx-media-act-7.toml:1: the instrument `xx-media-act-7` exists already"
    );
}

#[test]
fn each_mistake_is_named_with_its_line() {
    let cases = [
        (
            "unit = \"working_days\"",
            "unit = \"minutes\"",
            "unknown variant `minutes`, expected `hours` or `working_days`",
        ),
        (
            "calendar = \"xx\"",
            "calendar = \"mars\"",
            "unknown calendar `mars`; known are: uk, uk-england-and-wales",
        ),
        ("[\"CH\"]", "[\"XQ\"]", "jurisdiction"),
        (
            "citation = \"Media Act, s.7\"",
            "citation = \"\"",
            "`citation` is empty",
        ),
        (
            "citation = \"Media Act, s.8\"",
            "citation = \" \"",
            "`citation` is empty",
        ),
        (
            "code = \"xx-media-act:hatred\"",
            "code = \"tco:a\"",
            "the ground `tco:a` exists already",
        ),
        (
            "grounds = [\"terms\"]",
            "grounds = [\"yy:z\"]",
            "unknown ground `yy:z`",
        ),
        (
            "title = \"Order under section 7\"",
            "title = \"Order \\u0007\"",
            "title",
        ),
        (
            "id = \"xx-media-act-7\"",
            "id = \"other\"",
            "call the file `other.toml`",
        ),
        (
            "territory = \"any\"",
            "teritory = \"any\"",
            "unknown field `teritory`",
        ),
    ];
    for (old, new, reason) in cases {
        let bad = POWER.replacen(old, new, 1);
        assert_ne!(bad, POWER, "{old}");
        let line = POWER[..POWER.find(old).unwrap()].matches('\n').count() + 1;
        let (_, errors) = with(&[CALENDAR_FILE], &[("d/xx-media-act-7.toml", &bad)]);
        assert_eq!(errors.len(), 1, "{old}: {errors:#?}");
        assert_eq!(errors[0].line, line, "{errors:#?}");
        assert!(errors[0].reason.contains(reason), "{errors:#?}");
    }
    // A missing citation has no line of its own: it is said where the file begins.
    let missing = POWER.replacen("citation = \"Media Act, s.7\"\n", "", 1);
    let (_, errors) = with(&[CALENDAR_FILE], &[("d/xx-media-act-7.toml", &missing)]);
    assert_eq!(errors[0].reason, "missing field `citation`");
}

#[test]
fn a_referral_can_have_no_clock_and_nothing_built_in_is_replaced() {
    let voluntary = POWER.replacen("kind = \"order\"", "kind = \"referral\"", 1);
    let (_, errors) = with(&[CALENDAR_FILE], &[("d/xx-media-act-7.toml", &voluntary)]);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].reason.contains("cannot have `clock`"));
    let shadow = POWER.replacen("xx-media-act-7", "eu-tco-order", 1);
    let (catalogue, errors) = with(&[CALENDAR_FILE], &[("d/eu-tco-order.toml", &shadow)]);
    assert!(
        errors[0]
            .reason
            .contains("is built in and cannot be replaced")
    );
    assert_eq!(
        catalogue.get("eu-tco-order"),
        Catalogue::builtin().get("eu-tco-order")
    );
    let shadow = DAYS.replacen("\"xx\"", "\"uk-scotland\"", 1);
    let (_, errors) = with(&[("d/calendars/uk-scotland.toml", &shadow)], &[]);
    assert!(errors[0].reason.contains("is built in"), "{errors:#?}");
    let endless = DAYS.replacen("last_year = 2027", "last_year = 2147483647", 1);
    let (_, errors) = with(&[("d/calendars/xx.toml", &endless)], &[]);
    assert!(errors[0].reason.contains("at most 50 years"), "{errors:#?}");
}
