//! What the two sides say to each other: threads, documents, and how little of that anybody else sees.

use aws_lc_rs::digest::{SHA256, digest};
use std::future::IntoFuture as _;

use data_encoding::{BASE64, HEXLOWER};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use takedown_tests::api::Call;
use takedown_tests::smtp::{Demands, Smtp};
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, Filing, World, both_databases, pdf, seams};

both_databases!(
    a_document_comes_back_byte_for_byte_to_both_sides_and_to_nobody_else,
    a_document_moves_the_request_as_its_kind_says_and_is_sent_once,
    what_is_no_document_is_refused_by_its_rule_and_leaves_nothing,
    a_thread_holds_together_within_one_request,
    a_mail_names_a_document_and_never_carries_it,
    notes_of_one_side_are_for_that_side_alone,
    many_large_documents_at_once_take_little_memory,
);

const ASKING: &str =
    "name=Beschlu%C3%9F%201.pdf&text=The%20decision%20of%20the%20court&language=en";

fn send(party: &Party, request: &Value, query: &str, bytes: Vec<u8>) -> Call {
    let address = format!("{}/documents?{query}", path(request));
    let call = party.api.call(Method::POST, &address);
    call.bytes("application/pdf", bytes)
}

async fn messages(w: &World, request: &Value) -> Vec<Value> {
    w.unit
        .api
        .list(&format!("{}/messages", path(request)))
        .await
}

async fn filed(w: &World) -> Value {
    w.file(&Filing::referral(&["https://paste.example/a"]))
        .await
}

async fn a_document_comes_back_byte_for_byte_to_both_sides_and_to_nobody_else(db: Db) {
    let w = World::new(db).await;
    let request = filed(&w).await;
    let bytes = pdf::of_size(600_000);
    let digest = digest(&SHA256, &bytes);
    let answer = send(&w.unit, &request, ASKING, bytes.clone()).await.is(201);
    let (message, etag) = (answer.json(), answer.etag());
    let document = &message["document"];
    assert_eq!(document["name"], "Beschluß 1.pdf");
    assert_eq!(document["bytes"], 600_000);
    assert_eq!(document["sha256"], HEXLOWER.encode(digest.as_ref()));
    assert_eq!(answer.header("location"), document["url"].as_str());
    assert_eq!(w.unit.api.get(&path(&request)).await.etag(), etag);
    assert_eq!(messages(&w, &request).await, std::slice::from_ref(&message));

    let address = document["url"].as_str().unwrap();
    for party in [&w.unit, &w.platform, &w.auditor] {
        let got = party.api.get(address).await.is(200);
        assert!(got.body == bytes, "other bytes");
        let header = |name: &str| got.header(name).unwrap_or_default().to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("content-length"), "600000");
        assert_eq!(
            header("content-disposition"),
            "attachment; filename=\"document.pdf\"; filename*=UTF-8''Beschlu%C3%9F%201.pdf"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));
        assert_eq!(header("cache-control"), "private, no-store");
        let sha = format!("sha-256=:{}:", BASE64.encode(digest.as_ref()));
        assert_eq!(header("repr-digest"), sha);
    }
    // Whoever can read compressed answers gets the very bytes all the same.
    let call = w
        .unit
        .api
        .get(address)
        .header("accept-encoding", "gzip, br");
    let plain = call.await.is(200);
    assert_eq!(plain.header("content-length"), Some("600000"));

    for party in [&w.other_unit, &w.other_platform] {
        party.api.get(address).await.problem(404, "not-found");
    }
    w.operator.api.get(address).await.problem(403, "forbidden");
    let refused = send(&w.auditor, &request, ASKING, bytes.clone()).await;
    refused.problem(403, "forbidden");
    // A message without one, one of another request, and what is no message at all.
    let note = json!({"kind": "note", "text": "Nothing with it.", "language": "en"});
    let at = path(&request);
    let bare = w.unit.api.post(&format!("{at}/messages"), &note).await;
    let bare = bare.is(201).json();
    assert!(bare["document"].is_null());
    let elsewhere = path(&filed(&w).await);
    let id = message["id"].as_str().unwrap();
    for address in [
        format!("{at}/documents/{}", bare["id"].as_str().unwrap()),
        format!("{elsewhere}/documents/{id}"),
        format!("{at}/documents/order.pdf"),
    ] {
        w.unit.api.get(&address).await.problem(404, "not-found");
    }
    let history = w.unit.api.list(&format!("{at}/history")).await;
    let entry = history.iter().find(|entry| entry["type"] == "note.added");
    let said = &entry.unwrap()["data"]["note"];
    assert_eq!(
        said["document"],
        HEXLOWER.encode(digest.as_ref()),
        "{history:#?}"
    );
    // That an auditor was handed it is known, and is no business of the two sides.
    assert!(history.iter().all(|entry| entry["type"] != "document.read"));
}

