#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use super::*;
use crate::request::UploaderInformed;

const WAY: Way<'static> = Way {
    url: "https://exchange.example/objection",
    code: "7J3F-9PMD-2AXQ-04TB",
};

fn at(text: &str) -> At {
    text.parse().unwrap()
}

fn case(kind: Kind, code: OutcomeCode, basis: Basis) -> Case {
    let mut outcome = Outcome::new(
        code,
        basis,
        at("2026-03-14T11:00:00Z"),
        UploaderInformed::No,
    );
    if code == OutcomeCode::GeoBlocked {
        outcome.countries.push("DE".parse().unwrap());
    }
    let order = kind == Kind::Order;
    Case {
        platform: "Small Paste \u{202e}Service".into(),
        agency: "Example <Unit> {code}".into(),
        country: "PL".parse().unwrap(),
        complaints: "complaints@police.example".into(),
        kind,
        instrument: if order { "eu-tco-order" } else { "referral" }.into(),
        citation: "Regulation (EU) 2021/784, Article 3".into(),
        reference: "7K3F9-QMD2A-X".into(),
        jurisdiction: "PL".parse().unwrap(),
        territory: vec!["PL".parse().unwrap(), "DE".parse().unwrap()],
        outcome: Some(outcome),
        withdrawn: false,
        withheld_until: None,
    }
}

fn in_language(case: &Case, tag: &str) -> Tombstone {
    draw(case, Some(&tag.parse().unwrap()), None, Some(WAY)).unwrap()
}

