//! What must hold for every mail, whatever it is about and in whichever language.

use super::super::{lang, sheet};
use super::words::{DUTY_WORDS, third_lines};
use super::*;

fn html_text(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap();
    let mut text = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&#39;", "'");
    text.replace("&#34;", "\"")
}

/// Letters and digits only, so that only the facts are compared, not how they are laid out.
fn facts_of(text: &str) -> String {
    text.replace("https://", "")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

#[test]
fn a_referral_never_speaks_of_duty_or_time_to_act() {
    let ways = [(MailSide::Platform, true), (MailSide::Platform, false)];
    for event in MailEvent::ALL {
        for (to, by_link) in ways.into_iter().chain([(MailSide::Agency, false)]) {
            for language in languages() {
                let facts = MailFacts {
                    event,
                    to,
                    by_link,
                    languages: vec![language.into()],
                    ..facts()
                };
                let Ok(mail) = render(&facts) else {
                    assert!(event.needs_an_order(), "{event}");
                    continue;
                };
                for shown in [&mail.subject, &mail.text, &mail.html] {
                    let shown = shown.to_lowercase();
                    for word in DUTY_WORDS {
                        let found = shown.match_indices(word).any(|(n, _)| {
                            !shown[..n].ends_with(char::is_alphanumeric)
                                && !shown[n + word.len()..].starts_with(char::is_alphanumeric)
                        });
                        assert!(!found, "{event} {to:?} {language}: {word:?} in {shown}");
                    }
                }
                // The only dates are those of the event and of the agency's verification.
                for date in mail.text.split("20").skip(1) {
                    let known = ["26-03-14", "26-01-05", "27-01-05", "16/794"];
                    assert!(
                        known.iter().any(|d| date.starts_with(d)),
                        "{event}: 20{date:.20}"
                    );
                }
            }
        }
    }
}

#[test]
fn nothing_is_near_for_a_referral() {
    let facts = MailFacts {
        event: MailEvent::DeadlineNear,
        ..facts()
    };
    assert_eq!(render(&facts), Err(RenderError::ReferralIsNoOrder));
}

#[test]
fn text_and_html_say_the_same() {
    for (name, facts) in every_mail() {
        let mail = render(&facts).unwrap();
        assert_eq!(
            facts_of(&mail.text),
            facts_of(&html_text(&mail.html)),
            "{name}"
        );
    }
}

#[test]
fn one_link_to_our_own_host_and_no_other() {
    for (name, facts) in every_mail() {
        let mail = render(&facts).unwrap();
        for shown in [&mail.text, &mail.html] {
            assert_eq!(shown.matches("://").count(), 1, "{name}");
            let link = facts.link.as_str();
            assert!(link.starts_with("https://exchange.example/"), "{name}");
            assert_eq!(shown.matches(link).count(), 1, "{name}");
            assert!(
                !shown.contains("paste.example"),
                "{name}: the host is shown defanged"
            );
            assert!(!shown.contains("www.") && !shown.contains('@'), "{name}");
        }
        assert_eq!(mail.html.matches("href=").count(), 1, "{name}");
        assert!(
            !mail.html.contains("src=") && !mail.html.contains("url("),
            "{name}: loads nothing"
        );
    }
}

#[test]
fn the_third_line_says_may_or_must_as_claimed() {
    for (name, facts) in every_mail() {
        let mail = render(&facts).unwrap();
        let third = mail.text.lines().nth(2).unwrap();
        let over = matches!(
            facts.event,
            MailEvent::RequestWithdrawn | MailEvent::RequestAnnulled
        ) || facts.withdrawn;
        let notice = facts.event == MailEvent::NoticeGiven;
        let between = facts.event.is_between_agencies();
        let [may, must, was, no_order, free] = third_lines(mail.languages[0]);
        let wanted = match facts.power {
            _ if between => free,
            _ if notice => no_order,
            Power::Voluntary => may,
            _ if over => was,
            _ => must,
        };
        assert!(third.starts_with(wanted), "{name}: {third}");
    }
}

#[test]
fn english_stands_below_every_other_language() {
    for (name, facts) in every_mail() {
        let mail = render(&facts).unwrap();
        if facts.languages == ["en"] {
            assert_eq!(mail.languages, ["en"]);
            continue;
        }
        let first = facts.languages[0].as_str();
        assert_eq!(mail.languages, [first, "en"], "{name}");
        let dir = if first == "ar" { "rtl" } else { "ltr" };
        assert!(
            mail.html
                .contains(&format!("<html lang=\"{first}\" dir=\"{dir}\">")),
            "{name}"
        );
        assert!(
            mail.html.contains("<div lang=\"en\" dir=\"ltr\">"),
            "{name}"
        );
        assert!(mail.html.contains("<bdi>7K3F9-QMD2A-X</bdi>"), "{name}");
        let english = mail.text.split("----------").last().unwrap();
        assert!(
            english.contains("Reference: 7K3F9-QMD2A-X") && english.contains("What to do next"),
            "{name}"
        );
    }
}

#[test]
fn a_new_request_says_who_how_sure_and_what_next() {
    let mail = render(&facts()).unwrap();
    assert_eq!(
        mail.subject,
        "7K3F9-QMD2A-X · Voluntary: please look at 3 items"
    );
    for said in [
        "Example Internet Unit (PL)",
        "verified on 2026-01-05, valid until 2027-01-05 (call-back to a published number; found out by one person alone)",
        "3 items on paste[.]example",
        "declining is an ordinary answer",
        "GET /v1/inbox",
        "Check code: K7M2-Q4",
        "2026-03-14 12:00 CET = 2026-03-14 11:00 UTC",
    ] {
        assert!(mail.text.contains(said), "{said} in {}", mail.text);
    }
}

#[test]
fn an_order_says_by_when_with_zone_in_the_subject_too() {
    let mail = render(&order(Duty::By(at("2026-03-14T12:00:00Z")))).unwrap();
    assert_eq!(
        mail.subject,
        "7K3F9-QMD2A-X · Order, as claimed: act on 3 items, by 2026-03-14 13:00 CET"
    );
    assert!(
        mail.text
            .contains("Time to act: by 2026-03-14 13:00 CET = 2026-03-14 12:00 UTC, as claimed")
    );
    let mail = render(&order(Duty::FromReceipt(Span::Hours(1)))).unwrap();
    assert!(
        mail.subject
            .ends_with("act on 3 items, within 1 hour of opening it"),
        "{}",
        mail.subject
    );
    assert!(mail.text.contains("This mail does not count as receipt"));
}

#[test]
fn a_request_that_is_over_has_no_time_left_to_act() {
    for event in [MailEvent::RequestWithdrawn, MailEvent::RequestClosed] {
        let facts = MailFacts {
            event,
            ..order(Duty::By(at("2026-03-14T12:34:00Z")))
        };
        let mail = render(&facts).unwrap();
        assert!(
            !mail.text.contains("12:34") && !mail.subject.contains("13:34"),
            "{}",
            mail.text
        );
    }
}

#[test]
fn a_document_is_named_with_its_digest_and_nothing_more() {
    let digest = "5e".repeat(32);
    for language in languages() {
        let facts = MailFacts {
            event: MailEvent::NoteAdded,
            document: Some(Document {
                name: "order\u{202e}.police.example.pdf".into(),
                digest: digest.clone(),
            }),
            languages: vec![language.into()],
            ..facts()
        };
        let mail = render(&facts).unwrap();
        for shown in [&mail.text, &html_text(&mail.html)] {
            assert!(shown.contains(&digest), "{shown}");
            assert!(
                shown.contains("order<U+202E>.police[.]example.pdf"),
                "{shown}"
            );
        }
    }
    assert!(!render(&facts()).unwrap().text.contains("SHA-256"));
}

#[test]
fn an_agency_that_is_not_verified_is_said_to_be_so() {
    let mut facts = facts();
    let said = |facts: &MailFacts| render(facts).unwrap().text;
    facts.agency.verified = Verified::Pending;
    assert!(said(&facts).contains("not verified yet"));
    facts.agency.verified = Verified::Suspended;
    assert!(said(&facts).contains("suspended by the operator"));
    facts.agency.verified = Verified::By {
        method: "letter".into(),
        verified_at: at("2025-01-05T09:00:00Z"),
        until: Some(facts.at),
        by_two: true,
    };
    let ran_out = "(letter; found out by two persons), but that ran out on 2026-03-14";
    assert!(said(&facts).contains(ran_out));
}

#[test]
fn hostile_names_stay_names() {
    let mut facts = facts();
    facts.agency.name = "<script>alert(1)</script>\r\n\r\nhttps://evil.example/\u{202e}x".into();
    facts.platform_name = "A\u{2067}B www.evil.example mail@evil.example".into();
    facts.host = Some("paste.example\r\nX: y".into());
    for language in languages() {
        facts.languages = vec![language.into()];
        let mail = render(&facts).unwrap();
        for shown in [&mail.subject, &mail.text, &mail.html] {
            assert!(
                !shown.contains("evil.example")
                    && !shown.contains('\r')
                    && !shown.contains('\u{202e}')
            );
            assert!(!shown.contains("\u{2067}") && shown.matches("://").count() <= 1);
        }
        assert!(!mail.html.contains("<script"), "{}", mail.html);
        assert!(mail.text.contains("<U+202E>"));
        assert!(!mail.subject.contains("alert"), "names are not in subjects");
        let third = mail.text.lines().nth(2).unwrap();
        let [may, ..] = third_lines(language);
        assert!(third.starts_with(may), "{third}");
    }
}

#[test]
fn every_placeholder_has_a_value() {
    let mut facts = order(Duty::By(at("2026-03-14T12:00:00Z")));
    for duty in [Duty::By(facts.at), Duty::FromReceipt(Span::WorkingDays(2))] {
        facts.power = Power::BindingAsClaimed(duty);
        for words in lang::ALL {
            for (key, text) in sheet::filled_texts(&facts, words) {
                let of_subject = key.starts_with("subject_") || key == "reference";
                assert!(
                    of_subject || !text.contains(['{', '}']),
                    "{}.{key}: {text}",
                    words.tag
                );
            }
        }
    }
}

#[test]
fn event_names_are_those_of_the_history() {
    for event in MailEvent::ALL {
        assert_eq!(event.as_str().parse(), Ok(event));
    }
    assert!("request.eaten".parse::<MailEvent>().is_err());
}

#[test]
fn links_lead_to_our_own_host_over_https() {
    let link = |base, code| Link::check(base, code).map(|link| link.as_str().to_owned());
    assert_eq!(
        link("https://x.example", "K7M2").unwrap(),
        "https://x.example/check/K7M2"
    );
    assert_eq!(
        link("https://x.example/exchange/?q=1", "K7M2").unwrap(),
        "https://x.example/exchange/check/K7M2"
    );
    assert_eq!(
        link("http://127.0.0.1:8080", "K7M2").unwrap(),
        "http://127.0.0.1:8080/check/K7M2"
    );
    for base in [
        "http://x.example",
        "javascript:alert(1)",
        "https://u:p@x.example",
        "x.example",
        "http://10.0.0.1",
    ] {
        assert_eq!(link(base, "K7M2"), Err(FactsError::Base), "{base}");
    }
    for code in ["", "K7", "K7M2/..", "K7M2 x", "K7M2%2e"] {
        assert_eq!(
            link("https://x.example", code),
            Err(FactsError::Code),
            "{code}"
        );
    }
}

#[test]
fn a_digest_tells_each_in_a_line_and_has_one_link_at_most() {
    for (name, facts) in every_digest() {
        let mail = render_digest(&facts).unwrap();
        assert_eq!(
            facts_of(&mail.text),
            facts_of(&html_text(&mail.html)),
            "{name}"
        );
        assert!(mail.subject.ends_with('2'), "{name}: {}", mail.subject);
        for shown in [&mail.text, &mail.html] {
            let links: Vec<&str> = facts.unsubscribe.iter().map(Link::as_str).collect();
            assert_eq!(shown.matches("://").count(), links.len(), "{name}");
            assert!(links.iter().all(|link| shown.contains(link)), "{name}");
            assert!(
                !shown.contains("paste") && !shown.contains('@'),
                "{name}: names no site"
            );
            for code in ["K7M2-Q4", "L8N3-R5", "7K3F9-QMD2A-X", "8M4G0-RNE3B-Y"] {
                assert!(shown.contains(code), "{name}: {code}");
            }
        }
        let from = "Exchange <exchange@exchange.example>";
        let sender = Sender::new(from, None, "exchange.example").unwrap();
        let composed = sender.compose_digest(&facts, &mail, "owner@paste.example", facts.whole.at);
        let composed = String::from_utf8(composed.unwrap().bytes().to_vec()).unwrap();
        let head = composed
            .split("\r\n\r\n")
            .next()
            .unwrap()
            .replace("\r\n ", " ");
        let Some(link) = &facts.unsubscribe else {
            assert!(!head.contains("List-Unsubscribe"), "{name}: {head}");
            continue;
        };
        let link = format!("List-Unsubscribe: <{}>", link.as_str());
        for line in [
            link.as_str(),
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(head.lines().any(|l| l == line), "{line} in\n{head}");
        }
    }
}