async fn a_document_moves_the_request_as_its_kind_says_and_is_sent_once(db: Db) {
    let w = World::new(db).await;
    let request = filed(&w).await;
    w.platform.api.get(&path(&request)).await.is(200);
    let bytes = pdf::harmless("which page?");
    let query = format!("{ASKING}&kind=question");
    let call = || send(&w.platform, &request, &query, bytes.clone());
    let stale = call().if_match("\"1\"").await;
    stale.problem(412, "stale-version");
    let first = call().if_match("\"2\"").key("once").await.is(201);
    let again = call().if_match("\"2\"").key("once").await.is(201);
    assert_eq!(first.json(), again.json());
    assert_eq!(first.json()["kind"], "question");
    let now = w.read(&request).await;
    assert_eq!(
        (&now["status"], &now["version"]),
        (&json!("needs_information"), &json!(3))
    );
    // What stands in the query belongs to the call that a key was used for.
    let other = send(&w.platform, &request, ASKING, bytes.clone());
    let other = other.key("once").await;
    other.problem(422, "idempotency-mismatch");

    let query = format!("{ASKING}&kind=question");
    let refused = send(&w.unit, &request, &query, bytes.clone()).await;
    refused.problem(403, "forbidden");
    let query = format!("{ASKING}&kind=answer");
    send(&w.unit, &request, &query, bytes.clone()).await.is(201);
    assert_eq!(w.read(&request).await["status"], "fetched");
    for query in [
        format!("{ASKING}&kind=obstacle"),
        format!("{ASKING}&obstacle=force_majeure"),
        format!("{ASKING}&in_reply_to=msg_01h455vb4pex5vsknk084sn02q"),
    ] {
        let refused = send(&w.platform, &request, &query, bytes.clone()).await;
        refused.problem(400, "invalid-parameter");
    }
    assert_eq!(messages(&w, &request).await.len(), 2);
}

