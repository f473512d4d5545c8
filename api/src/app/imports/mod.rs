//! Old records: what an agency asked before it used the exchange, from its own lists (`takedown_core::imported`).

mod bring;
mod prepare;
mod view;
mod withdraw;

use takedown_core::id::ImportId;
use takedown_core::policy::{Action, Reach, Resource, authorize};

use super::registering::{Page, one_more};
use super::{Caller, Cx, Error};
use crate::store::imports::{self, Whose};

pub use crate::store::imports::Filter;
pub use bring::{Brought, bring};
pub use prepare::{NewRecord, Prepared, importing, prepare};
pub use view::RecordView;
pub use withdraw::withdraw;

/// Records that the caller may see, newest first, older than the record `before`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    filter: Filter,
    before: Option<String>,
    limit: usize,
) -> Result<Page<RecordView>, Error> {
    authorize(&caller.actor, Action::ListImports, &Resource::Exchange)?;
    let Some(whose) = whose(caller.actor.reach()) else {
        return Ok(Page::cut(Vec::new(), limit));
    };
    let rows = cx
        .store
        .read(move |conn| {
            imports::page(conn, &whose, &filter, before.as_deref(), one_more(limit))
                .map_err(Error::Store)
        })
        .await?;
    let Page { items, more } = Page::cut(rows, limit);
    let mut views = Vec::with_capacity(items.len());
    for row in items {
        views.push(RecordView::of(cx, row).await?);
    }
    Ok(Page { items: views, more })
}

/// One record.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may see.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<RecordView, Error> {
    authorize(&caller.actor, Action::ReadImport, &Resource::Exchange)?;
    let id = identifier(id)?;
    let whose = whose(caller.actor.reach()).ok_or(Error::NotFound)?;
    let row = cx
        .store
        .read(move |conn| imports::find(conn, &whose, &id)?.ok_or(Error::NotFound))
        .await?;
    RecordView::of(cx, row).await
}

/// Whose records lie within a reach. The platform that a record names was not asked here: it has none, and neither has an
/// auditor who was appointed for it.
pub(in crate::app) fn whose(reach: Reach) -> Option<Whose> {
    match reach {
        Reach::Everything => Some(Whose::All),
        Reach::Agency(id) => Some(Whose::Agency(id.to_string())),
        Reach::Platform(_) | Reach::Nothing => None,
    }
}

/// What is no identifier of a record names none.
fn identifier(given: &str) -> Result<String, Error> {
    let id: ImportId = given.parse().map_err(|_| Error::NotFound)?;
    Ok(id.to_string())
}
