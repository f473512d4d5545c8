//! A robot asks a tester's platform for something.

use takedown_core::history::Digest;
use takedown_core::locator::{ItemKind, Locator};
use takedown_core::policy::{Action, Resource, authorize};
use uuid::Uuid;

use super::cast::asking;
use super::here;
use super::robots::english;
use crate::app::once::Answer;
use crate::app::requests::filing::{
    Elements, Filing, IfRepeated, ItemDetail, NewFiling, NewItem, Territory, Text,
};
use crate::app::requests::{self, Filed};
use crate::app::{Caller, Cx, Error};
use crate::store::StoreError;

const REFERRAL: &str = "referral";
const ORDER: &str = "eu-tco-order";
/// Why the platform was not told twelve hours before a first order.
const EMERGENCY: &str = "Nobody waits twelve hours in a sandbox.";

/// What a platform wants to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Whether it is to be ordered (a removal order of Regulation (EU) 2021/784) rather than referred.
    pub order: bool,
    /// About so many items.
    pub items: u8,
}

/// Files a request to the caller's own platform, about links that lead nowhere.
///
/// # Errors
/// [`Error::NotFound`] where this is no sandbox, [`Error::Conflict`] when the platform has no host, those of the policy, and as
/// [`requests::file`].
pub async fn file(
    cx: &Cx,
    caller: &Caller,
    wanted: Wanted,
    render: fn(&Filed, &Caller) -> Answer,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::FileByRobot, &Resource::Exchange)?;
    here(cx)?;
    let platform = caller.actor.platform().ok_or(Error::NotFound)?.to_string();
    let known = cx.registry.platform(&platform).await?;
    let host = known.as_ref().and_then(|known| known.hosts.first());
    let host = host.ok_or_else(|| {
        Error::Conflict("Your platform has no host, so there is nothing to ask about.".to_owned())
    })?;
    // Fresh each time, so that no two requests repeat each other.
    let name = Uuid::now_v7().simple().to_string();
    let items = (1..=wanted.items).map(|number| {
        let address = format!("https://{host}/sandbox/{name}/{number}");
        let locator = Locator::parse(ItemKind::Url, &address);
        let locator = locator.map_err(|why| StoreError::Inconsistent(why.to_string()))?;
        Ok::<_, StoreError>(NewItem {
            kind: ItemKind::Url,
            locator,
            detail: ItemDetail::default(),
            role: None,
        })
    });
    let items = items.collect::<Result<Vec<_>, _>>()?;
    let filing = Filing {
        grounds: vec!["tco:a".to_owned()],
        reasons: Text {
            text: "A robot of the sandbox asks; nothing of it is real.".to_owned(),
            language: english()?,
        },
        translation: None,
        provision: None,
        territory: Territory::default(),
        officer: None,
        service: None,
        specified: None,
        non_disclosure: None,
        preservation: None,
        attribution: None,
        prior_notice: None,
        elements: Elements::default(),
        kept: None,
    };
    let new = NewFiling {
        instrument: if wanted.order { ORDER } else { REFERRAL }.to_owned(),
        platform: None,
        agency_reference: None,
        operation: None,
        one_platform: true,
        jurisdiction: None,
        filing,
        if_repeated: IfRepeated::File,
        sightings: Vec::new(),
        prior_notice_waived: wanted.order.then(|| EMERGENCY.to_owned()),
        items,
        signed: None,
        digest: Digest::of(&name),
    };
    requests::file(cx, &asking(), None, new, render).await
}
