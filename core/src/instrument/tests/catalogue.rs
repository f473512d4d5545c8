//! What the catalogue of this release says.

use super::*;

#[test]
fn the_embedded_files_parse() {
    let catalogue = Catalogue::try_builtin().expect("embedded files");
    let ids: Vec<_> = catalogue
        .iter()
        .map(|instrument| instrument.id.as_str())
        .collect();
    assert_eq!(
        ids,
        [
            "au-osa-s109-notice",
            "au-osa-s110-notice",
            "au-osa-s65-notice",
            "au-osa-s77-notice",
            "au-osa-s88-notice",
            "court-order",
            "eu-dsa-art16-notice",
            "eu-dsa-art9-order",
            "eu-tco-order",
            "fr-lcen-6-1",
            "id-mr5-2020",
            "id-mr5-2020-urgent",
            "in-it-rules-3-1-d",
            "in-it-rules-3-2-b",
            "nz-fvpc-119c-notice",
            "pk-removal-rules-2021",
            "pk-removal-rules-2021-emergency",
            "referral",
            "sg-broadcasting-egregious",
            "sg-ocha-direction",
            "sg-osra-direction",
            "sg-pofma-s22",
            "tr-5651-8a",
            "uk-ta2006-s3-notice",
        ]
    );
    assert!(catalogue.get("eu-tco-Order").is_none());
}

#[test]
fn every_instrument_explains_itself() {
    for instrument in Catalogue::builtin().iter() {
        for text in [
            &instrument.title,
            &instrument.citation,
            &instrument.summary,
            &instrument.effect,
        ] {
            assert!(!text.trim().is_empty(), "{}", instrument.id);
        }
        assert!(!instrument.remarks.is_empty(), "{}", instrument.id);
        assert!(!instrument.grounds.is_empty(), "{}", instrument.id);
        assert!(!instrument.obstacles.is_empty(), "{}", instrument.id);
        assert_eq!(
            instrument.clock.is_some(),
            instrument.clock_citation.is_some()
        );
        if instrument.kind == Kind::Order {
            assert!(
                instrument.effect.contains("As claimed"),
                "{}",
                instrument.id
            );
        }
    }
}

#[test]
fn a_referral_has_no_power_and_does_not_sound_like_it() {
    let referral = get("referral");
    assert_eq!(referral.kind, Kind::Referral);
    assert_eq!(referral.kind.power(), "voluntary");
    assert_eq!(referral.clock, None);
    assert_eq!(referral.non_disclosure, None);
    assert_eq!(referral.preservation, None);
    assert_eq!(referral.service, None);
    assert_eq!(referral.rank_floor, None);
    assert_eq!(referral.jurisdiction, Jurisdiction::Any);
    let voluntary: Vec<_> = Catalogue::builtin()
        .iter()
        .filter(|instrument| instrument.kind == Kind::Referral)
        .collect();
    assert_eq!(voluntary.len(), 2, "referrals, and notices of the DSA");
    for instrument in voluntary {
        for word in ["must", "overdue", "binding"] {
            let text = format!("{} {}", instrument.summary, instrument.effect);
            assert!(!text.contains(word), "{}: {word}", instrument.id);
        }
    }
}

#[test]
fn the_grounds_are_complete() {
    let catalogue = Catalogue::builtin();
    let count = |prefix: &str| {
        catalogue
            .grounds()
            .iter()
            .filter(|ground| ground.code.starts_with(prefix))
            .count()
    };
    assert_eq!(count("tco:"), 5);
    assert_eq!(count("dsa:"), 16);
    assert!(catalogue.ground("terms").is_some());
    let referral = get("referral");
    assert_eq!(referral.grounds.len(), 5 + 16 + 1);
    assert!(referral.ground("terms").is_some());
    let order = get("eu-tco-order");
    let letters: Vec<_> = order
        .grounds
        .iter()
        .map(|ground| ground.code.as_str())
        .collect();
    assert_eq!(letters, ["tco:a", "tco:b", "tco:c", "tco:d", "tco:e"]);
    for (ground, letter) in order.grounds.iter().zip('a'..='e') {
        assert!(ground.citation.ends_with(&format!("Art 2(7)({letter})")));
    }
    let court = get("court-order");
    assert!(court.any_ground);
    assert_eq!(court.grounds, catalogue.grounds());
    for ground in catalogue.grounds() {
        let used = catalogue
            .iter()
            .any(|instrument| !instrument.any_ground && instrument.ground(&ground.code).is_some());
        assert!(
            used || ground.code == "court:as_stated",
            "{} is of no use",
            ground.code
        );
    }
}

