//! Every page as it is sent, beside the code. `UPDATE_GOLDEN=1 cargo test -p takedown-api web::` writes them anew; the
//! difference is then read in the commit.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use takedown_core::agency::{AgencyStatus, AgencyType, Verification, VerificationMethod};
use takedown_core::instrument::Kind;

use super::{docs_of, openapi};
use crate::app::requests::{Checked, CheckedAbout};
use crate::web::check::{Enter, Page};
use crate::web::docs::Docs;
use crate::web::page;
use crate::web::words::{ALL, Words};

fn checked() -> Checked {
    Checked {
        code: "7J3F-9PMD-2AXQ-04TB".parse().unwrap(),
        reference: takedown_core::id::Reference::from_request(
            "req_01kkr000000000000000000000".parse().unwrap(),
        ),
        filed_at: "2026-03-14T11:00:00Z".parse().unwrap(),
        about: CheckedAbout::Request,
        withdrawn: false,
        kind: Kind::Referral,
        instrument: (
            "Referral".to_owned(),
            "Art. 18(6) Regulation (EU) 2016/794".to_owned(),
        ),
        agency: "Example <Internet> Unit \u{202e}tset".to_owned(),
        country: "PL".parse().unwrap(),
        agency_type: AgencyType::Police,
        agency_status: AgencyStatus::Verified,
        verification: Some(Verification {
            method: VerificationMethod::CallBack,
            by: "Duty desk".to_owned(),
            verified_at: "2026-01-05T09:00:00Z".parse().unwrap(),
            expires_at: "2027-01-05T09:00:00Z".parse().unwrap(),
            note: Some("an internal remark".to_owned()),
            evidence: takedown_core::agency::Evidence::default(),
        }),
        verification_holds: true,
        platform: "خدمة اللصق \"الصغيرة\"".to_owned(),
    }
}

fn pages(w: &'static Words, docs: &Docs) -> Vec<(String, String)> {
    let order = Checked {
        kind: Kind::Order,
        instrument: (
            "Removal order".to_owned(),
            "Art. 3 Regulation (EU) 2021/784".to_owned(),
        ),
        ..checked()
    };
    let suspended = Checked {
        agency_status: AgencyStatus::Suspended,
        verification_holds: false,
        ..checked()
    };
    let ran_out = Checked {
        verification_holds: false,
        ..checked()
    };
    let pending = Checked {
        agency_status: AgencyStatus::Pending,
        verification: None,
        verification_holds: false,
        ..checked()
    };
    let notice = Checked {
        about: CheckedAbout::Notice,
        ..order.clone()
    };
    let operation = Checked {
        about: CheckedAbout::Operation,
        instrument: (String::new(), String::new()),
        platform: "Other <Internet> Unit".to_owned(),
        ..checked()
    };
    let withdrawn = Checked {
        withdrawn: true,
        ..checked()
    };
    let mut pages: Vec<(String, String)> = [
        ("check.referral", checked()),
        ("check.notice", notice),
        ("check.operation", operation),
        ("check.order", order),
        ("check.suspended", suspended),
        ("check.ran_out", ran_out),
        ("check.pending", pending),
        ("check.withdrawn", withdrawn),
    ]
    .into_iter()
    .map(|(name, checked)| (name.to_owned(), page(&Page::of(&checked, w, docs))))
    .collect();
    for (name, title, lines) in [
        ("check.enter", w.enter_title, &w.enter_lines[..]),
        ("check.unknown", w.unknown_title, &w.unknown_lines[..]),
        ("check.later", w.later_title, &w.later_lines[..]),
    ] {
        pages.push((name.to_owned(), page(&Enter::new(w, title, lines, docs))));
    }
    for (name, _) in &mut pages {
        name.push('.');
        name.push_str(w.tag);
    }
    pages
}

fn all() -> Vec<(String, String)> {
    let docs = docs_of(&openapi());
    let mut all = crate::web::objection::tests::pages(&docs);
    all.extend(crate::web::answer::tests::pages(&docs));
    all.extend(crate::web::transparency::tests::pages());
    for words in ALL {
        all.extend(pages(words, &docs));
    }
    for (name, bytes) in docs.pages() {
        all.push((name, String::from_utf8(bytes.to_vec()).unwrap()));
    }
    all
}

#[test]
fn every_page_reads_as_checked_in() {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/web/snapshots");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut names = BTreeSet::new();
    let mut differing = Vec::new();
    for (name, seen) in all() {
        let name = format!("{name}.html");
        let path = directory.join(&name);
        if update {
            fs::create_dir_all(&directory).unwrap();
            fs::write(&path, &seen).unwrap();
        } else if fs::read_to_string(&path).ok().as_deref() != Some(&seen) {
            differing.push(name.clone());
        }
        names.insert(name);
    }
    assert!(
        differing.is_empty(),
        "differ from the golden files (UPDATE_GOLDEN=1 writes them): {differing:#?}"
    );
    let there: BTreeSet<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, names, "golden files of pages that are no more");
}

#[test]
fn no_page_needs_more_than_its_policy_allows() {
    for (name, page) in all() {
        for never in [
            "<script",
            "style=",
            "<style",
            "onclick",
            "http-equiv",
            "javascript:",
            "<img",
        ] {
            assert!(!page.contains(never), "{never} in {name}");
        }
        // What a party is called neither becomes markup nor turns a line round.
        assert!(
            !page.contains("<Internet>") && !page.contains('\u{202e}'),
            "{name}"
        );
        assert!(!page.contains("an internal remark"), "{name}");
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang="), "{name}");
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
    }
}

#[test]
fn a_referral_is_never_told_as_a_duty() {
    for (name, page) in all()
        .into_iter()
        .filter(|(name, _)| name.starts_with("check.referral"))
    {
        for word in ["must act", "obliges", "deadline", "overdue", "ملزم"] {
            assert!(!page.contains(word), "{word} in {name}");
        }
    }
}
