//! Stored data: as many requests as wanted, copied from real filings with identifiers of their own.

use std::path::Path;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use takedown::store::Conn;
use takedown::store::backend::known_migrations;
use takedown::store::history::NewEntry;
use takedown::store::repeats::{AskedRow, key_of};
use takedown::store::requests::{ItemRow, RequestRow};
use takedown::store::schema::{asked, feed, feed_heads, history, items, requests};
use takedown_core::id::{EntryId, ItemId, Reference, RequestId};
use uuid::Uuid;

use crate::Failed;
use crate::anchors::{Pattern, sealed};
use crate::load;
use crate::parties::{self, PLATFORMS};
use crate::site::Place;

/// Rows are written in groups of so many.
const GROUP: usize = 5_000;

/// A SQLite file with so many requests; made once and kept.
pub fn sqlite(
    runtime: &tokio::runtime::Runtime,
    directory: &Path,
    count: usize,
) -> Result<Place, Failed> {
    let path = directory.join(format!("stored-{count}.db"));
    let mark = directory.join(format!("stored-{count}.made"));
    let place = Place::file(&path);
    let made_of = format!("{:?} 2", known_migrations());
    if std::fs::read_to_string(&mark).ok().as_deref() != Some(&*made_of) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", path.display()));
        }
        fill(runtime, &place, count)?;
        std::fs::write(&mark, made_of)?;
    }
    Ok(place)
}

/// A fresh PostgreSQL database with so many requests.
pub fn postgres(runtime: &tokio::runtime::Runtime, count: usize) -> Result<Place, Failed> {
    let place = Place::postgres()?;
    fill(runtime, &place, count)?;
    Ok(place)
}

