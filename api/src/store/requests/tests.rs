//! How the database goes about what every filing asks.
use super::*;
use crate::store::plan::Planner;

#[test]
fn a_file_number_is_looked_up_without_walking_the_requests_of_the_agency() {
    let filter = Filter {
        agency_reference: Some("KP-1/26".into()),
        ..Filter::default()
    };
    let scope = Scope::Agency("agency_a".into());
    let plan = Planner::new().plan(|conn| page(conn, &scope, &filter, None, 1_000));
    assert!(
        plan[0].contains("requests_agency_reference (agency_id=? AND agency_reference=?)"),
        "{plan:?}"
    );
}
