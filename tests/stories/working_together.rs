//! Operations by their doors: nobody finds one that is none of his business, and the whole of it is done from a shell.

use crate::tenancy::{NEVER, call, operations, seen};
use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::{Db, Filing, World, both_databases};

both_databases!(
    a_foreign_operation_and_one_that_never_was_are_the_same_404,
    an_operation_by_command_line,
);

/// A body that each call would accept from whoever may make it.
fn body(operation: &str, w: &World) -> Value {
    match operation {
        "POST requests" => json!({"requests": [{"id": format!("req_{NEVER}")}]}),
        "POST agencies" => json!({"agency": w.other_unit.id}),
        "PUT membership" => json!({"joins": true}),
        other if other.starts_with("GET") || other.starts_with("DELETE") => Value::Null,
        other => panic!("a new call, {other:?}: say here what its body is"),
    }
}

async fn a_foreign_operation_and_one_that_never_was_are_the_same_404(db: Db) {
    let w = World::new(db).await;
    let begun = json!({"label": "Northern mirror"});
    let begun = w.unit.api.post("/v1/operations", &begun).await.is(201);
    let (foreign, never) = (begun.json(), format!("op_{NEVER}"));
    let foreign = foreign["id"].as_str().unwrap();
    for (method, below) in operations(&w, "operations").await {
        let body = body(&format!("{method} {below}"), &w);
        let below = below.replace("{agency}", &w.other_unit.id);
        let address = |id: &str| {
            let address = format!("/v1/operations/{id}/{below}");
            address.trim_end_matches('/').to_owned()
        };
        for (role, party) in w.everyone() {
            let refusal = match role {
                "other unit" => 404,
                "platform" | "other platform" | "operator" => 403,
                _ => continue,
            };
            let of_foreign = call(party, &method, &address(foreign), &body).await;
            let of_never = call(party, &method, &address(&never), &body).await;
            assert_eq!(of_foreign.status, refusal, "{role}: {method} {below}");
            assert_eq!(
                seen(&of_foreign, foreign),
                seen(&of_never, &never),
                "{role}: {method} {below}"
            );
        }
    }
    for filter in [
        "label=Northern%20mirror",
        "membership=lead",
        "membership=joined",
    ] {
        let address = format!("/v1/operations?{filter}");
        let found = w.other_unit.api.list(&address).await;
        assert!(found.is_empty(), "{filter}");
    }
    let still = w.unit.api.get(&format!("/v1/operations/{foreign}")).await;
    let still = still.is(200).json();
    assert_eq!(
        (&still["members"], &still["progress"]["requests"]),
        (&json!([]), &json!(0))
    );
}

async fn an_operation_by_command_line(db: Db) {
    let w = World::new(db).await;
    let (lead, other) = (
        Cli::of(&w.unit, &w.server),
        Cli::of(&w.other_unit, &w.server),
    );
    let file = [
        "file",
        "https://paste.example/a",
        "https://forum.example/t/1",
        "--ground",
        "tco:a",
        "--reasons",
        "Both call for attacks.",
        "--language",
        "en",
        "--agency-reference",
        "KP-7",
    ];
    let strict = [&file[..], &["--no-split"]].concat();
    let strict = lead.run(&strict).await.ends(1);
    assert!(strict.out.contains("several-platforms"), "{}", strict.out);
    let filed = lead.run(&file).await.ends(0);
    assert!(
        filed.out.contains("2 requests under the operation KP-7"),
        "{}",
        filed.out
    );
    let listed = lead.run(&["operations", "list", "--json"]).await.ends(0);
    let operation = listed.lines()[0]["id"].as_str().unwrap().to_owned();

    let site = w
        .file(&Filing::referral(&["https://paste.example/site"]))
        .await;
    let site = format!("{}=site", site["reference"].as_str().unwrap());
    let added = lead
        .run(&["operations", "add", &operation, &site])
        .await
        .ends(0);
    assert!(added.out.contains("site 1"), "{}", added.out);
    lead.run(&["operations", "invite", &operation, &w.other_unit.id])
        .await
        .ends(0);
    let asked = other
        .run(&["operations", "list", "--membership", "invited"])
        .await
        .ends(0);
    assert!(
        asked.out.contains(&operation) && asked.out.contains("KP-7"),
        "{}",
        asked.out
    );
    other.run(&["operations", "join", &operation]).await.ends(0);
    let shown = other.run(&["operations", "show", &operation]).await.ends(0);
    assert!(
        shown.out.contains("filed 3")
            && shown.out.contains("Forum")
            && !shown.out.contains("example/"),
        "{}",
        shown.out
    );
    let foreign = other
        .run(&["operations", "invite", &operation, &w.unit.id])
        .await
        .ends(1);
    assert!(
        foreign.err.contains("leads the operation"),
        "{}",
        foreign.err
    );
    other
        .run(&["operations", "leave", &operation])
        .await
        .ends(0);
    let gone = other.run(&["operations", "show", &operation]).await.ends(1);
    assert!(gone.err.contains("404"), "{}", gone.err);
}
