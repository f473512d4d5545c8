//! Many webhooks at a time: on PostgreSQL in few statements, because what counts there are round trips; on SQLite in small ones,
//! because what counts there is planning.

use diesel::Column as _;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use diesel::upsert::excluded;

use crate::store::schema::{webhook_deliveries, webhooks};
use crate::store::update::upsert;
use crate::store::webhooks::deliveries::{self, DeliveryRow};
use crate::store::webhooks::{Standing, WebhookRow, is_active};
use crate::store::{Conn, StoreError};

/// Takes those of these webhooks that nobody is at for the holder of `lease` until `until`, and gives them as they stand. Of two nodes
/// at once neither waits for the other. One whose holder died is free again when its lease ends.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn take(
    conn: &mut Conn,
    ids: &[String],
    lease: &str,
    now: i64,
    until: i64,
) -> Result<Vec<WebhookRow>, StoreError> {
    let free = webhooks::table
        .filter(webhooks::id.eq_any(ids))
        .filter(is_active().and(webhooks::lease_until.le(now)));
    let mut taken: Vec<WebhookRow> = match conn {
        Conn::Sqlite(conn) => free.select(WebhookRow::as_select()).load(conn)?,
        Conn::Postgres(conn) => free
            .select(WebhookRow::as_select())
            .for_no_key_update()
            .skip_locked()
            .load(conn)?,
    };
    if taken.is_empty() {
        return Ok(taken);
    }
    for row in &mut taken {
        row.lease = Some(lease.to_owned());
        row.lease_until = until;
    }
    let ids: Vec<&str> = taken.iter().map(|row| row.id.as_str()).collect();
    diesel::update(webhooks::table.filter(webhooks::id.eq_any(ids)))
        .set((webhooks::lease.eq(lease), webhooks::lease_until.eq(until)))
        .execute(conn)?;
    Ok(taken)
}

/// A webhook, under which lease it is held, and its version.
pub type Holder = (String, Option<String>, i32);

/// Under which lease each of these webhooks is held; that stays so until the end of the transaction. Of several those are left out
/// that somebody else is just writing to: the others must not wait for these.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn holders(conn: &mut Conn, ids: &[String]) -> Result<Vec<Holder>, StoreError> {
    let these = webhooks::table.filter(webhooks::id.eq_any(ids)).select((
        webhooks::id,
        webhooks::lease,
        webhooks::version,
    ));
    Ok(match conn {
        Conn::Sqlite(conn) => these.load(conn),
        Conn::Postgres(conn) if ids.len() > 1 => these.for_no_key_update().skip_locked().load(conn),
        Conn::Postgres(conn) => these.for_no_key_update().load(conn),
    }?)
}

/// What another attempt changes of a message that is known already.
macro_rules! told_again {
    () => {
        (
            webhook_deliveries::status.eq(excluded(webhook_deliveries::status)),
            webhook_deliveries::attempts.eq(excluded(webhook_deliveries::attempts)),
            webhook_deliveries::next_at.eq(excluded(webhook_deliveries::next_at)),
            webhook_deliveries::tried_at.eq(excluded(webhook_deliveries::tried_at)),
            webhook_deliveries::http_status.eq(excluded(webhook_deliveries::http_status)),
            webhook_deliveries::answer.eq(excluded(webhook_deliveries::answer)),
            webhook_deliveries::error.eq(excluded(webhook_deliveries::error)),
            webhook_deliveries::took_ms.eq(excluded(webhook_deliveries::took_ms)),
        )
    };
}

/// Writes what became of messages, whether they were known before or not. No two may be of one name and one webhook.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn put(conn: &mut Conn, rows: &[DeliveryRow]) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(conn) => {
            for row in rows {
                upsert(
                    diesel::insert_into(webhook_deliveries::table).values(row),
                    &[
                        webhook_deliveries::webhook_id::NAME,
                        webhook_deliveries::message_id::NAME,
                    ],
                    told_again!(),
                )
                .execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            // A statement has room for 65,535 values.
            for some in rows.chunks(1_000) {
                diesel::insert_into(webhook_deliveries::table)
                    .values(some)
                    .on_conflict((
                        webhook_deliveries::webhook_id,
                        webhook_deliveries::message_id,
                    ))
                    .do_update()
                    .set(told_again!())
                    .execute(conn)?;
            }
        }
    }
    Ok(())
}

