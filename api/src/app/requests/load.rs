//! Finding a request that a caller may see.

use std::sync::Arc;

use takedown_core::id::RequestId;
use takedown_core::policy::{Actor, Reach};

use super::view::{RequestView, from_rows};
use crate::app::parties::{Agency, Platform};
use crate::app::{Cx, Error};
use crate::store::backend::hold_request;
use crate::store::requests::{self, ItemRow, RequestRow, Scope};
use crate::store::{Conn, StoreError};

/// Whose requests an actor may see; nobody's, when his role has no business with any.
///
/// # Errors
/// [`Error::NotFound`] for operators and whoever has no party: to them no request exists.
pub fn scope_of(actor: &Actor) -> Result<Scope, Error> {
    match actor.reach() {
        Reach::Everything => Ok(Scope::All),
        Reach::Agency(id) => Ok(Scope::Agency(id.to_string())),
        Reach::Platform(id) => Ok(Scope::Platform(id.to_string())),
        Reach::Nothing => Err(Error::NotFound),
    }
}

/// The identifier that a caller wrote. What is none names nothing, and never reaches the database: PostgreSQL refuses
/// some texts altogether.
///
/// # Errors
/// [`Error::NotFound`], as for a request that does not exist.
pub fn identifier(given: &str) -> Result<String, Error> {
    let id: RequestId = given.parse().map_err(|_| Error::NotFound)?;
    Ok(id.to_string())
}

/// A request and its items as stored.
///
/// # Errors
/// [`Error::NotFound`] when there is none in the scope.
pub fn rows(conn: &mut Conn, scope: &Scope, id: &str) -> Result<(RequestRow, Vec<ItemRow>), Error> {
    let row = requests::find(conn, scope, id)?.ok_or(Error::NotFound)?;
    let items = requests::items(conn, &row.id)?;
    Ok((row, items))
}

/// A request, held until the end of the transaction.
///
/// # Errors
/// As [`rows`].
pub fn hold(conn: &mut Conn, scope: &Scope, id: &str) -> Result<RequestRow, Error> {
    hold_request(conn, scope, id)?.ok_or(Error::NotFound)
}

/// A request as its platform sees it, held until the end of the transaction.
///
/// # Errors
/// As [`rows`].
pub fn held_view(cx: &Cx, conn: &mut Conn, scope: &Scope, id: &str) -> Result<RequestView, Error> {
    let row = hold(conn, scope, id)?;
    let items = requests::items(conn, &row.id)?;
    let (agency, platform) = parties_within(cx, conn, &row.agency_id, &row.platform_id)?;
    Ok(from_rows(row, items, agency, platform)?)
}

/// Completes rows with what is known of the parties.
///
/// # Errors
/// [`StoreError`] when a party cannot be read.
pub async fn complete(cx: &Cx, row: RequestRow, items: Vec<ItemRow>) -> Result<RequestView, Error> {
    let (agency, platform) = parties(cx, &row.agency_id, &row.platform_id).await?;
    Ok(from_rows(row, items, agency, platform)?)
}

/// The two parties of a request.
///
/// # Errors
/// [`StoreError::Inconsistent`] when one does not exist.
pub async fn parties(cx: &Cx, agency: &str, platform: &str) -> Result<Parties, Error> {
    Ok((
        there("agency", agency, cx.registry.agency(agency).await?)?,
        there("platform", platform, cx.registry.platform(platform).await?)?,
    ))
}

/// As [`parties`], for work that has a connection already: what the node does not remember is read over it.
///
/// # Errors
/// As [`parties`].
pub fn parties_within(
    cx: &Cx,
    conn: &mut Conn,
    agency: &str,
    platform: &str,
) -> Result<Parties, Error> {
    let found = cx.registry.agency_within(conn, agency)?;
    let agency = there("agency", agency, found)?;
    let found = cx.registry.platform_within(conn, platform)?;
    Ok((agency, there("platform", platform, found)?))
}

/// Who asks, and who is asked.
type Parties = (Arc<Agency>, Arc<Platform>);

fn there<T>(what: &str, id: &str, found: Option<T>) -> Result<T, StoreError> {
    found.ok_or_else(|| {
        StoreError::Inconsistent(format!(
            "a request names the {what} {id}, which does not exist"
        ))
    })
}
