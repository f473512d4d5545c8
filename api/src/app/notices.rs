//! What an agency tells a platform before its first order under an instrument that asks for it: procedures and deadlines.
//!
//! The hours count from when the notice is stored and in the platform's inbox. When the platform reads it is recorded.

use std::sync::Arc;

use takedown_core::history::{Data, Digest, EntryDraft, Subject};
use takedown_core::id::{PlatformId, PriorNoticeId, Reference, RequestId};
use takedown_core::instrument::Catalogue;
use takedown_core::policy::{Action, Party, Resource, authorize};
use takedown_core::request::Side;
use takedown_core::time::At;
use uuid::Uuid;

use super::log::append;
use super::notify::{Facts, queued};
use super::once::{Answer, Once, once};
use super::parties::{Agency, Platform, instant, parsed};
use super::registering::{invalid, one_more};
use super::registry::{load_agency, load_platform};
use super::requests::filing::Text;
use super::requests::{CheckCode, Published, filing_agency};
use super::{Caller, Cx, Error};
use crate::store::notices::{self, NoticeRow, Whose};
use crate::store::outbox::{self, OutboxRow};
use crate::store::{Conn, StoreError, feed};

/// What its mail and its entry in the inbox are called.
pub const GIVEN: &str = "notice.given";

/// A notice.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// Its identifier.
    pub id: PriorNoticeId,
    /// Short and speakable.
    pub reference: Reference,
    /// Unguessable; whoever was sent it in a mail checks with it that the mail is real.
    pub check_code: CheckCode,
    /// Who gives it.
    pub agency: Arc<Agency>,
    /// Who is told.
    pub platform: Arc<Platform>,
    /// The power that may be claimed.
    pub instrument: String,
    /// Title and citation of that power.
    pub power: (String, String),
    /// What is told.
    pub text: Text,
    /// When it was given.
    pub given_at: At,
    /// When the platform first read it.
    pub read_at: Option<At>,
    /// From when on a first order can follow it; nothing when the instrument is not offered any more.
    pub order_from: Option<At>,
}

/// A notice as the feed of its platform shows it.
#[derive(Debug, Clone)]
pub struct NoticeEvent<'a> {
    /// Identifier of the history entry.
    pub id: String,
    /// Position in the platform's feed.
    pub position: i64,
    /// The notice.
    pub notice: &'a NoticeView,
}

/// A notice to be given.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// To whom.
    pub platform: PlatformId,
    /// Of which power.
    pub instrument: String,
    /// What is told.
    pub text: Text,
}

/// How a notice is answered.
pub type Render = fn(&NoticeView) -> Answer;

/// Tells a platform beforehand. Told again it is another notice; the first one counts.
///
/// # Errors
/// [`Error::Forbidden`] while the agency is not verified, [`Error::Invalid`] for an instrument that asks for no notice and
/// for a platform that cannot be asked, [`Error::KeyMismatch`], and those of the policy and the store.
pub async fn give(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewNotice,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::GiveNotice, &Resource::Exchange)?;
    let now = cx.now();
    let agency = filing_agency(cx, caller, now).await?;
    let catalogue = &cx.powers.catalogue;
    let asks = catalogue.get(&new.instrument);
    if asks.is_none_or(|instrument| instrument.prior_notice.is_none()) {
        let some: Vec<&str> = catalogue
            .iter()
            .filter(|instrument| instrument.prior_notice.is_some())
            .map(|instrument| instrument.id.as_str())
            .collect();
        let says = format!(
            "no notice is given of it before a first order; it is one of {}",
            some.join(", ")
        );
        return Err(invalid("/instrument", says));
    }
    let platform = cx.registry.platform(&new.platform.to_string()).await?;
    let open = |p: &Arc<Platform>| !p.suspended && p.standing.can_be_asked();
    let platform = platform.filter(open).ok_or_else(|| {
        invalid(
            "/platform",
            format!(
                "there is no platform {} that can be asked; GET /v1/platforms lists them",
                new.platform
            ),
        )
    })?;
    let (cx2, caller) = (cx.clone(), caller.clone());
    let (answer, _) = cx
        .store
        .write_then(
            move |conn| {
                let mut published = Vec::new();
                let client = caller.client.to_string();
                let answer = once(conn, &client, key.as_ref(), now, |conn| {
                    let id = PriorNoticeId::from_uuid(Uuid::now_v7());
                    let row = NoticeRow {
                        id: id.to_string(),
                        check_code: CheckCode::draw()?.to_string(),
                        agency_id: agency.id.to_string(),
                        platform_id: platform.id.to_string(),
                        instrument: new.instrument.clone(),
                        text: new.text.text.clone(),
                        language: new.text.language.to_string(),
                        given_at: now.timestamp_millis(),
                        read_at: None,
                    };
                    notices::insert(conn, &row)?;
                    let entry = EntryDraft {
                        subject: Subject::Platform { id: platform.id },
                        by: caller.author(),
                        at: now,
                        data: Data::NoticeGiven {
                            id,
                            agency: agency.id,
                            instrument: parsed("instrument", &new.instrument)?,
                            text: Digest::of(&new.text.text),
                        },
                    };
                    let entry = append(conn, &entry)?;
                    let parties = (Arc::clone(&agency), Arc::clone(&platform));
                    let view = view(&cx2, row, parties)?;
                    let to = platform.id.to_string();
                    outbox::insert(conn, &mail(&view, now)?)?;
                    let position = feed::append(conn, &to, |position| {
                        (cx2.settings.render_notice)(&NoticeEvent {
                            id: entry,
                            position,
                            notice: &view,
                        })
                    })?;
                    published.push(Published::at(to, position));
                    Ok(render(&view))
                })?;
                Ok::<_, Error>((answer, published))
            },
            Published::announce(cx),
        )
        .await?;
    Ok(answer)
}

