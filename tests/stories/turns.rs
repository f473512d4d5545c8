//! The turns a request may take: questions and obstacles, withdrawal and restoration, reopening.

use crate::main_job::instant;
use chrono::TimeDelta;
use serde_json::{Value, json};
use takedown_tests::filing::decide;
use takedown_tests::world::path;
use takedown_tests::{Db, Filing, World, both_databases};

async fn say(
    party: &takedown_tests::world::Party,
    request: &Value,
    kind: &str,
    more: Value,
) -> Value {
    let mut message =
        json!({"kind": kind, "text": "Which of the two pages is meant?", "language": "en"});
    message
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    party
        .api
        .post(&format!("{}/messages", path(request)), &message)
        .await
        .is(201)
        .json()
}

both_databases!(
    a_question_pauses_the_hour_and_the_answer_lets_it_run_on,
    an_obstacle_stops_the_hour_and_its_end_starts_a_whole_new_one,
    a_referral_can_be_asked_about_without_ever_having_a_clock,
    withdrawing_what_was_acted_on_asks_for_restoration_of_exactly_that,
    withdrawing_what_nobody_acted_on_ends_it,
    a_closed_request_is_reopened_by_either_side_and_decided_again,
    repeating_what_is_already_so_changes_nothing,
);

async fn a_question_pauses_the_hour_and_the_answer_lets_it_run_on(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::tco_order(&["https://paste.example/a"]))
        .await;
    let running = w.acknowledge(&request).await;
    let due = instant(&running["clock"]["due_at"]);

    let question = say(
        &w.platform,
        &request,
        "question",
        json!({"items": [request["items"][0]["id"]]}),
    )
    .await;
    assert!(question["id"].as_str().unwrap().starts_with("msg_"));
    let standing = w.read(&request).await;
    assert_eq!(standing["status"], "needs_information");
    assert_eq!(standing["waiting_for"], "agency");
    assert_eq!(standing["clock"]["state"], "standing");
    assert_eq!(standing["clock"]["due_at"], Value::Null);
    let left = standing["clock"]["left_seconds"].as_i64().unwrap();
    assert!((1..=3600).contains(&left), "{left}");

    // Only the side that was asked can answer; the other may add a note.
    let wrong = json!({"kind": "answer", "text": "Both.", "language": "en"});
    let by_platform = w
        .platform
        .api
        .post(&format!("{}/messages", path(&request)), &wrong)
        .await;
    assert!(
        matches!(by_platform.status, 403 | 409),
        "{}",
        by_platform.text()
    );
    say(&w.platform, &request, "note", json!({})).await;
    assert_eq!(w.read(&request).await["clock"]["state"], "standing");

    say(&w.unit, &request, "answer", json!({})).await;
    let resumed = w.read(&request).await;
    assert_eq!(resumed["status"], "acknowledged");
    assert_eq!(resumed["clock"]["state"], "running");
    assert!(
        instant(&resumed["clock"]["due_at"]) >= due,
        "the time it stood is not lost: {resumed:#}"
    );
    let messages = w
        .unit
        .api
        .list(&format!("{}/messages", path(&request)))
        .await;
    let kinds: Vec<_> = messages
        .iter()
        .map(|message| message["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["question", "note", "answer"]);
    assert!(
        w.history(&request).await.ends_with(
            &["question.asked", "note.added", "answer.given"].map(|e| format!("request.{e}"))
        ) || w.history(&request).await.len() == 6,
        "{:?}",
        w.history(&request).await
    );
}

async fn an_obstacle_stops_the_hour_and_its_end_starts_a_whole_new_one(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::tco_order(&["https://paste.example/a"]))
        .await;
    w.acknowledge(&request).await;
    say(
        &w.platform,
        &request,
        "obstacle",
        json!({"obstacle": "force_majeure"}),
    )
    .await;
    assert_eq!(w.read(&request).await["clock"]["state"], "standing");
    let over = say(&w.platform, &request, "obstacle_over", json!({})).await;
    let resumed = w.read(&request).await;
    assert_eq!(resumed["status"], "acknowledged");
    assert_eq!(
        instant(&resumed["clock"]["due_at"]) - instant(&over["at"]),
        TimeDelta::hours(1)
    );
}

async fn a_referral_can_be_asked_about_without_ever_having_a_clock(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    w.platform.api.get(&path(&request)).await.is(200);
    say(&w.platform, &request, "question", json!({})).await;
    let asked = w.read(&request).await;
    assert_eq!(
        (&asked["status"], &asked["clock"]),
        (&json!("needs_information"), &Value::Null)
    );
    // It had not been acknowledged, so that is still possible, and the answer leads back to where it came from.
    say(&w.unit, &request, "answer", json!({})).await;
    assert_eq!(w.read(&request).await["status"], "fetched");
}

