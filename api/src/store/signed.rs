//! What agencies signed, and the keys they sign with.

mod counted;

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

pub use counted::{Counted, counted};

use super::schema::{agencies, history, requests, signed_statements, unit_keys, unit_tags};
use super::update as kept;
use super::{Conn, StoreError};

/// So many values stand in one statement.
const SOME: usize = 400;

/// A key as stored; instants in milliseconds since 1970.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = unit_keys, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct KeyRow {
    pub kid: String,
    pub agency_id: String,
    /// 32 bytes.
    pub public_key: Vec<u8>,
    pub domain: String,
    pub added_at: i64,
    pub counts_from: Option<i64>,
    pub cosigned_by: Option<String>,
    pub proof: Vec<u8>,
    pub cosignature: Option<Vec<u8>>,
    /// The entry of the history that added it.
    pub entry_id: String,
    pub revoked_at: Option<i64>,
    pub compromised_at: Option<i64>,
}

/// What an agency signed, as stored.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signed_statements)]
#[allow(missing_docs)]
pub struct StatementRow {
    pub agency_id: String,
    pub jti: String,
    pub digest: Vec<u8>,
    pub kid: String,
    pub request_id: String,
    /// The version of the request that it made.
    pub version: i32,
    pub act: String,
    pub at: i64,
    /// Byte for byte.
    pub content: Vec<u8>,
    /// The how manieth use of the agency's keys it is; none of what came before they were counted.
    pub number: Option<i32>,
}

/// The entry of the history that added a key: its bytes, and its salt while it is not erased.
pub type KeyEntry = (String, String, Option<Vec<u8>>);

/// The key of this thumbprint.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn key(conn: &mut Conn, kid: &str) -> Result<Option<KeyRow>, StoreError> {
    Ok(unit_keys::table
        .find(kid)
        .select(KeyRow::as_select())
        .first(conn)
        .optional()?)
}

/// Holds the keys of an agency until the commit: they change one after another, so that no key is spoken for by one that ends
/// in the same moment. The embedded database has one writer anyway.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hold(conn: &mut Conn, agency: &str) -> Result<(), StoreError> {
    kept::update(
        agencies::table.find(agency),
        (agencies::name.eq(agencies::name),),
    )
    .execute(conn)?;
    Ok(())
}

/// The keys of an agency in the order in which they were added.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keys(conn: &mut Conn, agency: &str) -> Result<Vec<KeyRow>, StoreError> {
    Ok(unit_keys::table
        .filter(unit_keys::agency_id.eq(agency))
        .order((unit_keys::added_at, unit_keys::kid))
        .select(KeyRow::as_select())
        .load(conn)?)
}

/// Keys of all agencies after one, in the order of their thumbprints.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keys_after(conn: &mut Conn, after: &str, limit: i64) -> Result<Vec<KeyRow>, StoreError> {
    Ok(unit_keys::table
        .filter(unit_keys::kid.gt(after))
        .order(unit_keys::kid)
        .limit(limit)
        .select(KeyRow::as_select())
        .load(conn)?)
}

/// The entries that added keys, by their identifiers.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries(conn: &mut Conn, ids: &[String]) -> Result<Vec<KeyEntry>, StoreError> {
    Ok(history::table
        .filter(history::id.eq_any(ids))
        .select((history::id, history::data, history::salt))
        .load(conn)?)
}

/// Stores a new key.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn add_key(conn: &mut Conn, row: &KeyRow) -> Result<(), StoreError> {
    diesel::insert_into(unit_keys::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Lets a key count from an instant on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn confirm_key(conn: &mut Conn, kid: &str, counts_from: i64) -> Result<(), StoreError> {
    diesel::update(unit_keys::table.find(kid))
        .set(unit_keys::counts_from.eq(counts_from))
        .execute(conn)?;
    Ok(())
}

/// Ends a key.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn revoke_key(
    conn: &mut Conn,
    kid: &str,
    (revoked_at, compromised_at): (i64, Option<i64>),
) -> Result<(), StoreError> {
    diesel::update(unit_keys::table.find(kid))
        .set((
            unit_keys::revoked_at.eq(revoked_at),
            unit_keys::compromised_at.eq(compromised_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Counts one more use of an agency's keys: the bytes that stand for it, which are `new` with the first, and the number of this use.
/// Who uses them at the same moment waits for the commit, so that no number is left out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count_use(conn: &mut Conn, agency: &str, new: &[u8]) -> Result<(Vec<u8>, i32), StoreError> {
    let first = (
        unit_tags::agency_id.eq(agency),
        unit_tags::pseudonym.eq(new),
        unit_tags::used.eq(1),
    );
    let once_more = (unit_tags::used.eq(unit_tags::used + 1),);
    let insert = diesel::insert_into(unit_tags::table).values(first);
    kept::upsert(insert, &["agency_id"], once_more).execute(conn)?;
    Ok(unit_tags::table
        .find(agency)
        .select((unit_tags::pseudonym, unit_tags::used))
        .first(conn)?)
}

/// The bytes that stand for an agency, once its keys were used.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn pseudonym(conn: &mut Conn, agency: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(unit_tags::table
        .find(agency)
        .select(unit_tags::pseudonym)
        .first(conn)
        .optional()?)
}

/// Keeps what was signed. [`StoreError::Exists`] with [`super::Constraint::Statement`] when the agency used the `jti` in the
/// same moment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep(conn: &mut Conn, row: &StatementRow) -> Result<(), StoreError> {
    diesel::insert_into(signed_statements::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// What an agency signed under a `jti`.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn under(conn: &mut Conn, agency: &str, jti: &str) -> Result<Option<StatementRow>, StoreError> {
    Ok(signed_statements::table
        .find((agency, jti))
        .select(StatementRow::as_select())
        .first(conn)
        .optional()?)
}

/// What was signed of a request, in the order in which it was handed in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_request(conn: &mut Conn, request: &str) -> Result<Vec<StatementRow>, StoreError> {
    Ok(signed_statements::table
        .filter(signed_statements::request_id.eq(request))
        .order(signed_statements::version)
        .select(StatementRow::as_select())
        .load(conn)?)
}

