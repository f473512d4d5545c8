//! Reports as mail servers write them, and what is not one.
#![allow(clippy::unwrap_used)]

use aws_lc_rs::rand::SystemRandom;

use super::*;

const DELIVERY: &str = "dlv_01kkr000000000000000000000";

fn path() -> ReturnPath {
    let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).unwrap();
    ReturnPath::new("bounces@exchange.example", vec![("k".to_owned(), key)])
}

/// A report in the form of Postfix.
fn postfix(to: &str, action: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\r\nDelivered-To: {to}\r\nDate: Sat, 14 Mar 2026 11:00:05 +0000 (UTC)\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nTo: {to}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B0.17/mx.example\"\r\n\r\nThis is a MIME-encapsulated message.\r\n\r\n\
         --B0.17/mx.example\r\nContent-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry.\r\n\r\n\
         --B0.17/mx.example\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: 4AB\r\nArrival-Date: Sat, 14 Mar 2026 11:00:00 +0000 (UTC)\r\n\r\n\
         Final-Recipient: rfc822; inner@paste.example\r\nOriginal-Recipient: rfc822;owner@paste.example\r\nAction: {action}\r\nStatus: {status}\r\n\
         Remote-MTA: dns; mx.paste.example\r\nDiagnostic-Code: smtp; 550 5.1.1 <inner@paste.example>: Recipient address\r\n    rejected: User unknown\r\n\r\n\
         --B0.17/mx.example\r\nContent-Description: Undelivered Message\r\nContent-Type: message/rfc822\r\n\r\n\
         From: exchange@exchange.example\r\nTo: owner@paste.example\r\nSubject: x\r\n\r\nbody\r\n\r\n--B0.17/mx.example--\r\n"
    )
}

/// The same in the form of Exim, whose parts have another order of fields, and of Exchange, which adds remarks.
fn exim(to: &str) -> String {
    format!(
        "Envelope-to: {to}\nX-Failed-Recipients: owner@paste.example\nAuto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: {to}\n\
         References: <x@exchange.example>\nContent-Type: multipart/report; report-type=delivery-status; boundary=1773486000-eximdsn-42\nMIME-Version: 1.0\n\
         Subject: Mail delivery failed: returning message to sender\n\n--1773486000-eximdsn-42\nContent-type: text/plain; charset=us-ascii\n\n\
         This message was created automatically.\n\n--1773486000-eximdsn-42\nContent-type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
         Action: failed\nFinal-Recipient: rfc822;owner@paste.example\nStatus: 5.0.0\nRemote-MTA: dns; mx.paste.example\nDiagnostic-Code: smtp; 550 no such user\n\n\
         --1773486000-eximdsn-42\nContent-type: message/rfc822\n\nSubject: x\n\nbody\n\n--1773486000-eximdsn-42--\n"
    )
}

fn exchange(to: &str) -> String {
    format!(
        "From: postmaster@corp.example\r\nTo: \"{to}\" <{to}>\r\nMIME-Version: 1.0\r\nX-MS-Exchange-Message-Is-Ndr:\r\nContent-Language: en-US\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"c62a8f24\"\r\nSubject: Undeliverable: x\r\n\r\n\
         --c62a8f24\r\nContent-Type: multipart/alternative; differences=Content-Type; boundary=\"inner\"\r\n\r\n--inner\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\n\r\n\
         Delivery has failed.\r\n\r\n--inner\r\nContent-Type: text/html; charset=\"us-ascii\"\r\n\r\n<p>Delivery has failed.</p>\r\n\r\n--inner--\r\n\r\n\
         --c62a8f24\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;mx.corp.example\r\nReceived-From-MTA: dns;mx.example\r\n\r\n\
         Final-Recipient: rfc822;owner@paste.example\r\nAction: failed\r\nStatus: 5.1.10 (recipient not found)\r\n\
         Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound\r\nX-Display-Name: owner\r\n\r\n--c62a8f24--\r\n"
    )
}

#[test]
fn a_return_address_names_its_delivery_and_fits_a_mailbox_name() {
    let path = path();
    let address = path.of(DELIVERY);
    let (local, domain) = address.split_once('@').unwrap();
    assert!(
        local.starts_with("bounces+01kkr0000") && local.len() <= 64,
        "{local}"
    );
    assert_eq!(domain, "exchange.example");
    assert!(takedown_core::contact::MailAddress::parse(&address).is_ok());
    assert_eq!(path.opened(&address), Ok(DELIVERY.to_owned()));
    // Some servers change the case of what they hand on.
    assert_eq!(
        path.opened(&address.to_ascii_uppercase()),
        Ok(DELIVERY.to_owned())
    );
}

