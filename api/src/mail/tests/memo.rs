//! Mails that are about no request.

use super::build::sender;
use super::*;

fn every_memo() -> Vec<MemoFacts> {
    let until = at("2026-06-14T11:00:00Z");
    let ending = |to_operator| MemoAbout::VerificationEnding {
        agency: "Example Internet Unit".into(),
        id: "agency_01kkr0000000000000000000".into(),
        until,
        to_operator,
    };
    let disabled = |gone| MemoAbout::WebhookDisabled {
        webhook: "webhook_01kkr000000000000000000".into(),
        host: "hooks.paste.example".into(),
        gone,
        error: "answered 500".into(),
    };
    let abouts = [ending(true), ending(false), disabled(true), disabled(false)];
    let in_language = |(about, language): (MemoAbout, &'static str)| MemoFacts {
        about,
        languages: vec![language.into()],
        time_zone: Tz::Europe__Berlin,
        thread_id: "agency_01kkr0000000000000000000".into(),
        outbox_id: "dlv_01kkr0000000000000000001".into(),
    };
    let all = abouts.into_iter().flat_map(|about| {
        let each = languages().into_iter();
        each.map(move |language| (about.clone(), language))
    });
    all.map(in_language).collect()
}

#[test]
fn a_memo_says_everything_in_every_language_and_has_no_link() {
    let names = [
        "agency", "day", "until", "webhook", "host", "error", "command", "call", "list",
    ];
    let mut subjects = std::collections::BTreeSet::new();
    for facts in every_memo() {
        let mail = render_memo(&facts).unwrap();
        let shown = format!("{}\n{}\n{}", mail.subject, mail.text, mail.html);
        for name in names {
            assert!(!shown.contains(&format!("{{{name}}}")), "{name} in {shown}");
        }
        assert!(
            !shown.contains("://") && !mail.html.contains("href="),
            "{shown}"
        );
        assert!(!shown.contains("hooks.paste.example"), "a host is defanged");
        assert_eq!(mail.languages[0], facts.languages[0]);
        assert_eq!(
            *mail.languages.last().unwrap(),
            "en",
            "English stands below"
        );
        subjects.insert(mail.subject.clone());
        let mail = sender().compose_memo(&facts, &mail, "a@b.example", facts_at());
        assert!(mail.unwrap().bytes().is_ascii());
    }
    assert_eq!(subjects.len(), 15, "three subjects in five languages");
}

fn facts_at() -> DateTime<Utc> {
    at("2026-05-14T11:00:00Z")
}

#[test]
fn what_can_be_done_is_said_as_it_is_typed() {
    let facts = every_memo().into_iter().find(|facts| {
        facts.languages == ["en"]
            && matches!(facts.about, MemoAbout::WebhookDisabled { gone: false, .. })
    });
    let mail = render_memo(&facts.unwrap()).unwrap();
    for said in [
        "takedown webhooks change webhook_01kkr000000000000000000 --status active",
        "PATCH /v1/webhooks/webhook_01kkr000000000000000000 {\"status\": \"active\"}",
        "What failed last: answered 500.",
        "hooks[.]paste[.]example",
    ] {
        assert!(mail.text.contains(said), "{said} in {}", mail.text);
    }
}
