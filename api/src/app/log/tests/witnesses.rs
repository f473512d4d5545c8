//! Asking witnesses, without a network in between.

mod recall;

use chrono::TimeDelta;
use takedown_core::log::note::SignatureType;
use takedown_core::log::witness::{
    AddCheckpoint, Answer, Refusal, Remembered, SIZE_MEDIA_TYPE, judge,
};
use takedown_core::log::{Policy, SigningKey, cosignature};

use super::key;
use crate::app::housekeeping::forget;
use crate::app::log::{Asking, Log, Memory, advance, judge_again, next, release, settle, state};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::app::{Cx, log};
use crate::store::log::{CheckpointRow, publish_checkpoint, whole};
use crate::store::{Conn, StoreError};

on_both!(
    signatures_come_together_on_one_size_while_the_log_grows,
    one_node_asks_a_witness_at_a_time,
    who_does_not_answer_is_left_alone_for_a_while,
    who_does_not_know_the_log_any_more_has_signed_what_it_signed,
    an_answer_that_was_lost_is_asked_for_again,
    what_is_enough_by_another_policy_is_found_at_the_start,
    a_larger_tree_elsewhere_is_a_conflict,
    of_old_checkpoints_few_are_kept,
);

/// A witness that keeps what it signed in memory.
struct Signer {
    key: SigningKey,
    remembered: Remembered,
}

impl Signer {
    fn new(seed: u8) -> Self {
        let name = format!("w{seed}.example").parse().unwrap();
        let kind = SignatureType::Cosignature;
        Self {
            key: SigningKey::from_seed(name, kind, &[100 + seed; 32]).unwrap(),
            remembered: Remembered::default(),
        }
    }

    fn answer(&mut self, request: &AddCheckpoint) -> Answer {
        let (status, media_type, body) = match judge(request, &self.remembered) {
            Ok(remembered) => {
                self.remembered = remembered;
                let line = cosignature::sign(&request.checkpoint, &self.key, 5).unwrap();
                (200, "text/plain", format!("{line}\n"))
            }
            Err(Refusal::OtherSize { size }) => (409, SIZE_MEDIA_TYPE, format!("{size}\n")),
            Err(other) => (other.status(), "text/plain", other.to_string()),
        };
        Answer {
            status,
            media_type: media_type.to_owned(),
            body: body.into_bytes(),
        }
    }

    async fn asked(&self, cx: &Cx) -> Option<Asking> {
        next(cx, self.key.verifier()).await.unwrap()
    }

    /// Is asked, answers, and is asked again where it named another size: as the job does.
    async fn signs(&mut self, cx: &Cx) {
        for first in [true, false] {
            let asking = self.asked(cx).await.expect("there is something to sign");
            let answer = self.answer(&asking.request);
            if !settle(cx, asking, Ok(answer), first).await.unwrap() {
                return;
            }
        }
    }
}

fn policy(signers: &[&Signer], quorum: &str) -> Policy {
    let mut text = format!("log {}\n", key(1).verifier());
    for (at, signer) in signers.iter().enumerate() {
        text += &format!(
            "witness w{at} {} https://w{at}.example\n",
            signer.key.verifier()
        );
    }
    let names: Vec<String> = (0..signers.len()).map(|at| format!("w{at}")).collect();
    text += &format!("group all {quorum} {}\nquorum all\n", names.join(" "));
    Policy::parse(text.as_bytes()).unwrap()
}

async fn world(db: Db, policy: &Policy) -> World {
    let mut w = World::on(db).await;
    w.cx = with(w.cx.clone(), policy);
    grow(&w).await;
    w
}

fn with(cx: Cx, policy: &Policy) -> Cx {
    cx.with_log(Log::new(
        Some(key(1)),
        Memory::default(),
        Some(policy.clone()),
    ))
}

async fn grow(w: &World) {
    w.referral().await;
    advance(&w.cx).await.unwrap();
}

fn size(asking: &Asking) -> u64 {
    asking.request.checkpoint.checkpoint().size()
}

fn cosigned(cx: &Cx) -> Option<u64> {
    cx.log.cosigned().map(|known| known.checkpoint().size())
}

async fn problem(cx: &Cx) -> Option<(String, String)> {
    let seen = state(cx).await.unwrap().witnesses.remove(0);
    seen.problem.map(|problem| (problem.code, problem.detail))
}

