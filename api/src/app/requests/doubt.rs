//! "Is this really the police?" Asked by whoever is asked, settled by somebody who did not file.

use std::sync::Arc;

use takedown_core::history::Data;
use takedown_core::id::RequestId;
use takedown_core::policy::{Action, Resource, Role, authorize};
use takedown_core::request::{Applied, Change, Command};
use takedown_core::time::At;

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::commit::{Published, brought_about};
use super::filing::Text;
use super::load::{self, identifier, scope_of};
use super::message::keep_said;
use super::view::{RequestView, from_rows};
use crate::app::once::Answer;
use crate::app::parties::{Agency, Platform};
use crate::app::registering::{Page, one_more};
use crate::app::{Caller, Cx, Error};
use crate::store::requests::{self, Scope};
use crate::store::{history, links};

/// That a request is or was doubted: who asks, who is asked, and nothing of what is asked about.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// The request.
    pub request: RequestId,
    /// Its reference.
    pub reference: String,
    /// Where it stands.
    pub status: String,
    /// Its version.
    pub version: i32,
    /// Who asks, as it seems.
    pub agency: Arc<Agency>,
    /// Who is asked.
    pub platform: Arc<Platform>,
    /// When it was filed.
    pub filed_at: At,
    /// Since when it is doubted; none once that is settled.
    pub doubted_at: Option<At>,
}

impl Doubt {
    fn of(view: &RequestView) -> Self {
        Self {
            request: view.request.id,
            reference: view.reference.to_string(),
            status: view.request.status().to_string(),
            version: view.request.version,
            agency: view.agency.clone(),
            platform: view.platform.clone(),
            filed_at: view.request.filed_at,
            doubted_at: view.request.doubted_at,
        }
    }
}

/// The platform doubts that it is really the agency who asks: the clock stands until somebody who did not file it says so.
/// Said again it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`] once it is closed or withdrawn, [`Error::StaleVersion`], and those of the store.
pub async fn doubt(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    why: Option<Text>,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Doubt,
        id,
        key: None,
        expected,
        version_required: false,
    };
    let by = caller.clone();
    act(cx, caller, doing, move |conn, view, now| {
        let applied = decide_in_core(&by, view, Command::Doubt, now)?;
        let said = match (&applied, &why) {
            (Applied::Changed(_), Some(text)) => {
                Some(keep_said(conn, view, ("platform", "doubt"), text, now)?)
            }
            _ => None,
        };
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |_: &Change| Data::DoubtRaised { why: said }),
            render: Box::new(render),
        })
    })
    .await
}

/// What is doubted, in the order of filing, after the request `after`: of an agency its own, to the operator all.
///
/// # Errors
/// Those of the policy and the store.
pub async fn doubts(
    cx: &Cx,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Doubt>, Error> {
    authorize(&caller.actor, Action::ListDoubts, &Resource::Exchange)?;
    let agency = caller.actor.agency().map(|id| id.to_string());
    let rows = cx
        .store
        .read(move |conn| {
            let most = one_more(limit);
            let ids = links::doubted(conn, agency.as_deref(), after.as_deref(), most)?;
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                rows.extend(requests::find(conn, &Scope::All, &id)?);
            }
            Ok::<_, Error>(rows)
        })
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Doubt::of(&load::complete(cx, row, Vec::new()).await?));
    }
    Ok(Page::cut(found, limit))
}

/// Somebody who did not file it says whether it is the agency who asks. If so the clock goes on; if not the request ends, and
/// what was acted on is asked back. Both sides are told.
///
/// # Errors
/// [`Error::Forbidden`] to the client that filed it, [`Error::NotFound`], [`Error::Refused`] when nobody doubts it,
/// [`Error::StaleVersion`], and those of the policy and the store.
pub async fn settle_doubt(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    (genuine, note): (bool, Text),
) -> Result<Doubt, Error> {
    authorize(&caller.actor, Action::SettleDoubt, &Resource::Exchange)?;
    // The operator reads no request, but he knows the parties, and what is doubted is one of them.
    let scope = match caller.actor.role() {
        Role::Operator => Scope::All,
        _ => scope_of(&caller.actor)?,
    };
    let id = identifier(id)?;
    let now = cx.now();
    let (cx2, by) = (cx.clone(), caller.clone());
    let (settled, _) = cx
        .store
        .write_then(
            move |conn| {
                let row = load::hold(conn, &scope, &id)?;
                let items = requests::items(conn, &row.id)?;
                let (agency, platform) =
                    load::parties_within(&cx2, conn, &row.agency_id, &row.platform_id)?;
                let mut view = from_rows(row, items, agency, platform)?;
                view.not_erased()?;
                expected.check(view.request.version, false)?;
                // The request first: nobody learns of another refusal where there is nothing to settle.
                let change = view.request.clone().settle_doubt(genuine, now)?;
                if history::filed_with(conn, &id)?.as_deref() == Some(&by.client.to_string()) {
                    return Err(Error::Forbidden(
                        "Whoever filed it cannot vouch for it: settle it with the credentials of another client of your \
                         agency, or let the operator of this exchange do it."
                            .into(),
                    ));
                }
                let author = by.author();
                let kind = (author.by.as_str(), "doubt_settled");
                let said = keep_said(conn, &view, kind, &note, now)?;
                let data = Data::doubt_settled(&change, genuine, said);
                let told = brought_about(conn, &cx2, author, &mut view, (&change, data), now)?;
                Ok::<_, Error>((Doubt::of(&view), told))
            },
            Published::announce(cx),
        )
        .await?;
    Ok(settled)
}
