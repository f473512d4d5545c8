//! What somebody wants exported, and whether anything can be that.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use takedown_core::id::{AgencyId, PlatformId, Reference};
use takedown_core::locator::{Host, ItemKind, Locator};
use takedown_core::policy::Reach;
use takedown_core::request::{ItemRestoration, OutcomeCode, Status};
use takedown_core::text::bounded_line;
use takedown_core::time::{At, rfc3339};

use crate::app::repeats::key;
use crate::app::{Cx, Error, FieldError};
use crate::store::StoreError;
use crate::store::export::{self, Items};
use crate::store::requests::Filter;

/// The longest file number of an agency, in characters.
const MAX_REFERENCE: usize = 100;

/// What to export. Everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    /// Where the request stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How it stands with putting things back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restoration: Option<ItemRestoration>,
    /// Who asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyId>,
    /// Who was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformId>,
    /// Under which instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrument: Option<String>,
    /// On which ground, alone or among others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// What became of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeCode>,
    /// Our short reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// The agency's own file number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency_reference: Option<String>,
    /// The item itself, in any writing that means the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// The host it lies on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Filed at or after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed_from: Option<At>,
    /// Filed before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed_to: Option<At>,
}

/// What the store is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    pub(super) requests: Filter,
    pub(super) items: Items,
    pub(super) filed: (Option<At>, Option<At>),
}

impl Wanted {
    /// What of it was given, by name, as it is written down.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when it cannot be written.
    pub(super) fn given(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let written = serde_json::to_value(self)?;
        Ok(serde_json::from_value(written)?)
    }

    /// What of it is of requests as a whole, where nothing else was given: then their items can be counted.
    pub(super) fn of_requests(&self) -> Option<Filter> {
        let of_items = self.outcome.is_some() || self.locator.is_some() || self.host.is_some();
        (!of_items && self.ground.is_none()).then(|| self.requests())
    }

    /// Whether it is everything that the caller may see.
    pub(super) fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// What the store is asked for.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming every member that nothing can match, and what would be right; those of the store.
    pub(super) async fn chosen(&self, cx: &Cx, reach: Reach) -> Result<Chosen, Error> {
        let mut wrong = Vec::new();
        self.parties(cx, reach, &mut wrong).await?;
        self.words(cx, &mut wrong).await?;
        if let (Some(from), Some(to)) = (self.filed_from, self.filed_to)
            && from >= to
        {
            let detail = format!(
                "must be later than filed_from, which is {}: nothing is filed at or after it and before {}",
                rfc3339(from),
                rfc3339(to)
            );
            wrong.push(FieldError::new("/filed_to", detail));
        }
        if let Some(reference) = &self.agency_reference
            && let Err(error) = bounded_line("the file number", reference, MAX_REFERENCE)
        {
            let detail = format!("{error}; so no filing has it");
            wrong.push(FieldError::new("/agency_reference", detail));
        }
        let meant = match self.locator.as_deref().map(meant) {
            Some(Err(detail)) => {
                wrong.push(FieldError::new("/locator", detail));
                Vec::new()
            }
            Some(Ok(meant)) => meant,
            None => Vec::new(),
        };
        let host = match self.host.as_deref().map(Host::parse) {
            Some(Err(error)) => {
                let detail = format!("{error}; give the name alone, such as paste.example");
                wrong.push(FieldError::new("/host", detail));
                None
            }
            Some(Ok(host)) => {
                let elsewhere = |locator: &Locator| locator.host().is_some_and(|h| *h != host);
                if !meant.is_empty() && meant.iter().all(elsewhere) {
                    let detail =
                        "is not the host of the locator, so nothing is both; leave one of them out";
                    wrong.push(FieldError::new("/host", detail));
                }
                Some(host.as_str().to_owned())
            }
            None => None,
        };
        // What is compared as the same lies on the same host, along which it is found.
        let host = host.or_else(|| only_host(&meant));
        let comparisons: BTreeSet<Vec<u8>> = meant
            .iter()
            .map(|locator| key(locator, "").digest)
            .collect();
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        Ok(Chosen {
            requests: self.requests(),
            items: Items {
                outcome: self.outcome.map(|outcome| outcome.to_string()),
                comparisons: comparisons.into_iter().collect(),
                requests: None,
                host,
                ground: self.ground.clone(),
            },
            filed: (self.filed_from, self.filed_to),
        })
    }

