//! Listing operations and reading one.

use takedown_core::id::RequestId;
use takedown_core::operation::Membership;
use takedown_core::policy::{Action, Reach, Resource, authorize};

use super::view::{Found, OperationView, Seen, identifier, load};
use crate::app::{Caller, Cx, Error};
use crate::store::operations::{self, Filter, Whose};

/// Which operations to list. Everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of exactly this label.
    pub label: Option<String>,
    /// The one that has this request.
    pub request: Option<RequestId>,
    /// Those that the caller stands to in this way.
    pub membership: Option<Membership>,
}

/// A page of operations.
#[derive(Debug)]
pub struct List {
    /// Newest first.
    pub items: Vec<OperationView>,
    /// Where to go on: the last one's identifier, when older ones follow.
    pub next: Option<(i64, String)>,
}

/// Operations that the caller may see, newest first, older than the operation `before`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    wanted: Wanted,
    before: Option<String>,
    limit: usize,
) -> Result<List, Error> {
    authorize(&caller.actor, Action::ListOperations, &Resource::Exchange)?;
    let whose = match caller.actor.reach() {
        Reach::Everything => Whose::All,
        Reach::Agency(id) => Whose::Agency(id.to_string()),
        Reach::Platform(_) | Reach::Nothing => {
            return Ok(List {
                items: Vec::new(),
                next: None,
            });
        }
    };
    let filter = Filter {
        label: wanted.label,
        request: wanted.request.map(|id| id.to_string()),
        membership: wanted.membership.map(|m| m.as_str().to_owned()),
    };
    let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let (found, next) = cx
        .store
        .read(move |conn| {
            let mut rows = operations::page(conn, &whose, &filter, before.as_deref(), most)?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let last = rows.last().filter(|_| more);
            let next = last.map(|row| (row.created_at, row.id.clone()));
            Ok::<_, Error>((Found::read(conn, rows)?, next))
        })
        .await?;
    let items = found.views(cx, caller).await?;
    Ok(List { items, next })
}

/// One operation.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may see.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<OperationView, Error> {
    authorize(&caller.actor, Action::ReadOperation, &Resource::Exchange)?;
    let id = identifier(id)?;
    let asker = caller.clone();
    let found = cx
        .store
        .read(move |conn| {
            let (row, team) = load(conn, &id)?;
            // Before anything is counted: how long the answer takes must not tell either.
            Seen::of(&asker, &team)?;
            Ok::<_, Error>(Found::read(conn, vec![row])?)
        })
        .await?;
    let mut views = found.views(cx, caller).await?;
    views.pop().ok_or(Error::NotFound)
}
