#![allow(clippy::unwrap_used)]
use super::*;
use crate::request::{Basis, OutcomeCode, UploaderInformed};
use crate::time::from_millis;

fn at(millis: i64) -> At {
    from_millis(millis).unwrap()
}

fn item(position: i32, code: Option<OutcomeCode>) -> Item {
    let countries = |code| match code {
        OutcomeCode::GeoBlocked => Country::all().filter(|c| c.is_eu()).collect(),
        _ => Vec::new(),
    };
    Item {
        position,
        locator: format!("https://paste.example/{position}#key"),
        description: None,
        outcome: code.map(|code| Outcome {
            code,
            basis: Basis::Law,
            effective_at: at(1_800_000_000_000),
            uploader_informed: UploaderInformed::No,
            countries: countries(code),
            duplicate_of: None,
            note: Some("The link leads to a list.".into()),
            note_language: None,
        }),
        withdrawn_at: None,
    }
}

fn case(items: Vec<Item>) -> Case {
    Case {
        instrument: INSTRUMENT.into(),
        reference: "7K3F9-QMD2A-X".into(),
        authority: Authority {
            name: "Cyber Unit".into(),
            country: "PL".parse().unwrap(),
            agency_type: AgencyType::Police,
            officer: Some("Maria Nowak, podinspektor".into()),
            file_number: Some("KP-18/26".into()),
        },
        provider: Provider {
            name: "Paste".into(),
            country: "DE".parse().ok(),
            reference: None,
        },
        issued_at: at(1_799_999_000_000),
        received_at: Some(at(1_799_999_500_000)),
        grounds: vec!["tco:b".into()],
        reasons: vec![(
            "en".parse().unwrap(),
            "First line.\nSecond \u{202e}line.".into(),
        )],
        items,
        non_disclosure: true,
        withdrawn_at: None,
        obstacles: Vec::new(),
    }
}

fn ticked(form: &Form) -> Vec<&'static str> {
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    fields
        .flat_map(|field| match &field.value {
            Value::Boxes(boxes) => boxes.as_slice(),
            _ => &[],
        })
        .filter(|one| one.ticked)
        .map(|one| one.text)
        .collect()
}

#[test]
fn the_order_is_printed_with_what_was_filed_and_lines_for_the_rest() {
    let forms = draw(FormKind::AnnexI, &case(vec![item(1, None)])).unwrap();
    let [form] = forms.as_slice() else {
        unreachable!("one order")
    };
    let letters: Vec<_> = form.sections.iter().map(|s| s.letter).collect();
    assert_eq!(letters, ["A", "B", "C", "D", "E", "F", "G"]);
    let said = ticked(form);
    assert!(said[0].starts_with("(b)"), "{said:?}");
    assert_eq!(
        said.len(),
        4,
        "ground, silence, another State, police: {said:?}"
    );
    let page = form.print();
    for part in [
        "1: https://paste.example/1#key\n",
        "[x] (b) solicits",
        "[ ] (a) incites",
        "Maria Nowak, podinspektor",
        "(en) First line.\n    Second <U+202E>line.\n",
        "2027-01-15T07:43:20.000Z",
        "Contact point\n    ____",
        "a copy of the order",
        "compared with the official text",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let longest = page.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 170, "{longest}");
}

#[test]
fn what_was_taken_back_is_marked_on_the_order() {
    let mut case = case(vec![item(1, None), item(2, None)]);
    case.items[1].withdrawn_at = Some(at(1_799_999_700_000));
    let page = |case: &Case| draw(FormKind::AnnexI, case).unwrap()[0].print();
    let link = page(&case);
    assert!(
        link.contains("/2#key [taken back by the authority on 2027-01-15T07:55:00.000Z]"),
        "{link}"
    );
    assert!(link.contains("/1#key\n") && !link.contains("took this order back"));
    case.withdrawn_at = Some(at(1_799_999_800_000));
    assert!(page(&case).contains("took this order back on 2027-01-15T07:56:40.000Z"));
}

#[test]
fn feedback_ticks_one_measure_and_so_comes_once_for_each() {
    let items = [
        OutcomeCode::Removed,
        OutcomeCode::AlreadyGone,
        OutcomeCode::GeoBlocked,
        OutcomeCode::Removed,
    ];
    let items = (1..).zip(items).map(|(n, code)| item(n, Some(code)));
    let mut case = case(items.collect());
    let forms = draw(FormKind::AnnexII, &case).unwrap();
    let said: Vec<_> = forms.iter().map(ticked).collect();
    assert_eq!(
        said,
        [
            ["the terrorist content was removed"],
            ["access to the terrorist content was disabled in all Member States"]
        ]
    );
    let page = forms[0].print();
    assert!(
        page.contains("2027-01-15T08:00:00.000Z, 1: https://paste.example/1#key\n"),
        "{page}"
    );
    assert!(
        page.contains("4: https://paste.example/4#key") && !page.contains("/2#key"),
        "{page}"
    );
    assert!(
        page.contains("2027-01-15T07:51:40.000Z"),
        "the receipt: {page}"
    );
    // A block in one country is not what the order asks.
    let outcome = case.items[2].outcome.as_mut().unwrap();
    outcome.countries.truncate(1);
    assert_eq!(draw(FormKind::AnnexII, &case).unwrap().len(), 1);
    case.items.truncate(0);
    assert_eq!(draw(FormKind::AnnexII, &case), Err(NoForm::NothingDone));
}

#[test]
fn obstacles_come_from_what_was_reported_and_from_answers() {
    let mut case = case(vec![item(1, None)]);
    assert_eq!(
        draw(FormKind::AnnexIII, &case),
        Err(NoForm::NothingReported)
    );
    case.obstacles.push(Reported {
        obstacle: Obstacle::ForceMajeure,
        at: at(1_799_999_600_000),
        text: "The data centre has no power.".into(),
    });
    case.items
        .push(item(2, Some(OutcomeCode::UnableInsufficientInformation)));
    let forms = draw(FormKind::AnnexIII, &case).unwrap();
    assert_eq!(ticked(&forms[0]).len(), 2);
    let page = forms[0].print();
    assert!(
        page.contains("2027-01-15T07:53:20.000Z: The data centre has no power."),
        "{page}"
    );
    assert!(
        page.contains("2: https://paste.example/2#key: The link leads to a list."),
        "{page}"
    );
    case.instrument = "referral".into();
    for kind in [FormKind::AnnexI, FormKind::AnnexII, FormKind::AnnexIII] {
        let refused = draw(kind, &case).unwrap_err();
        assert_eq!(refused, NoForm::OtherInstrument("referral".into()));
    }
}
