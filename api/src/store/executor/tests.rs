#![allow(clippy::unwrap_used)]
use std::sync::mpsc;

use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::*;
use crate::app::tests::fixture::{Db, World};
use crate::app::tests::patience::until;
use crate::store::clients;

type Told = Result<(), StoreError>;

/// On a full disk SQLite ends the transaction that holds the work of the whole group. Nobody of the group may be told
/// that it was stored, and nobody after it may be told that it was not although it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_in_a_group_is_told_as_it_is() {
    let folder = std::env::temp_dir().join(format!("takedown-full-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = Store::open(Location::Sqlite(folder.join("takedown.db")), 1).unwrap();
    let (go, held) = mpsc::channel::<()>();
    let (began, begun) = oneshot::channel();
    let write = |jti: String, mut before: Option<(oneshot::Sender<()>, mpsc::Receiver<()>)>| {
        let store = store.clone();
        tokio::spawn(async move {
            let work = move |conn: &mut Conn| -> Told {
                if let Some((began, held)) = before.take() {
                    // From here on this connection's file cannot grow.
                    conn.batch_execute("PRAGMA max_page_count = 1")?;
                    let _ = began.send(());
                    let _ = held.recv();
                }
                clients::use_assertion(conn, "client", &jti, 0)
            };
            store.write(work).await
        })
    };
    let first = write("first".to_owned(), Some((began, held)));
    begun.await.unwrap();
    let large = write("large".repeat(100_000), None);
    until("the second", async || store.writes_waiting() == 1).await;
    let last = write("last".to_owned(), None);
    until("the third", async || store.writes_waiting() == 2).await;
    go.send(()).unwrap();

    let (first, large, last) = (
        first.await.unwrap(),
        large.await.unwrap(),
        last.await.unwrap(),
    );
    assert!(matches!(large, Err(StoreError::Full(_))), "{large:?}");
    assert!(matches!(first, Err(StoreError::Full(_))), "{first:?}");
    // Using an assertion again is refused when the first use was stored.
    let again = |jti: &'static str| {
        store.write(move |conn: &mut Conn| -> Told {
            clients::use_assertion(conn, "client", jti, 0)
        })
    };
    assert!(again("first").await.is_ok());
    assert_eq!(last.is_ok(), again("last").await.is_err(), "{last:?}");
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Whoever drops the last clone may end the process: no connection is open any more. SQLite removes the log beside its file
/// when the last connection is closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_clone_waits_for_the_connections_to_close() {
    let folder = std::env::temp_dir().join(format!("takedown-end-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&folder).unwrap();
    let store = Store::open(Location::Sqlite(folder.join("takedown.db")), 4).unwrap();
    let written = store
        .write(|conn: &mut Conn| -> Told { clients::use_assertion(conn, "client", "once", 0) });
    written.await.unwrap();
    let log = folder.join("takedown.db-wal");
    assert!(log.exists());
    drop(store);
    assert!(!log.exists());
    std::fs::remove_dir_all(&folder).unwrap();
}

/// PostgreSQL breaks off a statement that waited or ran too long. That is its caller's affair alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_took_too_long_leaves_every_connection_open() {
    if std::env::var_os("TAKEDOWN_TEST_POSTGRES").is_none() {
        eprintln!("not run: there is no PostgreSQL; scripts/with-postgres starts one");
        return;
    }
    let world = World::on(Db::Postgres).await;
    let connections = async || -> Vec<String> {
        let open = |conn: &mut Conn| -> Result<String, StoreError> {
            let pids = "(SELECT string_agg(pid::text, ' ') FROM pg_stat_activity \
                        WHERE datname = current_database())";
            Ok(diesel::select(sql::<Text>(pids)).get_result(conn)?)
        };
        let open = world.cx.store.read(open).await.unwrap();
        open.split(' ').map(ToOwned::to_owned).collect()
    };
    let slow = |conn: &mut Conn| -> Told {
        conn.batch_execute("SET LOCAL statement_timeout = 50")?;
        Ok(conn.batch_execute("SELECT pg_sleep(60)")?)
    };
    let before = connections().await;
    let told = world.cx.store.write(slow).await;
    assert!(matches!(told, Err(StoreError::Slow(_))), "{told:?}");
    let after = connections().await;
    assert!(
        before.iter().all(|pid| after.contains(pid)),
        "{before:?} {after:?}"
    );
}
