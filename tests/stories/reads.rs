//! Who read a request is in the history before he has it, and is told to his own side alone.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{Party, path};
use takedown_tests::{Db, Filing, World, both_databases, pdf};

both_databases!(
    each_side_sees_its_own_reads_and_the_auditor_all,
    who_polls_and_who_lists_makes_no_entries,
    a_said_again_is_answered_and_entered,
    reads_outlast_what_was_read,
);

/// Who read which part, as a party is told; sorted, since two reads may be of one millisecond.
async fn reads(party: &Party, request: &Value) -> Vec<String> {
    let listed = party.api.list(&format!("{}/reads", path(request))).await;
    let mut said: Vec<String> = listed
        .iter()
        .map(|one| {
            let part = one["content"].as_str().unwrap_or("document");
            format!("{} {part}", one["by"]["side"].as_str().unwrap())
        })
        .collect();
    said.sort_unstable();
    said
}

async fn each_side_sees_its_own_reads_and_the_auditor_all(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let at = path(&request);
    w.platform.api.get(&at).await.is(200);
    let documents = format!("{at}/documents");
    let asked = pdf::send(&w.platform.api, &documents).await.is(201).json();
    w.unit.api.get(&at).await.is(200);
    w.unit.api.get(&format!("{at}/messages")).await.is(200);
    let document = asked["document"]["url"].as_str().unwrap();
    w.unit.api.get(document).await.is(200);
    let note = json!({"text": "For ourselves.", "language": "en"});
    let notes = format!("{at}/internal-notes");
    w.platform.api.post(&notes, &note).await.is(201);
    w.platform.api.get(&notes).await.is(200);
    w.platform.api.get(&format!("{at}/history")).await.is(200);
    w.auditor.api.get(&at).await.is(200);

    let unit = ["agency document", "agency messages", "agency request"];
    assert_eq!(reads(&w.unit, &request).await, unit);
    let platform = ["platform history", "platform internal_notes"];
    assert_eq!(reads(&w.platform, &request).await, platform);
    let all = [&unit[..], &["auditor request"], &platform[..]].concat();
    assert_eq!(reads(&w.auditor, &request).await, all);
    // Each names the client and the version.
    let listed = w.unit.api.list(&format!("{at}/reads")).await;
    let of = |part: Value| listed.iter().find(|one| one["content"] == part).unwrap();
    let document = of(Value::Null);
    assert_eq!(
        document["by"]["client"],
        w.unit.api.credentials().id.as_str()
    );
    assert_eq!(document["type"], "document.read");
    assert_eq!(document["message"], asked["id"]);
    assert_eq!(of(json!("request"))["version"], 3);
    // Page by page it is the same, and a cursor of something else is refused.
    let mut paged = Vec::new();
    let mut address = format!("{at}/reads?limit=1");
    loop {
        let page = w.auditor.api.get(&address).await.is(200).json();
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => address = format!("{at}/reads?limit=1&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, w.auditor.api.list(&format!("{at}/reads")).await);
    // The command line shows the same.
    let reference = request["reference"].as_str().unwrap();
    let auditor = Cli::of(&w.auditor, &w.server);
    let told = auditor.run(&["reads", reference, "--json"]).await.ends(0);
    assert_eq!(told.lines(), paged);
    let unit = Cli::of(&w.unit, &w.server);
    let table = unit.run(&["reads", reference]).await.ends(0).out;
    let document = format!("document {}", asked["id"].as_str().unwrap());
    assert!(table.contains(&document), "{table}");
    assert!(!table.contains("internal_notes"), "{table}");
    let refused = w.unit.api.get(&format!("{at}/reads?cursor=x")).await;
    refused.problem(400, "invalid-cursor");

    // What both sides see of its history does not tell, and nobody is told in his inbox.
    for party in [&w.unit, &w.platform] {
        let history = party.api.list(&format!("{at}/history")).await;
        let told = history
            .iter()
            .any(|one| one["type"].as_str().unwrap().ends_with(".read"));
        assert!(!told, "{history:#?}");
        let inbox = party.api.get("/v1/inbox").await.is(200).text();
        assert!(!inbox.contains(".read"), "{inbox}");
    }
    let done = w
        .server
        .command(&["verify", "--deep", "--json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}");
}

async fn who_polls_and_who_lists_makes_no_entries(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let at = path(&request);
    // Who names the version that is there is shown nothing: no receipt, no read.
    let unread = w.platform.api.get(&at).header("if-none-match", "\"1\"");
    unread.await.is(304);
    assert_eq!(w.history(&request).await, ["request.filed"]);
    let receipt = w.platform.api.get(&at).await.is(200);
    for _ in 0..3 {
        w.platform.api.get(&at).await.is(200);
        let polled = w
            .platform
            .api
            .get(&at)
            .header("if-none-match", &receipt.etag());
        polled.await.is(304);
        for list in ["/v1/requests", "/v1/inbox", "/v1/objections"] {
            w.platform.api.get(list).await.is(200);
        }
    }
    assert_eq!(
        reads(&w.platform, &request).await,
        [""; 0],
        "the receipt says it"
    );
    // A condition that does not hold any more shows it anew.
    w.acknowledge(&request).await;
    let changed = w
        .platform
        .api
        .get(&at)
        .header("if-none-match", &receipt.etag());
    changed.await.is(200);
    assert_eq!(reads(&w.platform, &request).await, ["platform request"]);
    // A read changes nothing that its reader has to keep a receipt of.
    let read = w.unit.api.get(&at).await.is(200);
    assert_eq!(read.header("takedown-receipt"), None);
    // Content is never answered to HEAD: it would be entered and not be handed over.
    let head = w
        .unit
        .api
        .call(reqwest::Method::HEAD, &format!("{at}/messages"));
    head.await.is(405);
}

async fn a_said_again_is_answered_and_entered(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    w.acknowledge(&request).await;
    let address = format!("{}/acknowledgement", path(&request));
    let again = w.platform.api.put(&address, &json!({})).await.is(200);
    assert!(again.text().contains("https://paste.example/a"));
    assert_eq!(reads(&w.platform, &request).await, ["platform request"]);
}

async fn reads_outlast_what_was_read(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    w.unit.api.get(&path(&request)).await.is(200);
    let address = format!("{}/withdrawal", path(&request));
    let withdrawn = w.unit.api.put(&address, &json!({"reason": "mistake"}));
    withdrawn.if_match("*").await.is(200);
    let erased = json!({"reason": "unlawful", "reference": "DPO 4/26"});
    let erasure = w
        .unit
        .api
        .post(&format!("{}/erasure", path(&request)), &erased);
    erasure.if_match("*").await.is(201);
    assert_eq!(reads(&w.unit, &request).await, ["agency request"]);
    let done = w
        .server
        .command(&["verify", "--deep", "--json"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}");
}
