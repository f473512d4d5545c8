//! Making the files that were asked for, one after the other, on whichever node has time.
//!
//! What is made lies in the database in pieces, so that any node hands it out and none needs a disk that others see. It can be
//! downloaded once it is whole, and not before. A node that dies leaves its file to another, which begins it anew.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use takedown_core::age::Recipient;
use takedown_core::export::{FileFormat, Viewer};
use takedown_core::history::{Author, Data, Digest, EntryDraft, Subject};
use takedown_core::id::ExportId;
use takedown_core::package::MadeFor;
use takedown_core::policy::{Reach, Role};

use super::aside::Aside;
use super::clear::clear;
use super::out::Out;
use super::packing::{Task, pack};
use super::sink::{LEASE, Sink, Stopped, Whole, signed};
use super::source::Source;
use super::table::Table;
use super::workbook::Book;
use super::written::{fill, unwritten};
use super::{Format, Wanted, scope};
use crate::app::log::append;
use crate::app::parties::parsed;
use crate::app::{Cx, Error};
use crate::store::export::{Items, Place, Selection, Step, count, newest};
use crate::store::exports::{self, DONE, Ended, ExportRow, FAILED, RUNNING, Seen};
use crate::store::{Conn, StoreError};

/// How long a file can be downloaded.
pub const KEPT: TimeDelta = TimeDelta::days(7);
/// A file at which so many nodes died is not begun again.
const ATTEMPTS: i32 = 5;

/// Makes files, one at a time.
pub struct Maker {
    cx: Cx,
    /// Whether it has not run yet.
    fresh: AtomicBool,
    /// A file that could not be made, and why: noted as soon as the database takes it.
    unsettled: Mutex<Option<(Held, &'static str)>>,
}

/// A file, and the attempt by which this node holds it.
type Held = (String, i32);

impl Maker {
    /// For this node.
    #[must_use]
    pub const fn new(cx: Cx) -> Self {
        Self {
            cx,
            fresh: AtomicBool::new(true),
            unsettled: Mutex::new(None),
        }
    }

    fn unsettled(&self) -> MutexGuard<'_, Option<(Held, &'static str)>> {
        self.unsettled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the oldest file that nobody makes; false when there is none. `stops` says that this node is stopping.
    ///
    /// # Errors
    /// Those of the store. What fails for reasons of its own is noted, and is no error.
    pub async fn make_next(&self, stops: impl Fn() -> bool + Send + Sync) -> Result<bool, Error> {
        let cx = &self.cx;
        let unsettled = self.unsettled().clone();
        if let Some((held, reason)) = unsettled {
            fail(cx, &held, reason).await?;
            *self.unsettled() = None;
        }
        let Some(row) = self.next().await? else {
            return Ok(false);
        };
        let task = Making::of(&row);
        let estimated = match &task {
            // What keeps it from being counted keeps it from being made as well, and is told then.
            Ok(task) => task.estimate(cx).await.unwrap_or_default(),
            Err(_) => None,
        };
        let until = (cx.now() + LEASE).timestamp_millis();
        let claimed = row.clone();
        let ours: bool = cx
            .store
            .write(move |conn| exports::claim(conn, &claimed, until, estimated))
            .await
            .map_err(Error::Store)?;
        if !ours {
            return Ok(true);
        }
        let held = (row.id.clone(), row.attempt + 1);
        let made = match task {
            Ok(task) if row.begun < ATTEMPTS => task.make(cx, &held, &stops).await,
            Ok(_) => Err(Stopped::Interrupted),
            Err(error) => Err(Stopped::Failed(error)),
        };
        let reason = match made {
            Ok(whole) => match done(cx, &held, &row, whole).await {
                Ok(()) => return Ok(true),
                Err(error) => reason(&error, &held),
            },
            Err(Stopped::Lost) => {
                tracing::info!(export = held.0, "an export is not ours any more");
                return Ok(true);
            }
            Err(Stopped::Stopping) => {
                // Another node need not wait until the lease has lapsed.
                cx.store
                    .write(move |conn| exports::advance(conn, (&held.0, held.1), 0, (0, 0)))
                    .await
                    .map_err(Error::Store)?;
                return Ok(true);
            }
            Err(Stopped::NotSigned) => "not_sealed",
            Err(Stopped::Interrupted) => "interrupted",
            Err(Stopped::Failed(error)) => reason(&error, &held),
        };
        *self.unsettled() = Some((held.clone(), reason));
        fail(cx, &held, reason).await?;
        *self.unsettled() = None;
        Ok(true)
    }

    async fn next(&self) -> Result<Option<ExportRow>, Error> {
        let cx = &self.cx;
        // Where no other node works on the database, whatever was being made when this one starts was left behind by it.
        let left_behind = self.fresh.swap(false, Ordering::Relaxed) && !cx.store.is_shared();
        let now = match left_behind {
            true => i64::MAX,
            false => cx.now().timestamp_millis(),
        };
        // A package is signed by the log: a node without its key leaves it to others.
        let but = match cx.log.key() {
            Some(_) => None,
            None => Some(FileFormat::Package.as_str()),
        };
        cx.store
            .read(move |conn| exports::next(conn, now, but))
            .await
            .map_err(Error::Store)
    }
}

/// What is told of a failure. What it was in full goes to the log.
fn reason(error: &Error, held: &Held) -> &'static str {
    tracing::error!(%error, export = held.0, "an export could not be made");
    match error {
        Error::Store(StoreError::Full(_)) => "storage_full",
        Error::Store(StoreError::Busy | StoreError::Slow(_) | StoreError::Unavailable(_)) => {
            "database_unavailable"
        }
        Error::Invalid(_) => "nothing_can_match",
        _ => "internal",
    }
}

