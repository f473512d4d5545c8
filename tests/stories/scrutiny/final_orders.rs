//! Orders that are final, and all of it from the command line.

use serde_json::{Value, json};
use takedown_tests::cli::Cli;
use takedown_tests::world::{self, path};
use takedown_tests::{Db, World, both_databases};

use super::{authority, events, order, put};

both_databases!(
    an_order_becomes_final_and_is_counted,
    it_is_all_done_from_the_command_line,
);

async fn an_order_becomes_final_and_is_counted(db: Db) {
    let w = World::new(db).await;
    let authority = authority(&w).await;
    let request = w.file(&order()).await;
    let finality = format!("{}/finality", path(&request));
    let since = |at: &Value| json!({"how": "appeal_period_expired", "final_at": at});
    let future = since(&json!("2999-01-01T00:00:00Z"));
    put(&w.unit, &finality, future)
        .await
        .problem_at(422, "invalid", "/final_at");
    let filed_at = &request["filed_at"];
    let done = put(&w.unit, &finality, since(filed_at))
        .await
        .is(200)
        .json();
    assert_eq!(done["finality"]["how"], "appeal_period_expired");
    put(&w.unit, &finality, since(filed_at))
        .await
        .problem(409, "conflict-state");
    assert_eq!(events(&w.platform).await.last().unwrap(), "order.final");
    assert_eq!(events(&authority).await.last().unwrap(), "order.final");
    let counts = format!("/v1/platforms/{}/final-orders", w.platform.id);
    for party in [&w.platform, &authority] {
        let counted = party.api.get(&counts).await.is(200).json();
        let count = &counted["counts"][0];
        assert_eq!(
            (&count["orders"], &count["exposed_from"]),
            (&json!(1), &json!(2))
        );
    }
    for party in [&w.unit, &w.other_unit, &w.other_platform] {
        party.api.get(&counts).await.problem(404, "not-found");
    }
    let taken_back = w.file(&order()).await;
    let withdrawal = format!("{}/withdrawal", path(&taken_back));
    put(&w.unit, &withdrawal, json!({"reason": "mistake"}))
        .await
        .is(200);
    let finality = format!("{}/finality", path(&taken_back));
    let refused = put(&w.unit, &finality, since(&taken_back["filed_at"])).await;
    refused.problem(409, "conflict-state");
}

async fn it_is_all_done_from_the_command_line(db: Db) {
    let w = World::new(db).await;
    let operator = Cli::of(&w.operator, &w.server);
    let mail = "authority@regulator.example";
    let authority = world::agency(&w.operator, "Example Authority", "DE", mail).await;
    let competence = [
        "agency",
        "competence",
        &authority.id,
        "--scrutinises",
        "eu-tco-order",
    ];
    operator.run(&competence).await.ends(0);
    let request = w.file(&order()).await;
    let (id, reference) = (
        request["id"].as_str().unwrap(),
        request["reference"].as_str().unwrap(),
    );
    w.acknowledge(&request).await;
    let platform = Cli::of(&w.platform, &w.server);
    let asked = platform.run(&["scrutiny", "ask", reference]).await.ends(0);
    assert!(
        asked.out.contains("Asked by      platform"),
        "{}",
        asked.out
    );
    let cli = Cli::of(&authority, &w.server);
    let list = cli.run(&["scrutiny", "list"]).await.ends(0);
    assert!(list.out.contains(id), "{}", list.out);
    let show = cli.run(&["scrutiny", "show", id]).await.ends(0);
    assert!(show.out.contains("paste[.]example"), "{}", show.out);
    let why = ["--reasons", "A news report.", "--language", "en"];
    let announce = [&["scrutiny", "announce", id], why.as_slice()].concat();
    cli.run(&announce).await.ends(0);
    let decide = [
        "scrutiny",
        "decide",
        id,
        "--finding",
        "no-infringement",
        "--decision",
        "EA-1/26",
    ];
    let decided = cli
        .run(&[decide.as_slice(), why.as_slice()].concat())
        .await
        .ends(0);
    assert!(decided.out.contains("no_infringement"), "{}", decided.out);
    let unit = Cli::of(&w.unit, &w.server);
    let at = request["filed_at"].as_str().unwrap();
    let last = [
        "final",
        reference,
        "--how",
        "confirmed-on-appeal",
        "--at",
        at,
    ];
    let last = unit.run(&last).await.ends(0);
    assert!(last.out.contains("confirmed_on_appeal"), "{}", last.out);
    let copied = [
        "scrutiny",
        "copied",
        reference,
        "--to",
        "X",
        "--sent-at",
        at,
    ];
    unit.run(&copied).await.ends(1);
}