#[test]
fn the_eu_removal_order_is_as_the_regulation_says() {
    let order = get("eu-tco-order");
    assert_eq!(
        order.clock,
        Some(ClockRule {
            starts: ClockStart::Receipt,
            amount: 1,
            unit: Unit::Hours,
            after_interruption: AfterInterruption::Restarts,
        })
    );
    assert_eq!(order.obstacles, Obstacle::ALL);
    let silence = order.non_disclosure.as_ref().unwrap();
    assert_eq!(
        (silence.max_days, silence.extensions, silence.extension_days),
        (Some(42), 1, 42)
    );
    let decided = at("2026-01-01T00:00:00Z");
    assert_eq!(silence.latest(decided, 0), Some(at("2026-02-12T00:00:00Z")));
    assert_eq!(silence.latest(decided, 1), Some(at("2026-03-26T00:00:00Z")));
    assert_eq!(
        silence.latest(decided, 9),
        silence.latest(decided, 1),
        "only one extension"
    );
    let keep = order.preservation.as_ref().unwrap();
    assert_eq!(keep.minimum, Some(Period::Months(6)));
    assert_eq!(
        keep.earliest_end(at("2026-08-31T12:00:00Z")),
        Some(at("2027-02-28T12:00:00Z"))
    );
    assert_eq!(order.default_territory(country("PL")).len(), 27);
    assert_eq!(
        get("referral").default_territory(country("PL")),
        [country("PL")]
    );
}

#[test]
fn the_clocks_of_the_others() {
    let words = |id: &str| get(id).clock.as_ref().map(ToString::to_string);
    assert_eq!(
        words("eu-tco-order").as_deref(),
        Some("1 hour from receipt")
    );
    assert_eq!(words("eu-dsa-art9-order"), None);
    assert_eq!(
        words("uk-ta2006-s3-notice").as_deref(),
        Some("2 working days (uk) after the day it was given")
    );
    assert_eq!(
        words("au-osa-s109-notice").as_deref(),
        Some("24 hours from the time it was given")
    );
    assert_eq!(
        words("in-it-rules-3-1-d").as_deref(),
        Some("3 hours from actual knowledge")
    );
    assert_eq!(
        words("fr-lcen-6-1").as_deref(),
        Some("24 hours from receipt")
    );
    for (id, clock) in [
        ("au-osa-s110-notice", "24 hours from the time it was given"),
        ("au-osa-s65-notice", "24 hours from the time it was given"),
        ("au-osa-s77-notice", "24 hours from the time it was given"),
        ("au-osa-s88-notice", "24 hours from the time it was given"),
        ("id-mr5-2020", "24 hours from receipt"),
        ("id-mr5-2020-urgent", "4 hours from receipt"),
        ("in-it-rules-3-2-b", "2 hours from receipt"),
        ("nz-fvpc-119c-notice", "by the time the order specifies"),
        ("pk-removal-rules-2021", "48 hours from receipt"),
        ("pk-removal-rules-2021-emergency", "12 hours from receipt"),
        (
            "sg-broadcasting-egregious",
            "by the time the order specifies",
        ),
        ("sg-ocha-direction", "by the time the order specifies"),
        ("sg-osra-direction", "by the time the order specifies"),
        ("sg-pofma-s22", "by the time the order specifies"),
        ("tr-5651-8a", "4 hours from receipt"),
    ] {
        assert_eq!(words(id).as_deref(), Some(clock), "{id}");
    }
    assert_eq!(
        words("court-order").as_deref(),
        Some("by the time the order specifies")
    );
}

#[test]
fn a_clock_rule_survives_storage() {
    for rule in Catalogue::builtin()
        .iter()
        .filter_map(|instrument| instrument.clock.as_ref())
    {
        let json = serde_json::to_string(rule).unwrap();
        assert_eq!(
            serde_json::from_str::<ClockRule>(&json).unwrap(),
            *rule,
            "{json}"
        );
    }
    let uk = get("uk-ta2006-s3-notice").clock.as_ref().unwrap();
    assert_eq!(
        serde_json::to_string(uk).unwrap(),
        r#"{"starts":"given","amount":2,"unit":{"working_days":{"calendar":"uk"}},"after_interruption":"resumes"}"#
    );
}

#[test]
fn ids_are_checked() {
    for bad in [
        "",
        "-",
        "a--b",
        "-a",
        "a-",
        "Referral",
        "a_b",
        "a b",
        &"a".repeat(65),
    ] {
        assert!(bad.parse::<InstrumentId>().is_err(), "{bad:?}");
    }
    let id: InstrumentId = serde_json::from_str("\"eu-tco-order\"").unwrap();
    assert_eq!(id.to_string(), "eu-tco-order");
    assert!(serde_json::from_str::<InstrumentId>("\"EU\"").is_err());
}