/// A file as its row says.
struct Making {
    id: ExportId,
    made_for: MadeFor,
    reach: Reach,
    viewer: Viewer,
    format: FileFormat,
    wanted: Wanted,
    recipient: Option<Recipient>,
}

impl Making {
    fn of(row: &ExportRow) -> Result<Self, Error> {
        let role: Role = parsed("role", &row.role)?;
        Ok(Self {
            id: parsed("export id", &row.id)?,
            made_for: MadeFor {
                role,
                scope: row.scope.clone(),
                client: parsed("client id", &row.client_id)?,
            },
            reach: reach(&row.scope)?,
            viewer: parsed("viewer", &row.viewer)?,
            format: parsed("format", &row.format)?,
            wanted: serde_json::from_str(&row.filter).map_err(StoreError::from)?,
            recipient: row
                .recipient
                .as_deref()
                .map(|recipient| parsed("recipient", recipient))
                .transpose()?,
        })
    }

    /// How many rows there will be, where that is soon known.
    async fn estimate(&self, cx: &Cx) -> Result<Option<i64>, Error> {
        let Some(filter) = self.wanted.of_requests() else {
            return Ok(None);
        };
        let last: Option<String> = cx.store.read(newest).await.map_err(Error::Store)?;
        let selection = Selection {
            scope: scope(self.reach)?,
            filter,
            items: Items::default(),
            last: last.unwrap_or_default(),
        };
        let aside = Aside::new(cx);
        let (mut items, mut from) = (0, Some(Place::start()));
        while let Some(place) = from {
            let some = || {
                let (selection, place) = (selection.clone(), place.clone());
                move |conn: &mut Conn| Ok(count(conn, &selection, &place)?)
            };
            let (further, step) = aside.read(some).await?;
            items += further;
            from = match step {
                Step::To(place) => Some(place),
                Step::Done => None,
            };
        }
        Ok(Some(items))
    }