async fn what_is_no_document_is_refused_by_its_rule_and_leaves_nothing(db: Db) {
    let w = World::new(db).await;
    let request = filed(&w).await;
    let whole = pdf::harmless("");
    let page = b"<!DOCTYPE html><title>order.pdf</title>".to_vec();
    let hidden = [b"MZ\n".as_slice(), &whole].concat();
    let cut = whole[..whole.len() - 10].to_vec();
    for (bytes, rule) in [
        (page, "document.header"),
        (hidden, "document.header"),
        (Vec::new(), "document.header"),
        (cut, "document.end"),
        (pdf::encrypted(), "document.encrypted"),
    ] {
        let refused = send(&w.unit, &request, ASKING, bytes).await;
        let problem = refused.problem(422, "invalid");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(rule), "{detail}");
    }
    let most = 5 << 20;
    let refused = send(&w.unit, &request, ASKING, pdf::of_size(most + 1)).await;
    let problem = refused.problem(413, "body-too-large");
    assert!(problem["detail"].as_str().unwrap().contains("5242880"));

    let address = format!("{}/documents?{ASKING}", path(&request));
    let call = w.unit.api.call(Method::POST, &address);
    let refused = call.bytes("application/octet-stream", whole.clone()).await;
    refused.problem(415, "unsupported-media-type");
    for (query, parameter) in [
        ("name=order.exe&text=An%20order&language=en", "name"),
        ("name=..%2Forder.pdf&text=An%20order&language=en", "name"),
        ("name=a%E2%80%AEfdp.pdf&text=An%20order&language=en", "name"),
        (
            "name=order.pdf&text=Case%20%7B%7Bcase%7D%7D&language=en",
            "text",
        ),
        ("name=order.pdf&language=en", "text"),
        ("name=order.pdf&text=An%20order", "language"),
        (
            "name=order.pdf&text=An%20order&language=en&king=note",
            "king",
        ),
    ] {
        let refused = send(&w.unit, &request, query, whole.clone()).await;
        let problem = refused.problem(400, "invalid-parameter");
        assert_eq!(problem["errors"][0]["parameter"], parameter, "{problem:#}");
    }
    assert_eq!(messages(&w, &request).await, Vec::<Value>::new());
    assert_eq!(w.history(&request).await, ["request.filed"]);

    let largest = pdf::of_size(most);
    let sent = send(&w.unit, &request, ASKING, largest.clone()).await;
    let sent = sent.is(201).json();
    let got = w
        .platform
        .api
        .get(sent["document"]["url"].as_str().unwrap());
    assert!(got.await.is(200).body == largest);
}

async fn a_thread_holds_together_within_one_request(db: Db) {
    let w = World::new(db).await;
    let (request, other) = (filed(&w).await, filed(&w).await);
    let write = async |party: &Party, request: &Value, earlier: Option<&Value>| {
        let mut note = json!({"kind": "note", "text": "A note.", "language": "de"});
        if let Some(earlier) = earlier {
            note["in_reply_to"] = earlier["id"].clone();
        }
        let address = format!("{}/messages", path(request));
        party.api.post(&address, &note).await
    };
    let first = write(&w.unit, &request, None).await.is(201).json();
    assert!(first["in_reply_to"].is_null());
    let reply = write(&w.platform, &request, Some(&first)).await;
    let reply = reply.is(201).json();
    let third = write(&w.unit, &request, Some(&reply)).await.is(201).json();
    let thread = messages(&w, &request).await;
    let earlier: Vec<_> = thread.iter().map(|m| &m["in_reply_to"]).collect();
    assert_eq!(earlier, [&Value::Null, &first["id"], &reply["id"]]);
    assert!(thread.iter().all(|message| message["language"] == "de"));
    let refused = write(&w.unit, &other, Some(&third)).await;
    refused.problem_at(422, "invalid", "/in_reply_to");
    assert_eq!(messages(&w, &other).await, Vec::<Value>::new());
}

async fn a_mail_names_a_document_and_never_carries_it(db: Db) {
    let smtp = Smtp::start(Demands::Nothing);
    let w = World::with(db, &seams::smtp_settings(smtp.port(), "none", None)).await;
    let request = filed(&w).await;
    smtp.mails_to("owner@paste.example", 1).await;
    let bytes = pdf::harmless("marked-content-61c1");
    let query = "name=Order%2012.pdf&text=marked-words-61c2&language=en";
    let sent = send(&w.unit, &request, query, bytes).await.is(201).json();
    let mail = smtp.mails_to("owner@paste.example", 2).await.remove(1);
    let text = mail["text"].as_str().unwrap();
    let digest = sent["document"]["sha256"].as_str().unwrap();
    assert!(
        text.contains("Order 12.pdf") && text.contains(digest),
        "{text}"
    );
    let whole = mail.to_string();
    for never in [
        "marked-content-61c1",
        "marked-words-61c2",
        "%PDF",
        "application/pdf",
    ] {
        assert!(!whole.contains(never), "{never} in {whole}");
    }
}

