//! The page that stands in the place of what a platform acted on, and the code in it.

use takedown_core::history::{Content, Digest};
use takedown_core::id::ItemId;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::request::Status;
use takedown_core::text::Language;
use takedown_core::time::At;
use takedown_core::tombstone::{self, Case, NoTombstone, Tombstone, Way};

use super::check::CheckCode;
use super::load::{self, complete, identifier, scope_of};
use super::view::{ItemView, RequestView};
use crate::app::{Caller, Cx, Error, reads};
use crate::store::objections::{self, CodeRow};
use crate::store::requests::Scope;
use crate::store::{requests, statements};

/// What an auditor sees in the place of a code: he changes nothing, and with the code he could object.
const MASKED: &str = "____-____-____-____";

/// For which item, in which language.
#[derive(Debug, Clone)]
pub struct NewTombstone {
    /// The request, as the caller wrote it.
    pub request: String,
    /// The item, as the caller wrote it.
    pub item: String,
    /// The uploader's language; that of the item unless said, else English.
    pub language: Option<Language>,
    /// The HTTP status to send it with; the usual one unless said.
    pub status: Option<u16>,
}

/// A tombstone with what goes with it.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The page.
    pub page: Tombstone,
    /// The language that was wanted.
    pub wanted: Option<Language>,
    /// Until when it may not say more.
    pub withheld_until: Option<At>,
    /// Where one objects.
    pub url: String,
    /// With which code; none for an auditor, and none while it may not say more.
    pub code: Option<String>,
    /// The host on which the platform carries the measure out.
    pub host: Option<String>,
}

/// Draws the tombstone of an item, and makes its code when the platform asks for the first time.
///
/// # Errors
/// [`Error::NotFound`] when there is no such item that the caller may see, and those of the store.
pub async fn tombstone(
    cx: &Cx,
    caller: &Caller,
    new: NewTombstone,
) -> Result<Result<Drawn, NoTombstone>, Error> {
    authorize(&caller.actor, Action::ReadTombstone, &Resource::Exchange)?;
    let scope = scope_of(&caller.actor)?;
    let request = identifier(&new.request)?;
    let item: ItemId = new.item.parse().map_err(|_| Error::NotFound)?;
    let (within, item) = (scope.clone(), item.to_string());
    let (row, item, code) = cx
        .store
        .read(move |conn| {
            let row = requests::find(conn, &within, &request)?.ok_or(Error::NotFound)?;
            let (item, _) = statements::decided(conn, &row.id, &item)?.ok_or(Error::NotFound)?;
            let code = objections::code_of(conn, &item.id)?;
            Ok::<_, Error>((row, item, code))
        })
        .await?;
    let view = complete(cx, row, vec![item]).await?;
    view.not_erased()?;
    let item = view.items.first().ok_or(Error::NotFound)?;
    let case = case(&view, item, cx.now());
    let wanted = new.language.or_else(|| item.detail.language.clone());
    let draw = |way| tombstone::draw(&case, wanted.as_ref(), new.status, way);
    // Before anything is written: a code is made for what has a page.
    if let Err(none) = draw(None) {
        return Ok(Err(none));
    }
    let code = match code {
        _ if case.withheld_until.is_some() || caller.actor.platform().is_none() => None,
        Some(code) => Some(code),
        None => Some(make_code(cx, scope, &view, item).await?),
    };
    let (id, version) = (view.request.id, Some(view.request.version));
    reads::of_request(cx, caller, id, version, Content::Tombstone).await?;
    let url = format!("{}/objection", cx.settings.public_url);
    let way = Way {
        url: &url,
        code: code.as_deref().unwrap_or(MASKED),
    };
    Ok(draw(Some(way)).map(|page| Drawn {
        page,
        withheld_until: case.withheld_until,
        code,
        host: host(&view, item),
        wanted,
        url,
    }))
}

async fn make_code(
    cx: &Cx,
    scope: Scope,
    view: &RequestView,
    item: &ItemView,
) -> Result<String, Error> {
    let (request, item) = (view.request.id.to_string(), item.item.id.to_string());
    cx.store
        .write(move |conn| {
            // Held, so that of two who ask at once the second finds the code of the first.
            load::hold(conn, &scope, &request)?;
            if let Some(code) = objections::code_of(conn, &item)? {
                return Ok(code);
            }
            let code = CheckCode::draw()?.to_string();
            let row = CodeRow {
                digest: digest(&code),
                item_id: item.clone(),
                code: code.clone(),
            };
            objections::keep_code(conn, &row)?;
            Ok::<_, Error>(code)
        })
        .await
}

/// By what a code is searched.
pub(super) fn digest(code: &str) -> Vec<u8> {
    Digest::of(code).as_bytes().to_vec()
}

/// What the page of an item is made of, as it stands now.
pub(super) fn case(view: &RequestView, item: &ItemView, now: At) -> Case {
    let instrument = view.request.instrument.as_str();
    let filing = &view.filing;
    let held = filing.non_disclosure.as_ref().map(|held| held.until);
    Case {
        platform: view.platform.name.clone(),
        agency: view.agency.name.clone(),
        country: view.agency.country,
        complaints: view.agency.complaints.clone(),
        kind: view.request.kind,
        instrument: instrument.to_owned(),
        citation: filing.power(instrument).1,
        reference: view.reference.to_string(),
        jurisdiction: view.jurisdiction,
        territory: if filing.territory.worldwide {
            Vec::new()
        } else {
            filing.territory.countries.clone()
        },
        outcome: item.item.outcome.clone(),
        withdrawn: view.request.status() == Status::Withdrawn || item.item.withdrawal.is_some(),
        withheld_until: held.filter(|until| *until > now),
    }
}

/// The platform's own host on which the item lies, or its first one.
fn host(view: &RequestView, item: &ItemView) -> Option<String> {
    let hosts = &view.platform.hosts;
    let covers = |own: &&String| {
        item.host.as_deref().is_some_and(|host| {
            host == own.as_str()
                || host
                    .strip_suffix(own.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    };
    let own = hosts.iter().filter(covers).max_by_key(|own| own.len());
    own.or_else(|| hosts.first()).cloned()
}