async fn withdrawing_what_was_acted_on_asks_for_restoration_of_exactly_that(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&[
            "https://paste.example/a",
            "https://paste.example/b",
        ]))
        .await;
    w.acknowledge(&request).await;
    let [first, second] = [0, 1].map(|at| &request["items"][at]["id"]);
    let decisions = format!("{}/decisions", path(&request));
    w.platform
        .api
        .post(&decisions, &decide(&[first], "removed"))
        .if_match("*")
        .await
        .is(201);
    w.platform
        .api
        .post(&decisions, &decide(&[second], "declined_within_terms"))
        .if_match("*")
        .await
        .is(201);
    w.close(&request).await;

    let withdrawal = format!("{}/withdrawal", path(&request));
    let reason = json!({"reason": "annulled", "annulment": {"by": "The court", "decision": "II Kp 7/26"}, "text": {"text": "Annulled by the court on appeal.", "language": "en"}});
    w.unit
        .api
        .put(&withdrawal, &reason)
        .await
        .problem(428, "precondition-required");
    let refused = w.platform.api.put(&withdrawal, &reason).if_match("*").await;
    refused.problem(403, "forbidden");
    let withdrawn = w
        .unit
        .api
        .put(&withdrawal, &reason)
        .if_match("*")
        .await
        .is(200)
        .json();
    assert_eq!(
        (&withdrawn["status"], &withdrawn["restoration"]),
        (&json!("withdrawn"), &json!("asked"))
    );
    instant(&withdrawn["withdrawn_at"]);

    let other = w
        .platform
        .api
        .post(&decisions, &decide(&[second], "restored"))
        .if_match("*")
        .await;
    assert!(
        matches!(other.status, 409 | 422),
        "nothing was done to it: {}",
        other.text()
    );
    let answered = w
        .platform
        .api
        .post(&decisions, &decide(&[first], "restored"))
        .if_match("*")
        .await
        .is(201)
        .json();
    assert_eq!(
        (&answered["status"], &answered["restoration"]),
        (&json!("withdrawn"), &json!("answered"))
    );
    assert_eq!(answered["items"][0]["outcome"]["code"], "restored");
    assert_eq!(
        answered["items"][1]["outcome"]["code"],
        "declined_within_terms"
    );
    w.unit
        .api
        .put(&withdrawal, &reason)
        .if_match("*")
        .await
        .problem(409, "conflict-state");
}

async fn withdrawing_what_nobody_acted_on_ends_it(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let reason = json!({"reason": "mistake"});
    let withdrawn = w
        .unit
        .api
        .put(&format!("{}/withdrawal", path(&request)), &reason)
        .if_match("\"1\"")
        .await
        .is(200)
        .json();
    assert_eq!(
        (&withdrawn["status"], &withdrawn["restoration"]),
        (&json!("withdrawn"), &json!("not_asked"))
    );
    // The refusal says what state would be needed, and nothing changed.
    let late = w
        .platform
        .api
        .put(&format!("{}/acknowledgement", path(&request)), &json!({}))
        .await
        .problem(409, "conflict-state");
    assert!(
        late["detail"].as_str().unwrap().contains("withdrawn"),
        "{late:#}"
    );
    assert_eq!(w.read(&request).await["version"], withdrawn["version"]);
}

async fn a_closed_request_is_reopened_by_either_side_and_decided_again(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::tco_order(&["https://paste.example/a"]))
        .await;
    let reopening = format!("{}/reopening", path(&request));
    let why = json!({"reason": "appeal", "text": {"text": "The uploader showed that it is a news report.", "language": "en"}});
    w.platform
        .api
        .post(&reopening, &why)
        .if_match("*")
        .await
        .problem(409, "conflict-state");
    w.acknowledge(&request).await;
    w.decide_all(&request, "removed").await;
    assert_eq!(w.close(&request).await["result"], "actioned");

    w.platform
        .api
        .post(&reopening, &why)
        .await
        .problem(428, "precondition-required");
    let reopened = w
        .platform
        .api
        .post(&reopening, &why)
        .if_match("*")
        .await
        .is(201)
        .json();
    assert_eq!(
        (&reopened["status"], &reopened["result"]),
        (&json!("acknowledged"), &Value::Null)
    );
    let item = &request["items"][0]["id"];
    let decisions = format!("{}/decisions", path(&request));
    w.platform
        .api
        .post(&decisions, &decide(&[item], "restored"))
        .if_match("*")
        .await
        .is(201);
    let closed = w.close(&request).await;
    assert_eq!(closed["items"][0]["outcome"]["code"], "restored");

    let by_unit =
        json!({"reason": "new_facts", "text": {"text": "It was put up again.", "language": "en"}});
    w.unit
        .api
        .post(&reopening, &by_unit)
        .if_match("*")
        .await
        .is(201);
    let told = w.history(&request).await;
    let count = |name: &str| told.iter().filter(|entry| *entry == name).count();
    assert_eq!(
        (
            count("request.decided"),
            count("request.closed"),
            count("request.reopened")
        ),
        (2, 2, 2),
        "{told:?}"
    );
}

async fn repeating_what_is_already_so_changes_nothing(db: Db) {
    let w = World::new(db).await;
    let request = w
        .file(&Filing::referral(&["https://paste.example/a"]))
        .await;
    let acknowledgement = format!("{}/acknowledgement", path(&request));
    w.platform.api.get(&path(&request)).await.is(200);
    let once = w
        .platform
        .api
        .put(&acknowledgement, &json!({}))
        .await
        .is(200);
    let twice = w
        .platform
        .api
        .put(&acknowledgement, &json!({}))
        .await
        .is(200);
    assert_eq!(once.json(), twice.json());
    assert_eq!(once.etag(), twice.etag());
    assert_eq!(w.history(&request).await.len(), 3);
}
