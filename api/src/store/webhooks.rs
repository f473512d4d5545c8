//! Addresses that are told of what comes into a party's inbox, and how they stand.
//!
//! What callers ask is bound to the party. What is sent is no queue of its own: a webhook reads its party's feed from `position`
//! on, as a poller would, so that an event cannot be stored without being sent.

pub mod deliveries;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use takedown_core::webhook::WebhookStatus;

use super::schema::{feed_heads, webhook_deliveries, webhooks};
use super::{Conn, StoreError};

/// A webhook as stored; `secrets` is JSON. See the migration.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhooks, treat_none_as_default_value = false)]
#[allow(missing_docs)]
pub struct WebhookRow {
    pub id: String,
    pub party_id: String,
    pub url: String,
    pub description: String,
    pub status: String,
    pub disabled: Option<String>,
    pub secrets: String,
    pub version: i32,
    pub created_at: i64,
    pub updated_at: i64,
    pub position: i64,
    pub due_at: Option<i64>,
    pub not_before: i64,
    pub lease: Option<String>,
    pub lease_until: i64,
    pub failures: i32,
    pub failing_since: Option<i64>,
    pub delivered_at: Option<i64>,
    pub last_error: Option<String>,
}

impl WebhookRow {
    /// One that was just registered: switched on, told nothing yet, and never failed. `at` is in milliseconds since 1970.
    #[must_use]
    pub fn new(id: String, party_id: String, url: String, secrets: String, at: i64) -> Self {
        Self {
            id,
            party_id,
            url,
            description: String::new(),
            status: WebhookStatus::Active.to_string(),
            disabled: None,
            secrets,
            version: 1,
            created_at: at,
            updated_at: at,
            position: 0,
            due_at: None,
            not_before: 0,
            lease: None,
            lease_until: 0,
            failures: 0,
            failing_since: None,
            delivered_at: None,
            last_error: None,
        }
    }
}

/// `status = 'active'` in the words of the partial index: neither database uses that for a bound value.
pub(super) fn is_active() -> SqlLiteral<Bool> {
    sql("webhooks.status = 'active'")
}

/// The party's webhook with this identifier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(conn: &mut Conn, party: &str, id: &str) -> Result<Option<WebhookRow>, StoreError> {
    Ok(webhooks::table
        .filter(webhooks::id.eq(id).and(webhooks::party_id.eq(party)))
        .select(WebhookRow::as_select())
        .first(conn)
        .optional()?)
}

/// Webhooks after `after` in the order of their registration: the party's, or everybody's.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn page(
    conn: &mut Conn,
    party: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<WebhookRow>, StoreError> {
    let mut query = webhooks::table
        .filter(webhooks::id.gt(after.unwrap_or_default().to_owned()))
        .into_boxed();
    if let Some(party) = party {
        query = query.filter(webhooks::party_id.eq(party.to_owned()));
    }
    Ok(query
        .order(webhooks::id)
        .limit(limit)
        .select(WebhookRow::as_select())
        .load(conn)?)
}

/// How many webhooks the party has.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(conn: &mut Conn, party: &str) -> Result<i64, StoreError> {
    Ok(webhooks::table
        .filter(webhooks::party_id.eq(party))
        .count()
        .get_result(conn)?)
}

