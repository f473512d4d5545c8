//! What an uploader sees and does with the code of a tombstone. Nobody has to say who he is.

use takedown_core::history::{Author, By, Data, Digest, Via};
use takedown_core::id::ObjectionId;
use takedown_core::objection::{NotTaken, Objection, may_object};
use takedown_core::policy::{Action, Actor, Resource, authorize};
use takedown_core::time::At;
use takedown_core::tombstone::Case;
use uuid::Uuid;

use super::super::check::CheckCode;
use super::super::commit::{Published, brought_about};
use super::super::filing::Text;
use super::super::load;
use super::super::message::keep_objection;
use super::super::tombstone::{case, digest};
use super::super::view::{ItemView, RequestView, from_rows};
use super::{of, words};
use crate::app::{Cx, Error};
use crate::store::objections::{self, ObjectionRow};
use crate::store::requests::{self, Scope};
use crate::store::{Conn, StoreError};

/// What the code opens: what was done, on which basis, and what earlier objections came to. Not the words of earlier
/// objections: whoever saw the tombstone has the code.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The code, as it is written.
    pub code: CheckCode,
    /// What the page is made of.
    pub case: Case,
    /// Earlier objections, oldest first.
    pub objections: Vec<Told>,
    /// Whether another one is taken.
    pub may_object: Result<(), NotTaken>,
}

/// An objection and what it was answered.
#[derive(Debug, Clone)]
pub struct Told {
    /// When it was made and where it stands.
    pub objection: Objection,
    /// What the platform answered.
    pub answer: Option<Text>,
}

/// Looks a code up.
///
/// A text that cannot be a code is looked up like one that is unknown, so that both take the same way and time.
///
/// # Errors
/// [`Error::NotFound`] for every code that was never given, and for one whose item must not be told of now; and those of
/// the store.
pub async fn look(cx: &Cx, given: &str) -> Result<Looked, Error> {
    let action = Action::LookAtObjection;
    authorize(&Actor::anonymous(), action, &Resource::Exchange)?;
    let code = given.parse::<CheckCode>().ok();
    let wanted = digest(code.as_ref().map_or("", CheckCode::as_str));
    let now = cx.now();
    let cx2 = cx.clone();
    let (case, told, may_object) = cx
        .store
        .read(move |conn| {
            let (item, request) = objections::by_digest(conn, &wanted)?.ok_or(Error::NotFound)?;
            let row = requests::find(conn, &Scope::All, &request)?.ok_or(Error::NotFound)?;
            let view = whole(&cx2, conn, row)?;
            let item = one(&view, &item)?;
            let case = case(&view, item, now);
            if case.withheld_until.is_some() {
                return Err(Error::NotFound);
            }
            let rows = objections::of_item(conn, &item.item.id.to_string())?;
            let said = words(conn, &rows)?;
            let earlier = rows.iter().map(of).collect::<Result<Vec<_>, _>>()?;
            let may = may_object(&item.item, &earlier);
            let told = earlier.into_iter().zip(&rows).map(|(objection, row)| Told {
                objection,
                answer: row.answer_id.as_ref().and_then(|id| said.get(id)).cloned(),
            });
            Ok::<_, Error>((case, told.collect(), may))
        })
        .await?;
    Ok(Looked {
        code: code.ok_or(Error::NotFound)?,
        case,
        objections: told,
        may_object,
    })
}

fn whole(cx: &Cx, conn: &mut Conn, row: requests::RequestRow) -> Result<RequestView, Error> {
    let items = requests::items(conn, &row.id)?;
    let (agency, platform) = load::parties_within(cx, conn, &row.agency_id, &row.platform_id)?;
    Ok(from_rows(row, items, agency, platform)?)
}

fn one<'a>(view: &'a RequestView, item: &str) -> Result<&'a ItemView, Error> {
    let found = view.items.iter().find(|i| i.item.id.to_string() == item);
    found.ok_or_else(|| {
        StoreError::Inconsistent(format!("a code names {item}, which its request has not")).into()
    })
}

/// Objects to what was done to the item of a code.
///
/// # Errors
/// [`Error::NotFound`] as [`look`], and those of the store. Why no objection is taken is the inner error.
pub async fn object(cx: &Cx, given: &str, text: Text) -> Result<Result<(), NotTaken>, Error> {
    authorize(&Actor::anonymous(), Action::Object, &Resource::Exchange)?;
    let code: CheckCode = given.parse().map_err(|_| Error::NotFound)?;
    let wanted = digest(code.as_str());
    let now = cx.now();
    let cx2 = cx.clone();
    let (made, _) = cx
        .store
        .write_then(
            move |conn| {
                let (item, request) =
                    objections::by_digest(conn, &wanted)?.ok_or(Error::NotFound)?;
                let row = load::hold(conn, &Scope::All, &request)?;
                let mut view = whole(&cx2, conn, row)?;
                let item = one(&view, &item)?.clone();
                if case(&view, &item, now).withheld_until.is_some() {
                    return Err(Error::NotFound);
                }
                let rows = objections::of_item(conn, &item.item.id.to_string())?;
                let earlier = rows.iter().map(of).collect::<Result<Vec<_>, _>>()?;
                if let Err(why) = may_object(&item.item, &earlier) {
                    return Ok((Err(why), Vec::new()));
                }
                let published = make(conn, &cx2, &mut view, &item, &text, now)?;
                Ok::<_, Error>((Ok(()), published))
            },
            Published::announce(cx),
        )
        .await?;
    Ok(made)
}

fn make(
    conn: &mut Conn,
    cx: &Cx,
    view: &mut RequestView,
    item: &ItemView,
    text: &Text,
    now: At,
) -> Result<Vec<Published>, Error> {
    let item = item.item.id;
    let objection = ObjectionId::from_uuid(Uuid::now_v7());
    let message = keep_objection(conn, view, text, item, now)?;
    let row = ObjectionRow {
        id: objection.to_string(),
        request_id: view.request.id.to_string(),
        agency_id: view.request.agency.to_string(),
        platform_id: view.request.platform.to_string(),
        item_id: item.to_string(),
        message_id: message.id,
        made_at: now.timestamp_millis(),
        outcome: None,
        restored: false,
        corrections: 0,
        answer_id: None,
        answered_at: None,
    };
    objections::insert(conn, &row)?;
    let change = view.request.clone().objected()?;
    let author = Author {
        by: By::Uploader,
        via: Via::Page,
        client: None,
    };
    let data = Data::ObjectionMade {
        objection,
        item,
        text: Digest::of(&text.text),
    };
    brought_about(conn, cx, author, view, (&change, data), now)
}
