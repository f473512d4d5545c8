//! The forms of Regulations (EU) 2021/784 and 2022/2065, filled from the record. Nothing is stored.

use takedown_core::form::{
    self, Authority, Case, Copied, Form, FormKind, Item, NoForm, Provider, Reported,
};
use takedown_core::history::Content;
use takedown_core::oversight::{CopySent, Finding};
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::text::Language;
use takedown_core::time::At;

use super::parties::{instant, parsed};
use super::requests::{self, RequestView};
use super::{Caller, Cx, Error};
use crate::store::StoreError;
use crate::store::messages;

/// So many obstacles stand in a form, the newest.
const OBSTACLES: i64 = 100;

/// A form, once or twice.
#[derive(Debug)]
pub struct Drawn {
    /// Each to be printed on its own.
    pub forms: Vec<Form>,
    /// The languages that the platform accepts, the preferred one first.
    pub languages: Vec<Language>,
}

/// Fills a form, or says why there is none. For the platform this is reading the request, and so may be the receipt.
///
/// # Errors
/// [`Error::NotFound`] when there is no request that the caller may see.
pub async fn draw(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    kind: FormKind,
) -> Result<Result<Drawn, NoForm>, Error> {
    authorize(&caller.actor, Action::ReadForm, &Resource::Exchange)?;
    // A form that there is not hands nothing over, so asking for it is no receipt.
    let seen = requests::preview(cx, caller, id).await?;
    seen.not_erased()?;
    let obstacles = reported(cx, seen.request.id.to_string()).await?;
    if let Err(none) = form::draw(kind, &case(&seen, caller, obstacles.clone(), cx.now())) {
        return Ok(Err(none));
    }
    let view = requests::hand_over(cx, caller, seen, Content::Form).await?;
    let forms = form::draw(kind, &case(&view, caller, obstacles, cx.now()));
    Ok(forms.map(|forms| Drawn {
        forms,
        languages: view.platform.languages.clone(),
    }))
}

/// The obstacles that the platform reported.
async fn reported(cx: &Cx, request: String) -> Result<Vec<Reported>, Error> {
    cx.store
        .read(move |conn| {
            let rows = messages::obstacles(conn, &request, OBSTACLES)?;
            let reported = rows.into_iter().map(|(obstacle, at, text)| {
                Ok::<_, StoreError>(Reported {
                    obstacle: parsed("obstacle", &obstacle)?,
                    at: instant(at)?,
                    text,
                })
            });
            Ok::<_, Error>(reported.collect::<Result<Vec<_>, _>>()?)
        })
        .await
}

fn case(view: &RequestView, caller: &Caller, obstacles: Vec<Reported>, now: At) -> Case {
    let filing = &view.filing;
    let reasons = [Some(&filing.reasons), filing.translation.as_ref()];
    let officer = filing.officer.as_ref().map(|officer| {
        let name = officer.name.as_ref().filter(|_| caller.sees_escrowed());
        let mut named = name.unwrap_or(&officer.handle).clone();
        if let Some(rank) = &officer.rank {
            named += &format!(", {rank}");
        }
        named
    });
    let items = view.items.iter().map(|item| Item {
        position: item.item.position,
        locator: item.locator.clone(),
        description: item.detail.description.clone(),
        outcome: item.item.outcome.clone(),
        withdrawn_at: item.item.withdrawal.map(|taken| taken.at),
    });
    Case {
        instrument: view.request.instrument.as_str().to_owned(),
        reference: view.reference.to_string(),
        authority: Authority {
            name: view.agency.name.clone(),
            country: view.agency.country,
            agency_type: view.agency.agency_type,
            officer,
            file_number: view.agency_reference.clone(),
            complaints: view.agency.complaints.clone(),
        },
        provider: Provider {
            name: view.platform.name.clone(),
            country: view.platform.country,
            reference: view.platform_reference.clone(),
            languages: view.platform.languages.clone(),
        },
        issued_at: view.request.filed_at,
        received_at: view.request.state.fetched_at(),
        grounds: filing.grounds.clone(),
        reasons: reasons
            .into_iter()
            .flatten()
            .map(|text| (text.language.clone(), text.text.clone()))
            .collect(),
        items: items.collect(),
        non_disclosure: filing.non_disclosure.is_some(),
        prior_notice_waived: filing.prior_notice.as_ref().and_then(|n| n.reason.clone()),
        copied: copied(view),
        annulled: annulled(view),
        silent_until: filing
            .non_disclosure
            .as_ref()
            .filter(|held| held.lasts(now))
            .map(|held| held.until),
        legal_basis: filing.elements.legal_basis.clone(),
        provision: filing.provision.clone(),
        redress: filing
            .elements
            .redress
            .as_ref()
            .map(|text| (text.language.clone(), text.text.clone())),
        effect_to: filing.elements.effect_to.clone(),
        bona_fide: filing.elements.bona_fide,
        territory: filing.territory.countries.clone(),
        worldwide: filing.territory.worldwide,
        acknowledged_at: view.request.state.acknowledged_at(),
        withdrawn_at: view.request.state.withdrawn_at(),
        obstacles,
    }
}

fn copied(view: &RequestView) -> Option<Copied> {
    let kept = &view.oversight;
    match &kept.core.scrutiny.as_ref()?.copy {
        CopySent::Exchange { at, .. } => Some(Copied {
            to: kept.authority_name.clone()?,
            at: *at,
        }),
        CopySent::Due => None,
        CopySent::ByHand { to, at } => Some(Copied {
            to: to.clone(),
            at: *at,
        }),
    }
}

fn annulled(view: &RequestView) -> Option<(String, At)> {
    let kept = &view.oversight;
    let decision = kept.core.scrutiny.as_ref()?.decision?;
    (decision.finding == Finding::Infringement)
        .then(|| Some((kept.authority_name.clone()?, decision.at)))?
}
