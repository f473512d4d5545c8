//! Putting a package together, member by member, in steps as short as those of every export.

mod lines;
mod readme;

use std::sync::Arc;
use std::time::Duration;

use takedown_core::age::Recipient;
use takedown_core::export::Viewer;
use takedown_core::id::RequestId;
use takedown_core::log::{SignedCheckpoint, SigningKey};
use takedown_core::package::{Counts, Cut, FORMAT, MadeFor, Manifest, Member, Seal};

use self::lines::{Lines, chosen};
use self::readme::readme;
use super::Wanted;
use super::aside::Aside;
use super::notes::{Notes, piece};
use super::out::Out;
use super::proof;
use super::sink::{Sink, Stopped, Whole, signed};
use super::source::Source;
use super::written::unwritten;
use crate::app::{Cx, Error, log};
use crate::package::Writer;
use crate::store::log::packed;
use crate::store::{Conn, StoreError};

/// Entries that are read at a time.
const ENTRIES: i64 = 1_000;
/// How often it is looked whether a checkpoint covers what was exported, and how long between.
const LOOKS: u32 = 600;
const BETWEEN: Duration = Duration::from_millis(100);

/// What a package is made of.
pub(super) struct Task {
    pub(super) export: takedown_core::id::ExportId,
    pub(super) made_for: MadeFor,
    pub(super) viewer: Viewer,
    pub(super) wanted: Wanted,
    pub(super) everything: bool,
    pub(super) recipient: Option<Recipient>,
}

struct Packing<'a> {
    cx: &'a Cx,
    aside: Aside,
    stops: &'a (dyn Fn() -> bool + Sync),
    zip: Writer<Out>,
    sink: Sink,
}

/// Makes a package and stores it.
pub(super) async fn pack(
    cx: &Cx,
    task: &Task,
    source: Source,
    sink: Sink,
    stops: &(dyn Fn() -> bool + Sync),
) -> Result<Whole, Stopped> {
    let key = cx.log.key().ok_or(Stopped::NotSigned)?;
    let out = Out::new(task.recipient.as_ref()).map_err(unwritten)?;
    let mut packing = Packing {
        cx,
        aside: source.aside().clone(),
        stops,
        zip: Writer::new(out),
        sink,
    };
    packing.all(task, source, key).await?;
    let Packing { zip, mut sink, .. } = packing;
    let last = zip.finish().and_then(Out::finish).map_err(unwritten)?;
    sink.take(&last, 0).await?;
    sink.finish().await
}

