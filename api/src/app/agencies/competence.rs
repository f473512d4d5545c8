//! Which agency scrutinises the orders of others to the platforms of its country.

use takedown_core::history::Data;
use takedown_core::instrument::{InstrumentId, scrutinised};
use takedown_core::policy::{Action, Resource, authorize};

use super::alter;
use crate::app::parties::Agency;
use crate::app::registering::invalid;
use crate::app::requests::Expected;
use crate::app::{Caller, Cx, Error};
use crate::store::oversight;

/// Records under which instruments an agency is the scrutinising authority of its country (Regulation (EU) 2021/784,
/// Article 12(1)(c)): from then on it gets a copy of each such order from another Member State to a platform of its
/// country. None ends that; what was copied stays with it. Repeating it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] for an instrument whose orders nobody scrutinises, [`Error::Conflict`] when another agency of its
/// country is recorded for one, [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn compete(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    mut scrutinises: Vec<InstrumentId>,
) -> Result<Agency, Error> {
    authorize(&caller.actor, Action::RecordCompetence, &Resource::Exchange)?;
    scrutinised(&cx.powers.catalogue, &scrutinises)
        .map_err(|(place, why)| invalid(&format!("/scrutinises/{place}"), why))?;
    scrutinises.sort_unstable();
    scrutinises.dedup();
    let doing = (Action::RecordCompetence, expected, false);
    alter(cx, caller, id, doing, move |conn, agency, _| {
        if agency.scrutinises == scrutinises {
            return Ok(None);
        }
        for row in oversight::authorities(conn, agency.country.as_str())? {
            let other = Agency::try_from(row)?;
            let same = other.scrutinises.iter().find(|id| scrutinises.contains(id));
            if let Some(same) = same.filter(|_| other.id != agency.id) {
                return Err(Error::Conflict(format!(
                    "{} scrutinises orders under {same} for {} already; end that first.",
                    other.id, agency.country
                )));
            }
        }
        agency.scrutinises.clone_from(&scrutinises);
        let scrutinises = scrutinises.clone();
        Ok(Some(Data::AgencyCompetence { scrutinises }))
    })
    .await
}
