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
        instrument: REMOVAL_ORDER.into(),
        reference: "7K3F9-QMD2A-X".into(),
        authority: Authority {
            name: "Cyber Unit".into(),
            country: "PL".parse().unwrap(),
            agency_type: AgencyType::Police,
            officer: Some("Maria Nowak, podinspektor".into()),
            file_number: Some("KP-18/26".into()),
            complaints: "complaints@police.example".into(),
        },
        provider: Provider {
            name: "Paste".into(),
            country: "DE".parse().ok(),
            reference: None,
            languages: vec!["en-GB".parse().unwrap()],
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
        prior_notice_waived: None,
        copied: None,
        annulled: None,
        silent_until: Some(at(1_801_000_000_000)),
        legal_basis: None,
        provision: None,
        redress: None,
        effect_to: None,
        bona_fide: false,
        territory: vec!["PL".parse().unwrap()],
        worldwide: false,
        acknowledged_at: None,
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
    let page = form.print(FormLanguage::English);
    for part in [
        "1: https://paste.example/1#key\n",
        "[x] (b) solicits",
        "[ ] (a) incites",
        "Maria Nowak, podinspektor",
        "(en) First line.\n    Second <U+202E>line.\n",
        "2027-01-15T07:43:20.000Z",
        "Contact point\n    ____",
        "a copy of the order",
        "compared with the official text. Compare it",
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
    let page = |case: &Case| draw(FormKind::AnnexI, case).unwrap()[0].print(FormLanguage::English);
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
    let page = forms[0].print(FormLanguage::English);
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
    let page = forms[0].print(FormLanguage::English);
    assert!(
        page.contains("2027-01-15T07:53:20.000Z: The data centre has no power."),
        "{page}"
    );
    assert!(
        page.contains("2: https://paste.example/2#key: The link leads to a list."),
        "{page}"
    );
    case.instrument = "referral".into();
    for kind in FormKind::ALL {
        let other = NoForm::OtherInstrument {
            form: kind.instrument(),
            request: "referral".into(),
        };
        assert_eq!(draw(*kind, &case), Err(other));
    }
}

#[test]
fn the_order_says_who_got_a_copy_who_annulled_it_and_why_nobody_was_told_before() {
    let mut order = case(vec![item(1, None)]);
    order.copied = Some(Copied {
        to: "Example Authority".into(),
        at: at(1_799_999_000_000),
    });
    order.prior_notice_waived = Some("An attack is under way.".into());
    order.annulled = Some(("Example Authority".into(), at(1_799_999_900_000)));
    order.withdrawn_at = Some(at(1_799_999_900_000));
    let forms = draw(FormKind::AnnexI, &order).unwrap();
    let page = forms[0].print(FormLanguage::English);
    assert!(
        page.contains("legal effect any more. By whom, and when: Example Authority, 2027-01-15T"),
        "{page}"
    );
    assert!(
        page.contains("(Article 3(2)), as the authority says because: An attack is under way.")
    );
    assert!(page.contains("[x] a copy of the order is sent"), "{page}");
    assert!(page.contains("Example Authority (copy sent on "), "{page}");
    assert!(!page.contains("took this order back"));
}

#[test]
fn an_order_of_the_digital_services_act_has_every_element() {
    let mut case = case(vec![
        item(1, None),
        item(2, Some(OutcomeCode::DeclinedNoLegalPower)),
    ]);
    case.instrument = ARTICLE_9.into();
    case.legal_basis = Some("Article 14 of the Police Act".into());
    case.provision = Some("Article 286 of the Criminal Code".into());
    let redress = "Complaint within 7 days.".to_owned();
    case.redress = Some(("en".parse().unwrap(), redress));
    let page = draw(FormKind::DsaArt9, &case).unwrap()[0].print(FormLanguage::English);
    for part in [
        "(Article 9(2)(a)(i))\n    Article 14 of the Police Act\n",
        "    Article 286 of the Criminal Code\n",
        "    Cyber Unit (PL)\n",
        "1: https://paste.example/1#key\n",
        "(Article 9(2)(b))\n    PL\n",
        "(en) Complaint within 7 days.\n",
        "[x] so the registry of the exchange says",
        "not before 2027-01-26T21:46:40.000Z",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    case.provider.languages = vec!["de".parse().unwrap()];
    case.redress = None;
    let page = draw(FormKind::DsaArt9, &case).unwrap()[0].print(FormLanguage::English);
    assert!(page.contains("[ ] so the registry"), "{page}");
    assert!(page.contains("(Article 9(2)(a)(v))\n    ____"), "{page}");

    let effect = draw(FormKind::DsaArt9Effect, &case).unwrap()[0].print(FormLanguage::English);
    assert!(
        effect.contains("what was done, and when\n    –\n"),
        "{effect}"
    );
    assert!(
        effect.contains("2#key: declined_no_legal_power, 2027-01-15T08:00:00.000Z"),
        "{effect}"
    );
    assert!(
        effect.contains("Not answered yet\n    1: https"),
        "{effect}"
    );
    case.items.truncate(1);
    assert_eq!(
        draw(FormKind::DsaArt9Effect, &case),
        Err(NoForm::NothingDecided)
    );
}

#[test]
fn a_notice_is_confirmed_once_it_was_read_and_its_decision_told() {
    let mut case = case(vec![item(1, Some(OutcomeCode::Removed))]);
    case.instrument = ARTICLE_16.into();
    case.bona_fide = true;
    let page = draw(FormKind::DsaArt16Receipt, &case).unwrap()[0].print(FormLanguage::English);
    for part in [
        "Maria Nowak, podinspektor, complaints@police.example",
        "[x] the notifier believes in good faith",
        "(Article 16(4)) [R]\n    2027-01-15T07:51:40.000Z",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = draw(FormKind::DsaArt16Decision, &case).unwrap()[0].print(FormLanguage::English);
    assert!(
        page.contains("1#key: removed, 2027-01-15T08:00:00.000Z"),
        "{page}"
    );
    assert!(page.contains("[x] the law") && page.contains("[ ] the provider's terms"));
    case.received_at = None;
    assert_eq!(
        draw(FormKind::DsaArt16Receipt, &case),
        Err(NoForm::NotReceived)
    );
}

/// Everything that any form says in words of ours.
fn every_label() -> std::collections::BTreeSet<&'static str> {
    let mut said = std::collections::BTreeSet::new();
    for kind in FormKind::ALL {
        let codes = [
            OutcomeCode::Removed,
            OutcomeCode::AccessDisabled,
            OutcomeCode::UnableForceMajeure,
        ];
        let mut items: Vec<Item> = (1..)
            .zip(codes)
            .map(|(n, code)| item(n, Some(code)))
            .collect();
        items.push(item(4, None));
        let mut case = case(items);
        case.instrument = kind.instrument().into();
        said.insert(kind.title());
        for section in draw(*kind, &case)
            .unwrap()
            .iter()
            .flat_map(|form| &form.sections)
        {
            said.insert(section.title);
            for field in &section.fields {
                said.insert(field.label);
                if let Value::Boxes(boxes) = &field.value {
                    said.extend(boxes.iter().map(|one| one.text));
                }
            }
        }
    }
    said
}

#[test]
fn every_language_has_every_label_and_no_other() {
    let frame = [
        "Section",
        "The wording of this field was recalled and not compared with the official text. Compare it before you use this as the legal form:",
        "Nobody recorded it: fill it in by hand.",
        "Times are UTC. The exchange records what an authority claims; it does not say that the claim is lawful.",
        "The labels are in English. They are ours where no mark stands, and not the official text.",
        "The authority took this back: nothing is asked any more. Since:",
        "This order was annulled and has no legal effect any more. By whom, and when:",
        "First order to this provider without notice 12 hours before (Article 3(2)), as the authority says because:",
    ];
    let mut said = every_label();
    said.extend(frame);
    let known = labels::known();
    let missing: Vec<_> = said.difference(&known).collect();
    assert!(missing.is_empty(), "no translation: {missing:#?}");
    let unused: Vec<_> = known.difference(&said).collect();
    assert!(unused.is_empty(), "no form says: {unused:#?}");
}

#[test]
fn a_page_is_printed_in_the_language_asked_for() {
    let mut case = case(vec![item(1, None)]);
    case.withdrawn_at = Some(at(1_799_999_800_000));
    let form = &draw(FormKind::AnnexI, &case).unwrap()[0];
    let page = form.print(FormLanguage::French);
    for part in [
        "Annexe I : injonction de retrait\n",
        "plus rien n'est demandé. Depuis : 2027-01-15T07:56:40.000Z",
        "Section E: L'autorité compétente d'émission",
        "[x] (b)".replace("(b)", "b) sollicite autrui").as_str(),
        "1: https://paste.example/1#key\n",
        "non le texte officiel",
        "[R]",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = form.print(FormLanguage::Arabic);
    let lines = page.lines().filter(|line| !line.is_empty());
    assert!(
        lines.clone().all(|line| line.starts_with('\u{200f}')),
        "{page}"
    );
    assert!(
        page.contains("\u{2068}1: https://paste.example/1#key\u{2069}\n"),
        "{page}"
    );
    // Direction characters of others stay written out.
    assert!(page.contains("Second <U+202E>line."), "{page}");
    assert_eq!(
        page.matches('\u{2068}').count(),
        page.matches('\u{2069}').count()
    );
}
