//! What the two sides write to each other.

use takedown_core::history::{Content, Data, Digest, Said};
use takedown_core::id::{ItemId, MessageId};
use takedown_core::instrument::Obstacle;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::{Change, Command};
use takedown_core::time::At;
use uuid::Uuid;

use super::answer::{Acted, Doing, Expected, act, decide_in_core};
use super::document::{DocumentView, NewDocument};
use super::filing::Text;
use super::load::{identifier, scope_of};
use super::view::RequestView;
use crate::app::once::{Answer, Once};
use crate::app::parties::{instant, parsed};
use crate::app::{Caller, Cx, Error, FieldError, reads};
use crate::store::messages::{self, MessageRow};
use crate::store::{Conn, StoreError, documents, requests};

/// What kind of message it is; three of them move the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// The platform asks; the clock stands.
    Question,
    /// The platform cannot act; the clock stands.
    Obstacle(Obstacle),
    /// It can again.
    ObstacleOver,
    /// The agency answers; the clock goes on.
    Answer,
    /// Changes nothing.
    Note,
}

impl Saying {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Obstacle(_) => "obstacle",
            Self::ObstacleOver => "obstacle_over",
            Self::Answer => "answer",
            Self::Note => "note",
        }
    }

    fn command(self) -> Command {
        match self {
            Self::Question => Command::Ask,
            Self::Obstacle(obstacle) => Command::ReportObstacle(obstacle),
            Self::ObstacleOver => Command::ObstacleOver,
            Self::Answer => Command::Answer,
            Self::Note => Command::Note,
        }
    }
}

/// A message to be written.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// What kind.
    pub saying: Saying,
    /// The text.
    pub text: Text,
    /// The items it is about; none means all.
    pub items: Vec<ItemId>,
    /// The earlier message of the same request that it replies to.
    pub in_reply_to: Option<MessageId>,
    /// The document that comes with it.
    pub document: Option<NewDocument>,
}

/// A message.
#[derive(Debug, Clone)]
pub struct MessageView {
    /// Its identifier.
    pub id: String,
    /// The request it belongs to.
    pub request: String,
    /// Who wrote it: `agency`, `platform`, `uploader`; `recipient` of a mail that went to the wrong one; `operator`.
    pub side: String,
    /// `question`, `obstacle`, `obstacle_over`, `answer`, `note`; or the text that came with a `withdrawal` or a
    /// `reopening`; or the `objection` of an uploader and the `objection_answer` to it; a `doubt`, how it was settled
    /// (`doubt_settled`), or what came with `contact_rejected`.
    pub kind: String,
    /// The text.
    pub text: Text,
    /// For an obstacle, which.
    pub obstacle: Option<String>,
    /// The items it is about.
    pub items: Vec<String>,
    /// When it was written.
    pub at: At,
    /// The earlier message that it replies to.
    pub in_reply_to: Option<String>,
    /// The document that came with it.
    pub document: Option<DocumentView>,
}

impl TryFrom<MessageRow> for MessageView {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Self, StoreError> {
        Ok(Self {
            document: DocumentView::of(&row)?,
            side: row.side,
            text: Text {
                text: row.text,
                language: parsed("language", &row.language)?,
            },
            items: serde_json::from_str(&row.items)?,
            at: instant(row.at)?,
            id: row.id,
            request: row.request_id,
            kind: row.kind,
            obstacle: row.obstacle,
            in_reply_to: row.in_reply_to,
        })
    }
}

/// Writes a message; a question, an obstacle and an answer move the request with it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`], [`Error::Invalid`] for items and messages of other requests, and those of
/// the store.
pub async fn write_message(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    key: Option<Once>,
    message: NewMessage,
    render: fn(&MessageView, i32) -> Answer,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: match message.document {
            Some(_) => Action::AttachDocument,
            None => Action::PostMessage,
        },
        id,
        key,
        expected,
        version_required: false,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let mut errors: Vec<FieldError> = message
            .items
            .iter()
            .enumerate()
            .filter(|(_, id)| view.request.item(**id).is_none())
            .map(|(index, id)| {
                FieldError::new(
                    format!("/items/{index}"),
                    format!("this request has no item {id}"),
                )
            })
            .collect();
        if let Some(earlier) = message.in_reply_to {
            let request = view.request.id.to_string();
            if messages::find(conn, &request, &earlier.to_string())?.is_none() {
                let detail = format!("this request has no message {earlier}");
                errors.push(FieldError::new("/in_reply_to", detail));
            }
        }
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        if let Saying::Obstacle(obstacle) = message.saying {
            check_obstacle(view, obstacle)?;
        }
        let applied = decide_in_core(&by, view, message.saying.command(), now)?;
        let obstacle = match message.saying {
            Saying::Obstacle(obstacle) => Some(obstacle),
            _ => None,
        };
        let words = Words {
            kind: (message.saying.as_str(), obstacle),
            text: &message.text,
            items: &message.items,
            in_reply_to: message.in_reply_to,
            document: message.document.as_ref(),
        };
        let written = write(conn, &by, view, &words, now)?;
        view.document.clone_from(&written.document);
        let said = Said {
            message: parsed("message id", &written.id)?,
            text: Digest::of(&message.text.text),
            document: written.document.as_ref().map(|document| document.digest),
        };
        let saying = message.saying;
        let data = Box::new(move |change: &Change| match saying {
            Saying::Question => Data::asked(said),
            Saying::Obstacle(obstacle) => Data::obstacle(obstacle, said),
            Saying::ObstacleOver => Data::obstacle_over(change, said),
            Saying::Answer => Data::answered(change, said),
            Saying::Note => Data::noted(said),
        });
        Ok(Acted {
            first: None,
            applied,
            data,
            render: Box::new(move |view, _| render(&written, view.request.version)),
        })
    })
    .await
}

