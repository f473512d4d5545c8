//! Which STIX objects a platform's collection has, in the order in which they were added. What they say is not here.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::conn::directly;
use super::schema::{collection_holders, collection_objects, collections, requests};
use super::{Conn, StoreError};

/// So many names are looked for in one statement.
const AT_ONCE: usize = 500;
/// The types whose identifiers everybody computes from what they stand for: such an identifier tells it to whoever can guess.
const OBSERVABLES: [&str; 4] = ["url", "domain-name", "user-account", "file"];

/// An object of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = collection_objects, treat_none_as_default_value = false)]
pub struct ObjectRow {
    /// Whose collection.
    pub platform_id: String,
    /// Its STIX identifier.
    pub object_id: String,
    /// Its STIX type.
    pub object_type: String,
    /// When it was added in this version, in microseconds since 1970; no two of a collection are the same.
    pub added_at: i64,
    /// Its version, in milliseconds since 1970.
    pub version: i64,
    /// The request that it is made from.
    pub request_id: Option<String>,
}

/// How far a collection goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The last position of the platform's feed that went into it.
    pub position: i64,
    /// When something was last added, in microseconds since 1970.
    pub added_at: i64,
}

/// Which objects are wanted.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Added later than this.
    pub after: i64,
    /// Only these; all when there are none.
    pub ids: Vec<String>,
    /// Only of these types; all when there are none.
    pub types: Vec<String>,
    /// Only in these versions; all when there are none.
    pub versions: Vec<i64>,
    /// Whether only names are wanted: observables of requests that their platform has not read yet are left out.
    pub names: bool,
}

/// How far a collection goes. It is held until the end of the transaction: those who bring it up to date take turns, so that
/// whatever is added later is added at a later instant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hold(conn: &mut Conn, platform: &str) -> Result<Standing, StoreError> {
    let new = (
        collections::platform_id.eq(platform),
        collections::position.eq(0_i64),
        collections::added_at.eq(0_i64),
    );
    directly!(conn, conn => diesel::insert_into(collections::table)
        .values(new)
        .on_conflict_do_nothing()
        .execute(conn))?;
    let (position, added_at) = directly!(conn, conn => diesel::update(collections::table.find(platform))
        .set(collections::position.eq(collections::position))
        .returning((collections::position, collections::added_at))
        .get_result(conn))?;
    Ok(Standing { position, added_at })
}

/// How far a collection goes, without holding it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn standing(conn: &mut Conn, platform: &str) -> Result<Standing, StoreError> {
    let found: Option<(i64, i64)> = collections::table
        .find(platform)
        .select((collections::position, collections::added_at))
        .first(conn)
        .optional()?;
    let (position, added_at) = found.unwrap_or_default();
    Ok(Standing { position, added_at })
}

/// Says how far a collection goes now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn reached(conn: &mut Conn, platform: &str, standing: Standing) -> Result<(), StoreError> {
    diesel::update(collections::table.find(platform))
        .set((
            collections::position.eq(standing.position),
            collections::added_at.eq(standing.added_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Those of these objects that a collection has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn known(conn: &mut Conn, platform: &str, ids: &[&str]) -> Result<Vec<ObjectRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let some: Vec<String> = some.iter().map(|id| (*id).to_owned()).collect();
        found.extend(
            collection_objects::table
                .filter(collection_objects::platform_id.eq(platform))
                .filter(collection_objects::object_id.eq_any(some))
                .select(ObjectRow::as_select())
                .load::<ObjectRow>(conn)?,
        );
    }
    Ok(found)
}

/// The names of what was made from a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_request(
    conn: &mut Conn,
    platform: &str,
    request: &str,
) -> Result<Vec<String>, StoreError> {
    Ok(collection_objects::table
        .filter(collection_objects::request_id.eq(request))
        .filter(collection_objects::platform_id.eq(platform))
        .select(collection_objects::object_id)
        .load(conn)?)
}

/// Takes objects out of a collection.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn remove(conn: &mut Conn, platform: &str, ids: &[String]) -> Result<(), StoreError> {
    for some in ids.chunks(AT_ONCE) {
        diesel::delete(
            collection_objects::table
                .filter(collection_objects::platform_id.eq(platform))
                .filter(collection_objects::object_id.eq_any(some)),
        )
        .execute(conn)?;
    }
    Ok(())
}

