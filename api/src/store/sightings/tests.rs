//! How SQLite goes about sightings: by its indexes, however many requests are stored.
#![allow(clippy::unwrap_used)]
use super::*;
use crate::store::plan::Planner;

fn whole(plan: &[String], table: &str) -> bool {
    plan.iter()
        .any(|step| step.starts_with(&format!("SCAN {table}")))
}

#[test]
fn outreach_asks_two_indexes_for_each_platform_and_walks_no_requests() {
    let mut planner = Planner::new();
    for todo in [ToDo::Any, ToDo::Write, ToDo::Answer] {
        let plan = planner.plan(|conn| due(conn, "agency_a", (0, 9), todo, None, 50));
        let text = plan.join("\n");
        assert!(!whole(&plan, "requests"), "{text}");
        assert!(!whole(&plan, "sightings"), "{text}");
        assert!(
            text.contains("requests_unfetched (agency_id=? AND platform_id=?"),
            "{text}"
        );
        if todo != ToDo::Answer {
            assert!(
                text.contains("sightings_open (agency_id=? AND platform_id=?"),
                "{text}"
            );
        }
        assert!(!text.contains("TEMP B-TREE"), "{text}");
    }
    let plan = planner.plan(|conn| unfetched_on(conn, "agency_a", "platform_a", 10));
    assert!(
        plan[0].contains("requests_unfetched (agency_id=? AND platform_id=?)"),
        "{plan:?}"
    );
    let plan = planner.plan(|conn| open_on(conn, "agency_a", "platform_a", 10));
    assert!(
        plan[0].contains("sightings_open (agency_id=? AND platform_id=?)"),
        "{plan:?}"
    );
}

#[test]
fn lists_and_chains_follow_indexes() {
    let mut planner = Planner::new();
    let whose = Whose::Agency("agency_a".into());
    let plan = planner.plan(|conn| page(conn, &whose, &Filter::default(), Some("z"), 50));
    assert!(
        plan[0].contains("sightings_agency (agency_id=?"),
        "{plan:?}"
    );
    assert_eq!(plan.len(), 1, "{plan:?}");
    let filter = Filter {
        request: Some("req_a".into()),
        ..Filter::default()
    };
    let plan = planner.plan(|conn| page(conn, &whose, &filter, None, 50));
    assert!(!whole(&plan, "sightings"), "{plan:?}");
    let ids = ["req_a".to_owned(), "req_b".to_owned()];
    let plan = planner.plan(|conn| before(conn, &ids, 10));
    assert!(
        plan[0].contains("sightings_followed (followed_by=?)"),
        "{plan:?}"
    );
    let plan = planner.plan(|conn| after(conn, &ids, 10));
    assert!(
        plan[0].contains("sightings_request (request_id=?)"),
        "{plan:?}"
    );
    let plan = planner.plan(|conn| same(conn, "req_a", "platform_a", &[1]));
    assert!(!whole(&plan, "sightings"), "{plan:?}");
}