async fn signatures_come_together_on_one_size_while_the_log_grows(db: Db) {
    let (mut one, mut two) = (Signer::new(1), Signer::new(2));
    let policy = policy(&[&one, &two], "all");
    let w = world(db, &policy).await;
    let first = w.cx.log.newest().unwrap().checkpoint().size();
    one.signs(&w.cx).await;
    assert!(
        one.asked(&w.cx).await.is_none(),
        "it has signed all there is"
    );
    assert_eq!(cosigned(&w.cx), None);
    grow(&w).await;
    // The first one waits for the second, which is asked for what the first has signed.
    assert!(one.asked(&w.cx).await.is_none());
    two.signs(&w.cx).await;
    assert_eq!(cosigned(&w.cx), Some(first));
    let shown = log::checkpoint(&w.cx).await.unwrap();
    assert_eq!(
        shown
            .lines()
            .filter(|line| line.starts_with('\u{2014}'))
            .count(),
        3
    );
    // Another node takes it over; one that trusts others does not.
    let other = with(w.other_node(), &policy);
    advance(&other).await.unwrap();
    assert_eq!(cosigned(&other), Some(first));
    let stranger = Signer::new(9);
    let elsewhere = with(w.other_node(), &self::policy(&[&stranger], "any"));
    advance(&elsewhere).await.unwrap();
    assert_eq!(cosigned(&elsewhere), None);
    // Both go on with what is newest then.
    one.signs(&w.cx).await;
    two.signs(&w.cx).await;
    let newest = w.cx.log.newest().unwrap().checkpoint().size();
    assert!(newest > first);
    assert_eq!(cosigned(&w.cx), Some(newest));
    let seen = state(&w.cx).await.unwrap().witnesses;
    assert!(
        seen.iter()
            .all(|seen| seen.size == newest && seen.signed_at.is_some())
    );
    // Away for longer than the others wait for it.
    grow(&w).await;
    one.signs(&w.cx).await;
    grow(&w).await;
    w.cx.clock.pass(TimeDelta::seconds(6));
    let asked = one.asked(&w.cx).await.expect("it waits no longer");
    assert_eq!(size(&asked), w.cx.log.newest().unwrap().checkpoint().size());
    assert_eq!(cosigned(&w.cx), Some(newest), "one is too few");
}

async fn one_node_asks_a_witness_at_a_time(db: Db) {
    let mut one = Signer::new(1);
    let policy = policy(&[&one], "all");
    let w = world(db, &policy).await;
    let other = with(w.other_node(), &policy);
    let asking = one.asked(&w.cx).await.expect("due");
    assert!(one.asked(&other).await.is_none(), "another node is at it");
    release(&w.cx, asking).await.unwrap();
    let asking = one.asked(&other).await.expect("it was let go");
    // The node dies: after a while the other one asks.
    w.cx.clock.pass(TimeDelta::seconds(16));
    let again = one.asked(&w.cx).await.expect("the claim lapsed");
    let late = one.answer(&asking.request);
    settle(&w.cx, again, Err("no connection came about"), true)
        .await
        .unwrap();
    // It lives, and comes with the signature, which counts whoever is at it now.
    assert!(!settle(&other, asking, Ok(late), true).await.unwrap());
    assert_eq!(
        cosigned(&other),
        other.log.policy().and(Some(one.remembered.size))
    );
    assert_eq!(
        problem(&w.cx).await.map(|(code, _)| code).as_deref(),
        Some("unreachable"),
        "how it stands says who asked last"
    );
}

async fn who_does_not_answer_is_left_alone_for_a_while(db: Db) {
    let mut one = Signer::new(1);
    let w = world(db, &policy(&[&one], "all")).await;
    for seconds in [2, 4, 8] {
        let asking = one.asked(&w.cx).await.expect("due");
        let silent = settle(&w.cx, asking, Err("no connection came about"), true).await;
        assert!(!silent.unwrap());
        assert!(one.asked(&w.cx).await.is_none());
        w.cx.clock.pass(TimeDelta::seconds(seconds - 1));
        assert!(one.asked(&w.cx).await.is_none(), "{seconds}");
        w.cx.clock.pass(TimeDelta::seconds(1));
    }
    let said = problem(&w.cx).await.unwrap();
    assert_eq!(said.0, "unreachable");
    assert_eq!(said.1, "it does not answer: no connection came about");
    one.signs(&w.cx).await;
    assert_eq!(problem(&w.cx).await, None);
    assert_eq!(cosigned(&w.cx), Some(one.remembered.size));
}

async fn who_does_not_know_the_log_any_more_has_signed_what_it_signed(db: Db) {
    let mut one = Signer::new(1);
    let w = world(db, &policy(&[&one], "all")).await;
    one.signs(&w.cx).await;
    let signed = one.remembered.size;
    grow(&w).await;
    for _ in 0..9 {
        w.cx.clock.pass(TimeDelta::seconds(301));
        let asking = one.asked(&w.cx).await.expect("due");
        let unknown = Answer {
            status: 404,
            media_type: String::new(),
            body: Vec::new(),
        };
        assert!(!settle(&w.cx, asking, Ok(unknown), true).await.unwrap());
    }
    let seen = state(&w.cx).await.unwrap().witnesses.remove(0);
    assert_eq!(seen.size, signed);
    let problem = seen.problem.unwrap();
    assert_eq!(problem.code, "unknown_log");
    assert!(problem.detail.contains("give its vkey"), "{problem:?}");
    w.cx.clock.pass(TimeDelta::seconds(299));
    assert!(one.asked(&w.cx).await.is_none(), "it is asked slowly");
    w.cx.clock.pass(TimeDelta::seconds(1));
    one.signs(&w.cx).await;
    assert_eq!(cosigned(&w.cx), Some(one.remembered.size));
}

