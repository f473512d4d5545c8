//! The page behind an objection code, hostile visitors included, and the command line of the platform.

use serde_json::Value;
use takedown_tests::cli::Cli;
use takedown_tests::{Db, Filing, World, both_databases, seams};

use super::{LINK, SAID, code, objections, removed, send};

both_databases!(
    what_is_wrong_with_a_form_is_said_and_what_was_typed_stays,
    who_tries_codes_is_slowed_down,
    the_command_line_prints_lists_and_answers,
);

async fn what_is_wrong_with_a_form_is_said_and_what_was_typed_stays(db: Db) {
    let w = World::with(db, &seams::no_rate_limit()).await;
    let request = removed(&w, &Filing::referral(&[LINK]), "terms").await;
    let code = code(&w, &request).await;
    let long = "ż".repeat(5_001);
    for (text, status, says) in [
        ("  ", 422, "Please write why"),
        (&long, 422, "too long"),
        ("a\u{7}b", 422, "control characters"),
    ] {
        let page = send(&w, &code, text, None).await.is(status).text();
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(send(&w, &code, &long, None).await.text().contains(&long));
    let elsewhere = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ];
    for header in elsewhere {
        let page = send(&w, &code, "</textarea><b>typed", Some(header)).await;
        let page = page.is(403).text();
        assert!(page.contains("from another site"), "{page}");
        assert!(
            page.contains("&#60;/textarea&#62;&#60;b&#62;typed"),
            "{page}"
        );
    }
    // Bytes that are no UTF-8: nothing of them is kept, mended or not.
    for body in [
        "text=Gda%F1sk&language=pl",
        "text=%FF%FE&language=pl",
        "text=a&language=%80",
    ] {
        let at = format!("/objection/{code}");
        let call = w.anonymous.call(reqwest::Method::POST, &at);
        let call = call.bytes("application/x-www-form-urlencoded", body.to_owned());
        let page = call.await.is(400).text();
        assert!(page.contains("not written in UTF-8"), "{page}");
        assert!(
            page.contains("<textarea") && !page.contains("Gda"),
            "{page}"
        );
    }
    for unknown in ["0000-0000-0000-0000", "x", "%3Cscript%3E", "%00"] {
        let got = w
            .anonymous
            .get(&format!("/objection/{unknown}"))
            .await
            .is(404);
        let first = w.anonymous.get("/objection/y").await.is(404);
        assert_eq!(got.text(), first.text(), "{unknown}");
        assert_eq!(
            send(&w, unknown, "typed", None).await.is(404).text(),
            first.text()
        );
    }
    assert_eq!(objections(&w.platform, &request).await, Vec::<Value>::new());
    // The longest text, with the line breaks that browsers send.
    let most = "ż\r\n".repeat(2_500);
    send(&w, &code, &most, Some(("sec-fetch-site", "same-origin")))
        .await
        .is(303);
    let made = objections(&w.platform, &request).await.pop().unwrap();
    assert_eq!(made["text"]["text"], "ż\n".repeat(2_500));
}

async fn who_tries_codes_is_slowed_down(db: Db) {
    let limits = [
        seams::setting("TAKEDOWN_LIMITS_CHECK_PER_MINUTE", "1"),
        seams::setting("TAKEDOWN_LIMITS_CHECK_BURST", "3"),
    ];
    let w = World::with(db, &limits).await;
    for code in ["a", "b"] {
        w.anonymous.get(&format!("/objection/{code}")).await.is(404);
    }
    send(&w, "c", "typed", None).await.is(404);
    let refused = w.anonymous.get("/objection?code=d").await;
    refused.problem(429, "too-many-requests");
    send(&w, "e", "typed", None)
        .await
        .problem(429, "too-many-requests");
    w.anonymous.get("/objection").await.is(200);
}

async fn the_command_line_prints_lists_and_answers(db: Db) {
    let w = World::new(db).await;
    let request = removed(&w, &Filing::referral(&[LINK]), "terms").await;
    let platform = Cli::of(&w.platform, &w.server);
    let reference = request["reference"].as_str().unwrap();
    let page = platform
        .run(&["tombstone", reference, "--language", "ar"])
        .await
        .ends(0);
    let code = code(&w, &request).await;
    assert!(page.out.contains(&code), "{}", page.out);
    assert!(page.err.contains("status 410"), "{}", page.err);
    let html = platform
        .run(&["tombstone", reference, "--html"])
        .await
        .ends(0);
    assert!(html.out.starts_with("<!DOCTYPE html>"), "{}", html.out);
    platform
        .run(&["tombstone", reference, "--status", "451"])
        .await
        .ends(1);
    platform
        .run(&["tombstone", reference, "--item", "2"])
        .await
        .ends(1);
    assert_eq!(platform.run(&["objections"]).await.ends(0).out, "");
    send(&w, &code, SAID, None).await.is(303);
    let listed = platform
        .run(&["objections", reference, "--open"])
        .await
        .ends(0);
    assert!(listed.out.contains("Janina") && listed.out.contains("not answered yet"));
    let made = objections(&w.platform, &request).await.pop().unwrap();
    let id = made["id"].as_str().unwrap();
    let answered = platform
        .run(&[
            "objection",
            "answer",
            reference,
            id,
            "--outcome",
            "upheld",
            "--text",
            "You are right.",
            "--restore",
        ])
        .await
        .ends(0);
    assert!(
        answered.out.contains("upheld, put back"),
        "{}",
        answered.out
    );
    assert_eq!(
        platform.run(&["objections", "--open"]).await.ends(0).out,
        ""
    );
}
