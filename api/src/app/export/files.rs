//! Files that are made while nobody waits, for whoever asked. They are his client's, and exist for nobody else.

use std::collections::BTreeMap;
use std::time::Duration;

use takedown_core::age::Recipient;
use takedown_core::export::FileFormat;
use takedown_core::history::Digest;
use takedown_core::id::ExportId;
use takedown_core::policy::{Action, Permit, Reach, Resource, authorize};
use takedown_core::time::{At, from_millis};
use tokio::time::Instant;
use uuid::Uuid;

use super::make::EVERYTHING;
use super::pieces::Pieces;
use super::{Wanted, viewer_of};
use crate::app::once::{Answer, Once, once};
use crate::app::registering::{Page, one_more};
use crate::app::{Caller, Cx, Error};
use crate::store::StoreError;
use crate::store::exports::{self, DONE, EXPIRED, ExportRow, FAILED, QUEUED, RUNNING};

/// How many files a client may have at once, made and to be made.
pub const MOST: i64 = 20;

/// How often it is looked whether a file is made while somebody waits.
const BETWEEN: Duration = Duration::from_millis(200);

/// A file to be made.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// In which form.
    pub format: FileFormat,
    /// Of what.
    pub wanted: Wanted,
    /// For whom it is encrypted.
    pub recipient: Option<Recipient>,
}

/// A file, and how it stands with it.
#[derive(Debug, Clone)]
pub struct File {
    /// Its identifier.
    pub id: String,
    /// In which form.
    pub format: String,
    /// What was chosen, by name.
    pub filter: BTreeMap<String, String>,
    /// What is stored of it but means nothing to this version of the exchange, by name.
    pub unreadable: Vec<&'static str>,
    /// For whom it is encrypted.
    pub encrypted_to: Option<String>,
    /// `queued`, `running`, `done`, `failed` or `expired`.
    pub state: String,
    /// Why it failed.
    pub reason: Option<String>,
    /// Rows there are by now.
    pub rows: i64,
    /// Rows there will be, about.
    pub rows_estimated: Option<i64>,
    /// Its bytes by now.
    pub bytes: i64,
    /// Of all its bytes.
    pub digest: Option<Digest>,
    /// When it was asked for.
    pub created_at: At,
    /// When it was made, or failed.
    pub finished_at: Option<At>,
    /// Until when it can be downloaded.
    pub expires_at: Option<At>,
}

impl From<ExportRow> for File {
    /// What cannot be read is left out and named: one file that a newer version made, or that was damaged, hides no other.
    fn from(row: ExportRow) -> Self {
        let mut unreadable = Vec::new();
        if row.format.parse::<FileFormat>().is_err() {
            unreadable.push("format");
        }
        let filter = serde_json::from_str(&row.filter).unwrap_or_else(|_| {
            unreadable.push("filter");
            BTreeMap::new()
        });
        let digest = row.digest.and_then(|digest| {
            let read = digest.parse().ok();
            if read.is_none() {
                unreadable.push("sha256");
            }
            read
        });
        let mut read = |name, millis: i64| {
            let read = from_millis(millis).ok();
            if read.is_none() {
                unreadable.push(name);
            }
            read
        };
        let created_at = read("created_at", row.created_at);
        let finished_at = row.finished_at.and_then(|at| read("finished_at", at));
        let expires_at = row.expires_at.and_then(|at| read("expires_at", at));
        Self {
            created_at: created_at.unwrap_or(At::UNIX_EPOCH),
            finished_at,
            expires_at,
            format: row.format,
            filter,
            unreadable,
            encrypted_to: row.recipient,
            reason: row.reason,
            rows: row.rows_made,
            rows_estimated: row.rows_estimated,
            bytes: row.bytes,
            digest,
            id: row.id,
            state: row.state,
        }
    }
}