fn fill(runtime: &tokio::runtime::Runtime, place: &Place, count: usize) -> Result<(), Failed> {
    let started = Instant::now();
    place.prepare()?;
    let site = place.serve(runtime)?;
    let token = site.agency.clone();
    load::run(
        &site.server.url(),
        1,
        Duration::from_secs(30),
        201,
        move |number| {
            let body = parties::filing(number);
            (number < PLATFORMS as u64)
                .then(|| load::call("POST", "/v1/requests", &token, &body, ""))
        },
    )?;
    drop(site);
    let mut conn = place.open()?;
    let patterns: Vec<Whole> = (0..PLATFORMS)
        .map(|number| Whole::read(&mut conn, &parties::platform(number)))
        .collect::<Result<_, _>>()?;
    if let Conn::Sqlite(conn) = &mut conn {
        conn.batch_execute("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;")?;
    }
    let mut number = PLATFORMS;
    while number < count {
        let end = count.min(number + GROUP);
        let rows: Vec<Whole> = (number..end)
            .map(|n| patterns[n % PLATFORMS].another(n))
            .collect::<Result<_, _>>()?;
        write(&mut conn, &rows)?;
        number = end;
    }
    for platform in 0..PLATFORMS {
        let head = i64::try_from((count - 1 - platform) / PLATFORMS + 1)?;
        diesel::update(feed_heads::table.find(parties::platform(platform)))
            .set(feed_heads::head.eq(head))
            .execute(&mut conn)?;
    }
    match &mut conn {
        Conn::Sqlite(conn) => conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE);")?,
        Conn::Postgres(conn) => {
            // One by one: together they would be one transaction, in which there is no VACUUM.
            for statement in ["SET statement_timeout = 0", "VACUUM ANALYZE", "CHECKPOINT"] {
                conn.batch_execute(statement)?;
            }
        }
    }
    println!(
        "  (stored {count} requests in {:.0} s)",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

/// A row of the feed, in the form that PostgreSQL's COPY takes.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = feed, treat_none_as_default_value = false)]
struct Told {
    party_id: String,
    position: i64,
    entry: String,
}

/// All rows of a filed request.
struct Whole {
    request: RequestRow,
    item: ItemRow,
    entry: NewEntry,
    told: Told,
}

/// Every item is another one, so each was asked about once.
fn asked_once(row: &Whole) -> AskedRow {
    let key = key_of(&row.item, &row.request.platform_id);
    AskedRow {
        comparison_digest: key.digest,
        within: key.within,
        agency_id: row.request.agency_id.clone(),
        times: 1,
        first_at: row.request.filed_at,
        last_at: row.request.filed_at,
        recent: row.item.id.clone(),
        undisclosed: false,
        undisclosed_until: 0,
    }
}

impl Whole {
    fn read(conn: &mut Conn, platform: &str) -> Result<Whole, Failed> {
        let told: Told = feed::table
            .find((platform, 1))
            .select(Told::as_select())
            .first(conn)?;
        let request: RequestRow = requests::table
            .filter(requests::platform_id.eq(platform))
            .order(requests::id)
            .select(RequestRow::as_select())
            .first(conn)?;
        let item = takedown::store::requests::items(conn, &request.id)?
            .pop()
            .ok_or("a request without items")?;
        let Pattern { request, entry } = Pattern::of(conn, request)?;
        Ok(Whole {
            request,
            item,
            entry,
            told,
        })
    }

    fn another(&self, number: usize) -> Result<Whole, Failed> {
        let id = RequestId::from_uuid(Uuid::now_v7());
        let names = [
            (&self.request.id, id.to_string()),
            (
                &self.request.reference,
                Reference::from_request(id).to_string(),
            ),
            (&self.item.id, ItemId::from_uuid(Uuid::now_v7()).to_string()),
            (
                &self.entry.id,
                EntryId::from_uuid(Uuid::now_v7()).to_string(),
            ),
        ];
        let renamed = |text: &str| {
            names.iter().fold(text.to_owned(), |text, (old, new)| {
                text.replace(old.as_str(), new)
            })
        };
        let place = format!("/threads/{}/", number % PLATFORMS);
        let moved = |text: &str| text.replace(&place, &format!("/threads/{number}/"));
        let position = number / PLATFORMS + 1;
        let mut other = Whole {
            request: self.request.clone(),
            item: self.item.clone(),
            entry: self.entry.clone(),
            told: self.told.clone(),
        };
        other.request.id = names[0].1.clone();
        other.request.reference = names[1].1.clone();
        other.request.check_code = format!("{number:019}");
        other.request.agency_reference = Some(format!("KP-{number}/26"));
        other.item.id = names[2].1.clone();
        other.item.request_id = other.request.id.clone();
        other.item.locator = moved(&self.item.locator);
        other.item.comparison_key = moved(&self.item.comparison_key);
        let key = digest(&SHA256, other.item.comparison_key.as_bytes());
        other.item.comparison_digest = key.as_ref()[..16].to_vec();
        other.entry.id = names[3].1.clone();
        other.entry.request_id = Some(other.request.id.clone());
        other.entry.data = renamed(&self.entry.data);
        sealed(&mut other.entry)?;
        other.told.position = i64::try_from(position).unwrap_or(i64::MAX);
        other.told.entry = renamed(&self.told.entry)
            .replace("\"position\":1,", &format!("\"position\":{position},"))
            .replace(
                &format!("KP-{}/26", number % PLATFORMS),
                &format!("KP-{number}/26"),
            );
        Ok(other)
    }
}

/// An item of a request that is open.
fn open(row: &Whole) -> (ItemRow, diesel::dsl::Eq<items::open_in, String>) {
    (
        row.item.clone(),
        items::open_in.eq(row.request.agency_id.clone()),
    )
}

fn write(conn: &mut Conn, rows: &[Whole]) -> Result<(), Failed> {
    rows_of(conn, rows)?;
    while takedown::store::log::sequence(conn, rows.len())? > 0 {}
    Ok(())
}

fn rows_of(conn: &mut Conn, rows: &[Whole]) -> Result<(), Failed> {
    match conn {
        Conn::Sqlite(conn) => conn.immediate_transaction(|conn| {
            for row in rows {
                diesel::insert_into(requests::table)
                    .values(&row.request)
                    .execute(conn)?;
                diesel::insert_into(items::table)
                    .values(open(row))
                    .execute(conn)?;
                diesel::insert_into(asked::table)
                    .values(asked_once(row))
                    .execute(conn)?;
                diesel::insert_into(history::table)
                    .values(&row.entry)
                    .execute(conn)?;
                diesel::insert_into(feed::table)
                    .values(&row.told)
                    .execute(conn)?;
            }
            Ok::<_, Failed>(())
        }),
        Conn::Postgres(conn) => {
            let requests: Vec<_> = rows.iter().map(|r| r.request.clone()).collect();
            let items: Vec<_> = rows.iter().map(|r| r.item.clone()).collect();
            let named: Vec<String> = rows.iter().map(|r| r.item.id.clone()).collect();
            let entries: Vec<_> = rows.iter().map(|r| r.entry.clone()).collect();
            let asked_about: Vec<_> = rows.iter().map(asked_once).collect();
            let told: Vec<_> = rows.iter().map(|r| r.told.clone()).collect();
            diesel::copy_from(requests::table)
                .from_insertable(requests)
                .execute(conn)?;
            diesel::copy_from(items::table)
                .from_insertable(items)
                .execute(conn)?;
            // COPY takes the rows as they are; all are of one agency, and open.
            let agency = rows.first().map(|row| row.request.agency_id.clone());
            diesel::update(items::table.filter(items::id.eq_any(named)))
                .set(items::open_in.eq(agency))
                .execute(conn)?;
            diesel::copy_from(asked::table)
                .from_insertable(asked_about)
                .execute(conn)?;
            diesel::copy_from(history::table)
                .from_insertable(entries)
                .execute(conn)?;
            diesel::copy_from(feed::table)
                .from_insertable(told)
                .execute(conn)?;
            Ok(())
        }
    }
}