/// Stores a new webhook.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(conn: &mut Conn, row: &WebhookRow) -> Result<(), StoreError> {
    diesel::insert_into(webhooks::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Writes what its party says of a webhook, where its version is one less than `row.version`. How its deliveries stand is left as
/// it is.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between.
pub fn update(conn: &mut Conn, row: &WebhookRow) -> Result<(), StoreError> {
    let before = webhooks::id
        .eq(&row.id)
        .and(webhooks::version.eq(row.version - 1));
    let changed = diesel::update(webhooks::table.filter(before))
        .set((
            webhooks::url.eq(&row.url),
            webhooks::description.eq(&row.description),
            webhooks::status.eq(&row.status),
            webhooks::disabled.eq(row.disabled.as_ref()),
            webhooks::secrets.eq(&row.secrets),
            webhooks::version.eq(row.version),
            webhooks::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    changed_one(changed)
}

/// Lets a webhook begin anew after it was disabled or its address changed: what was wrong before counts no more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn refresh(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    diesel::update(webhooks::table.find(id))
        .set((
            webhooks::not_before.eq(0),
            webhooks::failures.eq(0),
            webhooks::failing_since.eq(None::<i64>),
            webhooks::last_error.eq(None::<String>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Removes the party's webhook in this version, with what is known of its deliveries.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed it in between.
pub fn remove(conn: &mut Conn, id: &str, version: i32) -> Result<(), StoreError> {
    let own = webhooks::id.eq(id).and(webhooks::version.eq(version));
    let removed = diesel::delete(webhooks::table.filter(own)).execute(conn)?;
    changed_one(removed)?;
    let of_it = webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(id));
    diesel::delete(of_it).execute(conn)?;
    Ok(())
}

/// Lets it read its feed again from behind `position`, if it is further; says from where on it would have read.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn rewind(conn: &mut Conn, id: &str, position: i64) -> Result<(), StoreError> {
    let further = webhooks::id.eq(id).and(webhooks::position.gt(position));
    diesel::update(webhooks::table.filter(further))
        .set(webhooks::position.eq(position))
        .execute(conn)?;
    Ok(())
}

/// Webhooks, of these parties or of all, that have something to send and that nobody is at, those first that were left alone for
/// longest.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn due(
    conn: &mut Conn,
    parties: Option<&[String]>,
    now: i64,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let news = webhooks::position.lt(feed_heads::head);
    let repeats = webhooks::due_at
        .is_not_null()
        .and(webhooks::due_at.assume_not_null().le(now));
    let mut query = webhooks::table
        .inner_join(feed_heads::table.on(feed_heads::party_id.eq(webhooks::party_id)))
        .filter(
            is_active()
                .and(webhooks::lease_until.le(now))
                .and(webhooks::not_before.le(now))
                .and(news.or(repeats)),
        )
        .select(webhooks::id)
        .into_boxed();
    if let Some(parties) = parties {
        query = query.filter(webhooks::party_id.eq_any(parties));
    }
    Ok(query.order(webhooks::lease_until).limit(limit).load(conn)?)
}

/// Which parties, of these or of all, have a webhook that becomes due by the time alone, after `now` and until `until`, and when.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn soon(
    conn: &mut Conn,
    parties: Option<&[String]>,
    (now, until): (i64, i64),
) -> Result<Vec<(i64, String)>, StoreError> {
    let repeats = webhooks::due_at.is_not_null().and(
        webhooks::due_at
            .assume_not_null()
            .between(now.saturating_add(1), until),
    );
    let goes_on = webhooks::not_before.between(now.saturating_add(1), until);
    let mut query = webhooks::table
        .filter(is_active().and(repeats.or(goes_on)))
        .select((webhooks::party_id, webhooks::due_at, webhooks::not_before))
        .into_boxed();
    if let Some(parties) = parties {
        query = query.filter(webhooks::party_id.eq_any(parties));
    }
    let found: Vec<(String, Option<i64>, i64)> = query.load(conn)?;
    let at = |(party, due_at, not_before): (String, Option<i64>, i64)| {
        (not_before.max(due_at.unwrap_or(not_before)), party)
    };
    let soon = found.into_iter().map(at);
    Ok(soon.filter(|(at, _)| *at > now && *at <= until).collect())
}

/// The webhook that is held under `lease`, while it is active.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn held(conn: &mut Conn, id: &str, lease: &str) -> Result<Option<WebhookRow>, StoreError> {
    Ok(webhooks::table
        .filter(webhooks::id.eq(id).and(webhooks::lease.eq(lease)))
        .filter(is_active())
        .select(WebhookRow::as_select())
        .first(conn)
        .optional()?)
}

/// Holds it until `until`; false when it is not held under `lease` any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn renew(conn: &mut Conn, id: &str, lease: &str, until: i64) -> Result<bool, StoreError> {
    let ours = webhooks::table.filter(webhooks::id.eq(id).and(webhooks::lease.eq(lease)));
    let renewed = diesel::update(ours)
        .set(webhooks::lease_until.eq(until))
        .execute(conn)?;
    Ok(renewed == 1)
}

/// Gives it back: anybody may have it from `now` on, and nothing is sent before `not_before`, where that is given.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn release(
    conn: &mut Conn,
    id: &str,
    lease: &str,
    now: i64,
    not_before: Option<i64>,
) -> Result<(), StoreError> {
    let ours = webhooks::id.eq(id).and(webhooks::lease.eq(lease));
    if let Some(at) = not_before {
        diesel::update(webhooks::table.filter(ours))
            .set(webhooks::not_before.eq(at))
            .execute(conn)?;
    }
    diesel::update(webhooks::table.filter(ours))
        .set((
            webhooks::lease.eq(None::<String>),
            webhooks::lease_until.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// How a webhook stands after a round. See [`super::backend::hooked::settle`].
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which one.
    pub id: String,
    /// From where to where of the feed it was told.
    pub told: (i64, i64),
    /// Failures in a row.
    pub failures: i32,
    /// Since when nothing arrived, while that is so.
    pub failing_since: Option<i64>,
    /// When something last arrived.
    pub delivered_at: Option<i64>,
    /// Why the last failure.
    pub last_error: Option<String>,
    /// Whether its holder goes on with it; otherwise anybody may have it from `lease_until` on.
    pub kept: bool,
    /// Until when it is held.
    pub lease_until: i64,
    /// Before when nothing is sent, where that is new.
    pub not_before: Option<i64>,
    /// Whether its party changed it meanwhile: what came of the former address does not count for this one.
    pub changed: bool,
}

/// Disables it for a reason of the exchange's own; false when it was not active any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn disable(conn: &mut Conn, id: &str, reason: &str, now: i64) -> Result<bool, StoreError> {
    let active = webhooks::table
        .filter(webhooks::id.eq(id))
        .filter(is_active());
    let disabled = diesel::update(active)
        .set((
            webhooks::status.eq("disabled"),
            webhooks::disabled.eq(reason),
            webhooks::version.eq(webhooks::version + 1),
            webhooks::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(disabled == 1)
}

/// Something is to be sent again at this instant, if nothing is earlier.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn wake(conn: &mut Conn, id: &str) -> Result<(), StoreError> {
    let due = deliveries::next_due(conn, id)?;
    diesel::update(webhooks::table.find(id))
        .set((webhooks::due_at.eq(due), webhooks::not_before.eq(0)))
        .execute(conn)?;
    Ok(())
}

fn changed_one(changed: usize) -> Result<(), StoreError> {
    match changed {
        1 => Ok(()),
        _ => Err(StoreError::Stale),
    }
}

/// Puts keys that were sealed anew in the place of what was read of them; false when its party changed them meanwhile.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn reseal(
    conn: &mut Conn,
    id: &str,
    (before, after): (&str, &str),
) -> Result<bool, StoreError> {
    let same = webhooks::id.eq(id).and(webhooks::secrets.eq(before));
    let changed = diesel::update(webhooks::table.filter(same))
        .set(webhooks::secrets.eq(after))
        .execute(conn)?;
    Ok(changed == 1)
}
