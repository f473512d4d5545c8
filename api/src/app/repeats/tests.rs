#![allow(clippy::unwrap_used, clippy::panic)]
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use takedown_core::locator::{ItemKind, Locator};

use crate::app::Error;
use crate::app::requests::filing::{Digest, NewItem, NonDisclosure};
use crate::app::tests::fixture::{Db, World, on_both};
use crate::store::erasure::uncount;
use crate::store::repeats::{AskedRow, DigestRow};
use crate::store::requests::{ItemRow, RequestRow};
use crate::store::schema::{asked, item_digests, items, requests};
use crate::store::{Conn, StoreError, export};

on_both!(
    what_was_filed_before_the_migration_is_counted_alike,
    what_an_erased_request_left_no_room_for_is_found_all_the_same,
);

const LINK: &str = "https://paste.example/a#b";

fn item(kind: ItemKind, locator: &str) -> NewItem {
    let mut item = NewItem {
        role: None,
        kind,
        locator: Locator::parse(kind, locator).unwrap(),
        detail: Default::default(),
    };
    item.detail.digests = vec![Digest {
        algorithm: "sha256".into(),
        value: "ab".repeat(32),
    }];
    item
}

/// Everything that is counted, in order.
fn counted(conn: &mut Conn) -> Result<(Vec<AskedRow>, Vec<DigestRow>), StoreError> {
    Ok((
        asked::table
            .order((asked::comparison_digest, asked::within, asked::undisclosed))
            .select(AskedRow::as_select())
            .load(conn)?,
        item_digests::table
            .order((item_digests::digest, item_digests::item_id))
            .select(DigestRow::as_select())
            .load(conn)?,
    ))
}

/// The statements of the migration that fill its tables.
fn fill(conn: &mut Conn) -> Result<(), StoreError> {
    let script = match conn {
        Conn::Sqlite(_) => {
            include_str!("../../../../migrations/sqlite/0004_repeats/up.sql")
        }
        Conn::Postgres(_) => {
            include_str!("../../../../migrations/postgres/0004_repeats/up.sql")
        }
    };
    let script: Vec<&str> = script
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect();
    for statement in script.join("\n").split(';') {
        if statement.trim_start().starts_with("INSERT") {
            conn.batch_execute(statement)?;
        }
    }
    Ok(())
}

async fn what_was_filed_before_the_migration_is_counted_alike(db: Db) {
    let world = World::on(db).await;
    for round in 0..12_u32 {
        let mut new = World::filing("referral", "terms", LINK);
        new.items = vec![
            item(ItemKind::Url, LINK),
            item(ItemKind::Url, "hxxps://PASTE.example:443/a#b"),
            item(ItemKind::Account, "nightowl"),
            item(ItemKind::FileHash, &format!("sha256:{}", "cd".repeat(32))),
        ];
        new.platform = Some(world.platform.actor.platform().unwrap().to_string());
        world.file_this(new).await;
        if round == 3 {
            let mut order = World::filing("eu-tco-order", "tco:a", LINK);
            order.filing.non_disclosure = Some(NonDisclosure::new(
                world.cx.now() + chrono::TimeDelta::days(30),
                "An arrest is being prepared.".into(),
            ));
            world.file_this(order).await;
        }
    }
    let (before, after) = world
        .cx
        .store
        .write(|conn| {
            let before = counted(conn)?;
            diesel::delete(asked::table).execute(conn)?;
            diesel::delete(item_digests::table).execute(conn)?;
            fill(conn)?;
            Ok::<_, StoreError>((before, counted(conn)?))
        })
        .await
        .unwrap();
    assert_eq!((before.0.len(), before.1.len()), (4, 12 * 5));
    let mut times: Vec<i32> = before.0.iter().map(|row| row.times).collect();
    times.sort_unstable();
    assert_eq!(times, [1, 12, 12, 12]);
    for (before, after) in before.0.iter().zip(&after.0) {
        assert_eq!(
            (
                &before.within,
                before.times,
                before.first_at,
                before.last_at
            ),
            (&after.within, after.times, after.first_at, after.last_at)
        );
        // Of an item that is written twice in a request either may be named.
        assert_eq!(before.recent().count(), after.recent().count());
        assert_eq!(before.undisclosed, after.undisclosed);
        // SQLite reads whole seconds; it errs to the later side.
        let longer = after.undisclosed_until - before.undisclosed_until;
        assert!((0..1_000).contains(&longer), "{longer}");
        let (undisclosed, shown) = if before.times == 1 {
            (true, 1)
        } else {
            (false, 10)
        };
        assert_eq!(before.undisclosed, undisclosed);
        assert_eq!(before.undisclosed_until > 0, undisclosed);
        assert_eq!(before.recent().count(), shown);
    }
    assert_eq!(format!("{:?}", before.1), format!("{:?}", after.1));
}

