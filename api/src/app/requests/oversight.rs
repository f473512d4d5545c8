//! What other authorities have to do with an order, as it is kept beside it, and how it begins with the filing.

use serde::{Deserialize, Serialize};
use takedown_core::id::AgencyId;
use takedown_core::instrument::{Acquaintance, Instrument, PriorNotice};
use takedown_core::oversight as core;
use takedown_core::request::EventType;
use takedown_core::time::At;

use super::commit::{Published, publish, queue};
use super::filing::{Beforehand, Text};
use super::judge::contradicted;
use super::view::RequestView;
use crate::app::parties::{Agency, instant};
use crate::app::{Cx, Error};
use crate::store::{Conn, StoreError, notices, oversight};

/// What the core decides on, and the words that go with it. Kept as JSON beside the request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Oversight {
    /// The copy, the scrutiny, that it is final.
    #[serde(flatten)]
    pub core: core::Oversight,
    /// The name of the authority that has the copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_name: Option<String>,
    /// Why that authority means to find an infringement: for the issuing agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcement: Option<Text>,
    /// The reasons of its decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasons: Option<Text>,
    /// The reference of its decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_reference: Option<String>,
}

impl Oversight {
    /// The authority that has a copy here.
    #[must_use]
    pub fn copied_to(&self) -> Option<AgencyId> {
        self.core
            .scrutiny
            .as_ref()
            .and_then(core::Scrutiny::authority)
    }

    /// As it is stored; nothing where no other authority has to do with the request.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written as JSON.
    pub fn stored(&self) -> Result<Option<String>, StoreError> {
        let some = *self != Self::default();
        Ok(some.then(|| serde_json::to_string(self)).transpose()?)
    }
}

/// Reads what is stored.
///
/// # Errors
/// [`StoreError`] when it is not what it should be.
pub fn stored(json: Option<&str>) -> Result<Oversight, StoreError> {
    Ok(json
        .map(serde_json::from_str)
        .transpose()?
        .unwrap_or_default())
}

/// Judges whether the platforms were told before a first order, and finds who gets a copy, in the transaction of the filing.
///
/// # Errors
/// [`Error::Contradiction`] when a platform was not told in time, and those of the store.
pub(super) fn begin(
    conn: &mut Conn,
    cx: &Cx,
    views: &mut [RequestView],
    waived: Option<&str>,
    now: At,
) -> Result<(), Error> {
    let Some(first) = views.first() else {
        return Ok(());
    };
    let catalogue = &cx.powers.catalogue;
    let Some(instrument) = catalogue.get(first.request.instrument.as_str()) else {
        return Ok(());
    };
    let mut broken = Vec::new();
    for view in views {
        if instrument.prior_notice.is_some() {
            let known = acquaintance(conn, view, waived.is_some())?;
            match instrument.prior_notice(known, now) {
                Ok(by) => view.filing.prior_notice = by.map(|by| beforehand(by, known, waived)),
                Err(contradiction) => broken.push(contradiction),
            }
        }
        begin_scrutiny(conn, instrument, view, now)?;
    }
    if broken.is_empty() {
        Ok(())
    } else {
        // Of several platforms that were not told all are named by the same sentence; one is enough.
        broken.dedup();
        Err(contradicted(broken))
    }
}

fn acquaintance(conn: &mut Conn, view: &RequestView, waived: bool) -> Result<Acquaintance, Error> {
    let (agency, platform) = (view.agency.id.to_string(), view.platform.id.to_string());
    let (between, instrument) = ((&*agency, &*platform), view.request.instrument.as_str());
    let ordered_before = oversight::ordered_before(conn, between, instrument)?;
    let noticed_at = if ordered_before {
        None
    } else {
        notices::first(conn, between, instrument)?
    };
    Ok(Acquaintance {
        ordered_before,
        noticed_at: noticed_at.map(instant).transpose()?,
        waived,
    })
}

fn beforehand(by: PriorNotice, known: Acquaintance, waived: Option<&str>) -> Beforehand {
    Beforehand {
        by,
        given_at: known.noticed_at,
        reason: (by == PriorNotice::Waived)
            .then(|| waived.map(str::to_owned))
            .flatten(),
    }
}

fn begin_scrutiny(
    conn: &mut Conn,
    instrument: &Instrument,
    view: &mut RequestView,
    now: At,
) -> Result<(), Error> {
    let (of, Some(to)) = (view.agency.country, view.platform.country) else {
        return Ok(());
    };
    let Some(rule) = instrument.scrutiny.as_ref().filter(|r| r.applies(of, to)) else {
        return Ok(());
    };
    let mut authority = None;
    for row in oversight::authorities(conn, to.as_str())? {
        let agency = Agency::try_from(row)?;
        if agency.scrutinises.contains(&instrument.id) && agency.may_file(now) {
            authority = Some(agency);
            break;
        }
    }
    let id = authority.as_ref().map(|agency| agency.id);
    view.oversight.core.scrutiny = Some(core::Scrutiny::begin(rule, id, now));
    view.oversight.authority_name = authority.map(|agency| agency.name);
    Ok(())
}

/// Hands the copies of orders to their authorities: each as (authority, entry of the history, order).
pub(super) fn copy(
    conn: &mut Conn,
    cx: &Cx,
    mut copies: Vec<(String, String, &RequestView)>,
    now: At,
) -> Result<Vec<Published>, Error> {
    let event = EventType::OrderCopied;
    for (authority, _, view) in &copies {
        oversight::copy(conn, authority, &view.request.id.to_string())?;
        let to = (authority.clone(), takedown_core::request::Side::Agency);
        queue(conn, view, to, event.as_str(), now)?;
    }
    // As everywhere feeds are held in one order.
    copies.sort_unstable_by(|one, other| other.0.cmp(&one.0));
    copies
        .iter()
        .map(|(authority, id, view)| publish(conn, cx, view, (id, event), authority, now))
        .collect()
}

/// Writes what other authorities have to do with an order as the view has it now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub(in crate::app) fn keep(conn: &mut Conn, view: &RequestView) -> Result<(), StoreError> {
    let json = serde_json::to_string(&view.oversight)?;
    oversight::keep(conn, &view.request.id.to_string(), &json)
}
