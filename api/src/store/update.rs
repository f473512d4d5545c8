//! `UPDATE` as a statement that is prepared once and kept.
//!
//! diesel's own prepares each `UPDATE` anew, because a changeset with optional fields may set other columns each time.
//! Ours set the same ones always, and planning them cost more than running them. What is kept is found by its SQL, so a
//! changeset that does vary is slow and not wrong.

use diesel::associations::HasTable;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{
    AsChangeset, AstPass, IntoUpdateTarget, Query, QueryFragment, QueryId, UpdateTarget,
};

/// An `UPDATE` of the rows of `target` that sets `changes`.
pub(super) fn update<T, C>(
    target: T,
    changes: C,
) -> Update<<T::Table as QuerySource>::FromClause, T::WhereClause, C::Changeset>
where
    T: IntoUpdateTarget,
    T::Table: QuerySource,
    C: AsChangeset<Target = <T as HasTable>::Table>,
{
    let UpdateTarget {
        table,
        where_clause,
    } = target.into_update_target();
    Update {
        table: table.from_clause(),
        rows: where_clause,
        changes: changes.as_changeset(),
        returning: (),
    }
}

/// See [`update`].
#[must_use]
pub(super) struct Update<T, W, C, R = ()> {
    table: T,
    rows: W,
    changes: C,
    returning: R,
}

impl<T, W, C> Update<T, W, C> {
    /// Gives this of each changed row.
    pub(super) fn returning<E>(self, returned: E) -> Update<T, W, C, Returning<E>> {
        Update {
            table: self.table,
            rows: self.rows,
            changes: self.changes,
            returning: Returning(returned),
        }
    }
}

impl<DB, T, W, C, R> QueryFragment<DB> for Update<T, W, C, R>
where
    DB: Backend,
    T: QueryFragment<DB>,
    W: QueryFragment<DB>,
    C: QueryFragment<DB>,
    R: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.changes.walk_ast(out.reborrow())?;
        self.rows.walk_ast(out.reborrow())?;
        self.returning.walk_ast(out.reborrow())
    }
}

impl<T, W, C, R> QueryId for Update<T, W, C, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T, W, C, R, Conn> RunQueryDsl<Conn> for Update<T, W, C, R> {}

impl<T, W, C, E: Expression> Query for Update<T, W, C, Returning<E>> {
    type SqlType = E::SqlType;
}

/// What an [`Update`] gives of each row.
pub(super) struct Returning<E>(E);

impl<E, DB: Backend> QueryFragment<DB> for Returning<E>
where
    E: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(" RETURNING ");
        self.0.walk_ast(out.reborrow())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::{Arc, Mutex};

    use diesel::Connection as _;
    use diesel::connection::InstrumentationEvent;

    use crate::store::backend::{Access, Location, migrate};
    use crate::store::{decisions, feed, requests};

    /// Every call would have to be planned by the database otherwise.
    #[test]
    fn what_every_call_asks_is_prepared_once() {
        let folder = std::env::temp_dir().join(format!("kept-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut conn = Location::Sqlite(folder.join("a.db"))
            .open(Access::Write)
            .unwrap();
        migrate(&mut conn).unwrap();
        let seen = Arc::new(Mutex::new((Vec::new(), 0)));
        let told = Arc::clone(&seen);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { query, .. } => {
                told.lock().unwrap().0.push(query.to_string());
            }
            InstrumentationEvent::CacheQuery { .. } => told.lock().unwrap().1 += 1,
            _ => {}
        });
        let all = requests::Scope::All;
        requests::find(&mut conn, &all, "x").unwrap();
        requests::items(&mut conn, "x").unwrap();
        feed::page(&mut conn, "x", 0, 50).unwrap();
        // None of them finds a row; what counts is how they were asked.
        feed::append(&mut conn, "x", |_| String::new()).unwrap_err();
        let row = decisions::DecisionRow {
            id: "x".into(),
            item_id: "x".into(),
            outcome: String::new(),
            detail: String::new(),
            at: 0,
        };
        decisions::decide(&mut conn, &row, &decisions::ItemPast::default()).unwrap_err();
        let (asked, kept) = &*seen.lock().unwrap();
        assert_eq!(asked.len(), 5, "{asked:#?}");
        assert_eq!(*kept, 5, "{asked:#?}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