    fn requests(&self) -> Filter {
        Filter {
            status: self.status.map(|status| status.to_string()),
            restoration: self.restoration.map(|restoration| restoration.to_string()),
            agency: self.agency.map(|id| id.to_string()),
            platform: self.platform.map(|id| id.to_string()),
            instrument: self.instrument.clone(),
            reference: self.reference.as_ref().map(ToString::to_string),
            agency_reference: self.agency_reference.clone(),
            filed_from: self.filed_from.map(|at| at.timestamp_millis()),
            filed_to: self.filed_to.map(|at| at.timestamp_millis()),
            ..Filter::default()
        }
    }

    /// A party that is foreign is refused as one that never was.
    async fn parties(
        &self,
        cx: &Cx,
        reach: Reach,
        wrong: &mut Vec<FieldError>,
    ) -> Result<(), Error> {
        let unknown = |name: &str, kind: &str| {
            FieldError::new(
                name,
                format!(
                    "no {kind} of this id is among those whose requests you may see; leave it out for all of them"
                ),
            )
        };
        if let Some(id) = self.agency {
            let foreign = matches!(reach, Reach::Agency(own) if own != id);
            if foreign || cx.registry.agency(&id.to_string()).await?.is_none() {
                wrong.push(unknown("/agency", "agency"));
            }
        }
        if let Some(id) = self.platform {
            let foreign = matches!(reach, Reach::Platform(own) if own != id);
            if foreign || cx.registry.platform(&id.to_string()).await?.is_none() {
                wrong.push(unknown("/platform", "platform"));
            }
        }
        Ok(())
    }

    async fn words(&self, cx: &Cx, wrong: &mut Vec<FieldError>) -> Result<(), Error> {
        let catalogue = &cx.powers.catalogue;
        if let Some(id) = self.instrument.clone()
            && catalogue.get(&id).is_none()
        {
            // One that the operator took away may have been claimed before.
            let claimed: bool = cx
                .store
                .read(move |conn| export::is_claimed(conn, &id))
                .await
                .map_err(Error::Store)?;
            if !claimed {
                let detail = "no instrument of this name is or was on this exchange; GET /v1/instruments lists them";
                wrong.push(FieldError::new("/instrument", detail));
            }
        }
        if let Some(code) = &self.ground
            && catalogue.ground(code).is_none()
        {
            let detail = "no ground has this code; GET /v1/instruments lists the grounds of each instrument, such as tco:a";
            wrong.push(FieldError::new("/ground", detail));
        }
        Ok(())
    }
}

/// What this may be, whatever kind of thing it is.
fn meant(locator: &str) -> Result<Vec<Locator>, String> {
    let (mut meant, mut why) = (Vec::new(), None);
    for kind in ItemKind::ALL {
        match Locator::parse(*kind, locator) {
            Ok(locator) => meant.push(locator),
            Err(error) => why = why.or(Some(error)),
        }
    }
    match why {
        Some(error) if meant.is_empty() => Err(error.to_string()),
        _ => Ok(meant),
    }
}

/// The host of all of them, if it is one.
fn only_host(meant: &[Locator]) -> Option<String> {
    let host = meant.first()?.host()?;
    let same = |locator: &Locator| locator.host() == Some(host);
    meant.iter().all(same).then(|| host.as_str().to_owned())
}

/// Stands in the place of what was forgotten of a filter. No locator has it.
const FORGOTTEN: &str = "(forgotten)";

/// A filter as it is remembered when its file is gone: which link somebody asked about is nobody's business any more.
pub(super) fn forgetting(filter: &str) -> String {
    let Ok(mut filter) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(filter)
    else {
        // Nobody knows what is in it.
        return "null".to_owned();
    };
    if let Some(locator) = filter.get_mut("locator") {
        *locator = FORGOTTEN.into();
    }
    serde_json::Value::Object(filter).to_string()
}
