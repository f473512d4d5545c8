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

/// There is no index for what an item is and what became of it, which every filing would pay for: a step looks at a few thousand
/// requests, in their order, without sorting. Where it lies is found along the hosts, unless a party's requests are fewer.
#[test]
fn items_are_looked_for_in_the_order_of_the_requests() {
    for (scope, items) in scopes()
        .into_iter()
        .flat_map(|scope| of_items().map(|items| (scope.clone(), items)))
    {
        let selection = selection(scope, items);
        assert!(selection.searches());
        let text = plan(&selection).join("\n");
        let index = match selection.along_host() {
            Some(_) => "items_host (host=? AND request_id>? AND request_id<?)",
            None => "items_request (request_id",
        };
        assert!(text.contains(index), "{text}");
        assert!(!text.contains("TEMP B-TREE"), "{text}");
        assert!(!text.contains("SCAN"), "{text}");
    }
}

#[test]
fn where_the_next_step_of_a_host_ends_is_read_from_its_index_alone() {
    let [host, ..] = of_items();
    let selection = selection(Scope::All, host);
    let text = Planner::new()
        .plan(|conn| ahead(conn, &selection, &Place::start()))
        .join("\n");
    assert!(text.contains("COVERING INDEX items_host"), "{text}");
    assert!(!text.contains("TEMP B-TREE"), "{text}");
}

#[test]
fn an_exact_link_is_looked_for_where_it_was_asked_about() {
    let named = Items {
        comparisons: vec![vec![0; 16]],
        requests: Some(vec!["req_a".into(), "req_b".into()]),
        ..Items::default()
    };
    for scope in scopes() {
        let selection = selection(scope, named.clone());
        assert!(!selection.searches());
        let text = plan(&selection).join("\n");
        assert!(!text.contains("SCAN"), "{text}");
        assert!(
            text.contains("(id=?)") || text.contains("request_id=?"),
            "{text}"
        );
    }
    let text = Planner::new()
        .plan(|conn| {
            let rows = asked::table.filter(asked::comparison_digest.eq_any(vec![vec![0; 16]]));
            Ok(rows.select(AskedRow::as_select()).load::<AskedRow>(conn)?)
        })
        .join("\n");
    assert!(text.contains("PRIMARY KEY (comparison_digest=?)"), "{text}");
}

#[test]
fn what_is_counted_is_counted_some_at_a_time() {
    let selection = selection(Scope::All, Items::default());
    let text = Planner::new()
        .plan(|conn| count(conn, &selection, &Place::start()))
        .join("\n");
    assert!(text.contains("(id>? AND id<?)"), "{text}");
}
