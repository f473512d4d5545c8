//! The bytes of a mail: headers, encoding, identity.

use super::*;

pub(super) fn sender() -> Sender {
    let from = "Takedown exchange <exchange@exchange.example>";
    Sender::new(
        from,
        Some("Help desk <help@exchange.example>"),
        "exchange.example",
    )
    .unwrap()
}

pub(super) fn mail_to(to: &str) -> Mail {
    let facts = facts();
    sender()
        .compose(
            &facts,
            &render(&facts).unwrap(),
            to,
            at("2026-03-14T11:00:05Z"),
        )
        .unwrap()
}

fn head(mail: &Mail) -> String {
    let text = String::from_utf8(mail.bytes().to_vec()).unwrap();
    text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ")
}

#[test]
fn headers_say_what_programs_need_to_know() {
    let head = head(&mail_to("abuse@paste.example"));
    for line in [
        "From: \"Takedown exchange\" <exchange@exchange.example>",
        "Reply-To: \"Help desk\" <help@exchange.example>",
        "To: abuse@paste.example",
        "Date: Sat, 14 Mar 2026 11:00:05 +0000",
        "Message-ID: <out_01kkr0000000000000000001@exchange.example>",
        "In-Reply-To: <req_01kkr0000000000000000000.thread@exchange.example>",
        "References: <req_01kkr0000000000000000000.thread@exchange.example>",
        "Auto-Submitted: auto-generated",
        "Content-Language: en",
        "MIME-Version: 1.0",
    ] {
        assert!(head.lines().any(|l| l == line), "{line} in\n{head}");
    }
    assert!(
        head.contains("Content-Type: multipart/alternative"),
        "{head}"
    );
}

#[test]
fn a_repeat_is_the_same_mail_byte_for_byte() {
    assert_eq!(
        mail_to("abuse@paste.example").bytes(),
        mail_to("abuse@paste.example").bytes()
    );
}

#[test]
fn a_digest_that_tells_more_is_another_mail() {
    let (_, facts) = every_digest().remove(0);
    let id_of = |facts: &DigestFacts| {
        let rendered = render_digest(facts).unwrap();
        let mail = sender().compose_digest(facts, &rendered, "a@b.example", facts.whole.at);
        mail.unwrap().message_id
    };
    let before = id_of(&facts);
    assert!(
        before.starts_with(&format!("<{}.", facts.whole.outbox_id))
            && before.ends_with("@exchange.example>"),
        "{before}"
    );
    assert_eq!(before, id_of(&facts), "a repeat");
    let mut more = facts.clone();
    more.entries.push(MailFacts {
        outbox_id: "out_01kkr0000000000000000002".into(),
        ..facts.entries[0].clone()
    });
    assert_ne!(before, id_of(&more));
}

#[test]
fn every_mail_is_ascii_with_short_lines() {
    for (name, facts) in every_mail() {
        let mail = sender()
            .compose(&facts, &render(&facts).unwrap(), "a@b.example", facts.at)
            .unwrap();
        assert!(mail.bytes().is_ascii(), "{name}");
        let text = String::from_utf8(mail.bytes().to_vec()).unwrap();
        for line in text.split("\r\n") {
            assert!(
                line.len() <= 998 && !line.contains(['\r', '\n']),
                "{name}: {line}"
            );
        }
    }
}

#[test]
fn no_value_can_add_a_header() {
    let attack = "x\r\nBcc: victim@evil.example\r\n\r\nbody";
    let mut facts = facts();
    facts.agency.name = attack.into();
    facts.platform_name = attack.into();
    facts.reference = attack.into();
    facts.citation = attack.into();
    facts.instrument_title = attack.into();
    facts.check_code = attack.into();
    facts.host = Some(attack.into());
    let sender = sender();
    let mail = sender
        .compose(&facts, &render(&facts).unwrap(), "a@b.example", facts.at)
        .unwrap();
    let head = head(&mail);
    let names: Vec<&str> = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, _)| name)
        .collect();
    assert!(
        !names.iter().any(|name| name.eq_ignore_ascii_case("bcc")),
        "{head}"
    );
    assert_eq!(
        names.len(),
        head.lines().count(),
        "every line is a header of ours:\n{head}"
    );
    assert_eq!(mail.envelope.to().len(), 1);
}

#[test]
fn identifiers_and_addresses_that_do_not_fit_are_refused() {
    let compose = |change: fn(&mut MailFacts), to: &str| {
        let mut facts = facts();
        change(&mut facts);
        sender()
            .compose(&facts, &render(&facts).unwrap(), to, facts.at)
            .map(|_| ())
    };
    let id = BuildError::Identifier;
    assert_eq!(
        compose(|f| f.outbox_id = "a>\r\nX: y".into(), "a@b.example"),
        Err(id("outbox id"))
    );
    assert_eq!(
        compose(|f| f.thread_id = String::new(), "a@b.example"),
        Err(id("thread id"))
    );
    for to in [
        "",
        "a",
        "a@b",
        "a@b@c.example",
        "a b@c.example",
        "\"a\"@c.example",
        "a@c.example\r\nBcc: x@y.example",
        "a@c.example,b@c.example",
        "pоlice@c.example",
        "=?utf-8?q?a?=@c.example",
        "a@[127.0.0.1]",
        "<a@c.example>",
        "a@c.example ",
        "a@-.example",
    ] {
        let refused = compose(|_| (), to);
        assert!(
            matches!(refused, Err(BuildError::Address { field: "to", .. })),
            "{to:?}"
        );
    }
    assert_eq!(compose(|_| (), "abuse+takedown@c.example"), Ok(()));
}

#[test]
fn the_senders_own_name_cannot_add_a_header_either() {
    let attack = "\"x\r\nBcc: victim@evil.example\" <exchange@exchange.example>";
    if let Ok(sender) = Sender::new(attack, None, "exchange.example") {
        let facts = facts();
        let mail = sender
            .compose(&facts, &render(&facts).unwrap(), "a@b.example", facts.at)
            .unwrap();
        assert!(
            !head(&mail).lines().any(|line| line.starts_with("Bcc")),
            "{}",
            head(&mail)
        );
    }
    assert!(Sender::new("exchange@exchange.example", None, "x>\r\nBcc: y").is_err());
    assert!(Sender::new("exchange", None, "exchange.example").is_err());
}
