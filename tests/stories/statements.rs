//! A platform states its reasons: the JSON that the transparency database takes, or the article by which none is due.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::path;
use takedown_tests::{Answer, Db, Filing, World, both_databases};

both_databases!(
    from_a_draft_to_the_statement,
    none_is_due_and_the_article_is_named,
    several_at_once_all_or_none,
    a_statement_is_the_platforms_own,
    statements_by_command_line,
);

const LINK: &str = "https://paste.example/jane-doe#key";

fn at(request: &Value, item: usize) -> String {
    let item = request["items"][item]["id"].as_str().unwrap();
    format!("{}/items/{item}/statement", path(request))
}

fn facts() -> Value {
    json!({
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_date": "2026-03-01",
        "incompatible_content_ground": "Terms, section 4",
        "incompatible_content_explanation": "Calls for violence are not allowed.",
        "decision_facts": "A notification named the page. It was read and removed.",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
    })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

/// The platform answers every open item, and whether the uploader was told.
async fn decided(w: &World, filing: &Filing, outcome: &str, informed: &str) -> Value {
    let request = w.file(filing).await;
    w.acknowledge(&request).await;
    let mut decision = json!({
        "all_undecided": true, "outcome": outcome, "basis": "terms", "uploader_informed": informed,
    });
    if outcome == "duplicate" {
        decision["duplicate_of"] = json!("KP-0/26");
    }
    decide(w, &request, decision).await;
    request
}

async fn decide(w: &World, request: &Value, decision: Value) -> Answer {
    w.platform
        .api
        .post(
            &format!("{}/decisions", path(request)),
            &json!({ "decisions": [decision] }),
        )
        .if_match("*")
        .await
        .is(201)
}

async fn from_a_draft_to_the_statement(db: Db) {
    let w = World::new(db).await;
    let filing = Filing::referral(&[LINK]).set("provision", json!("Kodeks karny, art. 255a"));
    let request = decided(&w, &filing, "removed", "yes").await;
    let place = at(&request, 0);

    let draft = w.platform.api.get(&place).await.is(200).json();
    assert_eq!(
        (&draft["due"], &draft["not_due"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(draft["submission_exempt"], true, "a micro enterprise");
    let missing: Vec<_> = draft["missing"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        missing,
        [
            "incompatible_content_ground",
            "incompatible_content_explanation",
            "content_type",
            "content_date",
            "decision_facts",
            "automated_detection",
            "automated_decision",
        ]
    );
    assert_eq!(
        draft["statement"]["category_specification"],
        json!(["KEYWORD_TERRORIST_CONTENT"])
    );

    let statement = w.platform.api.post(&place, &facts()).await.is(200).json();
    assert_eq!(
        statement["decision_visibility"],
        json!(["DECISION_VISIBILITY_CONTENT_REMOVED"])
    );
    assert_eq!(statement["source_type"], "SOURCE_TYPE_OTHER_NOTIFICATION");
    assert_eq!(statement["territorial_scope"].as_array().unwrap().len(), 30);
    let puid = statement["puid"].as_str().unwrap().to_owned();
    assert!(puid.starts_with("dec_"), "{puid}");
    // Nothing that the agency wrote, and not where it is.
    let text = statement.to_string();
    for theirs in ["jane-doe", "Kodeks", "shown to minors", "Krak"] {
        assert!(!text.contains(theirs), "{theirs}: {text}");
    }
    // The same decision has the same puid, a later one another.
    let again = w.platform.api.post(&place, &facts()).await.is(200).json();
    assert_eq!(again, statement);
    let items = [&request["items"][0]["id"]];
    let later = json!({
        "items": items, "outcome": "access_disabled", "basis": "terms", "uploader_informed": "yes",
    });
    decide(&w, &request, later).await;
    let corrected = w.platform.api.post(&place, &facts()).await.is(200).json();
    assert_ne!(corrected["puid"], json!(puid));
    assert_eq!(
        corrected["decision_visibility"],
        json!(["DECISION_VISIBILITY_CONTENT_DISABLED"])
    );

    // Every mistake has its place.
    for (field, value) in [
        ("content_date", json!("1999-12-31")),
        ("content_type", json!(["TEXT"])),
        ("decision_facts", json!("x".repeat(5001))),
        ("decision_facts", json!("jane.doe@mail.example posted it.")),
        ("automated_detection", json!("perhaps")),
        ("source_type", json!("SOURCE_VOLUNTARY")),
        ("territorial_scope", json!(["US"])),
        ("illegal_content_explanation", json!("It is forbidden.")),
    ] {
        let body = with(facts(), field, value);
        w.platform
            .api
            .post(&place, &body)
            .await
            .problem_at(422, "invalid", &format!("/{field}"));
    }
    w.platform
        .api
        .post(&place, &with(facts(), "content_typ", json!([])))
        .await
        .problem(422, "unknown-field");
}

async fn none_is_due_and_the_article_is_named(db: Db) {
    let w = World::new(db).await;
    let referral = || Filing::referral(&[LINK]);
    let until = (chrono::Utc::now() + chrono::TimeDelta::days(7)).to_rfc3339();
    let silent = Filing::tco_order(&[LINK]).set(
        "non_disclosure",
        json!({"until": until, "reason": "An investigation is under way."}),
    );
    let article_9 = referral()
        .set("instrument", json!("eu-dsa-art9-order"))
        .set("provision", json!("Kodeks karny, art. 255a"))
        .set("legal_basis", json!("Ustawa o Policji, art. 14"))
        .set(
            "redress",
            json!({"text": "Zażalenie do sądu w 7 dni.", "language": "pl"}),
        );
    for (filing, outcome, informed, reason, article) in [
        (
            referral(),
            "removed",
            "not_possible",
            "uploader_unknown",
            "Article 17(2)",
        ),
        (
            referral(),
            "declined_within_terms",
            "no",
            "no_measure",
            "Article 17(1)",
        ),
        (
            referral(),
            "already_gone",
            "no",
            "no_measure",
            "Article 17(1)",
        ),
        (referral(), "duplicate", "no", "duplicate", "Article 17(1)"),
        (
            article_9,
            "removed",
            "yes",
            "article_9_order",
            "Article 17(5)",
        ),
        (silent, "removed", "non_disclosure", "not_yet", "Art 11(3)"),
    ] {
        let request = decided(&w, &filing, outcome, informed).await;
        let place = at(&request, 0);
        let draft = w.platform.api.get(&place).await.is(200).json();
        assert_eq!(draft["due"], false, "{reason}: {draft}");
        assert_eq!(draft["not_due"]["reason"], reason, "{draft}");
        let refused = w
            .platform
            .api
            .post(&place, &facts())
            .await
            .problem(409, "no-statement-due");
        assert_eq!(refused["reason"], reason);
        let named = refused["article"].as_str().unwrap();
        assert!(named.ends_with(article), "{reason}: {named}");
    }
    let open = w.file(&referral()).await;
    w.acknowledge(&open).await;
    let draft = w.platform.api.get(&at(&open, 0)).await.is(200).json();
    assert_eq!(draft["not_due"]["reason"], "undecided");
    // The platform may know better than its record.
    let paste = decided(&w, &referral(), "removed", "not_possible").await;
    let known = with(facts(), "recipient_contact_known", json!(true));
    w.platform.api.post(&at(&paste, 0), &known).await.is(200);
}

async fn several_at_once_all_or_none(db: Db) {
    let w = World::new(db).await;
    let links = ["https://paste.example/a", "https://paste.example/b"];
    let request = decided(&w, &Filing::referral(&links), "removed", "yes").await;
    let one = |n: usize| json!({ "request": request["id"], "item": request["items"][n]["id"] });
    let own = with(
        one(1),
        "own",
        json!({ "content_type": ["CONTENT_TYPE_IMAGE"] }),
    );
    let body = json!({ "common": facts(), "statements": [one(0), own] });
    let made = w
        .platform
        .api
        .post("/v1/statements", &body)
        .await
        .is(200)
        .json();
    let statements = made["statements"].as_array().unwrap();
    assert_eq!(statements.len(), 2);
    assert_eq!(made.as_object().unwrap().len(), 1);
    assert_eq!(statements[1]["content_type"], json!(["CONTENT_TYPE_IMAGE"]));
    assert_ne!(statements[0]["puid"], statements[1]["puid"]);

    let stranger = json!({ "request": request["id"], "item": "item_01h455vb4pex5vsknk084sn02q" });
    let body = json!({ "common": facts(), "statements": [one(0), stranger] });
    w.platform
        .api
        .post("/v1/statements", &body)
        .await
        .problem_at(422, "invalid", "/statements/1/item");
    let twice = json!({ "common": facts(), "statements": [one(0), one(1), one(0)] });
    w.platform
        .api
        .post("/v1/statements", &twice)
        .await
        .problem_at(422, "invalid", "/statements/2/item");
    for wrong in [vec![], vec![one(0); 101]] {
        let body = json!({ "common": facts(), "statements": wrong });
        w.platform
            .api
            .post("/v1/statements", &body)
            .await
            .problem_at(422, "invalid", "/statements");
    }
}

async fn a_statement_is_the_platforms_own(db: Db) {
    let w = World::new(db).await;
    let request = decided(&w, &Filing::referral(&[LINK]), "removed", "yes").await;
    let place = at(&request, 0);
    let wanted = json!({ "request": request["id"], "item": request["items"][0]["id"] });
    let body = json!({ "common": facts(), "statements": [wanted] });
    for (role, party) in w.everyone() {
        let (read, made) = (
            party.api.get(&place).await,
            party.api.post(&place, &facts()).await,
        );
        let several = party.api.post("/v1/statements", &body).await;
        let (one, batch) = match role {
            "platform" => (200, 200),
            "other platform" => (404, 422),
            _ => (403, 403),
        };
        assert_eq!(
            (read.status, made.status, several.status),
            (one, one, batch),
            "{role}"
        );
    }
    assert_eq!(w.anonymous.get(&place).await.status, 401);
}

async fn statements_by_command_line(db: Db) {
    let w = World::new(db).await;
    let platform = Cli::of(&w.platform, &w.server);
    let links = ["https://paste.example/a", "https://paste.example/b"];
    let request = decided(&w, &Filing::referral(&links), "removed", "yes").await;
    let reference = request["reference"].as_str().unwrap();

    let draft = platform
        .run(&["statement", reference, "--item", "1"])
        .await
        .ends(0);
    assert!(
        draft.out.contains("incompatible_content_explanation"),
        "{}",
        draft.out
    );
    std::fs::write(platform.dir().join("facts.json"), facts().to_string()).unwrap();
    let one = platform
        .run(&[
            "statement",
            reference,
            "--item",
            "2",
            "--from",
            "facts.json",
            "--set",
            "content_type=CONTENT_TYPE_IMAGE,CONTENT_TYPE_TEXT",
        ])
        .await
        .ends(0)
        .json();
    assert_eq!(
        one["content_type"],
        json!(["CONTENT_TYPE_IMAGE", "CONTENT_TYPE_TEXT"])
    );
    let all = platform
        .run(&["statement", reference, "--from", "facts.json"])
        .await
        .ends(0)
        .json();
    assert_eq!(all["statements"].as_array().unwrap().len(), 2);
    let refused = platform
        .run(&[
            "statement",
            reference,
            "--item",
            "1",
            "--set",
            "content_date=1999-12-31",
        ])
        .await
        .ends(1);
    assert!(refused.err.contains("content_date"), "{}", refused.err);

    let declined = decided(
        &w,
        &Filing::referral(&["https://paste.example/c"]),
        "declined_within_terms",
        "no",
    )
    .await;
    let id = declined["id"].as_str().unwrap();
    let none = platform
        .run(&["statement", id, "--item", "1", "--from", "facts.json"])
        .await
        .ends(1);
    assert!(none.err.contains("Article 17(1)"), "{}", none.err);
}
