//! What is damaged, what is full, what is to be forgotten, and who goes first.
#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use futures_util::StreamExt as _;
use takedown_core::export::FileFormat;
use takedown_core::policy::{Party, Reach};

use super::world::{World, text};
use crate::app::export::aside::Aside;
use crate::app::export::{
    File, Format, Maker, NewFile, Part, Wanted, ask, clear_away, content, list, read, retry,
};
use crate::app::once::Answer;
use crate::app::{Caller, Error};
use crate::store::schema::{export_pieces, exports as rows};
use crate::store::{Conn, StoreError};

const ALL: Party = Party::Auditor(Reach::Everything);

fn named(file: &File) -> Answer {
    Answer {
        status: 202,
        headers: Vec::new(),
        body: file.id.clone(),
    }
}

async fn asked(world: &World, caller: &Caller, wanted: Wanted) -> String {
    let new = NewFile {
        format: FileFormat::Ndjson,
        wanted,
        recipient: None,
    };
    ask(&world.cx, caller, None, new, named).await.unwrap().body
}

async fn state(world: &World, caller: &Caller, id: &str) -> File {
    read(&world.cx, caller, id, std::time::Duration::ZERO)
        .await
        .unwrap()
}

async fn made(world: &World, caller: &Caller, wanted: Wanted) -> String {
    let id = asked(world, caller, wanted).await;
    while Maker::new(world.cx.clone())
        .make_next(|| false)
        .await
        .unwrap()
    {}
    assert_eq!(state(world, caller, &id).await.state, "done");
    id
}

async fn pieces(world: &World) -> i64 {
    let count = |conn: &mut Conn| Ok(export_pieces::table.count().get_result(conn)?);
    world.write(count).await
}

async fn filter(world: &World, id: &str) -> String {
    let id = id.to_owned();
    let filter = move |conn: &mut Conn| {
        Ok(rows::table
            .find(&id)
            .select(rows::filter)
            .first::<String>(conn)?)
    };
    world.write(filter).await
}

