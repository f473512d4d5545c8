//! Saved texts: reasons of an agency, answers of a platform, with placeholders.
//!
//! A saved text is a help for writing and nothing else: what is sent holds its whole text itself, so that what was said
//! does not change when the saved text does. To anybody but its party it does not exist.

use std::collections::BTreeMap;

use takedown_core::history::{Data, Digest};
use takedown_core::id::SavedTextId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::text::{Language, placeholder};
use takedown_core::time::At;
use uuid::Uuid;

use super::once::{Answer, Once, once};
use super::parties::{instant, parsed};
use super::registering::{Page, invalid, one_more, record};
use super::requests::Expected;
use super::requests::filing::Text;
use super::requests::keeper;
use super::{Caller, Cx, Error, FieldError};
use crate::store::saved_texts::{self, SavedTextRow};
use crate::store::{Conn, Constraint, StoreError};

/// How many texts a party may save.
pub const MOST: i64 = 1_000;
/// Longest text, in characters, saved or filled.
pub const MAX_CHARS: usize = 20_000;

/// A saved text.
#[derive(Debug, Clone)]
pub struct SavedText {
    /// Its identifier.
    pub id: String,
    /// What its party calls it.
    pub name: String,
    /// The text, with its placeholders.
    pub text: String,
    /// Its language.
    pub language: Language,
    /// Counts its versions from 1.
    pub version: i32,
    /// When it was first saved.
    pub created_at: At,
    /// When it was last saved.
    pub updated_at: At,
}

impl TryFrom<SavedTextRow> for SavedText {
    type Error = StoreError;

    fn try_from(row: SavedTextRow) -> Result<Self, StoreError> {
        Ok(Self {
            language: parsed("language", &row.language)?,
            created_at: instant(row.created_at)?,
            updated_at: instant(row.updated_at)?,
            id: row.id,
            name: row.name,
            text: row.text,
            version: row.version,
        })
    }
}

/// A text to be saved.
#[derive(Debug, Clone)]
pub struct NewText {
    /// One line, unique within the party.
    pub name: String,
    /// The text and its language.
    pub text: Text,
}

impl NewText {
    fn check(&self) -> Result<(), Error> {
        placeholder::check(&self.text.text).map_err(|slip| invalid("/text", slip.to_string()))
    }
}

/// Saves a text under a name of its own.
///
/// # Errors
/// [`Error::Invalid`] for double braces that are no placeholder, [`Error::Conflict`] when the party has a text of this
/// name or has saved all it may, [`Error::KeyMismatch`], and those of the store.
pub async fn save(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewText,
    render: fn(&SavedText) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::SaveText, &Resource::Exchange)?;
    let (party, _) = keeper(&caller.actor)?;
    new.check()?;
    let now = cx.now();
    let caller = caller.clone();
    let name = new.name.clone();
    cx.store
        .write(move |conn| {
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                if saved_texts::count(conn, &party)? >= MOST {
                    return Err(Error::Conflict(format!(
                        "You have {MOST} saved texts, and that is all there can be; remove one first."
                    )));
                }
                let row = SavedTextRow {
                    id: SavedTextId::from_uuid(Uuid::now_v7()).to_string(),
                    party_id: party.clone(),
                    name: new.name.clone(),
                    text: new.text.text.clone(),
                    language: new.text.language.to_string(),
                    version: 1,
                    created_at: now.timestamp_millis(),
                    updated_at: now.timestamp_millis(),
                };
                saved_texts::insert(conn, &row)?;
                record_saved(conn, &caller, &row, now)?;
                Ok(render(&row.try_into()?))
            })
        })
        .await
        .map_err(|error| taken(error, &name))
}