/// The names of the observables that a request has, also of those that are in the collection as another one's.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn held(conn: &mut Conn, request: &str) -> Result<Vec<String>, StoreError> {
    Ok(collection_holders::table
        .filter(collection_holders::request_id.eq(request))
        .select(collection_holders::object_id)
        .load(conn)?)
}

/// Says that a request has these observables.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn add_held(
    conn: &mut Conn,
    platform: &str,
    request: &str,
    ids: &[&str],
) -> Result<(), StoreError> {
    for id in ids {
        let new = (
            collection_holders::request_id.eq(request),
            collection_holders::object_id.eq(*id),
            collection_holders::platform_id.eq(platform),
        );
        directly!(conn, conn => diesel::insert_into(collection_holders::table)
            .values(new)
            .execute(conn))?;
    }
    Ok(())
}

/// Takes out what a request does not say any more. What another one has as well stays where it is, as that one's: its identifier says
/// all that it holds, so it is the same object.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn let_go(
    conn: &mut Conn,
    platform: &str,
    request: &str,
    ids: &[String],
) -> Result<(), StoreError> {
    for some in ids.chunks(AT_ONCE) {
        diesel::delete(
            collection_holders::table
                .filter(collection_holders::request_id.eq(request))
                .filter(collection_holders::object_id.eq_any(some)),
        )
        .execute(conn)?;
        let others: Vec<(String, String)> = collection_holders::table
            .filter(collection_holders::platform_id.eq(platform))
            .filter(collection_holders::object_id.eq_any(some.to_vec()))
            .select((
                collection_holders::object_id,
                collection_holders::request_id,
            ))
            .load(conn)?;
        for (object, other) in others {
            diesel::update(
                collection_objects::table
                    .filter(collection_objects::platform_id.eq(platform))
                    .filter(collection_objects::object_id.eq(object))
                    .filter(collection_objects::request_id.eq(request)),
            )
            .set(collection_objects::request_id.eq(other))
            .execute(conn)?;
        }
        diesel::delete(
            collection_objects::table
                .filter(collection_objects::platform_id.eq(platform))
                .filter(collection_objects::request_id.eq(request))
                .filter(collection_objects::object_id.eq_any(some)),
        )
        .execute(conn)?;
    }
    Ok(())
}

/// Takes whatever was made from a request alone out of its platform's collection: an identifier of an address is made from the address.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, platform: &str, request: &str) -> Result<(), StoreError> {
    let mut ids = of_request(conn, platform, request)?;
    ids.extend(held(conn, request)?);
    let_go(conn, platform, request, &ids)
}

/// Adds objects.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn add(conn: &mut Conn, rows: &[ObjectRow]) -> Result<(), StoreError> {
    // Each by itself, as the items of a request are stored: small statements stay in the cache.
    for row in rows {
        directly!(conn, conn => diesel::insert_into(collection_objects::table)
            .values(row)
            .execute(conn))?;
    }
    Ok(())
}

/// The chosen objects of a collection, in the order in which they were added.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    platform: &str,
    chosen: &Chosen,
    limit: i64,
) -> Result<Vec<ObjectRow>, StoreError> {
    let mut query = collection_objects::table
        .filter(collection_objects::platform_id.eq(platform.to_owned()))
        .filter(collection_objects::added_at.gt(chosen.after))
        .into_boxed();
    if !chosen.ids.is_empty() {
        query = query.filter(collection_objects::object_id.eq_any(chosen.ids.clone()));
    }
    if !chosen.types.is_empty() {
        query = query.filter(collection_objects::object_type.eq_any(chosen.types.clone()));
    }
    if !chosen.versions.is_empty() {
        query = query.filter(collection_objects::version.eq_any(chosen.versions.clone()));
    }
    if chosen.names {
        let read = requests::table
            .filter(collection_objects::request_id.eq(requests::id.nullable()))
            .filter(requests::fetched_at.is_not_null());
        query = query.filter(
            collection_objects::object_type
                .ne_all(OBSERVABLES)
                .or(exists(read)),
        );
    }
    Ok(query
        .order(collection_objects::added_at)
        .limit(limit)
        .select(ObjectRow::as_select())
        .load(conn)?)
}