// Where somebody let a webhook read its feed again meanwhile, its position is another one, and that counts.
const SETTLE: &str = "\
    UPDATE webhooks SET \
        due_at = (SELECT min(next_at) FROM webhook_deliveries WHERE webhook_id = webhooks.id AND status = 'pending'), \
        position = CASE WHEN webhooks.position = stands.told_from THEN stands.told_to ELSE webhooks.position END, \
        failures = CASE WHEN stands.changed THEN webhooks.failures ELSE stands.failures END, \
        failing_since = CASE WHEN stands.changed THEN webhooks.failing_since ELSE stands.failing_since END, \
        delivered_at = CASE WHEN stands.changed THEN webhooks.delivered_at ELSE stands.delivered_at END, \
        last_error = CASE WHEN stands.changed THEN webhooks.last_error ELSE stands.last_error END, \
        lease = CASE WHEN stands.kept THEN webhooks.lease END, lease_until = stands.lease_until, \
        not_before = coalesce(stands.not_before, webhooks.not_before) \
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::integer[], $5::bigint[], $6::bigint[], $7::text[], \
            $8::boolean[], $9::bigint[], $10::bigint[], $11::boolean[]) \
        AS stands (id, told_from, told_to, failures, failing_since, delivered_at, last_error, kept, lease_until, not_before, changed) \
    WHERE webhooks.id = stands.id";

/// Writes how these webhooks stand, after what became of their messages was written. Only for whoever holds them: see [`holders`].
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn settle(conn: &mut Conn, stand: &[Standing]) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(_) => stand.iter().try_for_each(|one| settle_one(conn, one)),
        Conn::Postgres(conn) => settle_all(conn, stand),
    }
}

fn settle_all(conn: &mut PgConnection, stand: &[Standing]) -> Result<(), StoreError> {
    fn each<'a, T>(stand: &'a [Standing], part: impl Fn(&'a Standing) -> T) -> Vec<T> {
        stand.iter().map(part).collect()
    }
    sql_query(SETTLE)
        .bind::<Array<Text>, _>(each(stand, |one| one.id.as_str()))
        .bind::<Array<BigInt>, _>(each(stand, |one| one.told.0))
        .bind::<Array<BigInt>, _>(each(stand, |one| one.told.1))
        .bind::<Array<Integer>, _>(each(stand, |one| one.failures))
        .bind::<Array<Nullable<BigInt>>, _>(each(stand, |one| one.failing_since))
        .bind::<Array<Nullable<BigInt>>, _>(each(stand, |one| one.delivered_at))
        .bind::<Array<Nullable<Text>>, _>(each(stand, |one| one.last_error.as_deref()))
        .bind::<Array<Bool>, _>(each(stand, |one| one.kept))
        .bind::<Array<BigInt>, _>(each(stand, |one| one.lease_until))
        .bind::<Array<Nullable<BigInt>>, _>(each(stand, |one| one.not_before))
        .bind::<Array<Bool>, _>(each(stand, |one| one.changed))
        .execute(conn)?;
    Ok(())
}

fn settle_one(conn: &mut Conn, stands: &Standing) -> Result<(), StoreError> {
    let due_at = deliveries::next_due(conn, &stands.id)?;
    diesel::update(webhooks::table.find(&stands.id))
        .set((
            webhooks::due_at.eq(due_at),
            webhooks::lease_until.eq(stands.lease_until),
        ))
        .execute(conn)?;
    if !stands.changed {
        diesel::update(webhooks::table.find(&stands.id))
            .set((
                webhooks::failures.eq(stands.failures),
                webhooks::failing_since.eq(stands.failing_since),
                webhooks::delivered_at.eq(stands.delivered_at),
                webhooks::last_error.eq(stands.last_error.as_ref()),
            ))
            .execute(conn)?;
    }
    let (from, to) = stands.told;
    let as_read = webhooks::id.eq(&stands.id).and(webhooks::position.eq(from));
    diesel::update(webhooks::table.filter(as_read))
        .set(webhooks::position.eq(to))
        .execute(conn)?;
    if !stands.kept {
        diesel::update(webhooks::table.find(&stands.id))
            .set(webhooks::lease.eq(None::<String>))
            .execute(conn)?;
    }
    if let Some(at) = stands.not_before {
        diesel::update(webhooks::table.find(&stands.id))
            .set(webhooks::not_before.eq(at))
            .execute(conn)?;
    }
    Ok(())
}
