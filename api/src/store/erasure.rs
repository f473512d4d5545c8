//! Destroying what requests were about, and what stands in the way of it.

pub mod ageing;
mod asked;
mod files;

use std::collections::HashSet;

use diesel::prelude::*;

use super::requests::ItemRow;
use super::schema::{
    bounces, decisions, documents, history, holds, idempotency, internal_notes, items, mails,
    messages, objection_codes, objections, outbox, requests, revisions, signed_statements,
};
use super::update as kept;
use super::{Conn, StoreError};

pub use asked::uncount;
pub use files::end_files;

/// So many values stand in one statement.
const SOME: usize = 400;

/// A side wants a request to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = holds)]
#[allow(missing_docs)]
pub struct HoldRow {
    pub request_id: String,
    pub party_id: String,
    pub reason: String,
    pub client_id: String,
    pub placed_at: i64,
}

/// The hold of one side.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn hold_of(conn: &mut Conn, request: &str, party: &str) -> Result<Option<HoldRow>, StoreError> {
    Ok(holds::table
        .find((request, party))
        .select(HoldRow::as_select())
        .first(conn)
        .optional()?)
}

/// Whether any side holds a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn is_held(conn: &mut Conn, request: &str) -> Result<bool, StoreError> {
    let some: Option<String> = holds::table
        .filter(holds::request_id.eq(request))
        .select(holds::party_id)
        .first(conn)
        .optional()?;
    Ok(some.is_some())
}

/// Places a hold, or puts other words in the place of those of the one that is there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn place(conn: &mut Conn, row: &HoldRow) -> Result<(), StoreError> {
    lift(conn, &row.request_id, &row.party_id)?;
    diesel::insert_into(holds::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Lifts a hold; false when there is none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn lift(conn: &mut Conn, request: &str, party: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(holds::table.find((request, party))).execute(conn)? == 1)
}

/// Whether an uploader's objection to an item of the request waits for its answer.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn has_open_objection(conn: &mut Conn, request: &str) -> Result<bool, StoreError> {
    let some: Option<String> = objections::table
        .filter(objections::request_id.eq(request))
        .filter(objections::answered_at.is_null())
        .select(objections::id)
        .first(conn)
        .optional()?;
    Ok(some.is_some())
}

/// What of a request is left, beside the columns that every change writes.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct RequestLeft {
    pub filing: String,
    pub filing_digest: Vec<u8>,
    pub revisions: Option<String>,
    pub oversight: Option<String>,
    pub filing_salt: Option<Vec<u8>>,
    pub erased_at: Option<i64>,
}

/// What of an item is left.
#[derive(Debug, Clone, AsChangeset)]
#[diesel(table_name = items, treat_none_as_null = true)]
#[allow(missing_docs)]
pub struct ItemColumns {
    pub locator: String,
    pub comparison_key: String,
    pub comparison_digest: Vec<u8>,
    pub host: Option<String>,
    pub detail: String,
    pub outcome_detail: Option<String>,
    pub answer: Option<String>,
    pub undone: Option<String>,
}

/// Writes what is left of a request.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn leave(conn: &mut Conn, id: &str, left: &RequestLeft) -> Result<(), StoreError> {
    kept::update(requests::table.find(id), left).execute(conn)?;
    Ok(())
}

/// Writes what is left of an item.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn leave_item(conn: &mut Conn, id: &str, left: &ItemColumns) -> Result<(), StoreError> {
    kept::update(items::table.find(id), left).execute(conn)?;
    Ok(())
}

