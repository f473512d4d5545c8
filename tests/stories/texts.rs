//! Saved texts: kept by a party for itself, filled before they are sent, never sent half filled.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, Filing, World, both_databases, pdf};

both_databases!(
    a_party_keeps_texts_of_its_own,
    a_text_is_filled_with_everything_it_asks_for,
    nothing_is_sent_with_a_placeholder_left_in_it,
    the_conversation_by_command_line,
);

fn text(name: &str, words: &str) -> Value {
    json!({"name": name, "text": words, "language": "en"})
}

async fn saved(party: &Party, name: &str, words: &str) -> Value {
    let answer = party.api.post("/v1/texts", &text(name, words)).await;
    answer.is(201).json()
}

fn address(text: &Value) -> String {
    format!("/v1/texts/{}", text["id"].as_str().unwrap())
}

async fn a_party_keeps_texts_of_its_own(db: Db) {
    let w = World::new(db).await;
    let words = "Case {{case_number}} of {{unit}}, {{case_number}}.";
    let ours = saved(&w.unit, "reasons", words).await;
    assert_eq!(ours["placeholders"], json!(["case_number", "unit"]));
    // A name is unique within the party, and only there.
    let taken = w
        .unit
        .api
        .post("/v1/texts", &text("reasons", "Else."))
        .await;
    taken.problem(409, "conflict-state");
    let theirs = saved(&w.platform, "reasons", "We have it.").await;
    let call = || {
        w.unit
            .api
            .post("/v1/texts", &text("once", "Once."))
            .key("k")
    };
    assert_eq!(call().await.is(201).json(), call().await.is(201).json());

    let names = async |party: &Party, query: &str| {
        let texts = party.api.list(&format!("/v1/texts{query}")).await;
        let names = texts
            .iter()
            .map(|text| text["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&w.unit, "?limit=1").await, ["reasons", "once"]);
    assert_eq!(names(&w.unit, "?name=once").await, ["once"]);
    assert_eq!(names(&w.platform, "").await, ["reasons"]);
    assert_eq!(names(&w.other_unit, "").await, Vec::<String>::new());

    // To everybody else it does not exist; some have no texts at all.
    for (party, status, code) in [
        (&w.platform, 404, "not-found"),
        (&w.other_unit, 404, "not-found"),
        (&w.auditor, 403, "forbidden"),
        (&w.operator, 403, "forbidden"),
    ] {
        let at = address(&ours);
        party.api.get(&at).await.problem(status, code);
        let new = text("mine now", "Mine.");
        party.api.put(&at, &new).await.problem(status, code);
        party.api.delete(&at).await.problem(status, code);
        let fill = party
            .api
            .post(&format!("{at}/filled"), &json!({"values": {}}));
        fill.await.problem(status, code);
    }
    w.auditor
        .api
        .get("/v1/texts")
        .await
        .problem(403, "forbidden");

    let at = address(&ours);
    let first = w.unit.api.get(&at).await.is(200);
    assert_eq!((first.etag().as_str(), first.json()), ("\"1\"", ours));
    let new = text("grounds", "Case {{case_number}}.");
    let second = w.unit.api.put(&at, &new).if_match("\"1\"").await.is(200);
    assert_eq!(second.json()["placeholders"], json!(["case_number"]));
    let stale = w.unit.api.put(&at, &new).if_match("\"1\"").await;
    stale.problem(412, "stale-version");
    let taken = w.unit.api.put(&at, &text("once", "x")).await;
    taken.problem(409, "conflict-state");
    let stale = w.unit.api.delete(&at).if_match("\"1\"").await;
    stale.problem(412, "stale-version");
    w.unit.api.delete(&at).if_match("\"2\"").await.is(204);
    w.unit.api.delete(&at).await.problem(404, "not-found");
    w.platform.api.get(&address(&theirs)).await.is(200);

    for (words, pointer) in [
        ("Case {{Case Number}}.", "/text"),
        ("Case {{case_number}.", "/text"),
        ("", "/text"),
    ] {
        let refused = w.unit.api.post("/v1/texts", &text("bad", words)).await;
        refused.problem_at(422, "invalid", pointer);
    }
    let refused = w.unit.api.post("/v1/texts", &text("two\nlines", "x")).await;
    refused.problem_at(422, "invalid", "/name");
}

async fn a_text_is_filled_with_everything_it_asks_for(db: Db) {
    let w = World::new(db).await;
    let ours = saved(&w.unit, "reasons", "Case {{case}} of {{unit}}: {{case}}.").await;
    let at = format!("{}/filled", address(&ours));
    let fill = |values: Value| w.unit.api.post(&at, &json!({ "values": values }));
    let filled = fill(json!({"case": "12 {x}", "unit": "Kraków"})).await;
    let filled = filled.is(200).json();
    assert_eq!(
        filled,
        json!({"text": "Case 12 {x} of Kraków: 12 {x}.", "language": "en"})
    );
    let refused = fill(json!({"units": "KP"})).await.problem(422, "invalid");
    let pointers: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["pointer"])
        .collect();
    assert_eq!(
        pointers,
        ["#/values/case", "#/values/unit", "#/values/units"]
    );
    let again = fill(json!({"case": "{{unit}}", "unit": "x"})).await;
    again.problem(422, "invalid");
    let control = fill(json!({"case": "a\u{7}", "unit": "x"})).await;
    control.problem_at(422, "invalid", "/values");
}

async fn nothing_is_sent_with_a_placeholder_left_in_it(db: Db) {
    let w = World::new(db).await;
    let open = json!({"text": "See {{case_number}} and {{page}}.", "language": "en"});
    let filing = Filing::referral(&["https://paste.example/a"]);
    for member in ["reasons", "translation"] {
        let refused = filing.clone().set(member, open.clone()).json();
        let refused = w.unit.api.post("/v1/requests", &refused).await;
        let problem = refused.problem_at(422, "invalid", &format!("/{member}/text"));
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("{{case_number}}, {{page}}"), "{detail}");
    }
    let row = filing.clone().set("reasons", open.clone()).json();
    let rows = json!([filing.json(), row]);
    let batch = w
        .unit
        .api
        .post("/v1/requests/batch", &rows)
        .await
        .is(200)
        .json();
    assert_eq!((&batch["filed"], &batch["refused"]), (&json!(1), &json!(1)));

    let request = w.file(&filing).await;
    w.acknowledge(&request).await;
    let at = path(&request);
    let before = w.history(&request).await;
    let message = json!({"kind": "note", "text": open["text"], "language": "en"});
    let address = format!("{at}/messages");
    for party in [&w.unit, &w.platform] {
        let refused = party.api.post(&address, &message).await;
        refused.problem_at(422, "invalid", "/text");
    }
    let outcome = json!({"outcome": "removed", "basis": "terms", "note": open["text"]});
    let mut decision = outcome.clone();
    decision["all_undecided"] = json!(true);
    let api = &w.platform.api;
    let decisions = json!({ "decisions": [decision] });
    let refused = api
        .post(&format!("{at}/decisions"), &decisions)
        .if_match("*")
        .await;
    refused.problem_at(422, "invalid", "/decisions/0/note");
    let closing = json!({ "remaining": outcome });
    let refused = api
        .put(&format!("{at}/closure"), &closing)
        .if_match("*")
        .await;
    refused.problem_at(422, "invalid", "/remaining/note");
    let why = json!({"reason": "mistake", "text": open});
    let refused = w
        .unit
        .api
        .put(&format!("{at}/withdrawal"), &why)
        .if_match("*")
        .await;
    refused.problem_at(422, "invalid", "/text/text");
    let refused = w
        .unit
        .api
        .post(&format!("{at}/reopening"), &why)
        .if_match("*")
        .await;
    refused.problem_at(422, "invalid", "/text/text");
    assert_eq!(w.history(&request).await, before);
    // Braces that are no placeholder are words like others.
    let message = json!({"kind": "note", "text": "fn main() {{ }} {{A}} {a}", "language": "en"});
    w.unit.api.post(&address, &message).await.is(201);
}

async fn the_conversation_by_command_line(db: Db) {
    let w = World::new(db).await;
    let (unit, platform) = (Cli::of(&w.unit, &w.server), Cli::of(&w.platform, &w.server));
    let save = ["text", "save", "reasons", "--language", "pl", "--text"];
    let saved = unit
        .run(&[save.as_slice(), &["Sprawa {{case}}."]].concat())
        .await
        .ends(0);
    assert!(
        saved.out.contains("version 1") && saved.out.contains("case"),
        "{}",
        saved.out
    );
    let saved = unit
        .run(&[save.as_slice(), &["Sprawa {{case}}: {{what}}."]].concat())
        .await;
    assert!(saved.ends(0).out.contains("version 2"));
    let listed = unit.run(&["text", "list"]).await.ends(0);
    assert!(listed.out.contains("case, what"), "{}", listed.out);
    let filled = unit
        .run(&[
            "text",
            "fill",
            "reasons",
            "--value",
            "case=7",
            "--value",
            "what=film",
        ])
        .await;
    assert_eq!(filled.ends(0).out, "Sprawa 7: film.\n");
    let half = unit
        .run(&["text", "fill", "reasons", "--value", "case=7"])
        .await
        .ends(1);
    assert!(half.err.contains("{{what}}"), "{}", half.err);

    let file = [
        "file",
        "https://paste.example/a",
        "--ground",
        "tco:a",
        "--saved",
        "reasons",
        "--value",
        "case=7",
    ];
    unit.run(&file).await.ends(1);
    unit.run(&[file.as_slice(), &["--value", "what=film"]].concat())
        .await
        .ends(0);
    let request = w.unit.api.list("/v1/requests").await.remove(0);
    let (id, reference) = (
        request["id"].as_str().unwrap(),
        request["reference"].as_str().unwrap(),
    );
    assert_eq!(
        w.read(&request).await["reasons"],
        json!({"text": "Sprawa 7: film.", "language": "pl"})
    );

    let bytes = pdf::harmless("order");
    std::fs::write(unit.dir().join("order.pdf"), &bytes).unwrap();
    std::fs::write(unit.dir().join("page.pdf"), "<html>").unwrap();
    let attach =
        |file: &'static str| ["document", "attach", reference, file, "--text", "The order"];
    let sent = unit.run(&attach("order.pdf")).await.ends(0);
    assert!(sent.out.contains("SHA-256"), "{}", sent.out);
    let refused = unit.run(&attach("page.pdf")).await.ends(1);
    assert!(refused.err.contains("document.header"), "{}", refused.err);

    // Reading the thread is no receipt; the document is saved only once under one name.
    let thread = platform.run(&["messages", reference]).await.ends(0);
    assert!(thread.out.contains("document: order.pdf"), "{}", thread.out);
    let thread = platform
        .run(&["messages", id, "--json"])
        .await
        .ends(0)
        .lines();
    let message = thread[0]["id"].as_str().unwrap();
    let download = ["document", "download", id, message];
    platform.run(&download).await.ends(0);
    assert_eq!(
        std::fs::read(platform.dir().join("order.pdf")).unwrap(),
        bytes
    );
    platform.run(&download).await.ends(1);
    assert_eq!(w.read(&request).await["status"], "filed");

    let save = [
        "text",
        "save",
        "got",
        "--language",
        "de",
        "--text",
        "Haben wir, {{when}}.",
    ];
    platform.run(&save).await.ends(0);
    let say = [
        "answer",
        id,
        "--note",
        "--saved",
        "got",
        "--value",
        "when=heute",
        "--reply-to",
        message,
    ];
    platform.run(&say).await.ends(0);
    platform.run(&["answer", id, "--note"]).await.ends(2);
    platform
        .run(&["note", id, "Asked the lawyer."])
        .await
        .ends(0);
    let internal = platform.run(&["messages", id, "--internal"]).await.ends(0);
    assert!(
        internal.out.contains("Asked the lawyer."),
        "{}",
        internal.out
    );
    let thread = unit.run(&["messages", id, "--json"]).await.ends(0).lines();
    assert_eq!(
        (&thread[1]["text"], &thread[1]["language"]),
        (&json!("Haben wir, heute."), &json!("de"))
    );
    assert_eq!(thread[1]["in_reply_to"], message);
    assert!(
        unit.run(&["messages", id, "--internal"])
            .await
            .ends(0)
            .out
            .is_empty()
    );

    let close = [
        "answer",
        id,
        "--acknowledge",
        "--close",
        "removed",
        "--saved",
        "got",
        "--value",
        "when=jetzt",
    ];
    platform.run(&close).await.ends(0);
    let item = &w.read(&request).await["items"][0]["outcome"];
    assert_eq!(
        (&item["note"], &item["note_language"]),
        (&json!("Haben wir, jetzt."), &json!("de"))
    );
    platform.run(&["text", "remove", "got"]).await.ends(0);
    platform.run(&["text", "show", "got"]).await.ends(1);
}