#[tokio::test]
async fn a_row_that_cannot_be_read_hides_no_other() {
    let world = World::new().await;
    world.file(world.agency, 3, 1).await;
    let caller = world.caller(ALL);
    let first = made(&world, &caller, Wanted::default()).await;
    let odd = made(&world, &caller, Wanted::default()).await;
    let last = made(&world, &caller, Wanted::default()).await;
    let changed = odd.clone();
    world
        .write(move |conn| {
            diesel::update(rows::table.find(&changed))
                .set((
                    rows::filter.eq(r#"{"grounds":["tco:a"]}"#),
                    rows::format.eq("scroll"),
                    rows::digest.eq("no digest"),
                    rows::expires_at.eq(i64::MAX),
                ))
                .execute(conn)?;
            Ok(())
        })
        .await;
    let page = list(&world.cx, &caller, None, 10).await.unwrap();
    let ids: Vec<&String> = page.items.iter().map(|file| &file.id).collect();
    assert_eq!(ids, [&last, &odd, &first]);
    assert!(page.items[0].unreadable.is_empty());
    let file = &page.items[1];
    assert_eq!(
        file.unreadable,
        ["format", "filter", "sha256", "expires_at"]
    );
    assert_eq!((file.state.as_str(), file.rows), ("done", 3));
    assert_eq!(file.format, "scroll");
    assert!(file.filter.is_empty());
    assert!(matches!(
        content(&world.cx, &caller, &odd).await,
        Err(Error::Conflict(_))
    ));
}

#[tokio::test]
async fn which_link_somebody_asked_about_is_forgotten_with_the_file() {
    let world = World::new().await;
    world.file(world.agency, 3, 1).await;
    let caller = world.caller(ALL);
    let wanted = Wanted {
        locator: Some("https://paste.example/secret".into()),
        ground: Some("tco:a".into()),
        ..Wanted::default()
    };
    let asked = made(&world, &caller, wanted).await;
    let damaged = made(&world, &caller, Wanted::default()).await;
    let changed = damaged.clone();
    world
        .write(move |conn| {
            diesel::update(rows::table.find(&changed))
                .set(rows::filter.eq(r#"["https://paste.example/secret"]"#))
                .execute(conn)?;
            Ok(())
        })
        .await;
    assert!(filter(&world, &asked).await.contains("secret"));
    world.cx.clock.pass(TimeDelta::days(8));
    assert_eq!(clear_away(&world.cx).await.unwrap(), 2);
    assert_eq!(
        filter(&world, &asked).await,
        r#"{"ground":"tco:a","locator":"(forgotten)"}"#
    );
    assert_eq!(filter(&world, &damaged).await, "null");
    let file = state(&world, &caller, &asked).await;
    assert_eq!((file.state.as_str(), file.unreadable.len()), ("expired", 0));
    assert_eq!(file.filter["locator"], "(forgotten)");
    let file = state(&world, &caller, &damaged).await;
    assert_eq!(file.unreadable, ["filter"]);
}

#[tokio::test]
async fn a_disk_that_fills_leaves_no_half_a_file_and_the_file_is_made_when_there_is_room() {
    let world = World::new().await;
    world.file(world.agency, 400, 1).await;
    let caller = world.caller(ALL);
    let id = asked(&world, &caller, Wanted::default()).await;
    let full = |conn: &mut Conn| -> Result<(), StoreError> {
        let pages: i64 = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(
            "(SELECT page_count FROM pragma_page_count)",
        ))
        .get_result(conn)?;
        // Two pieces and a half, until this connection is given up.
        Ok(conn.batch_execute(&format!("PRAGMA max_page_count = {}", pages + 40))?)
    };
    world.write(full).await;
    let maker = Maker::new(world.cx.clone());
    assert!(maker.make_next(|| false).await.unwrap());
    let file = state(&world, &caller, &id).await;
    assert_eq!(
        (file.state.as_str(), file.reason.as_deref()),
        ("failed", Some("storage_full"))
    );
    assert!(matches!(
        content(&world.cx, &caller, &id).await,
        Err(Error::Conflict(_))
    ));
    assert_eq!(pieces(&world).await, 0, "nothing of it is left");
    retry(&world.cx, &caller, None, &id, named).await.unwrap();
    assert!(maker.make_next(|| false).await.unwrap());
    let (file, all) = content(&world.cx, &caller, &id).await.unwrap();
    let to = u64::try_from(file.bytes).unwrap();
    assert!(to > 3 * (128 << 10), "more than fitted: {to}");
    let bytes: Vec<_> = all.part(Part { from: 0, to }).collect().await;
    let bytes: Vec<u8> = bytes.into_iter().flat_map(|piece| piece.unwrap()).collect();
    let stream = text(world.export(ALL, Format::Ndjson, Wanted::default()).await).await;
    assert_eq!(String::from_utf8(bytes).unwrap(), stream);
}

#[tokio::test]
async fn an_export_sees_that_somebody_files() {
    let world = World::new().await;
    world.file(world.agency, 1, 1).await;
    let aside = Aside::new(&world.cx);
    let look = || |_: &mut Conn| -> Result<(), Error> { Ok(()) };
    for _ in 0..2 {
        aside.read(look).await.unwrap();
        assert!(!aside.pace().is_busy());
    }
    world.file(world.agency, 1, 1).await;
    aside.read(look).await.unwrap();
    assert!(aside.pace().is_busy());
}

/// Where nothing is found nothing is stored, and the node that looks keeps its file all the same.
#[tokio::test]
async fn a_long_search_keeps_its_lease() {
    let world = World::new().await;
    let caller = world.caller(ALL);
    let id = asked(&world, &caller, Wanted::default()).await;
    let until = (world.cx.now() + TimeDelta::seconds(30)).timestamp_millis();
    let claimed = world
        .write(move |conn| {
            use crate::store::exports;
            let row = exports::next(conn, 0, None)?.unwrap();
            exports::claim(conn, &row, until, None)
        })
        .await;
    assert!(claimed);
    let pace = crate::app::export::pace::Pace::default();
    let mut sink = crate::app::export::sink::Sink::new(&world.cx, &pace, (&id, 1));
    for _ in 0..6 {
        world.cx.clock.pass(TimeDelta::seconds(11));
        sink.take(b"", 0).await.unwrap();
    }
    let lease = world
        .write(move |conn| {
            Ok(rows::table
                .find(&id)
                .select(rows::lease_until)
                .first::<i64>(conn)?)
        })
        .await;
    assert!(lease > world.cx.now().timestamp_millis());
}
