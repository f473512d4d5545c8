//! How the database goes about what every filing asks.
#![allow(clippy::unwrap_used)]
use std::sync::{Arc, Mutex};

use diesel::connection::InstrumentationEvent;
use diesel::sql_query;

use super::*;
use crate::store::backend::{Access, Location, migrate};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[test]
fn a_file_number_is_looked_up_without_walking_the_requests_of_the_agency() {
    let path = std::env::temp_dir().join(format!("takedown-plan-{}.db", uuid::Uuid::now_v7()));
    let mut conn = Location::Sqlite(path.clone()).open(Access::Write).unwrap();
    migrate(&mut conn).unwrap();
    let asked = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&asked);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            *heard.lock().unwrap() = query.to_string();
        }
    });
    let filter = Filter {
        agency_reference: Some("KP-1/26".into()),
        ..Filter::default()
    };
    let scope = Scope::Agency("agency_a".into());
    page(&mut conn, &scope, &filter, None, 1_000).unwrap();
    let asked = asked.lock().unwrap().clone();
    assert!(asked.starts_with("SELECT"), "{asked}");
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let plan: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {asked}"))
        .load(&mut conn)
        .unwrap();
    let plan: Vec<String> = plan.into_iter().map(|step| step.detail).collect();
    assert!(
        plan[0].contains("requests_agency_reference (agency_id=? AND agency_reference=?)"),
        "{plan:?}"
    );
    drop(conn);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}
