//! Registering, verifying and suspending agencies.

mod competence;
mod record;
mod signing;
mod verification;

use takedown_core::agency::{AgencyStatus, AgencyType};
use takedown_core::contact::MailAddress;
use takedown_core::history::{Data, Subject};
use takedown_core::id::AgencyId;
use takedown_core::platform::Wishes;
use takedown_core::policy::{Action, Resource, Role, authorize};
use takedown_core::text::{Country, Language};
use takedown_core::time::At;
use uuid::Uuid;

use super::once::{Answer, Once, once};
use super::parties::Agency;
use super::registering::{Page, invalid, one_more, put, record};
use super::registry::load_agency;
use super::requests::Expected;
use super::values::{Complaints, Name, Reason, Zone};
use super::{Caller, Cx, Error};
use crate::store::agencies::AgencyRow;
use crate::store::{Conn, StoreError, agencies, clients};

pub use competence::compete;
pub use record::{Record, count_next, record_of};
pub use signing::require_signatures;
pub use verification::{Confirmation, NewVerification, confirm, ending, verify};

/// An agency to be registered. It may file once it is verified.
#[derive(Debug, Clone)]
pub struct NewAgency {
    /// Its name, as platforms see it.
    pub name: Name,
    /// Whose authority it is.
    pub country: Country,
    /// Police, judicial, regulator or other.
    pub agency_type: AgencyType,
    /// Where a platform or an uploader complains.
    pub complaints: Complaints,
    /// Where it is told of answers.
    pub mail: MailAddress,
    /// The language of those mails.
    pub language: Language,
    /// The zone its times are shown in.
    pub time_zone: Zone,
}

impl NewAgency {
    /// The agency, not verified yet.
    #[must_use]
    pub fn registered(self, id: AgencyId, now: At) -> Agency {
        Agency {
            id,
            name: self.name.into(),
            country: self.country,
            agency_type: self.agency_type,
            status: AgencyStatus::Pending,
            suspension_reason: None,
            complaints: self.complaints.into(),
            mail: self.mail.as_str().to_owned(),
            language: self.language,
            time_zone: self.time_zone.into(),
            verification: None,
            version: 1,
            created_at: now,
            updated_at: now,
            naming_agreed: false,
            scrutinises: Vec::new(),
            signature_required: false,
            wishes: Wishes::default(),
        }
    }
}

/// How an agency is answered.
pub type Render = fn(&Agency, &Caller) -> Answer;

/// Registers an agency.
///
/// # Errors
/// Those of the policy, [`Error::KeyMismatch`], and those of the store.
pub async fn register(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewAgency,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::RegisterAgency, &Resource::Exchange)?;
    let now = cx.now();
    let agency = new.registered(AgencyId::from_uuid(Uuid::now_v7()), now);
    let caller = caller.clone();
    let answer = cx
        .store
        .write(move |conn| {
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                agencies::insert(conn, &AgencyRow::try_from(&agency)?)?;
                let subject = Subject::Agency { id: agency.id };
                record(
                    conn,
                    caller.author(),
                    subject,
                    now,
                    Data::AgencyRegistered {},
                )?;
                Ok(render(&agency, &caller))
            })
        })
        .await;
    cx.registry.changed();
    answer
}

/// Agencies in the order of their registration, after `after`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Agency>, Error> {
    authorize(&caller.actor, Action::ListAgencies, &Resource::Exchange)?;
    let rows = cx
        .store
        .read(move |conn| {
            agencies::page(conn, after.as_deref(), one_more(limit))?
                .into_iter()
                .map(Agency::try_from)
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

/// One agency.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may see.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<Agency, Error> {
    let id = permitted(caller, Action::ReadAgency, id)?.to_string();
    cx.store
        .read(move |conn| load_agency(conn, &id)?.ok_or(Error::NotFound))
        .await
}

/// What is to become of an agency. What is not named stays.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct AgencyChange {
    pub name: Option<Name>,
    pub country: Option<Country>,
    pub agency_type: Option<AgencyType>,
    pub complaints: Option<Complaints>,
    pub mail: Option<MailAddress>,
    pub language: Option<Language>,
    pub time_zone: Option<Zone>,
}

