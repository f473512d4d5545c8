#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::cli::Exit;
use crate::cli::tests::{Scratch, scratch, takedown};
use crate::client::fake::{Answer, Fake};

fn event(n: usize, kind: &str, status: &str, power: &str) -> Value {
    json!({"id": format!("evt_{n}"), "position": n, "type": kind, "unheard_of": true, "request": {
        "id": format!("req_{n}"), "reference": format!("REF{n}"), "status": status, "kind": power, "items_count": 2,
        "due_at": "2026-11-22T16:00:00.000Z", "agency": {"name": "Unit \u{202e}4", "country": "PL"}}})
}

fn request(id: &str, status: &str) -> Value {
    let n = id.trim_start_matches("req_");
    json!({"id": id, "reference": format!("REF{n}"), "status": status, "kind": "referral", "items": [
        {"id": format!("item_{n}a"), "position": 1, "kind": "url", "locator": format!("https://a.example/{n}a?$(touch x)#k")},
        {"id": format!("item_{n}b"), "position": 2, "kind": "account", "locator": format!("acct {n}b")}]})
}

/// An inbox of pages of one event each; the cursor is the number of events read.
async fn fake(events: Vec<Value>) -> Fake {
    Fake::start(move |seen, _| {
        if let Some(id) = seen.path.strip_prefix("/v1/requests/") {
            let status = if id == "req_9" { "closed" } else { "fetched" };
            return Some(Answer::json(200, &request(id, status)));
        }
        let query = seen.path.strip_prefix("/v1/inbox?")?;
        let cursor = url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "cursor")
            .map_or(0, |(_, value)| value.parse::<usize>().unwrap());
        let items: Vec<_> = events.iter().skip(cursor).take(1).cloned().collect();
        let next = cursor + items.len();
        Some(Answer::json(
            200,
            &json!({"items": items, "next": next.to_string(), "more": next < events.len()}),
        ))
    })
    .await
}

fn filed(n: usize) -> Value {
    event(n, "request.filed", "filed", "referral")
}

fn state(home: &Scratch) -> Value {
    let text = std::fs::read_to_string(home.path().join("state")).unwrap_or("{}".into());
    serde_json::from_str(&text).unwrap()
}

fn state_path(home: &Scratch) -> String {
    home.path().join("state").display().to_string()
}

#[tokio::test]
async fn a_table_says_may_or_must_and_a_referral_shows_no_date() {
    let server = fake(vec![
        filed(1),
        event(2, "request.filed", "filed", "order"),
        event(3, "request.closed", "closed", "referral"),
    ])
    .await;
    let (ended, printed) = takedown(&server, &["inbox"]).await;
    assert_eq!(ended.unwrap(), Exit::NewWork);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), 3, "the closed one is not work: {printed}");
    assert!(
        lines[1].contains("REF1") && lines[1].contains("may") && !lines[1].contains("2026"),
        "{printed}"
    );
    assert!(
        lines[2].contains("must (as claimed)") && lines[2].contains("2026-11-22 16:00:00 UTC"),
        "{printed}"
    );
    assert!(!printed.contains('\u{202e}'));
    assert!(
        takedown(&server, &["inbox", "--all"])
            .await
            .1
            .contains("REF3")
    );
    let nothing = fake(Vec::new()).await;
    assert_eq!(takedown(&nothing, &["inbox"]).await.0.unwrap(), Exit::Done);
}

#[tokio::test]
async fn a_remembered_place_shows_each_event_once() {
    let home = scratch();
    let path = state_path(&home);
    let fake = fake(vec![filed(1), filed(2)]).await;
    let (ended, printed) = takedown(&fake, &["inbox", "--json", "--state", &path]).await;
    assert_eq!(ended.unwrap(), Exit::NewWork);
    let lines: Vec<Value> = printed
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines, [filed(1), filed(2)], "no field is dropped");
    assert_eq!(state(&home)["cursor"], "2");
    let (ended, printed) = takedown(&fake, &["inbox", "--json", "--state", &path]).await;
    assert_eq!((ended.unwrap(), printed.as_str()), (Exit::Done, ""));
}

#[tokio::test]
async fn waiting_polls_again_until_something_comes() {
    let come = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&come);
    let server = Fake::start(move |seen, _| {
        seen.path.strip_prefix("/v1/inbox")?;
        let items = if flag.swap(true, Ordering::SeqCst) {
            vec![filed(1)]
        } else {
            vec![]
        };
        let more = seen.path.contains("cursor=1");
        let items = if more { vec![] } else { items };
        let next = if items.is_empty() { "0" } else { "1" };
        Some(Answer::json(200, &json!({"items": items, "next": next})))
    })
    .await;
    let (ended, _) = takedown(&server, &["inbox", "--wait", "20"]).await;
    assert_eq!(ended.unwrap(), Exit::NewWork);
    assert!(server.calls()[0].header("prefer").starts_with("wait="));
    let quiet = fake(Vec::new()).await;
    let (ended, _) = takedown(&quiet, &["inbox", "--wait", "1"]).await;
    assert_eq!(ended.unwrap(), Exit::Done);
}