/// One's own texts after `after`, in the order in which they were first saved; of one name only, if it is given.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    name: Option<String>,
    after: Option<String>,
    limit: usize,
) -> Result<Page<SavedText>, Error> {
    authorize(&caller.actor, Action::ListTexts, &Resource::Exchange)?;
    let (party, _) = keeper(&caller.actor)?;
    let rows = cx
        .store
        .read(move |conn| {
            let (name, after) = (name.as_deref(), after.as_deref());
            saved_texts::page(conn, &party, name, after, one_more(limit))?
                .into_iter()
                .map(SavedText::try_from)
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

/// One of one's own texts.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<SavedText, Error> {
    authorize(&caller.actor, Action::ReadText, &Resource::Exchange)?;
    own(cx, caller, id).await
}

/// Replaces a text: its name, its words, its language.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and as [`save`].
pub async fn replace(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    new: NewText,
) -> Result<SavedText, Error> {
    authorize(&caller.actor, Action::ReplaceText, &Resource::Exchange)?;
    let (party, _) = keeper(&caller.actor)?;
    let id = identifier(id)?;
    new.check()?;
    let now = cx.now();
    let caller = caller.clone();
    let name = new.name.clone();
    cx.store
        .write(move |conn| {
            let before = saved_texts::find(conn, &party, &id)?.ok_or(Error::NotFound)?;
            expected.check(before.version, false)?;
            let row = SavedTextRow {
                name: new.name.clone(),
                text: new.text.text.clone(),
                language: new.text.language.to_string(),
                version: before.version + 1,
                updated_at: now.timestamp_millis(),
                ..before
            };
            saved_texts::update(conn, &row)?;
            record_saved(conn, &caller, &row, now)?;
            Ok(SavedText::try_from(row)?)
        })
        .await
        .map_err(|error| taken(error, &name))
}

/// Removes a text. What was written with its help stays as it was sent.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn remove(cx: &Cx, caller: &Caller, id: &str, expected: Expected) -> Result<(), Error> {
    authorize(&caller.actor, Action::RemoveText, &Resource::Exchange)?;
    let (party, subject) = keeper(&caller.actor)?;
    let id = identifier(id)?;
    let now = cx.now();
    let author = caller.author();
    cx.store
        .write(move |conn| {
            let row = saved_texts::find(conn, &party, &id)?.ok_or(Error::NotFound)?;
            expected.check(row.version, false)?;
            saved_texts::remove(conn, &party, &id, row.version)?;
            let removed = Data::TextRemoved {
                id: parsed("text id", &id)?,
            };
            record(conn, author, subject, now, removed)
        })
        .await
}

/// A text with its placeholders filled, ready to be sent. Nothing is sent and nothing is stored.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] naming every placeholder without a value and every value without one.
pub async fn fill(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    values: &BTreeMap<String, String>,
) -> Result<Text, Error> {
    authorize(&caller.actor, Action::FillText, &Resource::Exchange)?;
    let saved = own(cx, caller, id).await?;
    let text = placeholder::fill(&saved.text, values).map_err(|unfit| {
        let at = |unfit: placeholder::Unfit| {
            // RFC 6901: a name that a caller made up may hold anything.
            let name = unfit.name().replace('~', "~0").replace('/', "~1");
            FieldError::new(format!("/values/{name}"), unfit.to_string())
        };
        Error::Invalid(unfit.into_iter().map(at).collect())
    })?;
    let chars = text.chars().count();
    if chars > MAX_CHARS {
        let detail =
            format!("the filled text has {chars} characters; a text has at most {MAX_CHARS}");
        return Err(invalid("/values", detail));
    }
    Ok(Text {
        text,
        language: saved.language,
    })
}

async fn own(cx: &Cx, caller: &Caller, id: &str) -> Result<SavedText, Error> {
    let (party, _) = keeper(&caller.actor)?;
    let id = identifier(id)?;
    let row = cx
        .store
        .read(move |conn| saved_texts::find(conn, &party, &id)?.ok_or(Error::NotFound))
        .await?;
    Ok(row.try_into()?)
}

/// What is no identifier of a text names none.
fn identifier(given: &str) -> Result<String, Error> {
    let id: SavedTextId = given.parse().map_err(|_| Error::NotFound)?;
    Ok(id.to_string())
}

fn record_saved(
    conn: &mut Conn,
    caller: &Caller,
    row: &SavedTextRow,
    now: At,
) -> Result<(), Error> {
    let (_, subject) = keeper(&caller.actor)?;
    let saved = Data::TextSaved {
        id: parsed("text id", &row.id)?,
        version: row.version,
        text: Digest::of(&row.text),
    };
    record(conn, caller.author(), subject, now, saved)
}

fn taken(error: Error, name: &str) -> Error {
    match error {
        Error::Store(StoreError::Exists(Constraint::SavedTextName)) => Error::Conflict(format!(
            "You have a saved text of the name {name:?}; replace that one, or choose another name."
        )),
        other => other,
    }
}
