//! A little of everything, and enough of it for a complete tile.

use serde_json::{Map, Value, json};
use takedown_core::ed25519::KeyPair;
use takedown_core::history::{Author, By, Data, EntryDraft, Subject, Via};
use takedown_core::id::ClientId;
use takedown_core::locator::Host;
use takedown_core::log::SigningKey;
use takedown_core::log::note::{KeyName, SignatureType};
use takedown_core::policy::{Actor, Party, Scopes};
use takedown_core::request::{Basis, Outcome, OutcomeCode, RevisionReason, UploaderInformed};
use takedown_core::signed::{Act, Claims, KeyClaims, Typ, UnitKey, sign};
use uuid::Uuid;

use super::registered::registered;
use crate::app::log::{Log, Memory, advance, append};
use crate::app::once::Answer;
use crate::app::requests::filing::Text as Words;
use crate::app::requests::{
    self, Decision, Expected, NewCorrection, NewMessage, RequestView, Saying,
};
use crate::app::signed::{self, Key, NewKey, Statement};
use crate::app::tests::fixture::{Db, World};
use crate::app::{Caller, Error};
use crate::http::v1::requests::file::project;

/// So many entries of nothing in particular, which no request has to be computed for.
pub(super) const OTHERS: i64 = 250;

pub(super) fn empty() -> Answer {
    Answer {
        status: 200,
        headers: Vec::new(),
        body: String::new(),
    }
}

fn nothing(_: &RequestView, _: &Caller) -> Answer {
    empty()
}

fn words(text: &str) -> Words {
    Words {
        text: text.to_owned(),
        language: "en".parse().unwrap(),
    }
}

async fn say(w: &World, caller: &Caller, id: &str, saying: Saying, text: &str) {
    let message = NewMessage {
        saying,
        text: words(text),
        items: Vec::new(),
        in_reply_to: None,
        document: None,
    };
    let (id, any) = (id.to_owned(), Expected::Any);
    requests::write_message(&w.cx, caller, id, any, None, message, |_, _| empty())
        .await
        .unwrap();
}

/// The key of the log.
pub(super) fn key() -> SigningKey {
    let name: KeyName = "exchange.example/log".parse().unwrap();
    SigningKey::from_seed(name, SignatureType::Ed25519, &[1; 32]).unwrap()
}

/// See the module.
pub(super) async fn populated(db: Db) -> World {
    let mut w = World::on(db).await;
    w.cx =
        w.cx.clone()
            .with_log(Log::new(Some(key()), Memory::default(), None));
    let at = w.cx.now();
    let others = w.cx.store.write(move |conn| {
        for _ in 0..OTHERS {
            let draft = EntryDraft {
                subject: Subject::Exchange,
                by: Author {
                    by: By::System,
                    via: Via::Worker,
                    client: None,
                },
                at,
                data: Data::RecordsExported {
                    format: "csv".to_owned(),
                    rows: 7,
                },
            };
            append(conn, &draft)?;
        }
        Ok::<_, Error>(())
    });
    others.await.unwrap();
    let pair = keys(&w).await;
    registered(&w).await;
    for _ in 0..6 {
        w.referral().await;
    }
    signed(&w, &pair).await;
    let closed = w.referral().await;
    w.close(&closed).await;
    revise(&w, &closed).await;
    let acted = w.referral().await;
    w.close(&acted).await;
    w.withdraw(&acted).await;
    let order = w.file("eu-tco-order", "tco:a").await;
    w.fetch(&order).await;
    say(&w, &w.platform, &order, Saying::Question, "Which one?").await;
    say(&w, &w.agency, &order, Saying::Answer, "The first one.").await;
    say(&w, &w.platform, &order, Saying::Note, "We look at it.").await;
    let corrected = w.referral().await;
    correct(&w, &corrected).await;
    let erased = w.referral().await;
    w.withdraw(&erased).await;
    let ordered = requests::Ordered {
        reason: takedown_core::retention::ErasureReason::Unlawful,
        reference: Some("DPO 4/26".to_owned()),
    };
    let any = (Expected::Any, None);
    requests::erase(&w.cx, &w.agency, &erased, any, ordered, nothing)
        .await
        .unwrap();
    advance(&w.cx).await.unwrap();
    w
}

