//! Files that are made by whichever node has time.

use bytes::Bytes;
use chrono::TimeDelta;
use futures_util::StreamExt;
use takedown_core::export::FileFormat;
use takedown_core::policy::{Actor, Party, Reach, Scopes};

use super::world::{World, text};
use crate::app::export::pace::Pace;
use crate::app::export::sink::{Sink, Stopped};
use crate::app::export::{
    File, Format, Maker, NewFile, Part, Wanted, ask, clear_away, content, forget, list, read, retry,
};
use crate::app::once::Answer;
use crate::app::{Caller, Error};
use crate::store::exports::{self, CONTENT, DONE, FAILED, RUNNING};

const ALL: Party = Party::Auditor(Reach::Everything);

fn named(file: &File) -> Answer {
    Answer {
        status: 202,
        headers: Vec::new(),
        body: file.id.clone(),
    }
}

async fn asked(world: &World, caller: &Caller, format: FileFormat) -> String {
    let new = NewFile {
        format,
        wanted: Wanted::default(),
        recipient: None,
    };
    ask(&world.cx, caller, None, new, named).await.unwrap().body
}

async fn state(world: &World, caller: &Caller, id: &str) -> File {
    read(&world.cx, caller, id, std::time::Duration::ZERO)
        .await
        .unwrap()
}

async fn bytes(world: &World, caller: &Caller, id: &str) -> Vec<u8> {
    let (file, pieces) = content(&world.cx, caller, id).await.unwrap();
    let to = u64::try_from(file.bytes).unwrap();
    let pieces: Vec<_> = pieces.part(Part { from: 0, to }).collect().await;
    pieces
        .into_iter()
        .flat_map(|piece| piece.unwrap())
        .collect()
}

fn never() -> bool {
    false
}

/// As if another node had taken it upon itself.
async fn claimed_elsewhere(world: &World, id: &str) {
    let until = (world.cx.now() + TimeDelta::seconds(30)).timestamp_millis();
    let id = id.to_owned();
    let claimed = world
        .write(move |conn| {
            let row = exports::next(conn, 0, None)?.unwrap();
            assert_eq!(row.id, id);
            exports::claim(conn, &row, until, None)
        })
        .await;
    assert!(claimed);
}

#[tokio::test]
async fn a_file_is_what_the_stream_is() {
    let world = World::new().await;
    world.file(world.agency, 200, 2).await;
    let (maker, caller) = (Maker::new(world.cx.clone()), world.caller(ALL));
    let lines = asked(&world, &caller, FileFormat::Ndjson).await;
    assert!(matches!(
        content(&world.cx, &caller, &lines).await,
        Err(Error::Conflict(_))
    ));
    assert!(maker.make_next(never).await.unwrap());
    assert!(!maker.make_next(never).await.unwrap(), "made once");
    let file = state(&world, &caller, &lines).await;
    assert_eq!(
        (file.state.as_str(), file.rows, file.rows_estimated),
        ("done", 400, Some(400))
    );
    let stream = text(world.export(ALL, Format::Ndjson, Wanted::default()).await).await;
    let made = bytes(&world, &caller, &lines).await;
    assert!(made.len() > 3 * (128 << 10), "some pieces");
    assert_eq!(String::from_utf8(made).unwrap(), stream);
}

#[tokio::test]
async fn a_node_that_is_gone_leaves_its_file_to_another() {
    let world = World::new().await;
    world.file(world.agency, 20, 1).await;
    let (maker, caller) = (Maker::new(world.cx.clone()), world.caller(ALL));
    assert!(!maker.make_next(never).await.unwrap());
    let id = asked(&world, &caller, FileFormat::Csv).await;
    claimed_elsewhere(&world, &id).await;
    // What it had made of it counts no more.
    let gone = Sink::new(&world.cx, &Pace::default(), (&id, 1));
    let piece = Bytes::from_static(b"half a file");
    gone.put(CONTENT, 0, piece.clone()).await.unwrap();
    assert!(!maker.make_next(never).await.unwrap(), "it is held");
    world.cx.clock.pass(TimeDelta::seconds(31));
    assert!(maker.make_next(never).await.unwrap());
    let file = state(&world, &caller, &id).await;
    assert_eq!((file.state.as_str(), file.rows), ("done", 20));
    let stream = text(world.export(ALL, Format::Csv, Wanted::default()).await).await;
    assert_eq!(
        String::from_utf8(bytes(&world, &caller, &id).await).unwrap(),
        stream
    );
    // Should it come back, it can do no harm.
    assert!(matches!(
        gone.put(CONTENT, 9, piece).await,
        Err(Stopped::Lost)
    ));
}

#[tokio::test]
async fn a_file_that_nobody_can_make_is_given_up_and_can_be_asked_for_again() {
    let world = World::new().await;
    let (maker, caller) = (Maker::new(world.cx.clone()), world.caller(ALL));
    assert!(!maker.make_next(never).await.unwrap());
    let id = asked(&world, &caller, FileFormat::Csv).await;
    for _ in 0..5 {
        claimed_elsewhere(&world, &id).await;
        let lapsed = id.clone();
        world
            .write(move |conn| {
                use crate::store::schema::exports as rows;
                use diesel::prelude::*;
                diesel::update(rows::table.find(&lapsed))
                    .set(rows::state.eq(exports::QUEUED))
                    .execute(conn)?;
                Ok(())
            })
            .await;
    }
    assert!(maker.make_next(never).await.unwrap());
    let file = state(&world, &caller, &id).await;
    assert_eq!(
        (file.state.as_str(), file.reason.as_deref()),
        ("failed", Some("interrupted"))
    );
    retry(&world.cx, &caller, None, &id, named).await.unwrap();
    assert!(maker.make_next(never).await.unwrap());
    assert_eq!(state(&world, &caller, &id).await.state, "done");
}

