//! Deadlines that come near.

use super::world::{World, job, run};
use crate::app::notify::remind;
use crate::app::tests::fixture::{Db, on_both};
use crate::app::{Cx, housekeeping, tokens};
use crate::store::outbox::{DROPPED, SENT};
use crate::worker::jobs::Remind;

on_both!(
    a_reminder_is_queued_once_over_many_nodes,
    a_deadline_that_is_no_longer_near_is_not_told,
    more_than_a_hundred_are_reminded_of_in_one_run_and_one_that_cannot_be_read_stops_none,
    what_has_served_its_time_is_forgotten,
);

async fn a_reminder_is_queued_once_over_many_nodes(db: Db) {
    let world = World::on(db).await;
    for _ in 0..10 {
        let id = world.file("eu-tco-order", "tco:a").await;
        world.fetch(&id).await;
    }
    run(&Remind::new(world.cx.clone())).await;
    assert_eq!(
        reminders(&world).await,
        0,
        "three quarters of an hour are left"
    );
    world.short_clocks().await;
    let nodes: Vec<Cx> = (0..3).map(|_| world.other_node()).collect();
    let all = nodes.iter().map(remind);
    for result in futures_util::future::join_all(all).await {
        result.unwrap();
    }
    assert_eq!(reminders(&world).await, 10);
    run(&Remind::new(world.cx.clone())).await;
    assert_eq!(reminders(&world).await, 10);
    run(&job(&world.cx, world.to_files())).await;
    assert!(world.outbox().await.iter().all(|row| row.status == SENT));
}

async fn more_than_a_hundred_are_reminded_of_in_one_run_and_one_that_cannot_be_read_stops_none(
    db: Db,
) {
    let world = World::on(db).await;
    let mut ids = Vec::new();
    for _ in 0..230 {
        let id = world.file("eu-tco-order", "tco:a").await;
        world.fetch(&id).await;
        ids.push(id);
    }
    world.short_clocks().await;
    for id in ids.iter().take(110) {
        world.damage(id).await;
    }
    run(&Remind::new(world.cx.clone())).await;
    assert_eq!(reminders(&world).await, 120);
    assert_eq!(
        remind(&world.cx).await.unwrap(),
        0,
        "nothing is looked at twice"
    );
}

async fn a_deadline_that_is_no_longer_near_is_not_told(db: Db) {
    let world = World::on(db).await;
    let id = world.file("eu-tco-order", "tco:a").await;
    world.fetch(&id).await;
    // The mark is there, but the time is not.
    world.remind_now().await;
    run(&Remind::new(world.cx.clone())).await;
    assert_eq!(reminders(&world).await, 0);

    let world = World::on(db).await;
    let id = world.file("eu-tco-order", "tco:a").await;
    world.fetch(&id).await;
    world.short_clocks().await;
    run(&Remind::new(world.cx.clone())).await;
    assert_eq!(reminders(&world).await, 1);
    world.withdraw(&id).await;
    run(&job(&world.cx, world.to_files())).await;
    let reminder = world
        .outbox()
        .await
        .into_iter()
        .find(|r| r.event == "deadline.near");
    assert_eq!(reminder.unwrap().status, DROPPED);
}

async fn what_has_served_its_time_is_forgotten(db: Db) {
    let world = World::on(db).await;
    tokens::publish_key(&world.cx, "k1", "{}").await.unwrap();
    world.old_answers(1_200).await;
    let forgotten = housekeeping::forget(&world.cx).await.unwrap();
    assert_eq!((forgotten.answers, forgotten.keys), (1_200, 0));
    world.age_keys().await;
    let forgotten = housekeeping::forget(&world.cx).await.unwrap();
    assert_eq!((forgotten.answers, forgotten.keys), (0, 1));
}

async fn reminders(world: &World) -> usize {
    let rows = world.outbox().await;
    rows.iter()
        .filter(|row| row.event == "deadline.near")
        .count()
}
