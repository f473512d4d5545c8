//! How an agency's requests fared, where they are many: counted now and then, by one node, and told as of then.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::world::{World, run};
use crate::app::agencies::{Record, count_next, record_of};
use crate::app::tests::fixture::{Db, on_both};
use crate::app::{Cx, Error};
use crate::store::record::{self, Counts};
use crate::store::schema::{agency_records, requests as stored};
use crate::store::{Conn, StoreError};
use crate::worker::jobs::Records;

on_both!(
    many_are_counted_by_the_worker_and_told_as_of_then,
    few_are_counted_whenever_somebody_asks,
    one_of_many_nodes_counts,
    what_is_counted_in_pieces_is_counted_once,
);

fn id(world: &World) -> String {
    world.agency.actor.agency().unwrap().to_string()
}

async fn told(world: &World) -> Result<Record, Error> {
    record_of(&world.cx, &world.agency, &id(world)).await
}

fn filed(record: &Record) -> i64 {
    record.counts["requests"]["filed"]
}

/// Makes a request so large that its agency is not counted while somebody waits.
async fn enlarge(cx: &Cx) {
    let many = |conn: &mut Conn| -> Result<usize, StoreError> {
        let large = stored::items_count.eq(20_000);
        Ok(diesel::update(stored::table).set(large).execute(conn)?)
    };
    cx.store.write(many).await.unwrap();
}

async fn many_are_counted_by_the_worker_and_told_as_of_then(db: Db) {
    let world = World::on(db).await;
    let job = Records::new(world.cx.clone());
    world.file("eu-tco-order", "tco:a").await;
    enlarge(&world.cx).await;
    run(&job).await;
    assert!(matches!(told(&world).await, Err(Error::Later(_))));
    let first = world.cx.now();
    run(&job).await;
    let record = told(&world).await.unwrap();
    assert_eq!(filed(&record), 1);
    assert_eq!(record.counts["outcomes"]["undecided"], 1);
    assert!(record.as_of >= first);
    // Something new is told once it was counted, and whoever asks all the time makes nobody count all the time.
    world.file("eu-tco-order", "tco:a").await;
    for _ in 0..3 {
        run(&job).await;
        let again = told(&world).await.unwrap();
        assert_eq!((filed(&again), again.as_of), (1, record.as_of));
    }
    world.cx.clock.pass(TimeDelta::seconds(61));
    run(&job).await;
    let again = told(&world).await.unwrap();
    assert_eq!(filed(&again), 1, "nobody had asked since");
    run(&job).await;
    let newer = told(&world).await.unwrap();
    assert_eq!(filed(&newer), 2);
    assert!(newer.as_of > record.as_of);
    world.file("eu-tco-order", "tco:a").await;
    world.cx.clock.pass(TimeDelta::minutes(61));
    run(&job).await;
    assert_eq!(filed(&told(&world).await.unwrap()), 3, "an hour is too old");
}

async fn few_are_counted_whenever_somebody_asks(db: Db) {
    let world = World::on(db).await;
    for n in 0..3 {
        let record = told(&world).await.unwrap();
        let none = || !record.counts.contains_key("requests");
        assert!(if n == 0 { none() } else { filed(&record) == n });
        world.file("eu-tco-order", "tco:a").await;
    }
    run(&Records::new(world.cx.clone())).await;
    let kept = |conn: &mut Conn| -> Result<i64, StoreError> {
        Ok(agency_records::table.count().get_result(conn)?)
    };
    assert_eq!(world.cx.store.read(kept).await.unwrap(), 0);
}

async fn one_of_many_nodes_counts(db: Db) {
    let world = World::on(db).await;
    world.file("eu-tco-order", "tco:a").await;
    enlarge(&world.cx).await;
    assert!(told(&world).await.is_err());
    let id = id(&world);
    let claim = |cx: Cx| {
        let id = id.clone();
        let now = cx.now().timestamp_millis();
        async move {
            cx.store
                .write(move |conn| record::claim(conn, &id, now, now + 600_000))
                .await
                .unwrap()
        }
    };
    let nodes: Vec<Cx> = (0..3).map(|_| world.other_node()).collect();
    let claims = futures_util::future::join_all(nodes.into_iter().map(claim)).await;
    assert_eq!(claims.iter().filter(|ours| **ours).count(), 1, "{claims:?}");
    // Whoever took it died: after a while another one counts.
    assert!(!count_next(&world.cx, || false).await.unwrap());
    assert!(told(&world).await.is_err());
    world.cx.clock.pass(TimeDelta::minutes(11));
    assert!(count_next(&world.cx, || false).await.unwrap());
    assert_eq!(filed(&told(&world).await.unwrap()), 1);
    // A node that stops leaves what it had begun.
    world.cx.clock.pass(TimeDelta::minutes(61));
    let before = told(&world).await.unwrap().as_of;
    assert!(!count_next(&world.cx, || true).await.unwrap());
    assert_eq!(told(&world).await.unwrap().as_of, before);
}

async fn what_is_counted_in_pieces_is_counted_once(db: Db) {
    let world = World::on(db).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(world.file("eu-tco-order", "tco:a").await);
    }
    world.close(&ids[1]).await;
    let agency = id(&world);
    let read = world.cx.store.read(move |conn| -> Result<_, StoreError> {
        let mut all = Counts::new();
        let last = record::count(conn, &agency, "", &mut all)?;
        let mut rest = Counts::new();
        record::count(conn, &agency, &ids[1], &mut rest)?;
        let mut none = Counts::new();
        record::count(conn, &agency, &ids[3], &mut none)?;
        Ok((last, all, rest, none))
    });
    let (last, all, rest, none) = read.await.unwrap();
    assert_eq!(last, None, "no more follow");
    assert_eq!(all["requests"]["filed"], 4);
    assert_eq!(all["outcomes"]["undecided"], 3);
    assert_eq!(rest["requests"]["filed"], 2);
    assert_eq!(rest["outcomes"].len(), 1);
    assert_eq!(none, Counts::new());
}
