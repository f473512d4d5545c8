//! The export of imported records: apart from that of the requests, which stays evidence of what was witnessed.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use takedown_core::export::{IMPORT_COLUMNS, ImportRow as Columns};
use takedown_core::history::Data;
use takedown_core::imported::{Facts, PROVENANCE};
use takedown_core::policy::{Action, Resource, authorize};

use super::aside::Aside;
use super::form::Form;
use super::step::CHUNK;
use super::{Chunks, Export, Format, stream};
use crate::app::imports::{Filter, whose};
use crate::app::parties::instant;
use crate::app::{Caller, Cx, Error};
use crate::store::imports::{self, ImportRow, Whose};
use crate::store::{Conn, StoreError};

/// The rows of a step: of the longest locators they still make a chunk.
const ROWS: i64 = 500;

/// Exports the records that the caller may see and that were imported before now, oldest first.
///
/// # Errors
/// As [`super::requests`].
pub async fn records(
    cx: &Cx,
    caller: &Caller,
    format: Format,
    filter: Filter,
) -> Result<Export, Error> {
    authorize(&caller.actor, Action::ExportImports, &Resource::Exchange)?;
    let form = Form::new(format, IMPORT_COLUMNS.iter().map(|column| column.name));
    let last: Option<String> = cx.store.read(imports::newest).await.map_err(Error::Store)?;
    let aside = Aside::new(cx);
    aside.catch_up().await?;
    let records = Records {
        aside,
        whose: whose(caller.actor.reach()),
        filter,
        heading: form.heading(),
        after: last.is_some().then(String::new),
        last: last.unwrap_or_default(),
        form: Arc::new(Mutex::new(form)),
    };
    let exported = move |rows| Data::RecordsExported {
        format: format.as_str().to_owned(),
        rows,
    };
    stream(cx, caller, exported, records).await
}

/// Where an export of records stands.
struct Records {
    aside: Aside,
    whose: Option<Whose>,
    filter: Filter,
    heading: Option<Bytes>,
    after: Option<String>,
    last: String,
    // Shared with the job of the present step, and only with that.
    form: Arc<Mutex<Form>>,
}

impl Chunks for Records {
    async fn next(&mut self) -> Result<Option<(Bytes, u64)>, Error> {
        if let Some(heading) = self.heading.take() {
            return Ok(Some((heading, 0)));
        }
        let (Some(whose), Some(after)) = (self.whose.clone(), self.after.take()) else {
            return Ok(None);
        };
        let place = (after, self.last.clone());
        let step = || {
            let (form, whose, filter) =
                (Arc::clone(&self.form), whose.clone(), self.filter.clone());
            let (after, last) = place.clone();
            move |conn: &mut Conn| {
                let rows = imports::step(conn, &whose, &filter, (&after, &last), ROWS)?;
                write(
                    &mut form.lock().unwrap_or_else(PoisonError::into_inner),
                    &rows,
                )
            }
        };
        let (chunk, rows, after) = self.aside.read(step).await?;
        self.after = after;
        Ok((rows > 0).then_some((chunk, rows)))
    }
}

/// Writes rows until the chunk is full; with how many they were and the last of them, unless there are no more.
fn write(form: &mut Form, rows: &[ImportRow]) -> Result<(Bytes, u64, Option<String>), Error> {
    // A step that was tried before may have left rows behind.
    form.clear();
    let mut written = 0;
    for row in rows {
        if form.len() >= CHUNK {
            break;
        }
        write_row(form, row)?;
        written += 1;
    }
    let more = written < rows.len() || i64::try_from(rows.len()).is_ok_and(|count| count == ROWS);
    let last = written.checked_sub(1).and_then(|place| rows.get(place));
    let after = last.filter(|_| more).map(|row| row.id.clone());
    let count = u64::try_from(written).unwrap_or(u64::MAX);
    Ok((Bytes::from(form.take()), count, after))
}

fn write_row(form: &mut Form, row: &ImportRow) -> Result<(), Error> {
    let facts: Facts = serde_json::from_str(&row.facts).map_err(|_| {
        StoreError::Inconsistent(format!(
            "the facts of {} are not what they should be",
            row.id
        ))
    })?;
    let columns = Columns {
        record_id: &row.id,
        provenance: PROVENANCE,
        agency_id: &row.agency_id,
        agency_reference: row.agency_reference.as_deref(),
        platform_id: row.platform_id.as_deref(),
        platform_name: row.platform_name.as_deref(),
        item_kind: &row.item_kind,
        locator: &row.locator,
        sent_on: facts.sent_on,
        sent_at: facts.sent_at,
        asked: facts.asked.map(|kind| kind.as_str()),
        legal_basis: facts.legal_basis.as_deref(),
        grounds: &facts.grounds,
        outcome: facts.outcome.map(|code| code.as_str()),
        answered_on: facts.answered_on,
        note: facts.note.as_deref(),
        language: facts.language.as_ref().map(|language| language.as_str()),
        file: &row.source_file,
        file_sha256: &row.source_digest,
        sheet: row.source_sheet.as_deref(),
        row: row.source_row,
        imported_at: instant(row.imported_at)?,
        imported_by: &row.client_id,
        withdrawn_at: row.withdrawn_at.map(instant).transpose()?,
        withdrawal_reason: row.withdrawal.as_deref(),
    };
    form.write(IMPORT_COLUMNS.iter().map(|column| (column.value)(&columns)));
    Ok(())
}
