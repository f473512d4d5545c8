//! By which steps SQLite answers a question, for tests.
#![allow(clippy::unwrap_used)]
use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::backend::{Access, Location, migrate};
use super::{Conn, StoreError};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A database of one's own that is gone afterwards.
pub(crate) struct Planner {
    path: std::path::PathBuf,
    conn: Conn,
}

impl Planner {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("takedown-plan-{}.db", uuid::Uuid::now_v7()));
        let mut conn = Location::Sqlite(path.clone()).open(Access::Write).unwrap();
        migrate(&mut conn).unwrap();
        Self { path, conn }
    }

    /// The steps by which a question is answered.
    pub(crate) fn plan<T>(
        &mut self,
        ask: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Vec<String> {
        let asked = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&asked);
        self.conn
            .set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    *heard.lock().unwrap() = query.to_string();
                }
            });
        ask(&mut self.conn).unwrap();
        self.conn
            .set_instrumentation(|_: InstrumentationEvent<'_>| {});
        let asked = asked.lock().unwrap().clone();
        assert!(asked.starts_with("SELECT"), "{asked}");
        let plan: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {asked}"))
            .load(&mut self.conn)
            .unwrap();
        plan.into_iter().map(|step| step.detail).collect()
    }
}

impl Drop for Planner {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.path.display()));
        }
    }
}