impl File {
    /// What the file is called when it is saved.
    #[must_use]
    pub fn name(&self) -> String {
        let at = self.finished_at.unwrap_or(self.created_at);
        let age = if self.encrypted_to.is_some() {
            ".age"
        } else {
            ""
        };
        format!(
            "requests-{}.{}{age}",
            at.format("%Y%m%dT%H%M%SZ"),
            self.form().map_or("bin", FileFormat::extension)
        )
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        let form = self.form().filter(|_| self.encrypted_to.is_none());
        form.map_or("application/octet-stream", FileFormat::media_type)
    }

    fn form(&self) -> Option<FileFormat> {
        self.format.parse().ok()
    }
}

/// Asks for a file.
///
/// # Errors
/// [`Error::Invalid`] when nothing can be what is wanted, [`Error::Conflict`] when the client has all the files it may,
/// [`Error::KeyMismatch`], and those of the policy and the store.
pub async fn ask(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewFile,
    render: fn(&File) -> Answer,
) -> Result<Answer, Error> {
    let permit = authorize(&caller.actor, Action::MakeExport, &Resource::Exchange)?;
    let viewer = viewer_of(&permit).ok_or(Error::NotFound)?;
    new.wanted
        .chosen(cx, permit.reach())
        .await
        .map_err(in_filter)?;
    let now = cx.now();
    let row = ExportRow {
        id: ExportId::from_uuid(Uuid::now_v7()).to_string(),
        client_id: caller.client.to_string(),
        author: serde_json::to_string(&caller.author()).map_err(StoreError::from)?,
        role: caller.actor.role().to_string(),
        scope: scope_of(&permit)?,
        viewer: viewer.to_string(),
        format: new.format.to_string(),
        filter: serde_json::to_string(&new.wanted).map_err(StoreError::from)?,
        recipient: new.recipient.map(|recipient| recipient.to_string()),
        state: QUEUED.to_owned(),
        attempt: 0,
        begun: 0,
        lease_until: 0,
        rows_made: 0,
        rows_estimated: None,
        bytes: 0,
        digest: None,
        reason: None,
        created_at: now.timestamp_millis(),
        finished_at: None,
        expires_at: None,
    };
    cx.store
        .write(move |conn| {
            once(conn, &row.client_id, key.as_ref(), now, |conn| {
                if exports::held(conn, &row.client_id)? >= MOST {
                    return Err(Error::Conflict(format!(
                        "You have {MOST} exports, made or to be made, and that is all there can be; delete one first."
                    )));
                }
                exports::insert(conn, &row)?;
                Ok(render(&row.clone().into()))
            })
        })
        .await
}

/// One's own files, newest first, older than `before`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    before: Option<String>,
    limit: usize,
) -> Result<Page<File>, Error> {
    let permit = authorize(&caller.actor, Action::ListExports, &Resource::Exchange)?;
    let (client, scope) = (caller.client.to_string(), scope_of(&permit)?);
    let rows = cx
        .store
        .read(move |conn| {
            exports::page(conn, (&client, &scope), before.as_deref(), one_more(limit))
        })
        .await
        .map_err(Error::Store)?;
    Ok(Page::cut(rows.into_iter().map(File::from).collect(), limit))
}

/// How it stands with one of one's own files. Waits up to `patience` until it is made or could not be.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn read(cx: &Cx, caller: &Caller, id: &str, patience: Duration) -> Result<File, Error> {
    let permit = authorize(&caller.actor, Action::ReadExport, &Resource::Exchange)?;
    let latest = Instant::now() + patience;
    loop {
        let file = own(cx, caller, &permit, id).await?;
        let open = [QUEUED, RUNNING].contains(&file.state.as_str());
        if !open || Instant::now() >= latest {
            return Ok(file);
        }
        // Whichever node makes it says so in the database and nowhere else.
        tokio::time::sleep_until(latest.min(Instant::now() + BETWEEN)).await;
    }
}