/// Files a request with the link in it so often.
async fn asks(world: &World, times: usize) -> String {
    let mut new = World::filing("referral", "terms", LINK);
    // Eight writings of one link: the same one is asked about once.
    let schemes = ["https", "hxxps", "HTTPS", "hXXps"];
    let written = schemes.iter().flat_map(|scheme| {
        [
            format!("{scheme}://PASTE.example:443/a#b"),
            format!("{scheme}://paste.example/a#b"),
        ]
    });
    new.items = written
        .take(times)
        .map(|link| item(ItemKind::Url, &link))
        .collect();
    new.platform = Some(world.platform.actor.platform().unwrap().to_string());
    let id = world.file_this(new).await;
    world.cx.clock.pass(chrono::TimeDelta::days(1));
    id
}

/// As its erasure does.
async fn not_counted_any_more(world: &World, id: String) {
    let gone = move |conn: &mut Conn| -> Result<(), StoreError> {
        let row = RequestRow::as_select();
        let request: RequestRow = requests::table.find(&id).select(row).first(conn)?;
        let its = items::table.filter(items::request_id.eq(&id));
        let its: Vec<ItemRow> = its.select(ItemRow::as_select()).load(conn)?;
        uncount(conn, &request, false, &its)?;
        let its = items::table.filter(items::request_id.eq(&id));
        diesel::update(its)
            .set(items::comparison_digest.eq(Vec::<u8>::new()))
            .execute(conn)?;
        Ok(())
    };
    world.cx.store.write(gone).await.unwrap();
}

async fn what_an_erased_request_left_no_room_for_is_found_all_the_same(db: Db) {
    let world = World::on(db).await;
    let began = world.cx.now().timestamp_millis();
    let (first, second) = (asks(&world, 1).await, asks(&world, 2).await);
    // It takes eight of ten places, so that nothing names the first one any more.
    let third = asks(&world, 8).await;
    not_counted_any_more(&world, third).await;
    let fourth = asks(&world, 1).await;
    not_counted_any_more(&world, fourth).await;

    let cx = world.cx.clone();
    let agency = world.agency.actor.agency().unwrap().to_string();
    let platform = world.platform.actor.platform().unwrap().to_string();
    let (row, exported, told) = world
        .cx
        .store
        .write(move |conn| {
            let key = super::key(&Locator::parse(ItemKind::Url, LINK).unwrap(), &platform);
            let row = counted(conn)?.0.remove(0);
            let exported = export::asked_in(conn, std::slice::from_ref(&key.digest))?;
            let agency = cx.registry.agency_within(conn, &agency)?.unwrap();
            let told = super::find(&cx, conn, &agency, &[key], cx.now())?;
            Ok::<_, Error>((row, exported, told))
        })
        .await
        .unwrap();
    assert_eq!(
        (row.times, row.recent().count()),
        (2, 2),
        "both of the second"
    );
    assert!(
        row.first_at - began < 86_400_000,
        "when the first was is kept"
    );
    assert_eq!(exported, None, "an export has to look for itself");
    let own = told[0].clone().unwrap().own.unwrap();
    let named: Vec<String> = own.requests.into_iter().map(|one| one.id).collect();
    assert_eq!(named, [second, first]);
}
