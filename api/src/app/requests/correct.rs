//! Correcting a request that is filed: a new fact takes the place of an old one, which stays to be seen.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value, json};
use takedown_core::agency::OfficerRef;
use takedown_core::history::{Corrected, Data, Digest};
use takedown_core::id::ItemId;
use takedown_core::instrument::Catalogue;
use takedown_core::policy::Action;
use takedown_core::request::{Applied, Change, Command, Correction, Fact, Illegal, Served};
use takedown_core::signed::Refused;
use takedown_core::text::Language;
use takedown_core::time::At;

use super::answer::{Acted, Doing, Expected, Render, act, decide_in_core};
use super::filing::{Service, Text};
use super::judge::check_claim;
use super::revision::Revision;
use super::view::RequestView;
use super::{message, withdraw};
use crate::app::once::{Answer, Once};
use crate::app::signed::{self, Statement};
use crate::app::{Caller, Cx, Error, FieldError};
use crate::store::requests::{self, Filter, Scope};
use crate::store::{Conn, StoreError, corrections};

/// New facts. What is not named stays.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct NewCorrection {
    pub reasons: Option<Text>,
    pub translation: Option<Text>,
    pub grounds: Option<Vec<String>>,
    pub provision: Option<String>,
    pub service: Option<Service>,
    pub officer: Option<OfficerRef>,
    pub agency_reference: Option<String>,
    pub items: Vec<ItemCorrection>,
    /// Why, in words.
    pub text: Option<Text>,
    /// What the unit signed, where it did.
    pub signed: Option<Statement>,
}

/// New facts of an item. Where it is and what it is are never rewritten.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct ItemCorrection {
    pub item: ItemId,
    pub description: Option<String>,
    pub language: Option<Language>,
    pub graphic: Option<u8>,
    pub seen_at: Option<At>,
}

/// A fact that changes.
struct Changed {
    fact: Fact,
    item: Option<ItemId>,
    was: Value,
    now: Value,
}

/// Puts new facts in the place of old ones.
///
/// # Errors
/// [`Error::Signature`], [`Error::Invalid`] for foreign items, [`Error::Contradiction`] when the request would contradict its instrument,
/// [`Error::DuplicateReference`], [`Error::NotFound`], [`Error::Refused`], [`Error::StaleVersion`], and the store's.
pub async fn correct(
    cx: &Cx,
    caller: &Caller,
    id: String,
    expected: Expected,
    key: Option<Once>,
    new: NewCorrection,
    render: Render,
) -> Result<Answer, Error> {
    let doing = Doing {
        action: Action::Correct,
        id,
        key,
        expected,
        version_required: true,
    };
    let named = |officer: &OfficerRef| officer.name.is_some();
    if new.signed.is_some() && new.officer.as_ref().is_some_and(named) {
        return Err(Refused::Escrowed("officer.name").into());
    }
    let (by, powers) = (caller.clone(), Arc::clone(&cx.powers));
    act(cx, caller, doing, move |conn, view, now| {
        let before = view.request.status();
        let served = new.service.as_ref().map(|service| Served {
            was: view.filing.service.as_ref().map(|s| s.served_at),
            now: service.served_at,
        });
        let changed = apply(view, &new)?;
        let facts: Vec<Fact> = changed.iter().map(|one| one.fact).collect();
        if changed.is_empty() {
            said_already(view, new.text.as_ref())?;
        }
        let command = Command::Correct(Correction {
            served: served.filter(|_| facts.contains(&Fact::Service)),
            facts,
        });
        let applied = decide_in_core(&by, view, command, now).map_err(locate)?;
        let text = new.text.as_ref();
        let data: Vec<Corrected> = changed.iter().map(told).collect();
        let mut signature = None;
        if let Applied::Changed(change) = &applied {
            judge(&powers.catalogue, view, &changed, now)?;
            let version = change.request.version;
            signature = signed::changed(conn, view, new.signed.as_ref(), version, now)?;
            unused_reference(conn, view, &changed)?;
            write(conn, view, changed, (change.request.version, text), now)?;
            if let Some(text) = text {
                message::keep(conn, &by, view, ("correction", None), text, &[], now)?;
            }
        }
        let text = text.map(|text| Digest::of(&text.text));
        Ok(Acted {
            first: None,
            applied,
            data: Box::new(move |change: &Change| {
                Data::corrected(change, before, data, text).signed(signature)
            }),
            render: Box::new(render),
        })
    })
    .await
}

/// A correction that corrects nothing is one that was sent before, or its words would be kept nowhere.
fn said_already(view: &RequestView, text: Option<&Text>) -> Result<(), Error> {
    let mut known = view.revisions.facts.iter();
    if text.is_none() || known.any(|revision| revision.text.as_ref() == text) {
        return Ok(());
    }
    let says = "all of this stands there already, so that there is no correction this text could be kept with; send it as a \
                message (POST /v1/requests/{id}/messages)";
    Err(Error::Invalid(vec![FieldError::new("/text", says)]))
}

fn told(changed: &Changed) -> Corrected {
    Corrected {
        fact: changed.fact,
        item: changed.item,
        was: Digest::of(changed.was.to_string()),
        now: Digest::of(changed.now.to_string()),
    }
}