/// The earliest instant since which a key may have been in foreign hands before something was handed in of a request with it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn doubted_since(conn: &mut Conn, request: &str) -> Result<Option<i64>, StoreError> {
    let used: Vec<(String, i64)> = signed_statements::table
        .filter(signed_statements::request_id.eq(request))
        .select((signed_statements::kid, signed_statements::at))
        .load(conn)?;
    let kids: BTreeSet<&str> = used.iter().map(|(kid, _)| kid.as_str()).collect();
    let doubted: Vec<(String, Option<i64>)> = unit_keys::table
        .filter(unit_keys::kid.eq_any(kids))
        .filter(unit_keys::compromised_at.is_not_null())
        .select((unit_keys::kid, unit_keys::compromised_at))
        .load(conn)?;
    let doubted = doubted.into_iter().filter_map(|(kid, since)| {
        let since = since?;
        let by_it = |(with, at): &(String, i64)| *with == kid && since <= *at;
        used.iter().any(by_it).then_some(since)
    });
    Ok(doubted.min())
}

/// What was signed of these requests.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_requests(conn: &mut Conn, ids: &[&str]) -> Result<Vec<StatementRow>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(SOME) {
        let rows: Vec<StatementRow> = signed_statements::table
            .filter(signed_statements::request_id.eq_any(some.iter().copied()))
            .select(StatementRow::as_select())
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The entry of a change: its bytes, and its salt while it is not erased.
pub type EntryBytes = (String, Option<Vec<u8>>);

/// What statements are of, request and version, after one of these, in their order, with the entry of that version.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn stated(
    conn: &mut Conn,
    (request, version): &(String, i32),
    limit: i64,
) -> Result<Vec<(String, i32, Option<EntryBytes>)>, StoreError> {
    let of_entry = history::request_id
        .eq(signed_statements::request_id.nullable())
        .and(history::version.eq(signed_statements::version.nullable()));
    let later = signed_statements::request_id
        .eq(request)
        .and(signed_statements::version.gt(version));
    Ok(signed_statements::table
        .left_join(history::table.on(of_entry))
        .filter(signed_statements::request_id.gt(request).or(later))
        .order((signed_statements::request_id, signed_statements::version))
        .limit(limit)
        .select((
            signed_statements::request_id,
            signed_statements::version,
            (history::data, history::salt).nullable(),
        ))
        .load(conn)?)
}

/// What was handed in under the signature of an agency, without the statements' bytes.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = signed_statements)]
#[allow(missing_docs)]
pub struct UseRow {
    pub jti: String,
    pub digest: Vec<u8>,
    pub kid: String,
    pub request_id: String,
    pub version: i32,
    pub act: String,
    pub at: i64,
    pub number: Option<i32>,
}

/// The entries of changes by request and version, each with its identifier, its bytes and its salt.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries_of(
    conn: &mut Conn,
    changes: &[(&str, i32)],
) -> Result<HashMap<(String, i32), KeyEntry>, StoreError> {
    let mut found = HashMap::new();
    for (request, version) in changes {
        let entry: Option<KeyEntry> = history::table
            .filter(history::request_id.eq(*request))
            .filter(history::version.eq(*version))
            .select((history::id, history::data, history::salt))
            .first(conn)
            .optional()?;
        found.extend(entry.map(|entry| (((*request).to_owned(), *version), entry)));
    }
    Ok(found)
}

/// Uses of an agency's keys after a `jti`, in the order of these.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn uses(
    conn: &mut Conn,
    agency: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<UseRow>, StoreError> {
    Ok(signed_statements::table
        .filter(signed_statements::agency_id.eq(agency))
        .filter(signed_statements::jti.gt(after))
        .order(signed_statements::jti)
        .limit(limit)
        .select(UseRow::as_select())
        .load(conn)?)
}

/// Notes at a request what was signed of it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn note(conn: &mut Conn, request: &str, signed: &str) -> Result<(), StoreError> {
    kept::update(
        requests::table.find(request),
        (requests::signed.eq(signed),),
    )
    .execute(conn)?;
    Ok(())
}
