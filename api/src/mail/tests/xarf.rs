//! The part for programs, in the form that XARF gives to mails.

use takedown_core::contact::MailAddress;
use takedown_core::xarf::report_type;

use super::build::sender;
use super::*;

fn report(item: &str, locator: &str) -> Report {
    Report {
        item: item.into(),
        told: report_type(&["dsa:scams_and_fraud".to_owned()]).unwrap(),
        at: at("2026-03-14T11:00:00Z"),
        reference: "7K3F9-QMD2A-X".into(),
        kind: "referral",
        agency: "Example Internet Unit".into(),
        contact: MailAddress::parse("complaints@police.example").unwrap(),
        address: web_address(locator),
    }
}

/// The mail with these reports, and each JSON in it as it is read back.
fn sent(reports: &[Report]) -> (String, Vec<serde_json::Value>) {
    let facts = MailFacts {
        reported: true,
        ..facts()
    };
    let rendered = render(&facts).unwrap();
    let to = ("abuse@paste.example", reports);
    let mail = sender().compose_reporting(&facts, &rendered, to, facts.at);
    let raw = String::from_utf8(mail.unwrap().bytes().to_vec()).unwrap();
    let read = |part: &str| {
        let (head, body) = part.split_once("\r\n\r\n")?;
        head.contains("application/json").then(|| {
            let encoded = body.split("\r\n--").next().unwrap();
            let encoded: String = encoded.split_whitespace().collect();
            let json = data_encoding::BASE64.decode(encoded.as_bytes()).unwrap();
            serde_json::from_slice(&json).unwrap()
        })
    };
    let boundary = raw.split("boundary=\"").nth(1).unwrap();
    let boundary = format!("\r\n--{}", boundary.split('"').next().unwrap());
    let jsons = raw.split(boundary.as_str()).skip(1).filter_map(read);
    let jsons = jsons.collect();
    (raw, jsons)
}

#[test]
fn each_address_is_a_report_of_its_own_that_a_repeat_has_too() {
    let reports = [
        report("item_1", "https://paste.example/shop?a=1"),
        report("item_2", "http://cdn.paste.example/b"),
    ];
    let (raw, jsons) = sent(&reports);
    assert_eq!(raw, sent(&reports).0, "a repeat is the same mail");
    let head = raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    assert!(
        head.contains("multipart/report; report-type=feedback-report"),
        "{head}"
    );
    assert!(raw.contains("Feedback-Type: xarf\r\n") && raw.contains("message/feedback-report"));
    assert!(
        !raw.contains("text/html"),
        "the form has one part for people"
    );
    assert_eq!(jsons.len(), 2);
    assert_eq!(jsons[0]["url"], "https://paste.example/shop?a=1");
    assert_eq!(jsons[1]["source_identifier"], "cdn.paste.example");
    assert_eq!(
        (
            &jsons[0]["category"],
            &jsons[0]["type"],
            &jsons[0]["fraud_type"]
        ),
        (&"content".into(), &"fraud".into(), &"other".into())
    );
    assert_eq!(jsons[0]["reporter"]["domain"], "police.example");
    assert_eq!(jsons[0]["sender"]["contact"], "exchange@exchange.example");
    let ids: Vec<uuid::Uuid> = jsons
        .iter()
        .map(|json| json["report_id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_ne!(ids[0], ids[1]);
    assert!(ids.iter().all(|id| id.get_version_num() == 4));
}

#[test]
fn the_mail_that_is_kept_names_no_address() {
    let (_, jsons) = sent(&[report("item_1", "https://paste.example/shop").blanked()]);
    assert_eq!(jsons[0]["url"], "not-kept");
    assert!(!jsons[0].to_string().contains("paste.example"), "{jsons:?}");
}

#[test]
fn only_an_address_of_the_web_is_one() {
    for none in [
        "paste.example/a",
        "@somebody",
        "ftp://paste.example/a",
        "hxxps://paste.example/a",
    ] {
        assert_eq!(web_address(none), None, "{none}");
    }
    let one = web_address("https://paste.example/a b").unwrap();
    assert_eq!(one.as_str(), "https://paste.example/a%20b");
}