/// Brings the view to what it would be, and says what is another than before.
fn apply(view: &mut RequestView, new: &NewCorrection) -> Result<Vec<Changed>, Error> {
    let mut changed = Vec::new();
    let mut put = |fact, item, was: Value, now: Value| {
        if was != now {
            changed.push(Changed {
                fact,
                item,
                was,
                now,
            });
        }
    };
    macro_rules! replace {
        ($fact:ident, $item:expr, $place:expr, $new:expr) => {
            if let Some(new) = $new {
                put(Fact::$fact, $item, json!($place), json!(new));
                $place = new.clone().into();
            }
        };
    }
    let filing = &mut view.filing;
    replace!(Reasons, None, filing.reasons, &new.reasons);
    replace!(Translation, None, filing.translation, &new.translation);
    replace!(Grounds, None, filing.grounds, &new.grounds);
    replace!(Provision, None, filing.provision, &new.provision);
    replace!(Service, None, filing.service, &new.service);
    replace!(Officer, None, filing.officer, &new.officer);
    replace!(
        AgencyReference,
        None,
        view.agency_reference,
        &new.agency_reference
    );
    for (index, new) in new.items.iter().enumerate() {
        let Some(item) = view.items.iter_mut().find(|i| i.item.id == new.item) else {
            return Err(Error::Invalid(vec![FieldError::new(
                format!("/items/{index}/item"),
                format!("this request has no item {}", new.item),
            )]));
        };
        if item.item.withdrawal.is_some() {
            return Err(Error::Invalid(vec![FieldError::new(
                format!("/items/{index}/item"),
                format!(
                    "{} was taken back: there is nothing to correct in it",
                    new.item
                ),
            )]));
        }
        let (id, detail) = (Some(new.item), &mut item.detail);
        replace!(Description, id, detail.description, &new.description);
        replace!(Language, id, detail.language, &new.language);
        replace!(Graphic, id, detail.graphic, &new.graphic);
        replace!(SeenAt, id, detail.seen_at, &new.seen_at);
    }
    Ok(changed)
}

/// The request must not come to contradict its own instrument by what is corrected.
fn judge(
    catalogue: &Catalogue,
    view: &mut RequestView,
    changed: &[Changed],
    now: At,
) -> Result<(), Error> {
    let other_grounds = changed.iter().any(|one| one.fact == Fact::Grounds);
    let id = view.request.instrument.as_str();
    let Some(instrument) = catalogue.get(id) else {
        if other_grounds {
            let why = format!("{id} is not offered here any more: its grounds stay as they are");
            return Err(Error::Invalid(vec![FieldError::new("/grounds", why)]));
        }
        return Ok(());
    };
    let kinds: Vec<_> = view.items.iter().map(|item| item.kind).collect();
    let filing = (&view.filing, kinds.as_slice(), view.jurisdiction);
    if let Err(error) = check_claim(instrument, &view.agency, filing, false, now) {
        let Error::Contradiction(mut broken) = error else {
            return Err(error);
        };
        // What was accepted at the filing is not judged again by a later clock.
        broken.retain(|rule| {
            changed.iter().any(|one| {
                let pointer = rule.at.pointer.strip_prefix('/').unwrap_or_default();
                pointer.split('/').next() == Some(one.fact.as_str())
            })
        });
        if !broken.is_empty() {
            return Err(Error::Contradiction(broken));
        }
    }
    if other_grounds {
        view.filing.keep_grounds(instrument);
    }
    Ok(())
}

/// An agency uses each of its file numbers for one request.
fn unused_reference(conn: &mut Conn, view: &RequestView, changed: &[Changed]) -> Result<(), Error> {
    if !changed.iter().any(|one| one.fact == Fact::AgencyReference) {
        return Ok(());
    }
    let scope = Scope::Agency(view.agency.id.to_string());
    let filter = Filter {
        agency_reference: view.agency_reference.clone(),
        ..Filter::default()
    };
    match requests::page(conn, &scope, &filter, None, 1)?.pop() {
        Some(row) => Err(Error::DuplicateReference(row.id)),
        None => Ok(()),
    }
}

fn write(
    conn: &mut Conn,
    view: &mut RequestView,
    changed: Vec<Changed>,
    (version, text): (i32, Option<&Text>),
    now: At,
) -> Result<(), Error> {
    let request = view.request.id.to_string();
    let mut items: HashSet<ItemId> = HashSet::new();
    let mut facts = Vec::with_capacity(changed.len());
    for one in changed {
        items.extend(one.item);
        if let (Fact::AgencyReference, Some(was)) = (one.fact, one.was.as_str()) {
            let agency = view.agency.id.to_string();
            corrections::keep_reference(conn, &agency, was, &request)?;
        }
        facts.push(Revision {
            version,
            at: now,
            fact: one.fact.as_str().to_owned(),
            item: one.item,
            was: one.was,
            now: one.now,
            text: text.cloned(),
        });
    }
    view.revisions.add(conn, &request, facts)?;
    for item in view.items.iter().filter(|i| items.contains(&i.item.id)) {
        let detail = serde_json::to_string(&item.detail).map_err(StoreError::from)?;
        corrections::correct_item(conn, &item.item.id.to_string(), &detail)?;
    }
    withdraw::keep(conn, view)
}

fn locate(error: Error) -> Error {
    match error {
        Error::Refused(illegal) => match *illegal {
            Illegal::Clock(why) => {
                Error::Invalid(vec![FieldError::new("/service/served_at", why.to_string())])
            }
            other => Error::Refused(Box::new(other)),
        },
        other => other,
    }
}
