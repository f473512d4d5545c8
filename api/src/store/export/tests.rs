//! How SQLite finds what an export is of.
#![allow(clippy::unwrap_used)]
use super::*;
use crate::store::plan::Planner;

fn selection(scope: Scope, items: Items) -> Selection {
    Selection {
        scope,
        filter: Filter::default(),
        items,
        last: "req_z".to_owned(),
    }
}

fn plan(selection: &Selection) -> Vec<String> {
    Planner::new().plan(|conn| {
        step(conn, selection, &Place::start(), 100, |_| {
            Ok::<_, StoreError>(Row::Taken)
        })
    })
}

fn scopes() -> [Scope; 3] {
    [
        Scope::All,
        Scope::Agency("agency_a".into()),
        Scope::Platform("platform_a".into()),
    ]
}

fn of_items() -> [Items; 4] {
    let none = Items::default;
    [
        Items {
            host: Some("paste.example".into()),
            ..none()
        },
        Items {
            outcome: Some("removed".into()),
            ..none()
        },
        Items {
            comparisons: vec![vec![0; 16]],
            ..none()
        },
        Items {
            comparisons: vec![vec![0; 16]; 4],
            ..none()
        },
    ]
}

/// There is no index for what an item is, where it lies and what became of it, which every filing would pay for: a step looks at a few
/// thousand requests, in their order, without sorting.
#[test]
fn items_are_looked_for_in_the_order_of_the_requests() {
    for (scope, items) in scopes()
        .into_iter()
        .flat_map(|scope| of_items().map(|items| (scope.clone(), items)))
    {
        let selection = selection(scope, items);
        assert!(selection.searches());
        let text = plan(&selection).join("\n");
        assert!(text.contains("items_request (request_id"), "{text}");
        assert!(!text.contains("TEMP B-TREE"), "{text}");
        assert!(!text.contains("SCAN"), "{text}");
    }
}

#[test]
fn what_is_counted_is_counted_some_at_a_time() {
    let selection = selection(Scope::All, Items::default());
    let text = Planner::new()
        .plan(|conn| count(conn, &selection, &Place::start()))
        .join("\n");
    assert!(text.contains("(id>? AND id<?)"), "{text}");
}
