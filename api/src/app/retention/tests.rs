#![allow(clippy::unwrap_used, clippy::panic)]
use std::time::Duration;

use chrono::TimeDelta;
use takedown_core::log::SigningKey;
use takedown_core::log::note::{KeyName, SignatureType};
use takedown_core::retention::{Class, ErasureReason};

use super::{Erased, Times, erase_what_is_old};
use crate::app::log::{Found, Log, Looked, Memory, advance, verify, verify_requests};
use crate::app::once::Answer;
use crate::app::requests::{self, Expected, Ordered, RequestView};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::app::{Caller, Error};
use crate::store::{Conn, StoreError};

on_both!(
    what_is_over_goes_in_its_time_and_what_is_needed_stays,
    an_erased_request_is_read_and_nothing_else,
    nodes_that_erase_at_once_erase_once,
);

const DAY: u64 = 86_400;

fn after(days: u64) -> Times {
    Times::new(vec![(Class::Requests, Duration::from_secs(days * DAY))])
}

async fn world(db: Db) -> World {
    let mut w = World::on(db).await;
    let name: KeyName = "exchange.example/log".parse().unwrap();
    let key = SigningKey::from_seed(name, SignatureType::Ed25519, &[1; 32]).unwrap();
    w.cx =
        w.cx.clone()
            .with_log(Log::new(Some(key), Memory::default(), None));
    w
}

async fn view(w: &World, id: &str) -> RequestView {
    requests::read(&w.cx, &w.agency, id).await.unwrap()
}

async fn is_erased(w: &World, id: &str) -> bool {
    view(w, id).await.erased_at.is_some()
}

async fn verified(w: &World) -> (Looked, Vec<String>) {
    advance(&w.cx).await.unwrap();
    w.cx.store
        .read(|conn: &mut Conn| {
            let mut faults = Vec::new();
            let mut say = |found: Found<'_>| {
                if let Found::Fault(what) = found {
                    faults.push(what.to_owned());
                }
            };
            let looked = verify(
                conn,
                None,
                None,
                |_| Err("nothing is signed".to_owned()),
                &mut say,
            )?;
            verify_requests(conn, &mut say)?;
            Ok::<_, StoreError>((looked, faults))
        })
        .await
        .unwrap()
}

fn nothing(_: &RequestView, _: &Caller) -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: String::new(),
    }
}

fn unlawful() -> Ordered {
    Ordered {
        reason: ErasureReason::Unlawful,
        reference: Some("DPA 17/26".to_owned()),
    }
}

async fn what_is_over_goes_in_its_time_and_what_is_needed_stays(db: Db) {
    let w = world(db).await;
    let open = w.referral().await;
    w.fetch(&open).await;
    let closed = w.referral().await;
    w.close(&closed).await;
    let withdrawn = w.referral().await;
    w.withdraw(&withdrawn).await;
    let held = w.referral().await;
    w.close(&held).await;
    let reason = "Proceedings.".to_owned();
    requests::place_hold(&w.cx, &w.platform, &held, reason)
        .await
        .unwrap();
    let kept = w.file("eu-tco-order", "tco:a").await;
    w.close(&kept).await;

    assert_eq!(
        erase_what_is_old(&w.cx, &after(30)).await.unwrap(),
        Erased::default(),
        "nothing is that old"
    );
    w.cx.clock.pass(TimeDelta::days(31));
    let gone = Erased {
        requests: 2,
        rows: 0,
    };
    assert_eq!(erase_what_is_old(&w.cx, &after(30)).await.unwrap(), gone);
    for (id, erased) in [
        (&open, false),
        (&closed, true),
        (&withdrawn, true),
        (&held, false),
        (&kept, false),
    ] {
        assert_eq!(is_erased(&w, id).await, erased, "{id}");
    }
    let left = view(&w, &closed).await;
    assert_eq!(left.filing.reasons.text, "");
    assert_eq!(
        (left.items[0].locator.as_str(), &left.items[0].host),
        ("", &None)
    );
    assert_eq!(
        left.request.result().map(|result| result.as_str()),
        Some("actioned"),
        "what came of it stays"
    );
    let (looked, faults) = verified(&w).await;
    assert_eq!(faults, Vec::<String>::new());
    assert!(looked.erased >= 2, "{looked:?}");

    requests::lift_hold(&w.cx, &w.platform, &held)
        .await
        .unwrap();
    let one = Erased {
        requests: 1,
        rows: 0,
    };
    assert_eq!(erase_what_is_old(&w.cx, &after(30)).await.unwrap(), one);
    w.cx.clock.pass(TimeDelta::days(200));
    erase_what_is_old(&w.cx, &after(30)).await.unwrap();
    assert!(!is_erased(&w, &kept).await, "nobody has ended it yet");
    crate::app::notify::watch_kept(&w.cx).await.unwrap();
    crate::app::notify::watch_kept(&w.cx).await.unwrap();
    w.cx.clock.pass(TimeDelta::days(31));
    erase_what_is_old(&w.cx, &after(30)).await.unwrap();
    assert!(is_erased(&w, &kept).await);
    assert!(!is_erased(&w, &open).await);
    assert_eq!(verified(&w).await.1, Vec::<String>::new());
}