#[test]
fn reports_of_several_servers_are_understood() {
    let path = path();
    let to = path.of(DELIVERY);
    let read = |report: &str| path.read(report.as_bytes()).unwrap();
    let hard = read(&postfix(&to, "failed", "5.1.1"));
    assert_eq!(hard.delivery, DELIVERY);
    assert_eq!(
        hard.recipients,
        ["owner@paste.example", "inner@paste.example"]
    );
    assert_eq!((hard.status.as_str(), hard.permanent), ("5.1.1", true));
    let soft = read(&postfix(&to, "failed", "4.4.1"));
    assert_eq!((soft.status.as_str(), soft.permanent), ("4.4.1", false));
    let other = read(&exim(&to));
    assert_eq!(
        (other.recipients, other.permanent),
        (vec!["owner@paste.example".to_owned()], true)
    );
    let remark = read(&exchange(&to));
    assert_eq!((remark.status.as_str(), remark.permanent), ("5.1.10", true));
}

#[test]
fn what_is_no_report_of_a_failure_is_not_believed() {
    let path = path();
    let to = path.of(DELIVERY);
    let why = |report: &str| path.read(report.as_bytes()).unwrap_err();
    for (action, status) in [
        ("delayed", "4.4.1"),
        ("delivered", "2.1.5"),
        ("relayed", "2.0.0"),
    ] {
        assert_eq!(
            why(&postfix(&to, action, status)),
            Disbelieved::NoFailure,
            "{action}"
        );
    }
    for status in [
        "", "2.0.0", "5", "5.1", "5.1.1.1", "5.x.1", "6.1.1", "5.1.9999",
    ] {
        assert_eq!(
            why(&postfix(&to, "failed", status)),
            Disbelieved::NoStatus,
            "{status}"
        );
    }
    let holiday = format!(
        "To: {to}\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\nContent-Type: text/plain\r\n\r\nI am away until Status: 5.1.1\r\n"
    );
    assert_eq!(why(&holiday), Disbelieved::NoReport);
    let read_receipt =
        postfix(&to, "failed", "5.1.1").replace("delivery-status;", "disposition-notification;");
    assert_eq!(why(&read_receipt), Disbelieved::NoReport);
    assert_eq!(why(""), Disbelieved::NoReport);
    let long = postfix(&to, "failed", "5.1.1") + &"x".repeat(LONGEST);
    assert_eq!(why(&long), Disbelieved::TooLong);
}

#[test]
fn a_forged_report_is_known_by_the_mark_of_its_address() {
    let (path, foreign) = (path(), path());
    let why = |to: &str| {
        path.read(postfix(to, "failed", "5.1.1").as_bytes())
            .unwrap_err()
    };
    assert_eq!(why(&foreign.of(DELIVERY)), Disbelieved::Forged);
    let another = path.of(DELIVERY).replace("01kkr", "01kks");
    assert_eq!(why(&another), Disbelieved::Forged);
    for to in [
        "bounces@exchange.example",
        "exchange@exchange.example",
        "bounces+01kkr000000000000000000000@exchange.example",
        "bounces+x.y@other.example",
    ] {
        assert_eq!(why(to), Disbelieved::NoReturnPath, "{to}");
    }
    assert_eq!(why("bounces+.@exchange.example"), Disbelieved::Forged);
}

#[test]
fn whatever_comes_it_is_read_to_the_end() {
    let path = path();
    let report = postfix(&path.of(DELIVERY), "failed", "5.1.1").into_bytes();
    for n in 0..report.len() {
        let _ = path.read(&report[..n]);
        let mut changed = report.clone();
        changed[n] ^= 0x55;
        let _ = path.read(&changed);
    }
}

#[test]
fn while_keys_are_changed_the_marks_of_both_are_believed() {
    let key = |name: &str| {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).unwrap();
        (name.to_owned(), key)
    };
    let (old, new) = (key("old"), key("new"));
    let of = |keys: Vec<(String, hmac::Key)>| ReturnPath::new("bounces@exchange.example", keys);
    let before = of(vec![old.clone()]).of(DELIVERY);
    let both = of(vec![new.clone(), old.clone()]);
    assert_ne!(before, both.of(DELIVERY), "the new one makes them");
    for address in [&before, &both.of(DELIVERY)] {
        let report = postfix(address, "failed", "5.1.1");
        assert_eq!(both.read(report.as_bytes()).unwrap().delivery, DELIVERY);
    }
    // A node that started before the change, and goes on: the copy that its sender has follows as well.
    let running = of(vec![old.clone(), new.clone()]);
    let sender = running.clone();
    assert_eq!(sender.of(DELIVERY), before);
    running.mark_with("one that it lacks");
    assert_eq!(sender.of(DELIVERY), before);
    running.mark_with("new");
    assert_eq!(sender.of(DELIVERY), of(vec![new.clone()]).of(DELIVERY));
    let report = postfix(&before, "failed", "5.1.1");
    assert!(sender.read(report.as_bytes()).is_ok());
    let late = of(vec![new]).read(postfix(&before, "failed", "5.1.1").as_bytes());
    assert_eq!(late.unwrap_err(), Disbelieved::Forged);
}
