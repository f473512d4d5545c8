//! A hostile exchange, or one that ails, keeps no alarm back.

#![allow(clippy::unwrap_used)]

use data_encoding::BASE64;
use serde_json::{Value, json};
use takedown_core::history::Digest;
use takedown_core::signed::tag;

use crate::cli::tests::{Scratch, scratch, takedown};
use crate::cli::{CliError, Exit};
use crate::client::fake::{Answer, Fake};

const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const USES: &str = "/v1/agencies/agency_1/signing-key-uses";

fn digest(name: &str) -> String {
    Digest::of(name).to_string()
}

/// A use as an honest exchange shows it.
fn shown(name: &str, number: u32) -> Value {
    let tag = tag(&[7; 32], number).to_string();
    let id = format!("evt_{name}");
    let sealed = json!({"id": id, "data": {"signature": {"statement": digest(name), "tag": tag}}});
    json!({
        "digest": digest(name), "number": number, "pseudonym": "07".repeat(32), "act": "file", "request": "req_1", "kid": "k",
        "at": "2026-01-01T00:00:00Z",
        "entry": {"id": id, "data": sealed.to_string(), "salt": BASE64.encode(&[1; 32])},
    })
}

fn erased(name: &str, number: u32) -> Value {
    let mut shown = shown(name, number);
    shown["entry"]["salt"] = Value::Null;
    shown
}

/// A unit that signed these.
struct Unit {
    folder: Scratch,
    ledger: String,
}

impl Unit {
    fn signed(names: &[&str]) -> Self {
        let lines = names.iter().map(|name| {
            let line = json!({
                "digest": digest(name), "jti": name, "kid": "k", "unit": "agency_1", "act": "file",
                "audience": "paste.example", "at": "2026-01-01T00:00:00Z",
            });
            format!("{line}\n")
        });
        let folder = scratch();
        let ledger = folder.file("ledger", &lines.collect::<String>());
        Self { folder, ledger }
    }

    fn remembers(&self, state: &Value) {
        self.folder.file("ledger.monitor", &state.to_string());
    }

    fn state(&self) -> Value {
        let kept = std::fs::read_to_string(self.folder.path().join("ledger.monitor"));
        serde_json::from_str(&kept.unwrap()).unwrap()
    }

    async fn monitors(&self, exchange: &Fake) -> (Result<Exit, CliError>, String) {
        let words = ["monitor", "--ledger", &self.ledger, "--vkey", VKEY];
        takedown(exchange, &words).await
    }
}

/// Shows these uses, one list for each time that it is asked and the last one from then on; it gives no proof.
async fn exchange(lists: Vec<Vec<Value>>) -> Fake {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Fake::start(move |seen, _| {
        if seen.path.starts_with(USES) {
            let time = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let items = lists.get(time).or(lists.last());
            return Some(Answer::json(200, &json!({"items": items, "next": null})));
        }
        let proofs = seen.path.starts_with("/v1/log/proofs/");
        proofs.then(|| Answer::problem(500, "internal", json!({})))
    })
    .await
}

#[tokio::test]
async fn an_exchange_that_fails_to_prove_silences_nothing() {
    let unit = Unit::signed(&["own"]);
    let mut bare = shown("bare", 3);
    bare["entry"] = Value::Null;
    let exchange = exchange(vec![vec![shown("own", 1), shown("theft", 2), bare]]).await;
    let (ended, printed) = unit.monitors(&exchange).await;
    let Err(CliError::Client(error)) = ended else {
        panic!("the failure is told too: {ended:?}");
    };
    assert_eq!(error.problem().unwrap().status, 500);
    let thefts = printed.lines().filter(|line| line.starts_with("SURPLUS"));
    assert_eq!(thefts.count(), 2, "{printed}");
    // What comes after the first that fails is looked at as well.
    assert!(printed.contains("AGAINST  the use "), "{printed}");
    assert!(!printed.contains("UNPROVEN"), "{printed}");
    let state = unit.state();
    assert_eq!(state["last"], 3);
    assert!(state["waiting"][format!("1 {}", digest("own"))].is_i64());
}

#[tokio::test]
async fn no_use_waits_for_ever() {
    let unit = Unit::signed(&["own"]);
    // Whatever instant is shown, it was first seen long ago.
    let first_seen = json!({ format!("1 {}", digest("own")): 1_700_000_000 });
    unit.remembers(&json!({"last": 1, "waiting": first_seen}));
    let mut own = shown("own", 1);
    own["at"] = json!("2999-01-01T00:00:00Z");
    let (ended, printed) = unit.monitors(&exchange(vec![vec![own]]).await).await;
    ended.unwrap_err();
    assert!(printed.starts_with("UNPROVEN the use "), "{printed}");
}

#[tokio::test]
async fn a_use_is_not_hidden_by_another_that_was_proven() {
    let unit = Unit::signed(&["own"]);
    let proven = json!([format!("1 {}", digest("own"))]);
    unit.remembers(&json!({"last": 1, "proven": proven, "before": [], "unnumbered": []}));
    let twice = vec![shown("own", 1), shown("own", 2)];
    let (_, printed) = unit.monitors(&exchange(vec![twice]).await).await;
    assert!(printed.contains("is shown twice"), "{printed}");
    // Under another number it is another use: its proof is asked for.
    assert!(unit.state()["waiting"][format!("2 {}", digest("own"))].is_i64());
}

#[tokio::test]
async fn only_what_was_proven_or_there_before_may_be_erased() {
    let unit = Unit::signed(&["own"]);
    let shows = exchange(vec![vec![erased("own", 1)]]).await;
    let (ended, printed) = unit.monitors(&shows).await;
    assert!(matches!(ended, Ok(Exit::Done)), "{printed}");
    // It was there at the first look, and still is nothing to be told of.
    let (ended, printed) = unit.monitors(&shows).await;
    assert!(matches!(ended, Ok(Exit::Done)), "{printed}");
    let proven = json!([format!("1 {}", digest("own"))]);
    for (proven, is_named) in [(proven, false), (json!([]), true)] {
        unit.remembers(&json!({"last": 1, "proven": proven, "before": [], "unnumbered": []}));
        let (_, printed) = unit.monitors(&shows).await;
        assert_eq!(printed.contains("shown as erased"), is_named, "{printed}");
    }
}

#[tokio::test]
async fn the_list_is_asked_for_again_before_a_number_is_missed() {
    let unit = Unit::signed(&["a", "b"]);
    let seen = |numbers: [u32; 2]| vec![erased("a", numbers[0]), erased("b", numbers[1])];
    let shows = exchange(vec![vec![erased("b", 2)], seen([1, 2])]).await;
    let (ended, printed) = unit.monitors(&shows).await;
    assert!(matches!(ended, Ok(Exit::Done)), "{printed}");
    let (_, printed) = unit.monitors(&exchange(vec![seen([1, 3])]).await).await;
    assert!(printed.contains("with the numbers 2 to 2"), "{printed}");
}
