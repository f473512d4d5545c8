//! A context over a database of its own, and callers, for tests of use cases.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use diesel::prelude::*;
use takedown_core::history::Via;
use takedown_core::id::ClientId;
use takedown_core::policy::{Actor, Party, Scopes};
use uuid::Uuid;

use crate::app::{Caller, Cx, Settings};
use crate::store::backend::Location;
use crate::store::schema::history;
use crate::store::{Store, StoreError};

/// An exchange on an embedded database that goes away with it.
pub struct Exchange {
    pub cx: Cx,
    directory: PathBuf,
}

impl Exchange {
    pub fn new() -> Self {
        let directory = std::env::temp_dir().join(format!("takedown-app-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&directory).unwrap();
        let store = Store::open(Location::Sqlite(directory.join("test.db")), 1).unwrap();
        let settings = Settings {
            public_url: "https://exchange.example".into(),
            render_event: |_| "{}".into(),
            render_notice: |_| "{}".into(),
            render_part: |_| "{}".into(),
            render_webhook: |_| "{}".into(),
            signing_key_age: chrono::TimeDelta::hours(24),
        };
        Self {
            cx: Cx::new(store, settings),
            directory,
        }
    }

    /// The types of everything in the history, in order.
    pub async fn history(&self) -> Vec<String> {
        let types = |conn: &mut crate::store::Conn| {
            Ok::<_, StoreError>(
                history::table
                    .order(history::pos)
                    .select(history::event)
                    .load(conn)?,
            )
        };
        self.cx.store.read(types).await.unwrap()
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// A caller with every scope.
pub fn caller(party: Party) -> Caller {
    Caller {
        client: ClientId::from_uuid(Uuid::from_u128(0xC)),
        actor: Actor::new(party, Scopes::all()),
        via: Via::Api,
    }
}