/// Rewrites the JSON of every outcome that was ever given to these items.
///
/// # Errors
/// [`StoreError`] when the database fails, and those of `left`.
pub fn leave_decisions(
    conn: &mut Conn,
    of: &[ItemRow],
    left: impl Fn(&str) -> Result<String, StoreError>,
) -> Result<(), StoreError> {
    for item in of {
        let all: Vec<(String, String)> = decisions::table
            .filter(decisions::item_id.eq(&item.id))
            .select((decisions::id, decisions::detail))
            .load(conn)?;
        for (id, detail) in all {
            let detail = left(&detail)?;
            kept::update(decisions::table.find(id), (decisions::detail.eq(detail),))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// Rewrites the JSON of every fact that was put right.
///
/// # Errors
/// [`StoreError`] when the database fails, and those of `left`.
pub fn leave_revisions(
    conn: &mut Conn,
    request: &str,
    left: impl Fn(&str) -> Result<String, StoreError>,
) -> Result<(), StoreError> {
    let all: Vec<(i32, String)> = revisions::table
        .filter(revisions::request_id.eq(request))
        .select((revisions::position, revisions::data))
        .load(conn)?;
    for (position, data) in all {
        let data = left(&data)?;
        kept::update(
            revisions::table.find((request, position)),
            (revisions::data.eq(data),),
        )
        .execute(conn)?;
    }
    Ok(())
}

/// How much of what was written about a request was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words {
    /// Messages whose text is gone.
    pub messages: usize,
    /// Of these, with a document.
    pub documents: usize,
    /// Mails.
    pub mails: usize,
}

/// Destroys the texts of messages, documents, notes of either side, what the unit signed, codes of tombstones, and mails.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn words(conn: &mut Conn, request: &str, of: &[ItemRow]) -> Result<Words, StoreError> {
    let its = messages::table.filter(messages::request_id.eq(request));
    let with_document: Vec<String> = its
        .filter(messages::document_digest.is_not_null())
        .select(messages::id)
        .load(conn)?;
    for some in with_document.chunks(SOME) {
        diesel::delete(documents::table.filter(documents::message_id.eq_any(some)))
            .execute(conn)?;
    }
    let messages = diesel::update(its)
        .set((
            messages::text.eq(""),
            messages::document_name.eq(None::<String>),
            messages::document_bytes.eq(None::<i64>),
            messages::document_digest.eq(None::<String>),
        ))
        .execute(conn)?;
    diesel::delete(internal_notes::table.filter(internal_notes::request_id.eq(request)))
        .execute(conn)?;
    // What a unit signed can only go as a whole. Its `jti` stays used, and its digest can be tried out by nobody but the signer.
    let signed = signed_statements::table.filter(signed_statements::request_id.eq(request));
    diesel::update(signed)
        .set(signed_statements::content.eq(Vec::<u8>::new()))
        .execute(conn)?;
    for some in of.chunks(SOME) {
        let ids: Vec<&str> = some.iter().map(|item| item.id.as_str()).collect();
        diesel::delete(objection_codes::table.filter(objection_codes::item_id.eq_any(ids)))
            .execute(conn)?;
    }
    super::links::forget(conn, request)?;
    let about = outbox::table
        .filter(outbox::request_id.eq(request))
        .select(outbox::id);
    diesel::delete(bounces::table.filter(bounces::outbox_id.eq_any(about))).execute(conn)?;
    let mails =
        diesel::delete(mails::table.filter(mails::outbox_id.eq_any(about))).execute(conn)?;
    Ok(Words {
        messages,
        documents: with_document.len(),
        mails,
    })
}

/// Rewrites what was true when notifications about a request were queued.
///
/// # Errors
/// [`StoreError`] when the database fails, and those of `left`; `None` leaves one as it is.
pub fn leave_facts(
    conn: &mut Conn,
    request: &str,
    left: impl Fn(&str) -> Result<Option<String>, StoreError>,
) -> Result<(), StoreError> {
    let all: Vec<(String, String)> = outbox::table
        .filter(outbox::request_id.eq(request))
        .select((outbox::id, outbox::facts))
        .load(conn)?;
    for (id, facts) in all {
        if let Some(facts) = left(&facts)? {
            kept::update(outbox::table.find(id), (outbox::facts.eq(facts),)).execute(conn)?;
        }
    }
    Ok(())
}

/// Forgets the answers to idempotency keys that show the request, or that are about one of its entries: what was said about a
/// request does not name it. They are kept for a day: what was erased because it is old is in none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn forget_answers(
    conn: &mut Conn,
    request: &str,
    entries: &[EntryBytes],
) -> Result<(), StoreError> {
    diesel::delete(idempotency::table.filter(idempotency::body.like(format!("%{request}%"))))
        .execute(conn)?;
    let its: HashSet<&str> = entries.iter().map(|(_, id, _)| id.as_str()).collect();
    let answers: Vec<(String, String, String)> = idempotency::table
        .filter(idempotency::entries.ne(""))
        .select((
            idempotency::client_id,
            idempotency::key,
            idempotency::entries,
        ))
        .load(conn)?;
    for (client, key, about) in &answers {
        if about.split_whitespace().any(|id| its.contains(id)) {
            diesel::delete(idempotency::table.find((client, key))).execute(conn)?;
        }
    }
    Ok(())
}

/// An entry that may be destroyed: its position, its name, its bytes.
pub type EntryBytes = (i64, String, String);

/// The sealed entries that go with a request: its own, and those about it that are not stored under it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn entries_of(conn: &mut Conn, request: &str) -> Result<Vec<EntryBytes>, StoreError> {
    let sealed = || history::table.filter(history::salt.is_not_null());
    let columns = (history::pos, history::id, history::data);
    let mut all: Vec<EntryBytes> = sealed()
        .filter(history::request_id.eq(request))
        .select(columns)
        .load(conn)?;
    let beside: Vec<EntryBytes> = sealed()
        .filter(history::erased_with.eq(request))
        .select(columns)
        .load(conn)?;
    all.extend(beside);
    all.sort_unstable_by_key(|(pos, ..)| *pos);
    Ok(all)
}

/// Destroys bytes and salts of entries. Their leaves stay, and with them the tree.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn destroy(conn: &mut Conn, entries: &[EntryBytes]) -> Result<(), StoreError> {
    for some in entries.chunks(SOME) {
        let positions: Vec<i64> = some.iter().map(|(pos, ..)| *pos).collect();
        diesel::update(history::table.filter(history::pos.eq_any(positions)))
            .set((history::data.eq(""), history::salt.eq(None::<Vec<u8>>)))
            .execute(conn)?;
    }
    Ok(())
}