/// An obstacle is reported under the instrument's own list, for instance TCO Annex III.
fn check_obstacle(view: &RequestView, obstacle: Obstacle) -> Result<(), Error> {
    let instrument = view.request.instrument.as_str();
    let Some(known) = view.filing.obstacles(instrument) else {
        return Ok(());
    };
    if known.contains(&obstacle) {
        return Ok(());
    }
    let known: Vec<&str> = known.iter().map(|o| o.as_str()).collect();
    let detail = if known.is_empty() {
        format!("{instrument} knows no obstacles; ask a question instead")
    } else {
        format!("{instrument} knows the obstacles {}", known.join(", "))
    };
    Err(Error::Invalid(vec![FieldError::new("/obstacle", detail)]))
}

/// Keeps a text that one side wrote.
pub(super) fn keep(
    conn: &mut Conn,
    by: &Caller,
    view: &RequestView,
    kind: (&str, Option<Obstacle>),
    text: &Text,
    items: &[ItemId],
    now: At,
) -> Result<MessageView, Error> {
    let words = Words {
        kind,
        text,
        items,
        in_reply_to: None,
        document: None,
    };
    write(conn, by, view, &words, now)
}

/// Keeps what an uploader says against what was done to an item.
pub(super) fn keep_objection(
    conn: &mut Conn,
    view: &RequestView,
    text: &Text,
    item: ItemId,
    now: At,
) -> Result<MessageView, Error> {
    let words = Words {
        kind: ("objection", None),
        text,
        items: &[item],
        in_reply_to: None,
        document: None,
    };
    store(conn, "uploader", view, &words, now)
}

/// Keeps what the platform answers to an objection.
pub(super) fn keep_objection_answer(
    conn: &mut Conn,
    view: &RequestView,
    text: &Text,
    (item, objection): (ItemId, MessageId),
    now: At,
) -> Result<MessageView, Error> {
    let words = Words {
        kind: ("objection_answer", None),
        text,
        items: &[item],
        in_reply_to: Some(objection),
        document: None,
    };
    store(conn, "platform", view, &words, now)
}

/// Keeps what somebody said of the request itself, as whoever he is, and gives back how the history names it.
pub(super) fn keep_said(
    conn: &mut Conn,
    view: &RequestView,
    (side, kind): (&str, &str),
    text: &Text,
    now: At,
) -> Result<Said, Error> {
    let words = Words {
        kind: (kind, None),
        text,
        items: &[],
        in_reply_to: None,
        document: None,
    };
    let kept = store(conn, side, view, &words, now)?;
    Ok(Said {
        message: parsed("message id", &kept.id)?,
        text: Digest::of(&text.text),
        document: None,
    })
}

/// What one side wrote, before it is a message.
struct Words<'a> {
    kind: (&'a str, Option<Obstacle>),
    text: &'a Text,
    items: &'a [ItemId],
    in_reply_to: Option<MessageId>,
    document: Option<&'a NewDocument>,
}

fn write(
    conn: &mut Conn,
    by: &Caller,
    view: &RequestView,
    words: &Words<'_>,
    now: At,
) -> Result<MessageView, Error> {
    let side = by.actor.side().ok_or(Error::NotFound)?;
    store(conn, side.as_str(), view, words, now)
}

fn store(
    conn: &mut Conn,
    side: &str,
    view: &RequestView,
    words: &Words<'_>,
    now: At,
) -> Result<MessageView, Error> {
    let (kind, obstacle) = words.kind;
    let document = words.document.map(NewDocument::view);
    let items: Vec<String> = words.items.iter().map(ToString::to_string).collect();
    let row = MessageRow {
        id: MessageId::from_uuid(Uuid::now_v7()).to_string(),
        request_id: view.request.id.to_string(),
        side: side.to_owned(),
        kind: kind.to_owned(),
        text: words.text.text.clone(),
        language: words.text.language.to_string(),
        obstacle: obstacle.map(|o| o.as_str().to_owned()),
        items: serde_json::to_string(&items).map_err(StoreError::from)?,
        at: now.timestamp_millis(),
        in_reply_to: words.in_reply_to.map(|id| id.to_string()),
        document_name: document.as_ref().map(|d| d.name.clone()),
        document_bytes: document.as_ref().map(|d| d.bytes),
        document_digest: document.as_ref().map(|d| d.digest.to_string()),
    };
    messages::insert(conn, &row)?;
    if let Some(document) = words.document {
        documents::insert(conn, &row.id, &document.bytes)?;
    }
    Ok(row.try_into()?)
}

/// The messages of a request after `after`, oldest first.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see.
pub async fn messages(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<MessageView>, Error> {
    authorize(&caller.actor, Action::ListMessages, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let wanted = identifier(id)?;
    let uploaders = caller.reads_uploaders();
    let (request, rows) = cx
        .store
        .read(move |conn| {
            let request = requests::find(conn, &scope, &wanted)?.ok_or(Error::NotFound)?;
            let after = after.as_deref();
            let rows = messages::of_request(conn, &wanted, uploaders, after, limit)?;
            Ok::<_, Error>((request, rows))
        })
        .await?;
    if !rows.is_empty() {
        let id = parsed("request id", &request.id)?;
        let version = Some(request.version);
        reads::of_request(cx, caller, id, version, Content::Messages).await?;
    }
    rows.into_iter()
        .map(MessageView::try_from)
        .collect::<Result<_, StoreError>>()
        .map_err(Error::from)
}
