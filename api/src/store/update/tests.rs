#![allow(clippy::unwrap_used, clippy::panic)]
use std::sync::{Arc, Mutex};

use diesel::Connection as _;
use diesel::connection::InstrumentationEvent;
use takedown_core::policy::Party;

use crate::app::Cx;
use crate::app::tests::fixture::{Db, World, on_both};
use crate::store::{Conn, StoreError, feed};

on_both!(what_every_call_asks_is_prepared_once);

/// What a node's connections were asked, and what they keep.
#[derive(Clone, Default)]
struct Heard {
    asked: Arc<Mutex<Vec<String>>>,
    kept: Arc<Mutex<Vec<String>>>,
}

impl Heard {
    /// Listens to the connection for changes, and to the one for questions where it is another.
    async fn listen(&self, cx: &Cx) {
        let (here, there) = (self.clone(), self.clone());
        let listen = move |conn: &mut Conn| {
            here.to(conn);
            Ok::<_, StoreError>(())
        };
        cx.store.write(listen).await.unwrap();
        let listen = move |conn: &mut Conn| {
            there.to(conn);
            Ok::<_, StoreError>(())
        };
        cx.store.read(listen).await.unwrap();
    }

    fn to(&self, conn: &mut Conn) {
        let (asked, kept) = (Arc::clone(&self.asked), Arc::clone(&self.kept));
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                asked.lock().unwrap().push(query.to_string());
            }
            InstrumentationEvent::CacheQuery { sql, .. } => {
                kept.lock().unwrap().push(sql.to_owned());
            }
            _ => {}
        });
    }

    fn prepared_each_time(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap();
        let asked = self.asked.lock().unwrap();
        let again = |text: &&String| {
            let control = ["BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"];
            let is_control = control.iter().any(|word| text.starts_with(word));
            // The registry asks for the hosts once and remembers them.
            let once = text.contains("FROM `platform_hosts`");
            !is_control && !once && !kept.iter().any(|sql| text.starts_with(sql))
        };
        asked.iter().filter(again).cloned().collect()
    }
}

/// A whole life on a node with fresh connections. The database would have to plan what is not kept at every call.
async fn what_every_call_asks_is_prepared_once(db: Db) {
    let mut w = World::on(db).await;
    w.cx = w.node_with(1);
    let heard = Heard::default();
    heard.listen(&w.cx).await;
    let id = w.referral().await;
    w.close(&id).await;
    let Party::Platform(platform) = w.platform.actor.party() else {
        panic!("the platform is one")
    };
    let page = move |conn: &mut Conn| feed::page(conn, &platform.to_string(), 0, 50);
    assert_ne!(w.cx.store.read(page).await.unwrap().len(), 0);
    assert!(heard.asked.lock().unwrap().len() > 30);
    let again = heard.prepared_each_time();
    assert!(again.is_empty(), "{again:#?}");
}