impl Packing<'_> {
    async fn all(&mut self, task: &Task, source: Source, key: &SigningKey) -> Result<(), Stopped> {
        let cx = self.cx;
        let begun_at = newest(cx).await?.checkpoint().size();
        let complete = task.everything && task.wanted.is_everything();
        let export = task.export.to_string();
        let text = readme(&cx.settings.public_url, &export, cx.now(), key.verifier());
        self.whole(Member::Readme, text.as_bytes()).await?;

        let (rows, requests) = self.rows(source).await?;
        let mut checkpoint = self.covering().await?;
        let size = checkpoint.checkpoint().size();
        let mut lines = Lines::new(task.viewer, task.everything, size);
        self.entries(&mut lines, &mut checkpoint).await?;
        if complete {
            self.others(&mut lines, &mut checkpoint).await?;
        }
        let size = lines.size();
        self.zip.end(Member::Entries).map_err(unwritten)?;
        let shown = Arc::new(std::mem::take(&mut lines.shown));
        let mut at = 0;
        while at < size {
            let (records, next) = proof::records(&self.aside, &shown, at, size).await?;
            self.write(&records, 0).await?;
            at = next;
        }
        self.zip.end(Member::Proof).map_err(unwritten)?;

        let vkey = key.verifier();
        self.whole(Member::Checkpoint, checkpoint.to_string().as_bytes())
            .await?;
        self.whole(Member::Keys, format!("{vkey}\n").as_bytes())
            .await?;
        let policy = format!("log {vkey}\nquorum none\n");
        self.whole(Member::Policy, policy.as_bytes()).await?;
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            exchange: cx.settings.public_url.clone(),
            export: task.export,
            made_at: cx.now(),
            made_for: task.made_for.clone(),
            filter: task.wanted.given()?,
            cut: Cut { begun_at, size },
            complete,
            columns: task
                .viewer
                .columns()
                .map(|column| column.name.to_owned())
                .collect(),
            counts: Counts {
                rows,
                requests,
                entries: lines.entries,
                withheld: lines.withheld,
            },
            members: self.zip.made().to_vec(),
        };
        let mut manifest = serde_json::to_vec_pretty(&manifest).map_err(StoreError::from)?;
        manifest.push(b'\n');
        let seal = Seal::sign(&manifest, key)
            .map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        self.whole(Member::Manifest, &manifest).await?;
        self.whole(Member::Seal, seal.to_string().as_bytes()).await
    }

    /// Writes on the member that comes next, and hands over what is ready.
    async fn write(&mut self, bytes: &[u8], rows: u64) -> Result<(), Stopped> {
        if (self.stops)() {
            return Err(Stopped::Stopping);
        }
        let zip = &mut self.zip;
        self.aside
            .pace()
            .work(|| zip.write(bytes))
            .map_err(unwritten)?;
        let ready = self.zip.out().drain();
        self.sink.take(&ready, rows).await
    }

    async fn whole(&mut self, member: Member, bytes: &[u8]) -> Result<(), Stopped> {
        self.write(bytes, 0).await?;
        Ok(self.zip.end(member).map_err(unwritten)?)
    }

    /// The rows; how many there are, and of how many requests.
    async fn rows(&mut self, source: Source) -> Result<(u64, u64), Stopped> {
        let (mut source, mut notes, mut rows) = (source.noting(), Notes::default(), 0);
        while let Some(chunk) = source.next_step().await? {
            self.write(&chunk.bytes, chunk.rows).await?;
            notes.take(chunk.requests, &self.sink).await?;
            rows += chunk.rows;
        }
        self.zip.end(Member::Rows).map_err(unwritten)?;
        Ok((rows, notes.finish(&self.sink).await?))
    }

    /// A checkpoint that covers everything that was written by now.
    async fn covering(&self) -> Result<SignedCheckpoint, Stopped> {
        let cx = self.cx;
        let newest_entry: i64 = cx.store.read(packed::newest).await.map_err(Error::Store)?;
        for _ in 0..LOOKS {
            let checkpoint = newest(cx).await?;
            let size = signed(checkpoint.checkpoint().size());
            let uncovered: bool = cx
                .store
                .read(move |conn| packed::uncovered(conn, newest_entry, size))
                .await
                .map_err(Error::Store)?;
            if !uncovered {
                // What is read from now on has its place in that tree.
                self.aside.catch_up().await?;
                return Ok(checkpoint);
            }
            if (self.stops)() {
                return Err(Stopped::Stopping);
            }
            self.sink.hold().await?;
            tokio::time::sleep(BETWEEN).await;
        }
        Err(Stopped::NotSigned)
    }

    /// Goes on with a tree that has what was written meanwhile as well.
    async fn further(
        &self,
        lines: &mut Lines,
        checkpoint: &mut SignedCheckpoint,
    ) -> Result<(), Stopped> {
        *checkpoint = self.covering().await?;
        lines.grow(checkpoint.checkpoint().size());
        Ok(())
    }

    /// The entries of the requests that have rows.
    async fn entries(
        &mut self,
        lines: &mut Lines,
        checkpoint: &mut SignedCheckpoint,
    ) -> Result<(), Stopped> {
        let (cx, mut position) = (self.cx, 0);
        while let Some(notes) = piece(cx, self.sink.id(), position).await? {
            let mut notes = notes.as_slice();
            while !notes.is_empty() {
                let (some, rest) = notes.split_at(few(notes));
                let ids: Vec<String> = some.iter().map(|(id, _)| id.to_string()).collect();
                let read = || {
                    let ids = ids.clone();
                    move |conn: &mut Conn| Ok(packed::of_requests(conn, &ids)?)
                };
                let rows = self.aside.read(read).await?;
                let chosen = chosen(some, &rows)?;
                if !lines.covers(&chosen) {
                    // One was erased since the checkpoint was signed. They are read once more, in their places.
                    self.further(lines, checkpoint).await?;
                    continue;
                }
                let mut out = Vec::new();
                lines.of_requests(&chosen, &mut out)?;
                self.write(&out, 0).await?;
                notes = rest;
            }
            position += 1;
        }
        Ok(())
    }

    /// All others of the log.
    async fn others(
        &mut self,
        lines: &mut Lines,
        checkpoint: &mut SignedCheckpoint,
    ) -> Result<(), Stopped> {
        let mut from = 0;
        loop {
            let to = signed(lines.size());
            self.between(lines, (from, to)).await?;
            from = to;
            if !lines.unexplained() {
                return Ok(());
            }
            // One was erased since the checkpoint was signed: the entry that says so comes behind it.
            self.further(lines, checkpoint).await?;
            if signed(lines.size()) == to {
                return Ok(());
            }
        }
    }

    async fn between(
        &mut self,
        lines: &mut Lines,
        (mut from, to): (i64, i64),
    ) -> Result<(), Stopped> {
        while from < to {
            let read = || move |conn: &mut Conn| Ok(packed::placed(conn, (from, to), ENTRIES)?);
            let rows = self.aside.read(read).await?;
            let Some(last) = rows.last().and_then(|row| row.log_index) else {
                break;
            };
            let mut out = Vec::new();
            lines.others(&rows, &mut out)?;
            self.write(&out, 0).await?;
            from = last + 1;
        }
        Ok(())
    }
}

/// How many requests have so few entries together that they are read at once.
fn few(notes: &[(RequestId, i32)]) -> usize {
    let mut entries = 0_i64;
    let some = notes.iter().take_while(|(_, version)| {
        let first = entries == 0;
        entries += i64::from(*version);
        first || entries <= ENTRIES
    });
    some.count().clamp(1, 400)
}

async fn newest(cx: &Cx) -> Result<SignedCheckpoint, Stopped> {
    let note = match log::checkpoint(cx).await {
        Ok(note) => note,
        Err(Error::NotFound) => return Err(Stopped::NotSigned),
        Err(error) => return Err(error.into()),
    };
    note.parse()
        .map_err(|error| StoreError::Inconsistent(format!("a checkpoint: {error}")).into())
}