/// What notices and their mails are called by people; drawn from the identifier, as of a request.
#[must_use]
pub fn reference(id: PriorNoticeId) -> Reference {
    Reference::from_request(RequestId::from_uuid(id.uuid()))
}

/// The mail to the platform.
fn mail(view: &NoticeView, now: At) -> Result<OutboxRow, StoreError> {
    let to = view.platform.id.to_string();
    queued(
        &view.id.to_string(),
        (&to, Side::Platform),
        GIVEN,
        &Facts::none(),
        now,
    )
}

/// A notice with its parties, past anything remembered: for its mail and its check code.
///
/// # Errors
/// [`StoreError::Inconsistent`] when it names a party that does not exist.
pub(super) fn load(cx: &Cx, conn: &mut Conn, row: NoticeRow) -> Result<NoticeView, StoreError> {
    let missing = || StoreError::Inconsistent("a notice names a party that does not exist".into());
    let agency = load_agency(conn, &row.agency_id)?.ok_or_else(missing)?;
    let platform = load_platform(conn, &row.platform_id)?.ok_or_else(missing)?;
    view(cx, row, (Arc::new(agency), Arc::new(platform)))
}

/// A page of notices.
#[derive(Debug)]
pub struct List {
    /// Newest first.
    pub items: Vec<NoticeView>,
    /// Whether older ones follow.
    pub more: bool,
}

/// The notices that an agency gave, or that a platform was given: newest first, older than `before`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    before: Option<String>,
    limit: usize,
) -> Result<List, Error> {
    authorize(&caller.actor, Action::ListNotices, &Resource::Exchange)?;
    let whose = whose(caller)?;
    let mut found = cx
        .store
        .read(move |conn| {
            let before = before.as_deref();
            Ok::<_, Error>(notices::page(conn, &whose, before, one_more(limit))?)
        })
        .await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mut items = Vec::with_capacity(found.len());
    for row in found {
        items.push(complete(cx, row).await?);
    }
    Ok(List { items, more })
}

/// One notice. When its platform reads it for the first time, that is recorded.
///
/// # Errors
/// [`Error::NotFound`] when it is not one of the caller's, and those of the policy and the store.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<NoticeView, Error> {
    authorize(&caller.actor, Action::ReadNotice, &Resource::Exchange)?;
    let whose = whose(caller)?;
    let id: PriorNoticeId = id.parse().map_err(|_| Error::NotFound)?;
    let key = id.to_string();
    let find = whose.clone();
    let mut row = cx
        .store
        .read(move |conn| notices::find(conn, &find, &key)?.ok_or(Error::NotFound))
        .await?;
    if let (None, Whose::Platform(_)) = (row.read_at, &whose) {
        let (now, author, key) = (cx.now(), caller.author(), row.id.clone());
        let platform = parsed("platform id", &row.platform_id)?;
        row = cx
            .store
            .write(move |conn| {
                if notices::read(conn, &key, now.timestamp_millis())? {
                    let entry = EntryDraft {
                        subject: Subject::Platform { id: platform },
                        by: author,
                        at: now,
                        data: Data::NoticeRead { id },
                    };
                    append(conn, &entry)?;
                }
                notices::find(conn, &whose, &key)?.ok_or(Error::NotFound)
            })
            .await?;
    }
    complete(cx, row).await
}

fn whose(caller: &Caller) -> Result<Whose, Error> {
    match caller.actor.party() {
        Party::Agency(id) => Ok(Whose::Agency(id.to_string())),
        Party::Platform(id) => Ok(Whose::Platform(id.to_string())),
        Party::Auditor(_) | Party::Operator | Party::Anonymous => Err(Error::NotFound),
    }
}

async fn complete(cx: &Cx, row: NoticeRow) -> Result<NoticeView, Error> {
    let missing = || StoreError::Inconsistent("a notice names a party that does not exist".into());
    let agency = cx.registry.agency(&row.agency_id).await?;
    let platform = cx.registry.platform(&row.platform_id).await?;
    let parties = (agency.ok_or_else(missing)?, platform.ok_or_else(missing)?);
    Ok(view(cx, row, parties)?)
}

fn view(
    cx: &Cx,
    row: NoticeRow,
    (agency, platform): (Arc<Agency>, Arc<Platform>),
) -> Result<NoticeView, StoreError> {
    let known = cx.powers.catalogue.get(&row.instrument);
    let known = known.or_else(|| Catalogue::builtin().get(&row.instrument));
    let given_at = instant(row.given_at)?;
    let id = parsed("notice id", &row.id)?;
    let rule = known.and_then(|instrument| instrument.prior_notice.as_ref());
    Ok(NoticeView {
        reference: reference(id),
        check_code: parsed("check code", &row.check_code)?,
        id,
        order_from: rule.and_then(|rule| rule.order_from(given_at)),
        power: known.map_or_else(
            || (row.instrument.clone(), String::new()),
            |instrument| (instrument.title.clone(), instrument.citation.clone()),
        ),
        agency,
        platform,
        text: Text {
            text: row.text,
            language: parsed("language", &row.language)?,
        },
        given_at,
        read_at: row.read_at.map(instant).transpose()?,
        instrument: row.instrument,
    })
}