/// Other outcomes in the place of those that were given.
async fn revise(w: &World, id: &str) {
    let outcome = Outcome {
        code: OutcomeCode::Restored,
        basis: Basis::Terms,
        effective_at: w.cx.now(),
        uploader_informed: UploaderInformed::No,
        countries: Vec::new(),
        duplicate_of: None,
        note: Some("It was a report.".to_owned()),
        note_language: None,
    };
    let view = requests::read(&w.cx, &w.agency, id).await.unwrap();
    let again = Decision {
        items: Some(view.request.items.iter().map(|item| item.id).collect()),
        outcome,
        dated: true,
    };
    let revised = (vec![again], Some(RevisionReason::Correction));
    let (id, any) = (id.to_owned(), Expected::Any);
    requests::decide(&w.cx, &w.platform, id, any, None, revised, nothing)
        .await
        .unwrap();
}

/// Other facts in the place of those that were filed.
async fn correct(w: &World, id: &str) {
    let view = requests::read(&w.cx, &w.agency, id).await.unwrap();
    let new = NewCorrection {
        reasons: Some(words("Better reasons.")),
        agency_reference: Some("KP-7/26".to_owned()),
        items: vec![requests::ItemCorrection {
            item: view.request.items[0].id,
            description: Some("A video.".to_owned()),
            language: None,
            graphic: Some(2),
            seen_at: None,
        }],
        ..NewCorrection::default()
    };
    let version = Expected::Version(view.request.version);
    requests::correct(&w.cx, &w.agency, id.to_owned(), version, None, new, nothing)
        .await
        .unwrap();
}

fn statement(w: &World, of: &KeyPair, by: &KeyPair) -> std::sync::Arc<[u8]> {
    let claims = KeyClaims {
        unit: unit(w),
        domain: Host::parse("police.example").unwrap(),
        key: UnitKey::new(of.public().clone()),
        issued_at: w.cx.now().timestamp(),
    };
    sign(by, Typ::Key, &claims.payload()).into_bytes().into()
}

fn unit(w: &World) -> takedown_core::id::AgencyId {
    match w.agency.author().by {
        By::Agency { id } => id,
        other => panic!("{other:?}"),
    }
}

/// One key that counts, one that it spoke for, and one that was stolen. The first.
async fn keys(w: &World) -> KeyPair {
    let pair = |seed| KeyPair::from_seed(&[seed; 32]).unwrap();
    let kid = |pair: &KeyPair| UnitKey::new(pair.public().clone()).thumbprint();
    let agency = unit(w).to_string();
    let add = async |of: &KeyPair, earlier: Option<&KeyPair>| {
        let new = NewKey {
            proof: statement(w, of, of),
            cosignature: earlier.map(|earlier| statement(w, of, earlier)),
        };
        let render = |_: &Key, _: &str| empty();
        signed::add(&w.cx, &w.agency, &agency, None, new, render)
            .await
            .unwrap();
    };
    let (one, two, three) = (pair(11), pair(12), pair(13));
    add(&one, None).await;
    let operator = Caller {
        client: ClientId::from_uuid(Uuid::now_v7()),
        actor: Actor::new(Party::Operator, Scopes::all()),
        via: Via::Api,
    };
    signed::confirm(&w.cx, &operator, &agency, &kid(&one))
        .await
        .unwrap();
    w.cx.clock.pass(chrono::TimeDelta::hours(25));
    add(&two, Some(&one)).await;
    add(&three, None).await;
    let stolen = Some(w.cx.now());
    signed::revoke(&w.cx, &w.agency, (&agency, &kid(&three)), stolen)
        .await
        .unwrap();
    one
}

/// A filing that the unit signed.
async fn signed(w: &World, pair: &KeyPair) {
    let now = w.cx.now().timestamp();
    let claims = Claims {
        jti: "0123456789abcdef".into(),
        unit: unit(w),
        domain: Host::parse("police.example").unwrap(),
        audience: Host::parse("paste.example").unwrap(),
        issued_at: now,
        expires_at: now + 3600,
        act: Act::File,
        replaces: None,
    };
    let body: Map<String, Value> = serde_json::from_value(json!({
        "instrument": "referral", "grounds": ["terms"], "reasons": {"text": "Signed reasons.", "language": "en"},
        "items": [{"locator": "https://paste.example/signed"}],
    }))
    .unwrap();
    let bytes = sign(pair, Typ::Request, &claims.with(body));
    let (statement, body) = Statement::read(bytes.as_bytes(), Act::File).unwrap();
    let mut new = project(&body).unwrap();
    new.signed = Some(statement);
    w.file_this(new).await;
}