async fn an_answer_that_was_lost_is_asked_for_again(db: Db) {
    let mut one = Signer::new(1);
    let w = world(db, &policy(&[&one], "all")).await;
    let asking = one.asked(&w.cx).await.expect("due");
    one.answer(&asking.request);
    settle(&w.cx, asking, Err("the connection broke"), true)
        .await
        .unwrap();
    w.cx.clock.pass(TimeDelta::seconds(3));
    // It names the size it signed, and signs the same again.
    one.signs(&w.cx).await;
    assert_eq!(cosigned(&w.cx), Some(one.remembered.size));
    assert!(one.asked(&w.cx).await.is_none());
    // One that names another size each time is no use, and does not make us ask without end.
    grow(&w).await;
    let size = |size: u64| Answer {
        status: 409,
        media_type: SIZE_MEDIA_TYPE.to_owned(),
        body: format!("{size}\n").into_bytes(),
    };
    w.cx.clock.pass(TimeDelta::seconds(6));
    let asking = one.asked(&w.cx).await.expect("due");
    assert!(settle(&w.cx, asking, Ok(size(0)), true).await.unwrap());
    let asking = one.asked(&w.cx).await.expect("at once");
    assert_eq!(asking.request.old, 0);
    assert!(!settle(&w.cx, asking, Ok(size(1)), false).await.unwrap());
    assert_eq!(problem(&w.cx).await.unwrap().0, "invalid_answer");
}

async fn what_is_enough_by_another_policy_is_found_at_the_start(db: Db) {
    let (mut one, two) = (Signer::new(1), Signer::new(2));
    let w = world(db, &policy(&[&one, &two], "all")).await;
    one.signs(&w.cx).await;
    assert_eq!(cosigned(&w.cx), None);
    let started = with(w.other_node(), &policy(&[&one, &two], "any"));
    advance(&started).await.unwrap();
    assert_eq!(cosigned(&started), None);
    judge_again(&started).await.unwrap();
    assert_eq!(cosigned(&started), Some(one.remembered.size));
    let next = with(w.other_node(), &policy(&[&one, &two], "any"));
    advance(&next).await.unwrap();
    assert_eq!(cosigned(&next), Some(one.remembered.size), "it is noted");
}

async fn a_larger_tree_elsewhere_is_a_conflict(db: Db) {
    let one = Signer::new(1);
    let w = world(db, &policy(&[&one], "all")).await;
    let asking = one.asked(&w.cx).await.expect("due");
    let here = size(&asking);
    let ahead = Answer {
        status: 409,
        media_type: SIZE_MEDIA_TYPE.to_owned(),
        body: format!("{}\n", here + 7).into_bytes(),
    };
    assert!(!settle(&w.cx, asking, Ok(ahead), true).await.unwrap());
    let (code, detail) = problem(&w.cx).await.unwrap();
    assert_eq!(code, "conflict");
    let wanted = format!(
        "it signed a tree of {} entries, and here are {here}",
        here + 7
    );
    assert!(detail.starts_with(&wanted), "{detail}");
    // What a size says is not proven: nobody can stop the exchange with one.
    assert_eq!(w.cx.store.stopped(), None);
    w.referral().await;
}

async fn of_old_checkpoints_few_are_kept(db: Db) {
    const HOUR: i64 = 3_600_000;
    let w = World::on(db).await;
    let now = w.cx.now().timestamp_millis();
    let this_hour = now / HOUR * HOUR;
    for (size, hours_ago) in (1..).zip([50, 50, 49, 3, 3, 3]) {
        let signed_at = this_hour - hours_ago * HOUR + size;
        stored(&w, size, signed_at).await;
    }
    stored(&w, 7, now).await;
    stored(&w, 8, now).await;
    assert_eq!(forget(&w.cx).await.unwrap().checkpoints, 3);
    let all = |conn: &mut Conn| whole::checkpoints(conn, -1, 100);
    let kept = w.cx.store.read(all).await.unwrap();
    let sizes: Vec<i64> = kept.iter().map(|row| row.size).collect();
    assert_eq!(sizes, [2, 3, 6, 7, 8]);
    assert_eq!(forget(&w.cx).await.unwrap().checkpoints, 0);
}

async fn stored(w: &World, size: i64, signed_at: i64) {
    let row = CheckpointRow {
        size,
        signed_at,
        note: "not looked at".to_owned(),
    };
    let publish = w.cx.store.write(move |conn| {
        publish_checkpoint(conn, &row)?;
        Ok::<_, StoreError>(())
    });
    publish.await.unwrap();
}
