//! The pages for uploaders, for the golden files.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use takedown_core::instrument::Kind;
use takedown_core::objection::{Answer, NotTaken, Objection, ObjectionOutcome, ObjectionState};
use takedown_core::request::{Basis, Outcome, OutcomeCode, UploaderInformed};
use takedown_core::tombstone::Case;

use super::Wrong;
use super::form::Typed;
use super::render::{Enter, Page};
use super::words::ALL;
use crate::app::requests::filing::Text;
use crate::app::requests::{Looked, Told};
use crate::web::docs::Docs;
use crate::web::page;

fn case(kind: Kind) -> Case {
    let at = "2026-03-14T11:00:00Z".parse().unwrap();
    let order = kind == Kind::Order;
    Case {
        platform: "خدمة اللصق \"الصغيرة\"".to_owned(),
        agency: "Example <Internet> Unit \u{202e}tset".to_owned(),
        country: "PL".parse().unwrap(),
        complaints: "complaints@police.example".to_owned(),
        kind,
        instrument: if order { "eu-tco-order" } else { "referral" }.to_owned(),
        citation: "Art. 3 Regulation (EU) 2021/784".to_owned(),
        reference: "7K3F9-QMD2A-X".to_owned(),
        jurisdiction: "PL".parse().unwrap(),
        territory: vec!["PL".parse().unwrap()],
        outcome: Some(Outcome::new(
            OutcomeCode::Removed,
            if order { Basis::Law } else { Basis::Terms },
            at,
            UploaderInformed::No,
        )),
        withdrawn: false,
        withheld_until: None,
    }
}

fn looked(kind: Kind, objections: Vec<Told>, may_object: Result<(), NotTaken>) -> Looked {
    Looked {
        code: "7J3F-9PMD-2AXQ-04TB".parse().unwrap(),
        case: case(kind),
        objections,
        may_object,
    }
}

fn told(answered: bool) -> Told {
    let made_at = "2026-03-15T09:30:00Z".parse().unwrap();
    let answer = Answer {
        outcome: ObjectionOutcome::PartlyUpheld,
        at: "2026-03-16T09:30:00Z".parse().unwrap(),
        restored: true,
        corrections: 0,
    };
    Told {
        objection: Objection {
            id: "obj_01kkr000000000000000000000".parse().unwrap(),
            item: "item_01kkr000000000000000000000".parse().unwrap(),
            made_at,
            state: if answered {
                ObjectionState::Answered(answer)
            } else {
                ObjectionState::Made
            },
        },
        answer: answered.then(|| Text {
            text: "First line <Internet>.\nSecond \u{202e}line.".to_owned(),
            language: "en".parse().unwrap(),
        }),
    }
}

/// Every page in every language.
pub(in crate::web) fn pages(docs: &Docs) -> Vec<(String, String)> {
    let none = Typed::default();
    let typed = Typed {
        text: "</textarea><Internet> typed".to_owned(),
        language: "und".to_owned(),
    };
    let mut all = Vec::new();
    for w in ALL {
        let order = looked(Kind::Order, Vec::new(), Ok(()));
        let open = looked(
            Kind::Referral,
            vec![told(true), told(false)],
            Err(NotTaken::Open),
        );
        let mut back = looked(Kind::Order, vec![told(true)], Err(NotTaken::NotActedOn));
        if let Some(outcome) = &mut back.case.outcome {
            outcome.code = OutcomeCode::Restored;
        }
        let of = |looked, typed, sent| page(&Page::of(looked, w, docs, typed, sent));
        for (name, shown) in [
            ("order", of(&order, (&none, None), false)),
            ("wrong", of(&order, (&typed, Some(Wrong::TooLong)), false)),
            ("open", of(&open, (&none, None), true)),
            ("restored", of(&back, (&none, None), false)),
            (
                "enter",
                page(&Enter::new(w, w.enter_title, w.enter_line, docs)),
            ),
            (
                "unknown",
                page(&Enter::new(w, w.unknown_title, w.unknown_line, docs)),
            ),
            (
                "later",
                page(&Enter::new(w, w.later_title, w.later_line, docs)),
            ),
        ] {
            all.push((format!("objection.{name}.{}", w.tag), shown));
        }
    }
    all
}

#[test]
fn what_was_typed_stays_and_is_only_text() {
    let docs = crate::web::tests::docs_of(&crate::web::tests::openapi());
    let pages = pages(&docs);
    for (name, page) in pages.iter().filter(|(name, _)| name.contains(".wrong.")) {
        assert!(
            page.contains("&#60;/textarea&#62;&#60;Internet&#62; typed"),
            "{name}"
        );
        assert!(page.contains("value=\"und\" selected"), "{name}");
    }
    for (name, page) in pages.iter().filter(|(name, _)| name.contains(".open.")) {
        assert!(!page.contains("<form"), "{name}");
    }
}
