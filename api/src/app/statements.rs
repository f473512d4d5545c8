//! Statements of reasons for a platform's decisions. Nothing is stored and nothing is sent.

use takedown_core::history::{Content, Data};
use takedown_core::id::ItemId;
use takedown_core::instrument::Kind;
use takedown_core::policy::{Action, Resource, authorize};
use takedown_core::statement::{self, Additions, Case, Draft, NotDue};

use super::parties::parsed;
use super::requests::{RequestView, complete, identifier, scope_of};
use super::{Caller, Cx, Error, reads};
use crate::store::decisions::DecisionRow;
use crate::store::{StoreError, requests as rows, statements};

/// For which item, and what the platform adds.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The request, as the caller wrote it.
    pub request: String,
    /// The item, as the caller wrote it.
    pub item: String,
    /// What only the platform knows.
    pub given: Additions,
}

/// What came of one.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The statement so far, or why none is due.
    pub outcome: Result<Draft, NotDue>,
    /// It need not be sent to the database (Regulation (EU) 2022/2065, Article 19(1)).
    pub submission_exempt: bool,
}

/// States the reasons for one decision.
///
/// # Errors
/// [`Error::NotFound`] when there is no such item that the caller may see.
pub async fn one(
    cx: &Cx,
    caller: &Caller,
    action: Action,
    wanted: Wanted,
) -> Result<Stated, Error> {
    let mut all = many(cx, caller, action, vec![wanted]).await?;
    all.pop().flatten().ok_or(Error::NotFound)
}

/// States the reasons for several decisions; `None` where there is no such item that the caller may see.
///
/// # Errors
/// Those of the policy and the store.
pub async fn many(
    cx: &Cx,
    caller: &Caller,
    action: Action,
    wanted: Vec<Wanted>,
) -> Result<Vec<Option<Stated>>, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let mut all = Vec::with_capacity(wanted.len());
    let mut read = Vec::new();
    for one in wanted {
        all.push(match load(cx, caller, &one).await {
            Ok((view, decision)) => {
                read.push(Data::RequestRead {
                    request: view.request.id,
                    version: Some(view.request.version),
                    content: Content::Statement,
                });
                Some(state(cx, &view, decision, &one.given)?)
            }
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        });
    }
    reads::enter(cx, caller.author(), read).await?;
    Ok(all)
}

async fn load(
    cx: &Cx,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<(RequestView, Option<DecisionRow>), Error> {
    let scope = scope_of(&caller.actor)?;
    let request = identifier(&wanted.request)?;
    let item: ItemId = wanted.item.parse().map_err(|_| Error::NotFound)?;
    let item = item.to_string();
    let (row, item, decision) = cx
        .store
        .read(move |conn| {
            let row = rows::find(conn, &scope, &request)?.ok_or(Error::NotFound)?;
            let (item, decision) =
                statements::decided(conn, &row.id, &item)?.ok_or(Error::NotFound)?;
            Ok::<_, Error>((row, item, decision))
        })
        .await?;
    Ok((complete(cx, row, vec![item]).await?, decision))
}

fn state(
    cx: &Cx,
    view: &RequestView,
    decision: Option<DecisionRow>,
    given: &Additions,
) -> Result<Stated, StoreError> {
    let catalogue = &cx.powers.catalogue;
    let instrument = view.request.instrument.as_str();
    let decision = decision
        .map(|row| {
            Ok::<_, StoreError>((
                parsed("decision id", &row.id)?,
                serde_json::from_str(&row.detail)?,
            ))
        })
        .transpose()?;
    let citation = |code: &String| {
        let ground = catalogue.ground(code);
        (
            code.clone(),
            ground.map(|g| g.citation.clone()).unwrap_or_default(),
        )
    };
    let case = Case {
        instrument: instrument.to_owned(),
        is_order: view.request.kind == Kind::Order,
        grounds: view.filing.grounds.iter().map(citation).collect(),
        language: view.items.first().and_then(|i| i.detail.language.clone()),
        decision,
        non_disclosure: view.filing.non_disclosure.as_ref().map(|held| {
            let rule = catalogue
                .get(instrument)
                .and_then(|i| i.non_disclosure.as_ref());
            // This node may not have the operator's own instrument any more; the request keeps where it is written down.
            let citation =
                rule.map_or_else(|| view.filing.power(instrument).1, |r| r.citation.clone());
            (held.until, citation)
        }),
        platform_country: view.platform.country,
        platform_size: view.platform.size_class,
        now: cx.now(),
    };
    Ok(Stated {
        outcome: statement::draft(&case, given),
        submission_exempt: case.submission_exempt(),
    })
}