/// A command that appends what it got to `log`, and fails for locators that hold `fails`.
fn script(home: &Scratch, fails: &str) -> Vec<String> {
    let log = home.path().join("log").display().to_string();
    let text = format!(
        "printf '%s|%s|%s|%s|%s\\n' \"$TAKEDOWN_REQUEST\" \"$TAKEDOWN_ITEM\" \"$TAKEDOWN_REFERENCE\" \"$TAKEDOWN_KIND\" \"$1\" >> {log}\n\
         case \"$1\" in *{fails}*) exit 3;; esac\n"
    );
    let path = home.file("script", &text);
    vec!["sh".into(), path]
}

fn log(home: &Scratch) -> Vec<String> {
    let text = std::fs::read_to_string(home.path().join("log")).unwrap_or_default();
    text.lines().map(ToOwned::to_owned).collect()
}

async fn run(fake: &Fake, home: &Scratch, command: &[String]) -> Result<Exit, String> {
    let path = state_path(home);
    let mut line = vec!["inbox", "--state", &path, "--exec"];
    line.extend(command.iter().map(String::as_str));
    takedown(fake, &line).await.0.map_err(|e| e.to_string())
}

#[tokio::test]
async fn a_command_runs_once_for_each_link_without_a_shell() {
    let home = scratch();
    let fake = fake(vec![
        filed(1),
        event(2, "answer.given", "fetched", "referral"),
        filed(9),
        filed(3),
    ])
    .await;
    let command = script(&home, "nothing-fails");
    assert_eq!(run(&fake, &home, &command).await, Ok(Exit::NewWork));
    let log_now = log(&home);
    assert_eq!(
        log_now,
        [
            "req_1|item_1a|REF1|referral|https://a.example/1a?$(touch x)#k",
            "req_1|item_1b|REF1|referral|acct 1b",
            "req_3|item_3a|REF3|referral|https://a.example/3a?$(touch x)#k",
            "req_3|item_3b|REF3|referral|acct 3b",
        ],
        "not for answers, not for what is closed already"
    );
    assert_eq!(run(&fake, &home, &command).await, Ok(Exit::Done));
    assert_eq!(log(&home), log_now);
}

#[tokio::test]
async fn a_failing_command_leaves_the_place_and_only_it_is_run_again() {
    let home = scratch();
    let fake = fake(vec![filed(1), filed(2), filed(3)]).await;
    let error = run(&fake, &home, &script(&home, "2a")).await.unwrap_err();
    assert!(error.contains("1 command failed"), "{error}");
    assert_eq!(state(&home)["cursor"], "3");
    let failed = json!([
        {"item": "item_2a", "request": "req_2", "reference": "REF2", "position": 1, "tries": 1}
    ]);
    assert_eq!(state(&home)["failed"], failed);
    assert_eq!(log(&home).len(), 6, "no failure keeps others from running");
    let ended = run(&fake, &home, &script(&home, "nothing")).await;
    assert_eq!(ended, Ok(Exit::Done), "what is new was told before");
    let log = log(&home);
    assert_eq!(log.len(), 7);
    assert!(log[6].contains("item_2a"), "{log:?}");
    assert_eq!(state(&home)["failed"], Value::Null);
}

#[tokio::test]
async fn what_fails_for_ever_is_given_up_and_kept() {
    let home = scratch();
    let fake = fake(vec![filed(1)]).await;
    let path = state_path(&home);
    let with_tries = async |tries: &str, fails: &str| {
        let command = script(&home, fails);
        let mut line = vec!["inbox", "--state", &path, "--tries", tries, "--exec"];
        line.extend(command.iter().map(String::as_str));
        takedown(&fake, &line).await.0.map_err(|e| e.to_string())
    };
    for count in 1..=3 {
        let error = with_tries("3", "1a").await.unwrap_err();
        assert!(error.contains("1 command failed"), "{error}");
        assert_eq!(state(&home)["failed"][0]["tries"], count);
    }
    // Said when it was given up, and not every five minutes from then on.
    assert_eq!(with_tries("3", "1a").await, Ok(Exit::Done));
    assert_eq!(log(&home).len(), 4);
    assert_eq!(state(&home)["failed"][0]["tries"], 3);
    assert_eq!(with_tries("4", "nothing").await, Ok(Exit::Done));
    assert_eq!(log(&home).len(), 5);
    assert_eq!(state(&home)["failed"], Value::Null);
}

#[tokio::test]
async fn a_program_that_is_not_there_loses_nothing_and_counts_nothing() {
    let home = scratch();
    let fake = fake(vec![filed(1), filed(2)]).await;
    let missing = ["/no/such/program".to_owned()];
    let error = run(&fake, &home, &missing).await.unwrap_err();
    assert!(error.contains("/no/such/program"), "{error}");
    assert_eq!(state(&home), json!({}), "nothing was remembered");
    let ended = run(&fake, &home, &script(&home, "nothing")).await;
    assert_eq!(ended, Ok(Exit::NewWork));
    assert_eq!(log(&home).len(), 4);
}