fn status(case: &Case, asked: Option<u16>) -> Result<Option<u16>, NoTombstone> {
    draw(case, None, asked, None).map(|page| page.status)
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts.filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn every_language_says_everything_with_the_same_values() {
    let case = case(Kind::Order, OutcomeCode::Removed, Basis::Law);
    assert_eq!(words::ALL.map(|words| words.tag), LANGUAGES);
    for words in words::ALL {
        let english = words::ALL[0].entries();
        for ((key, text), (_, first)) in words.entries().into_iter().zip(english) {
            assert!(!text.trim().is_empty(), "{}.{key} is empty", words.tag);
            let same = words.tag != "en" && text == first;
            assert!(!same, "{}.{key} is still English", words.tag);
            assert_eq!(
                placeholders(text),
                placeholders(first),
                "{}.{key}",
                words.tag
            );
            let writer = text::Writer {
                case: &case,
                outcome: case.outcome.as_ref().unwrap(),
                way: Some(WAY),
                words,
            };
            // The agency of this test is called after a placeholder: it stays what it is called.
            let left = writer.fill(text).replace("{code}", "");
            assert!(!left.contains(['{', '}']), "{}.{key}: {left}", words.tag);
        }
        assert_eq!(words.right_to_left, words.tag == "ar");
    }
}

#[test]
fn a_referral_is_never_told_as_a_duty() {
    for basis in Basis::ALL {
        for code in OutcomeCode::ALL.iter().filter(|code| code.acted_on()) {
            let case = case(Kind::Referral, *code, *basis);
            let page = in_language(&case, "en").plain();
            assert!(page.contains("nobody was obliged"), "{page}");
            for never in [
                "ordered",
                "an order",
                "the order",
                "2021/784",
                "required",
                "must",
            ] {
                assert!(!page.contains(never), "{never} in {page}");
            }
            let refused = status(&case, Some(451)).unwrap_err().to_string();
            assert!(refused.contains("a referral demands nothing"), "{refused}");
        }
    }
}

#[test]
fn the_status_says_what_is_true() {
    use OutcomeCode as C;
    for (kind, code, basis, allowed) in [
        (Kind::Order, C::Removed, Basis::Law, &[451, 410][..]),
        (Kind::Order, C::AccessDisabled, Basis::Law, &[451, 410]),
        (Kind::Order, C::GeoBlocked, Basis::Law, &[451]),
        (Kind::Order, C::Removed, Basis::Terms, &[410]),
        (Kind::Referral, C::Removed, Basis::Law, &[410]),
        (Kind::Referral, C::GeoBlocked, Basis::Terms, &[403]),
        (Kind::Order, C::Restricted, Basis::Law, &[]),
        (Kind::Referral, C::Modified, Basis::Terms, &[]),
    ] {
        let case = case(kind, code, basis);
        assert_eq!(status(&case, None).unwrap(), allowed.first().copied());
        for asked in [200, 403, 404, 410, 451] {
            let got = status(&case, Some(asked));
            assert_eq!(
                got.is_ok(),
                allowed.contains(&asked),
                "{code} {asked}: {got:?}"
            );
        }
    }
    let mut withdrawn = case(Kind::Order, C::Removed, Basis::Law);
    withdrawn.withdrawn = true;
    assert_eq!(status(&withdrawn, None), Ok(Some(410)));
    assert!(
        in_language(&withdrawn, "en")
            .plain()
            .contains("has since taken back")
    );
}

#[test]
fn what_was_not_acted_on_has_none() {
    for code in OutcomeCode::ALL.iter().filter(|code| !code.acted_on()) {
        let case = case(Kind::Referral, *code, Basis::Terms);
        assert_eq!(status(&case, None), Err(NoTombstone::NotActedOn(*code)));
    }
    let mut undecided = case(Kind::Referral, OutcomeCode::Removed, Basis::Terms);
    undecided.outcome = None;
    assert_eq!(status(&undecided, None), Err(NoTombstone::Undecided));
}

#[test]
fn while_it_is_withheld_nothing_tells_of_authority_law_or_request() {
    let acted = || OutcomeCode::ALL.iter().filter(|code| code.acted_on());
    for (kind, code) in Kind::ALL
        .iter()
        .flat_map(|kind| acted().map(move |code| (kind, code)))
    {
        for language in LANGUAGES {
            let mut case = case(*kind, *code, Basis::Law);
            case.withheld_until = Some(at("2026-04-01T00:00:00Z"));
            let page = in_language(&case, language);
            assert!(!page.disclosed);
            assert_ne!(page.status, Some(451));
            let text = page.plain();
            for never in [
                "Example", "PL", "DE", "Germany", "2021", "7K3F9", WAY.code, WAY.url, "police",
                "order", "2026",
            ] {
                assert!(!text.contains(never), "{never} in {text}");
            }
            assert!(text.contains("Small Paste"), "{text}");
            assert!(status(&case, Some(451)).is_err());
            // The same page whoever asked, on whatever basis, of whatever countries, whenever.
            let mut other = super::tests::case(Kind::Referral, *code, Basis::Terms);
            other.withheld_until = case.withheld_until;
            let outcome = other.outcome.as_mut().unwrap();
            outcome.effective_at = at("2026-03-15T11:00:00Z");
            if *code == OutcomeCode::GeoBlocked {
                outcome.countries = vec!["FR".parse().unwrap()];
            }
            assert_eq!(in_language(&other, language), page);
        }
    }
}

#[test]
fn what_is_withheld_is_still_true() {
    for language in LANGUAGES {
        let page = |code| {
            let mut case = case(Kind::Order, code, Basis::Law);
            case.withheld_until = Some(at("2026-04-01T00:00:00Z"));
            let page = in_language(&case, language);
            (page.title, page.paragraphs[0].text.clone())
        };
        let gone = page(OutcomeCode::Removed);
        assert_eq!(page(OutcomeCode::AccessDisabled), gone);
        // What is there still, or is an account, is not said to be content that is not there.
        let mut said = BTreeSet::from([gone.clone()]);
        for code in [
            OutcomeCode::GeoBlocked,
            OutcomeCode::AccountSuspended,
            OutcomeCode::Restricted,
            OutcomeCode::Modified,
        ] {
            let page = page(code);
            assert_ne!(page.0, gone.0, "{code} in {language}");
            assert!(said.insert(page), "{code} in {language}");
        }
    }
}

#[test]
fn what_parties_are_called_neither_turns_a_line_nor_fills_a_text() {
    let page = in_language(&case(Kind::Order, OutcomeCode::Removed, Basis::Law), "ar");
    let text = page.plain();
    assert!(page.right_to_left && !text.contains('\u{202e}'), "{text}");
    assert!(text.contains("Example <Unit> {code}"), "{text}");
    let isolates = |c: char| text.matches(c).count();
    assert_eq!(isolates('\u{2068}'), isolates('\u{2069}'));
    assert!(page.redress.iter().any(|p| p.part == "tco" && p.recalled));
}

#[test]
fn an_unknown_language_gets_english() {
    let case = case(Kind::Referral, OutcomeCode::Removed, Basis::Terms);
    assert_eq!(in_language(&case, "sw").language, "en");
    assert_eq!(in_language(&case, "de-AT").language, "de");
    assert!(has_language(&"ar-EG".parse().unwrap()));
    assert!(!has_language(&"sw".parse().unwrap()));
    let without = draw(&case, None, None, None).unwrap();
    assert!(!without.plain().contains("object"), "{}", without.plain());
}