#[tokio::test]
async fn files_do_not_lie_about_for_ever() {
    let world = World::new().await;
    world.file(world.agency, 5, 1).await;
    let (maker, caller) = (Maker::new(world.cx.clone()), world.caller(ALL));
    let kept = asked(&world, &caller, FileFormat::Xlsx).await;
    let unwanted = asked(&world, &caller, FileFormat::Csv).await;
    while maker.make_next(never).await.unwrap() {}
    assert!(bytes(&world, &caller, &kept).await.starts_with(b"PK"));
    assert_eq!(clear_away(&world.cx).await.unwrap(), 0);
    forget(&world.cx, &caller, &unwanted).await.unwrap();
    assert!(matches!(
        content(&world.cx, &caller, &unwanted).await,
        Err(Error::NotFound)
    ));
    assert_eq!(clear_away(&world.cx).await.unwrap(), 1);
    world.cx.clock.pass(TimeDelta::days(8));
    assert_eq!(clear_away(&world.cx).await.unwrap(), 1);
    assert_eq!(state(&world, &caller, &kept).await.state, "expired");
    assert!(matches!(
        content(&world.cx, &caller, &kept).await,
        Err(Error::Conflict(_))
    ));
    let left = world
        .write(|conn| {
            use crate::store::schema::export_pieces;
            use diesel::prelude::*;
            Ok(export_pieces::table.count().get_result::<i64>(conn)?)
        })
        .await;
    assert_eq!(left, 0, "no piece of anything is left");
    world.cx.clock.pass(TimeDelta::days(31));
    assert_eq!(clear_away(&world.cx).await.unwrap(), 1);
    let gone = read(&world.cx, &caller, &kept, std::time::Duration::ZERO).await;
    assert!(matches!(gone, Err(Error::NotFound)));
}

/// Whoever clears away a file that another has by now takes nothing from it.
#[tokio::test]
async fn nobody_clears_away_what_is_anothers() {
    let world = World::new().await;
    let (maker, caller) = (Maker::new(world.cx.clone()), world.caller(ALL));
    assert!(!maker.make_next(never).await.unwrap());
    let id = asked(&world, &caller, FileFormat::Csv).await;
    claimed_elsewhere(&world, &id).await;
    let maker = Sink::new(&world.cx, &Pace::default(), (&id, 1));
    let piece = Bytes::from_static(b"half a file");
    maker.put(CONTENT, 0, piece).await.unwrap();
    let cleared = world
        .write(move |conn| {
            let seen = |attempt, state: &str| (id.clone(), attempt, state.to_owned());
            assert!(!exports::expire(conn, &seen(1, DONE), 0, str::to_owned)?);
            exports::remove(conn, &seen(1, FAILED))?;
            let mut cleared = Vec::new();
            for (attempt, state) in [(0, RUNNING), (2, RUNNING), (1, FAILED), (1, RUNNING)] {
                cleared.push(exports::clear(conn, &seen(attempt, state), 0, (None, 9))?);
            }
            Ok(cleared)
        })
        .await;
    assert_eq!(cleared, [None, None, None, Some(1)]);
}

#[tokio::test]
async fn one_that_cannot_be_read_holds_up_no_other() {
    let world = World::new().await;
    world.file(world.agency, 3, 1).await;
    let (maker, caller) = (Maker::new(world.cx.clone()), world.caller(ALL));
    let odd = asked(&world, &caller, FileFormat::Csv).await;
    let other = asked(&world, &caller, FileFormat::Csv).await;
    let changed = odd.clone();
    world
        .write(move |conn| {
            use crate::store::schema::exports as rows;
            use diesel::prelude::*;
            diesel::update(rows::table.find(&changed))
                .set(rows::viewer.eq("a viewer of another version"))
                .execute(conn)?;
            Ok(())
        })
        .await;
    while maker.make_next(never).await.unwrap() {}
    let failed = state(&world, &caller, &odd).await;
    assert_eq!(
        (failed.state.as_str(), failed.reason.as_deref()),
        ("failed", Some("internal"))
    );
    assert_eq!(state(&world, &caller, &other).await.state, "done");
}

/// A page is cut from what the client may know of, and not cut smaller after that.
#[tokio::test]
async fn pages_are_full_whatever_was_asked_for_before() {
    let world = World::new().await;
    let before = world.caller(Party::Auditor(Reach::Agency(world.agency)));
    let now = Caller {
        client: before.client,
        actor: Actor::new(ALL, Scopes::all()),
        via: before.via,
    };
    let first = asked(&world, &now, FileFormat::Csv).await;
    let second = asked(&world, &now, FileFormat::Csv).await;
    for _ in 0..3 {
        asked(&world, &before, FileFormat::Csv).await;
    }
    let page = list(&world.cx, &now, None, 1).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!((&page.items[0].id, page.more), (&second, true));
    let page = list(&world.cx, &now, Some(second), 1).await.unwrap();
    assert_eq!((&page.items[0].id, page.more), (&first, false));
}