/// One of one's own files, with its pieces.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] unless it is made, and those of the policy and the store.
pub async fn content(cx: &Cx, caller: &Caller, id: &str) -> Result<(File, Pieces), Error> {
    let permit = authorize(&caller.actor, Action::DownloadExport, &Resource::Exchange)?;
    let file = own(cx, caller, &permit, id).await?;
    match file.state.as_str() {
        DONE if file.digest.is_some() => {}
        DONE => {
            return Err(Error::Conflict(
                "What is stored of this export cannot be read any more; ask for it anew.".into(),
            ));
        }
        EXPIRED => {
            return Err(Error::Conflict(
                "The time of this export is over; ask for it anew.".into(),
            ));
        }
        FAILED => {
            return Err(Error::Conflict(format!(
                "This export could not be made ({}); have it made again, or ask for it anew.",
                file.reason.as_deref().unwrap_or("internal")
            )));
        }
        _ => {
            return Err(Error::Conflict(
                "This export is not made yet; look at it again in a moment.".into(),
            ));
        }
    }
    let pieces = Pieces::of(cx, &file.id);
    Ok((file, pieces))
}

/// Has a file that failed made again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Conflict`] when it did not fail, [`Error::KeyMismatch`], and those of the policy and the store.
pub async fn retry(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    id: &str,
    render: fn(&File) -> Answer,
) -> Result<Answer, Error> {
    let permit = authorize(&caller.actor, Action::RetryExport, &Resource::Exchange)?;
    let (client, scope) = (caller.client.to_string(), scope_of(&permit)?);
    let (id, now) = (identifier(id)?, cx.now());
    cx.store
        .write(move |conn| {
            once(conn, &client, key.as_ref(), now, |conn| {
                let row = exports::find(conn, &client, &id)?;
                let row = row
                    .filter(|row| row.scope == scope)
                    .ok_or(Error::NotFound)?;
                if !exports::again(conn, &client, &id)? {
                    return Err(Error::Conflict(format!(
                        "Only an export that failed is made again; this one is {}.",
                        row.state
                    )));
                }
                let row = exports::find(conn, &client, &id)?.ok_or(Error::NotFound)?;
                Ok(render(&row.into()))
            })
        })
        .await
}

/// Forgets one of one's own files: it is made no further, and can be downloaded no more.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn forget(cx: &Cx, caller: &Caller, id: &str) -> Result<(), Error> {
    let permit = authorize(&caller.actor, Action::ForgetExport, &Resource::Exchange)?;
    let (client, scope) = (caller.client.to_string(), scope_of(&permit)?);
    let id = identifier(id)?;
    cx.store
        .write(move |conn| {
            let row = exports::find(conn, &client, &id)?;
            row.filter(|row| row.scope == scope)
                .ok_or(Error::NotFound)?;
            Ok::<_, Error>(exports::forget(conn, &id)?)
        })
        .await
}

async fn own(cx: &Cx, caller: &Caller, permit: &Permit, id: &str) -> Result<File, Error> {
    let (client, scope) = (caller.client.to_string(), scope_of(permit)?);
    let id = identifier(id)?;
    let row = cx
        .store
        .read(move |conn| exports::find(conn, &client, &id))
        .await
        .map_err(Error::Store)?;
    // Whoever may see less than when he asked for it does not get it.
    let row = row.filter(|row: &ExportRow| row.scope == scope);
    Ok(row.ok_or(Error::NotFound)?.into())
}

/// What is no identifier of a file names none.
fn identifier(given: &str) -> Result<String, Error> {
    let id: ExportId = given.parse().map_err(|_| Error::NotFound)?;
    Ok(id.to_string())
}

fn scope_of(permit: &Permit) -> Result<String, Error> {
    match permit.reach() {
        Reach::Everything => Ok(EVERYTHING.to_owned()),
        Reach::Agency(id) => Ok(id.to_string()),
        Reach::Platform(id) => Ok(id.to_string()),
        Reach::Nothing => Err(Error::NotFound),
    }
}

/// What is wrong is told where it stands in the body.
fn in_filter(error: Error) -> Error {
    match error {
        Error::Invalid(mut errors) => {
            for error in &mut errors {
                error.pointer = format!("/filter{}", error.pointer);
            }
            Error::Invalid(errors)
        }
        other => other,
    }
}