#[tokio::test]
async fn what_was_answered_or_taken_back_or_is_gone_is_passed_over() {
    let home = scratch();
    let fake = Fake::start(|seen, _| {
        match seen.path.as_str() {
            "/v1/requests/req_1" => {
                let mut request = request("req_1", "fetched");
                request["items"][0]["outcome"] = json!({"code": "removed"});
                request["asks_to_wait"] = true.into();
                return Some(Answer::json(200, &request));
            }
            "/v1/requests/req_3" => {
                let mut request = request("req_3", "fetched");
                request["items"][1]["withdrawal_reason"] = "mistake".into();
                return Some(Answer::json(200, &request));
            }
            _ => {}
        }
        let items = match seen.path.contains("cursor") {
            true => vec![],
            false => vec![filed(1), filed(2), filed(3)],
        };
        Some(Answer::json(200, &json!({"items": items, "next": "3"})))
            .filter(|_| seen.path.starts_with("/v1/inbox"))
    })
    .await;
    let ended = run(&fake, &home, &script(&home, "nothing")).await;
    assert_eq!(ended, Ok(Exit::NewWork));
    let log = log(&home);
    assert_eq!(log.len(), 2, "{log:?}");
    assert!(
        log[0].contains("item_1b") && log[1].contains("item_3a"),
        "{log:?}"
    );
}

#[tokio::test]
async fn a_cursor_of_another_inbox_is_told_with_its_names() {
    let home = scratch();
    let path = state_path(&home);
    let server = Fake::start(|seen, _| {
        seen.path
            .starts_with("/v1/inbox")
            .then(|| Answer::problem(400, "invalid-cursor", json!({"detail": "of another party"})))
    })
    .await;
    let kept = json!({"server": server.url.as_str(), "client_id": "client_o", "cursor": "c1"});
    home.file("state", &kept.to_string());
    let (ended, _) = takedown(&server, &["inbox", "--state", &path]).await;
    let error = ended.unwrap_err().to_string();
    for name in [
        path.as_str(),
        "client_o",
        "client_t",
        server.url.as_str(),
        "of another party",
    ] {
        assert!(error.contains(name), "no {name}: {error}");
    }
    assert_eq!(state(&home), kept);
}

#[tokio::test]
async fn a_locator_does_not_become_an_option() {
    let home = scratch();
    let server = Fake::start(|seen, _| {
        if seen.path.starts_with("/v1/requests/") {
            let mut request = request("req_1", "fetched");
            request["items"][0]["locator"] = "--delete-all".into();
            return Some(Answer::json(200, &request));
        }
        let items = if seen.path.contains("cursor") {
            vec![]
        } else {
            vec![filed(1)]
        };
        Some(Answer::json(200, &json!({"items": items, "next": "1"})))
            .filter(|_| seen.path.starts_with("/v1/inbox"))
    })
    .await;
    assert!(
        run(&server, &home, &script(&home, "nothing"))
            .await
            .is_err()
    );
    assert_eq!(log(&home).len(), 1, "the other link was run");
    let text = format!(
        "shift; {}",
        std::fs::read_to_string(home.path().join("script")).unwrap()
    );
    home.file("script", &text);
    let guarded = [script_of(&home), vec!["--".to_owned()]].concat();
    assert_eq!(run(&server, &home, &guarded).await, Ok(Exit::Done));
    assert!(log(&home)[1].ends_with("|--delete-all"));
}

fn script_of(home: &Scratch) -> Vec<String> {
    vec![
        "sh".into(),
        home.path().join("script").display().to_string(),
    ]
}

#[tokio::test]
async fn the_place_is_written_after_the_work() {
    let home = scratch();
    let path = state_path(&home);
    let during = Arc::new(Mutex::new(Vec::new()));
    let (kept, place) = (Arc::clone(&during), path.clone());
    let server = Fake::start(move |seen, _| {
        if let Some(id) = seen.path.strip_prefix("/v1/requests/") {
            let now = std::fs::read_to_string(&place).unwrap_or_default();
            kept.lock().unwrap().push(now);
            return Some(Answer::json(200, &request(id, "fetched")));
        }
        let items = if seen.path.contains("cursor") {
            vec![]
        } else {
            vec![filed(1)]
        };
        Some(Answer::json(200, &json!({"items": items, "next": "1"})))
            .filter(|_| seen.path.starts_with("/v1/inbox"))
    })
    .await;
    assert_eq!(
        run(&server, &home, &["true".into()]).await,
        Ok(Exit::NewWork)
    );
    assert_eq!(*during.lock().unwrap(), [""]);
    assert_eq!(state(&home)["cursor"], "1");
}