    async fn make(
        &self,
        cx: &Cx,
        (id, attempt): &Held,
        stops: &(dyn Fn() -> bool + Sync),
    ) -> Result<Whole, Stopped> {
        let own: Seen = (id.clone(), *attempt, RUNNING.to_owned());
        if !clear(cx, &own, None).await? {
            return Err(Stopped::Lost);
        }
        let chosen = self.wanted.chosen(cx, self.reach).await?;
        let format = match self.format {
            FileFormat::Csv => Format::Csv,
            FileFormat::Xlsx => Format::Xlsx,
            FileFormat::Parquet => Format::Parquet,
            FileFormat::Ndjson | FileFormat::Package => Format::Ndjson,
        };
        let scope = scope(self.reach)?;
        let mut source = Source::open(cx.clone(), format, self.viewer, scope, chosen).await?;
        let sink = Sink::new(cx, source.aside().pace(), (id, *attempt));
        let out = || Out::new(self.recipient.as_ref()).map_err(unwritten);
        match self.format {
            FileFormat::Ndjson | FileFormat::Csv => {
                return fill(out()?, source, sink, stops).await;
            }
            FileFormat::Xlsx => {
                let heading = source.next_step().await?;
                let heading = heading.map(|chunk| chunk.bytes.to_vec());
                let book = Book::new(out()?, heading.unwrap_or_default());
                return fill(book, source, sink, stops).await;
            }
            FileFormat::Parquet => {
                let columns = self
                    .viewer
                    .columns()
                    .map(|column| (column.name, column.kind));
                let table = Table::new(out()?, columns).map_err(unwritten)?;
                return fill(table, source, sink, stops).await;
            }
            FileFormat::Package => {}
        }
        let task = Task {
            export: self.id,
            made_for: self.made_for.clone(),
            viewer: self.viewer,
            wanted: self.wanted.clone(),
            everything: self.reach == Reach::Everything,
            recipient: self.recipient,
        };
        let whole = pack(cx, &task, source, sink, stops).await?;
        // The notes have served; the file does not need them.
        match clear(cx, &own, Some(exports::NOTES)).await? {
            true => Ok(whole),
            false => Err(Stopped::Lost),
        }
    }
}

/// Which requests somebody may know of, as it was written down.
fn reach(scope: &str) -> Result<Reach, StoreError> {
    if scope == EVERYTHING {
        return Ok(Reach::Everything);
    }
    if let Ok(agency) = scope.parse() {
        return Ok(Reach::Agency(agency));
    }
    parsed("scope", scope).map(Reach::Platform)
}

/// How [`Reach::Everything`] is written down.
pub(in crate::app) const EVERYTHING: &str = MadeFor::EVERYTHING;

/// The file is there, and the history has it: one change.
async fn done(
    cx: &Cx,
    (id, attempt): &(String, i32),
    row: &ExportRow,
    whole: Whole,
) -> Result<(), Error> {
    let now = cx.now();
    let by: Author = serde_json::from_str(&row.author).map_err(StoreError::from)?;
    let entry = EntryDraft {
        subject: Subject::Exchange,
        by,
        at: now,
        data: Data::ExportMade {
            export: parsed("export id", id)?,
            format: row.format.clone(),
            filter: Digest::of(&row.filter),
            rows: whole.rows,
            file: whole.digest,
            encrypted_to: row.recipient.clone(),
        },
    };
    let ended = Ended {
        state: DONE.to_owned(),
        rows_made: signed(whole.rows),
        bytes: signed(whole.bytes),
        digest: Some(whole.digest.to_string()),
        reason: None,
        finished_at: Some(now.timestamp_millis()),
        expires_at: Some((now + KEPT).timestamp_millis()),
    };
    let (id, attempt) = (id.clone(), *attempt);
    cx.store
        .write(move |conn| {
            if exports::end(conn, (&id, attempt), &ended)? {
                append(conn, &entry)?;
            }
            Ok::<_, Error>(())
        })
        .await
}

/// Notes why a file could not be made, and removes what there is of it.
async fn fail(cx: &Cx, (id, attempt): &(String, i32), reason: &str) -> Result<(), Error> {
    let now = cx.now();
    let ended = Ended {
        state: FAILED.to_owned(),
        rows_made: 0,
        bytes: 0,
        digest: None,
        reason: Some(reason.to_owned()),
        finished_at: Some(now.timestamp_millis()),
        expires_at: Some((now + KEPT).timestamp_millis()),
    };
    let (of, attempt) = (id.clone(), *attempt);
    let ours: bool = cx
        .store
        .write(move |conn| exports::end(conn, (&of, attempt), &ended))
        .await
        .map_err(Error::Store)?;
    if ours {
        clear(cx, &(id.clone(), attempt, FAILED.to_owned()), None).await?;
    }
    Ok(())
}