async fn an_erased_request_is_read_and_nothing_else(db: Db) {
    let w = world(db).await;
    let id = w.referral().await;
    w.close(&id).await;
    let erase = async |expected| {
        let how = (expected, None);
        requests::erase(&w.cx, &w.agency, &id, how, unlawful(), nothing).await
    };
    let unsaid = erase(Expected::Nothing).await;
    assert!(matches!(unsaid, Err(Error::VersionRequired)), "{unsaid:?}");
    erase(Expected::Any).await.unwrap();
    let again = erase(Expected::Any).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    let taken_back = requests::Withdrawal {
        items: Vec::new(),
        reason: takedown_core::request::WithdrawalReason::Mistake,
        annulment: None,
        text: None,
        signed: None,
    };
    let any = Expected::Any;
    let withdrawn =
        requests::withdraw(&w.cx, &w.agency, id.clone(), any, taken_back, nothing).await;
    assert!(
        matches!(withdrawn, Err(Error::Conflict(_))),
        "{withdrawn:?}"
    );
    let held = requests::place_hold(&w.cx, &w.agency, &id, "Too late.".to_owned()).await;
    assert!(matches!(held, Err(Error::Conflict(_))), "{held:?}");
    let history = requests::history(&w.cx, &w.agency, &id, 0, 100)
        .await
        .unwrap();
    let said: Vec<(&str, bool)> = history
        .iter()
        .map(|e| (e.event.as_str(), e.erased))
        .collect();
    assert_eq!(
        said,
        [
            ("request.filed", true),
            ("request.fetched", false),
            ("request.acknowledged", false),
            ("request.closed", false),
            ("request.erased", false),
        ],
        "what holds no digest stays"
    );
    let erased = &history[4];
    assert_eq!(erased.data["reason"], "unlawful");
    assert_eq!(erased.data["reference"], "DPA 17/26");
    assert_eq!(erased.data["entries"][0], history[0].id.as_str());
    assert_eq!(erased.data["items"][0]["outcome"], "removed");
    assert_eq!(verified(&w).await.1, Vec::<String>::new());
}

async fn nodes_that_erase_at_once_erase_once(db: Db) {
    let w = world(db).await;
    for _ in 0..10 {
        let id = w.referral().await;
        w.withdraw(&id).await;
    }
    w.cx.clock.pass(TimeDelta::days(31));
    let nodes = [w.other_node(), w.other_node(), w.other_node()];
    let times = after(30);
    let all = nodes.iter().map(|cx| erase_what_is_old(cx, &times));
    let erased: usize = futures_util::future::join_all(all)
        .await
        .into_iter()
        .map(|erased| erased.unwrap().requests)
        .sum();
    assert_eq!(erased, 10);
    assert_eq!(verified(&w).await.1, Vec::<String>::new());
}
