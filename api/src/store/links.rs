//! Answer links, and addresses whose reader said that a platform is not his.

use diesel::prelude::*;

use super::schema::{answer_links, clients, found_contacts, rejected_contacts, requests};
use super::update as kept;
use super::{Conn, StoreError};

/// A link as stored: of its secret only the SHA-256.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = answer_links, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct LinkRow {
    pub digest: Vec<u8>,
    pub request_id: String,
    pub platform_id: String,
    pub contact: String,
    pub issued_at: i64,
    pub expires_at: i64,
    /// How often something was sent from behind it.
    pub uses: i32,
    pub revoked_at: Option<i64>,
    /// Who had it made; see the migration.
    pub made_by: String,
}

/// Stores a link.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &LinkRow) -> Result<(), StoreError> {
    diesel::insert_into(answer_links::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The link with this digest, whatever became of it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn by_digest(conn: &mut Conn, digest: &[u8]) -> Result<Option<LinkRow>, StoreError> {
    Ok(answer_links::table
        .find(digest)
        .select(LinkRow::as_select())
        .first(conn)
        .optional()?)
}

/// The newest links of a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_request(conn: &mut Conn, request: &str, limit: i64) -> Result<Vec<LinkRow>, StoreError> {
    Ok(answer_links::table
        .filter(answer_links::request_id.eq(request))
        .order((answer_links::issued_at.desc(), answer_links::digest))
        .limit(limit)
        .select(LinkRow::as_select())
        .load(conn)?)
}

/// Counts one use of a link that still holds; false when it does not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn spend(conn: &mut Conn, digest: &[u8], most: i32, now: i64) -> Result<bool, StoreError> {
    let holds = answer_links::digest
        .eq(digest)
        .and(answer_links::revoked_at.is_null())
        .and(answer_links::expires_at.gt(now))
        .and(answer_links::uses.lt(most));
    let spent = kept::update(
        answer_links::table.filter(holds),
        (answer_links::uses.eq(answer_links::uses + 1),),
    );
    Ok(spent.execute(conn)? == 1)
}

/// Ends every link of a request; how many held until then.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn revoke_of_request(conn: &mut Conn, request: &str, now: i64) -> Result<usize, StoreError> {
    let its = answer_links::table
        .filter(answer_links::request_id.eq(request))
        .filter(answer_links::revoked_at.is_null())
        .filter(answer_links::expires_at.gt(now));
    Ok(diesel::update(its)
        .set(answer_links::revoked_at.eq(Some(now)))
        .execute(conn)?)
}

/// Ends every link that went to an address of a platform.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn revoke_of_contact(
    conn: &mut Conn,
    (platform, contact): (&str, &str),
    now: i64,
) -> Result<(), StoreError> {
    let its = answer_links::table
        .filter(answer_links::platform_id.eq(platform))
        .filter(answer_links::contact.eq(contact))
        .filter(answer_links::revoked_at.is_null());
    diesel::update(its)
        .set(answer_links::revoked_at.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// To which addresses links of a request went, each once, and how many did since an instant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn sent_to(
    conn: &mut Conn,
    request: &str,
    since: i64,
) -> Result<(Vec<String>, usize), StoreError> {
    let rows: Vec<(String, i64)> = answer_links::table
        .filter(answer_links::request_id.eq(request))
        .order(answer_links::issued_at)
        .select((answer_links::contact, answer_links::issued_at))
        .load(conn)?;
    let mut contacts: Vec<String> = Vec::new();
    let recent = rows.iter().filter(|(_, at)| *at >= since).count();
    for (contact, _) in rows {
        if !contacts.contains(&contact) {
            contacts.push(contact);
        }
    }
    Ok((contacts, recent))
}

/// Destroys the links of a request that was erased.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget(conn: &mut Conn, request: &str) -> Result<(), StoreError> {
    diesel::delete(answer_links::table.filter(answer_links::request_id.eq(request)))
        .execute(conn)?;
    Ok(())
}

/// Whether a program may act for a platform: then it has an inbox of its own, and is sent no answer links.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn has_client(conn: &mut Conn, platform: &str) -> Result<bool, StoreError> {
    let some: Option<String> = clients::table
        .filter(clients::platform_id.eq(platform))
        .filter(clients::role.eq("platform"))
        .filter(clients::suspended.eq(false))
        .select(clients::id)
        .first(conn)
        .optional()?;
    Ok(some.is_some())
}

/// An address whose reader said that the platform is not his.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rejected_contacts)]
#[allow(missing_docs)]
pub struct RejectedRow {
    pub platform_id: String,
    pub address: String,
    pub request_id: String,
    pub rejected_at: i64,
}

/// Notes such an address; false when it was noted before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn reject(conn: &mut Conn, row: &RejectedRow) -> Result<bool, StoreError> {
    let known: Option<String> = rejected_contacts::table
        .find((&row.platform_id, &row.address))
        .select(rejected_contacts::address)
        .first(conn)
        .optional()?;
    if known.is_some() {
        return Ok(false);
    }
    diesel::insert_into(rejected_contacts::table)
        .values(row)
        .execute(conn)?;
    Ok(true)
}

/// The addresses of a platform that were said to be wrong.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn rejected(conn: &mut Conn, platform: &str) -> Result<Vec<RejectedRow>, StoreError> {
    Ok(rejected_contacts::table
        .filter(rejected_contacts::platform_id.eq(platform))
        .order(rejected_contacts::address)
        .select(RejectedRow::as_select())
        .load(conn)?)
}

/// Takes back what was said of these addresses of a platform, and forgets what came back from them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn accept(conn: &mut Conn, platform: &str, addresses: &[String]) -> Result<(), StoreError> {
    diesel::delete(
        rejected_contacts::table
            .filter(rejected_contacts::platform_id.eq(platform))
            .filter(rejected_contacts::address.eq_any(addresses)),
    )
    .execute(conn)?;
    super::bounces::accept(conn, platform, addresses)
}

/// Which of these addresses another agency found for the platform as well.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn found_by_others(
    conn: &mut Conn,
    (platform, agency): (&str, &str),
) -> Result<Vec<String>, StoreError> {
    Ok(found_contacts::table
        .filter(found_contacts::platform_id.eq(platform))
        .filter(found_contacts::agency_id.ne(agency))
        .select(found_contacts::address)
        .load(conn)?)
}

/// Takes away an address that an agency found.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn lose_contact(
    conn: &mut Conn,
    (platform, agency): (&str, &str),
    address: &str,
) -> Result<(), StoreError> {
    diesel::delete(found_contacts::table.find((platform, agency, address))).execute(conn)?;
    Ok(())
}

/// Requests that are doubted, in the order of their identifiers, after `after`: identifier only. Of one agency, or of all.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn doubted(
    conn: &mut Conn,
    agency: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let mut query = requests::table
        .filter(requests::doubted_at.is_not_null())
        .into_boxed();
    if let Some(agency) = agency {
        query = query.filter(requests::agency_id.eq(agency.to_owned()));
    }
    if let Some(after) = after {
        query = query.filter(requests::id.gt(after.to_owned()));
    }
    Ok(query
        .order(requests::id)
        .limit(limit)
        .select(requests::id)
        .load(conn)?)
}
