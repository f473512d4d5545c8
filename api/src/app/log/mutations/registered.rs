//! What parties bring about for themselves: claims, webhooks, private feeds.

use takedown_core::claim::{Challenge, ClaimCode, ClaimStatus};
use takedown_core::history::{Author, By, Data, Digest, Subject, Via};
use takedown_core::id::{ClientId, PlatformId, WebhookId};
use takedown_core::platform::ControlMethod;
use takedown_core::policy::{Actor, Party, Scopes};
use takedown_core::webhook::{Disabled, WebhookStatus};
use uuid::Uuid;

use super::world::empty;
use crate::app::registering::record;
use crate::app::requests::keeper;
use crate::app::tests::fixture::World;
use crate::app::{Caller, Error, claims, private_feeds};
use crate::store::Conn;
use crate::store::claims as claimed;
use crate::store::webhooks::{self, WebhookRow};

pub(super) async fn registered(w: &World) {
    let platform: PlatformId = keeper(&w.platform.actor).unwrap().0.parse().unwrap();
    let operator = Caller {
        client: ClientId::from_uuid(Uuid::now_v7()),
        actor: Actor::new(Party::Operator, Scopes::all()),
        via: Via::Api,
    };
    // One that the operator began, one by the link of a mail; both proved. And one that nobody proved yet.
    let key = platform.to_string();
    let begun = async || {
        let claim = claims::start(&w.cx, &operator, &key, "paste.example");
        claim.await.unwrap()
    };
    begun().await;
    let at = w.cx.now();
    let author = operator.author();
    write(w, move |conn| {
        proved(conn, (platform, ""), author, at);
        by_link(conn, platform, at);
    })
    .await;
    begun().await;
    for caller in [&w.agency, &w.platform] {
        let caller = caller.clone();
        write(w, move |conn| webhook(conn, &caller, at)).await;
    }
    let open = async |caller: &Caller| {
        let description = "The reader on the duty desk".to_owned();
        private_feeds::open(&w.cx, caller, None, description, |_, _, _| empty())
            .await
            .unwrap();
    };
    for caller in [&w.agency, &w.platform, &w.agency] {
        open(caller).await;
    }
    let mine = private_feeds::list(&w.cx, &w.agency, None, 10).await;
    let first = mine.unwrap().items.remove(0).id;
    private_feeds::end(&w.cx, &w.agency, &first).await.unwrap();
}

async fn write(w: &World, work: impl Fn(&mut Conn) + Send + 'static) {
    let written = w.cx.store.write(move |conn| {
        work(conn);
        Ok::<_, Error>(())
    });
    written.await.unwrap();
}

/// The newest claim of a claimant is proved.
fn proved(
    conn: &mut Conn,
    (platform, claimant): (PlatformId, &str),
    author: Author,
    at: takedown_core::time::At,
) {
    let newest = claimed::newest(conn, &platform.to_string(), claimant);
    let mut row = newest.unwrap().unwrap();
    let code: ClaimCode = row.code.parse().unwrap();
    let line = Challenge::new(row.host.clone(), &code).line().to_owned();
    row.status = ClaimStatus::Granted.as_str().to_owned();
    row.method = Some(ControlMethod::DnsTxt.as_str().to_owned());
    row.proved_at = Some(at.timestamp_millis());
    let client = ClientId::from_uuid(Uuid::now_v7());
    row.client_id = (!claimant.is_empty()).then(|| client.to_string());
    assert!(claimed::update(conn, &row, ClaimStatus::Open.as_str()).unwrap());
    let verified = Data::PlatformVerified {
        method: ControlMethod::DnsTxt,
        note: None,
        claim: Some(row.id.parse().unwrap()),
        host: Some(row.host.clone()),
        seen: Some(Digest::of(line)),
    };
    let subject = Subject::Platform { id: platform };
    record(conn, author, subject, at, verified).unwrap();
    if row.client_id.is_some() {
        let subject = Subject::Client { id: client };
        record(conn, author, subject, at, Data::ClientRegistered {}).unwrap();
    }
}

fn by_link(conn: &mut Conn, platform: PlatformId, at: takedown_core::time::At) {
    let claimant = Digest::of("owner@paste.example").to_string();
    let operators = claimed::newest(conn, &platform.to_string(), "");
    let code = ClaimCode::of([7; ClaimCode::LENGTH]);
    let id = takedown_core::id::ClaimId::from_uuid(Uuid::now_v7());
    let row = claimed::ClaimRow {
        id: id.to_string(),
        claimant: claimant.clone(),
        code: code.to_string(),
        status: ClaimStatus::Open.as_str().to_owned(),
        started_at: at.timestamp_millis(),
        expires_at: (at + claims::LIFE).timestamp_millis(),
        method: None,
        proved_at: None,
        ..operators.unwrap().unwrap()
    };
    claimed::insert(conn, &row).unwrap();
    let author = Author {
        by: By::Recipient,
        via: Via::Link,
        client: None,
    };
    let line = Challenge::new(row.host.clone(), &code).line().to_owned();
    let started = Data::ClaimStarted {
        claim: id,
        host: row.host.clone(),
        line: Some(Digest::of(line)),
    };
    let subject = Subject::Platform { id: platform };
    record(conn, author, subject, at, started).unwrap();
    proved(conn, (platform, &claimant), author, at);
}

/// One that its party disabled after it was given other keys.
fn webhook(conn: &mut Conn, caller: &Caller, at: takedown_core::time::At) {
    let (party, subject) = keeper(&caller.actor).unwrap();
    let webhook = WebhookId::from_uuid(Uuid::now_v7());
    let url = format!("https://{party}.example/hook").to_ascii_lowercase();
    let millis = at.timestamp_millis();
    let keys =
        r#"[{"sealed_with":"k","sealed":"","public":"whpk_2","expires_at":null}]"#.to_owned();
    let row = WebhookRow {
        description: "The ticket system".to_owned(),
        status: WebhookStatus::Disabled.to_string(),
        disabled: Some(Disabled::ByParty.to_string()),
        version: 3,
        ..WebhookRow::new(webhook.to_string(), party, url.clone(), keys, millis)
    };
    webhooks::insert(conn, &row).unwrap();
    for data in [
        Data::WebhookRegistered {
            webhook,
            url: Digest::of(&url),
            public_key: "whpk_1".to_owned(),
        },
        Data::WebhookKeysRotated {
            webhook,
            public_key: "whpk_2".to_owned(),
            revoked: true,
        },
        Data::WebhookChanged {
            webhook,
            members: vec!["status".to_owned()],
            url: None,
        },
    ] {
        record(conn, caller.author(), subject, at, data).unwrap();
    }
}