async fn notes_of_one_side_are_for_that_side_alone(db: Db) {
    let w = World::new(db).await;
    let request = filed(&w).await;
    w.platform.api.get(&path(&request)).await.is(200);
    let at = format!("{}/internal-notes", path(&request));
    let before = (w.read(&request).await, w.history(&request).await);
    let inboxes = async || {
        let unit = w.unit.api.get("/v1/inbox").await.is(200).json();
        (unit, w.platform.api.get("/v1/inbox").await.is(200).json())
    };
    let told = inboxes().await;

    let note = |text: &str| json!({"text": text, "language": "pl"});
    let ours = note("marked-unit-5a01");
    let theirs = note("marked-platform-5a02");
    let call = || w.unit.api.post(&at, &ours).key("once");
    let first = call().await.is(201).json();
    assert_eq!(call().await.is(201).json(), first, "said once");
    w.platform.api.post(&at, &theirs).await.is(201);
    for (party, own, other) in [
        (&w.unit, "marked-unit-5a01", "marked-platform-5a02"),
        (&w.platform, "marked-platform-5a02", "marked-unit-5a01"),
    ] {
        let notes = party.api.list(&at).await;
        assert_eq!(notes.len(), 1, "{notes:#?}");
        assert_eq!(
            (&notes[0]["text"], &notes[0]["language"]),
            (&json!(own), &json!("pl"))
        );
        let mut seen = String::new();
        for below in ["", "/messages", "/history", "/internal-notes"] {
            seen += &party
                .api
                .get(&format!("{}{below}", path(&request)))
                .await
                .text();
        }
        seen += &party.api.get("/v1/inbox").await.text();
        assert!(!seen.contains(other), "{seen}");
    }
    // Nothing moved, and nobody was told.
    assert_eq!((w.read(&request).await, w.history(&request).await), before);
    assert_eq!(inboxes().await, told);

    for party in [&w.auditor, &w.operator] {
        party.api.get(&at).await.problem(403, "forbidden");
        party.api.post(&at, &ours).await.problem(403, "forbidden");
    }
    for party in [&w.other_unit, &w.other_platform] {
        party.api.get(&at).await.problem(404, "not-found");
        party.api.post(&at, &ours).await.problem(404, "not-found");
    }
    let export = w.auditor.api.get("/v1/exports/requests").await.text();
    assert!(!export.contains("marked-"), "{export}");
    // It is a draft for nobody else: placeholders may stand in it, control characters not.
    w.unit.api.post(&at, &note("ask {{whom}}")).await.is(201);
    let refused = w.unit.api.post(&at, &note("a\u{7}b")).await;
    refused.problem_at(422, "invalid", "/text");
    // Pages go on where they stopped.
    let page = w
        .unit
        .api
        .get(&format!("{at}?limit=1"))
        .await
        .is(200)
        .json();
    let next = page["next"].as_str().unwrap();
    let page = w.unit.api.get(&format!("{at}?limit=1&cursor={next}")).await;
    assert_eq!(page.is(200).json()["items"][0]["text"], "ask {{whom}}");
}

/// Twelve of the largest at once are sixty mebibytes; the server takes them in turn and hands them out in pieces.
async fn many_large_documents_at_once_take_little_memory(db: Db) {
    let w = World::with(db, &seams::no_rate_limit()).await;
    let request = filed(&w).await;
    let largest = pdf::of_size(5 << 20);
    let before = peak_kib(&w);
    let sending = (0..12).map(|_| send(&w.unit, &request, ASKING, largest.clone()).into_future());
    let sent = join_all(sending).await;
    let addresses = sent.into_iter().map(|answer| {
        let message = answer.is(201).json();
        message["document"]["url"].as_str().unwrap().to_owned()
    });
    let reading =
        addresses.map(async |address| w.platform.api.get(&address).await.is(200).body == largest);
    assert!(join_all(reading).await.into_iter().all(|same| same));
    let more = peak_kib(&w) - before;
    assert!(more < 32 * 1024, "{more} KiB more than before");
}

/// The most memory that the server has used so far.
fn peak_kib(w: &World) -> u32 {
    let status = format!("/proc/{}/status", w.server.pid());
    let status = std::fs::read_to_string(status).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}