/// Changes what is known of an agency. The caller says which version he has read.
///
/// # Errors
/// [`Error::NotFound`], [`Error::VersionRequired`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn change(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    change: AgencyChange,
) -> Result<Agency, Error> {
    let doing = (Action::ChangeAgency, expected, true);
    alter(cx, caller, id, doing, move |_, agency, _| {
        let change = change.clone();
        let moves = change.country.is_some_and(|to| to != agency.country);
        if moves && !agency.scrutinises.is_empty() {
            return Err(Error::Conflict(format!(
                "{} scrutinises orders to platforms of {}; end that first (PUT /v1/agencies/{{id}}/competence).",
                agency.id, agency.country
            )));
        }
        let mut members = Vec::new();
        let m = &mut members;
        put(m, "name", &mut agency.name, change.name.map(Into::into));
        put(m, "country", &mut agency.country, change.country);
        put(m, "type", &mut agency.agency_type, change.agency_type);
        let complaints = change.complaints.map(Into::into);
        put(m, "complaints", &mut agency.complaints, complaints);
        let mail = change.mail.map(|mail| mail.as_str().to_owned());
        put(m, "mail", &mut agency.mail, mail);
        put(m, "language", &mut agency.language, change.language);
        let zone = change.time_zone.map(Into::into);
        put(m, "time_zone", &mut agency.time_zone, zone);
        Ok((!members.is_empty()).then_some(Data::AgencyChanged { members }))
    })
    .await
}

/// Says whether an agency is named to others who ask about the same item; it is told to each only if both agreed.
/// Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn name(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    agreed: bool,
) -> Result<Agency, Error> {
    let doing = (Action::NameAgency, expected, false);
    alter(cx, caller, id, doing, move |_, agency, _| {
        let changed = agency.naming_agreed != agreed;
        agency.naming_agreed = agreed;
        Ok(changed.then_some(Data::AgencyNaming { agreed }))
    })
    .await
}

/// Says how an agency wants its mails: the agency itself, or the operator for it. What stands still until it answers leaves at once all
/// the same. Repeating it changes nothing.
///
/// # Errors
/// [`Error::Invalid`] when the quiet hours would never end, [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and
/// the store.
pub async fn set_wishes(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    wishes: Wishes,
) -> Result<Agency, Error> {
    let doing = (Action::SetAgencyNotification, expected, false);
    alter(cx, caller, id, doing, move |_, agency, _| {
        if let Err(why) = wishes.check() {
            return Err(invalid("/quiet", why.to_string()));
        }
        if agency.wishes == wishes {
            return Ok(None);
        }
        agency.wishes = wishes.clone();
        Ok(Some(Data::AgencyChanged {
            members: vec!["notification".into()],
        }))
    })
    .await
}

/// Stops an agency at once: it cannot file or call, and its tokens end. Another reason takes the place of the former.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn suspend(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    reason: Reason,
) -> Result<Agency, Error> {
    let doing = (Action::SuspendAgency, expected, false);
    let real = cx.clock.real();
    alter(cx, caller, id, doing, move |conn, agency, _| {
        let reason = reason.as_str().to_owned();
        if agency.suspension_reason.as_ref() == Some(&reason) {
            return Ok(None);
        }
        agency.status = AgencyStatus::Suspended;
        let (id, at) = (agency.id.to_string(), real.timestamp_millis());
        clients::end_tokens(conn, Role::Agency.as_str(), &id, at)?;
        agency.suspension_reason = Some(reason.clone());
        Ok(Some(Data::AgencySuspended { reason }))
    })
    .await
}

/// Ends the suspension of an agency: it is what it was before. Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn reinstate(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
) -> Result<Agency, Error> {
    let doing = (Action::ReinstateAgency, expected, false);
    alter(cx, caller, id, doing, |_, agency, _| {
        if agency.status != AgencyStatus::Suspended {
            return Ok(None);
        }
        agency.status = match agency.verification {
            Some(_) => AgencyStatus::Verified,
            None => AgencyStatus::Pending,
        };
        agency.suspension_reason = None;
        Ok(Some(Data::AgencyReinstated {}))
    })
    .await
}

/// Role and scope are judged before anything is known of the agency, so that a refusal tells nothing about it.
fn permitted(caller: &Caller, action: Action, id: &str) -> Result<AgencyId, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    authorize(&caller.actor, action, &Resource::Agency(id))?;
    Ok(id)
}

/// Changes one agency and records it; nothing is written when `work` has nothing to record.
async fn alter<W>(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    (action, expected, required): (Action, Expected, bool),
    work: W,
) -> Result<Agency, Error>
where
    W: Fn(&mut Conn, &mut Agency, At) -> Result<Option<Data>, Error> + Send + 'static,
{
    let id = permitted(caller, action, id)?;
    let author = caller.author();
    let now = cx.now();
    let key = id.to_string();
    let changed = cx
        .store
        .write(move |conn| {
            let mut agency = load_agency(conn, &key)?.ok_or(Error::NotFound)?;
            expected.check(agency.version, required)?;
            if let Some(data) = work(conn, &mut agency, now)? {
                agency.version += 1;
                agency.updated_at = now;
                agencies::update(conn, &AgencyRow::try_from(&agency)?)?;
                record(conn, author, Subject::Agency { id }, now, data)?;
            }
            Ok(agency)
        })
        .await;
    // Even when the answer failed: whether the commit reached the database may not be known.
    cx.registry.changed();
    changed
}
