//! The webhook job of a node that cannot sign.

use std::time::Duration;

use takedown_core::id::WebhookId;
use uuid::Uuid;

use super::world::{World, going_on};
use crate::app::tests::fixture::{Db, on_both};
use crate::app::tests::patience::until;
use crate::auth::{SealingKey, SealingKeys};
use crate::config::webhooks::Webhooks as Config;
use crate::mail::Schedule;
use crate::outward::Guard;
use crate::store::webhooks::{self, WebhookRow};
use crate::store::{Conn, feed};
use crate::webhook::Sender;
use crate::worker::Job;
use crate::worker::jobs::Webhooks;

on_both!(what_one_node_cannot_sign_is_left_to_the_others);

const EVERY: Duration = Duration::from_millis(20);

/// A webhook whose keys were sealed with a key that no node of this test has.
async fn foreign(world: &World) -> WebhookRow {
    let keys = r#"[{"sealed_with":"another","sealed":"","public":"whpk_x","expires_at":null}]"#;
    let id = WebhookId::from_uuid(Uuid::now_v7()).to_string();
    let party = world.platform.actor.platform().unwrap().to_string();
    let url = "https://hooks.example/".to_owned();
    let row = WebhookRow::new(id, party, url, keys.to_owned(), 0);
    let stored = row.clone();
    let insert = move |conn: &mut Conn| webhooks::insert(conn, &stored);
    world.cx.store.write(insert).await.unwrap();
    row
}

/// Something to send, as the API writes it into a feed.
async fn told(world: &World, party: &str) {
    let party = party.to_owned();
    let append = move |conn: &mut Conn| {
        feed::append(conn, &party, |position| {
            format!(
                r#"{{"id":"evt_1","position":{position},"type":"request.filed","at":"2026-01-01T00:00:00Z"}}"#
            )
        })
    };
    world.cx.store.write(append).await.unwrap();
}

async fn stands(world: &World, row: &WebhookRow) -> WebhookRow {
    let (party, id) = (row.party_id.clone(), row.id.clone());
    let find = move |conn: &mut Conn| webhooks::find(conn, &party, &id);
    world.cx.store.read(find).await.unwrap().unwrap()
}

async fn what_one_node_cannot_sign_is_left_to_the_others(db: Db) {
    let world = World::on(db).await;
    let row = foreign(&world).await;
    told(&world, &row.party_id).await;
    let config = Config {
        enabled: true,
        retry_schedule: Vec::new(),
        timeout: Duration::from_secs(1),
        sealing_key: None,
        hosts: std::collections::BTreeMap::new(),
        loopback: false,
    };
    let key = SealingKey::generate().unwrap().0;
    let name = key.name().to_owned();
    let keys = SealingKeys::of(vec![key], &name).unwrap();
    let guard = Guard::of(&config, None);
    let cx = world.other_node().with_webhooks(guard.clone(), Some(keys));
    let sender = Sender::of(&config, guard).unwrap();
    let job = Webhooks::new(cx.clone(), sender, Schedule::new(Vec::new()), EVERY);
    let (going, stop) = going_on();
    let running = tokio::spawn(async move { job.run(&stop).await });
    until("it to be given back", async || {
        let row = stands(&world, &row).await;
        row.lease.is_none() && row.lease_until > 0
    })
    .await;
    let given_back = stands(&world, &row).await;
    assert_eq!(given_back.not_before, 0, "nobody else has to wait");
    assert_eq!(given_back.position, 0);
    tokio::time::sleep(EVERY * 20).await;
    let later = stands(&world, &row).await;
    assert_eq!(
        later.lease_until, given_back.lease_until,
        "it was not taken again"
    );
    going.send_replace(true);
    running.await.unwrap().unwrap();
}
