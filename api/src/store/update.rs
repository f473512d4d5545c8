//! Statements that are prepared once and kept, where diesel would prepare them anew each time.
//!
//! It does so with `UPDATE` and `ON CONFLICT … DO UPDATE`, because a changeset with optional fields may set other columns each
//! time. Ours set the same ones always, and planning them cost more than running them; on PostgreSQL each was a round trip
//! besides. What is kept is found by its SQL, so a changeset that does vary is slow and not wrong.

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

/// An `INSERT` of one row that sets `changes` where there is a row with the same `key` already.
pub(super) fn upsert<I, C>(
    insert: I,
    key: &'static [&'static str],
    changes: C,
) -> Upsert<I, C::Changeset>
where
    C: AsChangeset,
{
    Upsert {
        insert,
        key,
        changes: changes.as_changeset(),
    }
}

/// See [`upsert`].
#[must_use]
pub(super) struct Upsert<I, C> {
    insert: I,
    key: &'static [&'static str],
    changes: C,
}

impl<DB, I, C> QueryFragment<DB> for Upsert<I, C>
where
    DB: Backend,
    I: QueryFragment<DB>,
    C: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.insert.walk_ast(out.reborrow())?;
        let mut before = " ON CONFLICT (";
        for column in self.key {
            out.push_sql(before);
            out.push_identifier(column)?;
            before = ", ";
        }
        out.push_sql(") DO UPDATE SET ");
        self.changes.walk_ast(out.reborrow())
    }
}

impl<I, C> QueryId for Upsert<I, C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<I, C, Conn> RunQueryDsl<Conn> for Upsert<I, C> {}

#[cfg(test)]
mod tests;
