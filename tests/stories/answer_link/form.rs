//! The form: what is wrong with it, and two who fill it in.

use serde_json::{Value, json};
use takedown_tests::world::path;
use takedown_tests::{Db, both_databases};

use super::{site, version};

both_databases!(
    what_is_wrong_in_the_form_stays_in_it_with_the_fault_beside_its_field,
    of_two_who_answer_the_second_sees_what_changed,
);

async fn what_is_wrong_in_the_form_stays_in_it_with_the_fault_beside_its_field(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s
        .file(&["https://small.test/one", "https://small.test/two"])
        .await;
    let link = s.link(&request, 1).await;
    let page = s.pressed(&link, &[("do", "open"), ("version", "1")]).await;
    let v = version(&page);
    let form = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "law"),
        ("informed", "yes"),
        ("language", "und"),
        ("outcome-1", "geo_blocked"),
        ("more-1", "Atlantis"),
        ("note-1", "</textarea><b>typed"),
        ("outcome-2", "duplicate"),
        ("note-2", "Second note"),
    ];
    let page = s.press(&link, &form).await.is(422).text();
    for shown in [
        "id=\"wrong-more-1\">Name the countries",
        "id=\"wrong-more-2\">Name the reference",
        "value=\"Atlantis\"",
        "&#60;/textarea&#62;&#60;b&#62;typed",
        "Second note",
        "value=\"geo_blocked\" selected",
        "value=\"law\" selected",
        "value=\"yes\" selected",
        "value=\"und\" selected",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert_eq!(s.w.read(&request).await["status"], "fetched");
    let nothing = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "law"),
        ("informed", "yes"),
        ("language", "en"),
    ];
    let page = s.press(&link, &nothing).await.is(422).text();
    assert!(
        page.contains("id=\"wrong-outcome-rest\">Choose an answer"),
        "{page}"
    );
    for (kind, text, says) in [
        ("question", " ", "Please write something"),
        ("question", "a\u{7}", "control characters"),
    ] {
        let form = [
            ("do", "say"),
            ("version", v.as_str()),
            ("kind", kind),
            ("text", text),
            ("language", "en"),
        ];
        let page = s.press(&link, &form).await.is(422).text();
        assert!(page.contains(says), "{says}: {page}");
    }
    let page = s
        .pressed(
            &link,
            &[
                ("do", "say"),
                ("kind", "question"),
                ("text", "Which <b>paragraph</b>?"),
                ("language", "en"),
            ],
        )
        .await;
    assert!(
        page.contains("Which &#60;b&#62;paragraph&#60;/b&#62;?"),
        "{page}"
    );
    assert_eq!(s.w.read(&request).await["waiting_for"], "agency");
    let answer = json!({"kind": "answer", "text": "The second.", "language": "en"});
    s.w.unit
        .api
        .post(&format!("{}/messages", path(&request)), &answer)
        .await
        .is(201);
    // The mail about the answer brings a link of its own, and the first one goes on.
    let second = s.link(&request, 2).await;
    assert_ne!(second, link);
    for link in [&link, &second] {
        assert!(s.look(link).await.is(200).text().contains("The second."));
    }
}

async fn of_two_who_answer_the_second_sees_what_changed(db: Db) {
    let s = site(db, &["en"]).await;
    let request = s
        .file(&["https://small.test/one", "https://small.test/two"])
        .await;
    let link = s.link(&request, 1).await;
    let page = s.pressed(&link, &[("do", "open"), ("version", "1")]).await;
    let v = version(&page);
    let first = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "terms"),
        ("informed", "no"),
        ("language", "en"),
        ("outcome-1", "removed"),
    ];
    s.press(&link, &first).await.is(303);
    let second = [
        ("do", "decide"),
        ("version", v.as_str()),
        ("basis", "terms"),
        ("informed", "no"),
        ("language", "en"),
        ("outcome-2", "not_found"),
        ("note-2", "Nothing there."),
    ];
    let page = s.press(&link, &second).await.is(409).text();
    for shown in [
        "Somebody answered meanwhile",
        "items answered",
        "by a link like yours",
        "Nothing there.",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let read = s.w.read(&request).await;
    assert_eq!(
        read["items"][1]["outcome"],
        Value::Null,
        "nothing of it was saved"
    );
    let v = version(&page);
    let again: Vec<(&str, &str)> = second
        .iter()
        .map(|(name, value)| {
            (
                *name,
                if *name == "version" {
                    v.as_str()
                } else {
                    *value
                },
            )
        })
        .collect();
    s.pressed(&link, &again).await;
    let page = s.pressed(&link, &[("do", "close")]).await;
    assert!(page.contains("Closed."), "{page}");
}
