//! Registering, verifying and suspending platforms.

mod wishes;

use takedown_core::contact::MailAddress;
use takedown_core::history::{Data, Subject};
use takedown_core::id::PlatformId;
use takedown_core::platform::{ControlMethod, SizeClass, Standing, Wishes};
use takedown_core::policy::{Action, Reach, Resource, Role, authorize};
use takedown_core::text::{Country, Language};
use takedown_core::time::At;
use uuid::Uuid;

pub use self::wishes::{Unsubscribing, mint_unsubscribe, set_wishes, unsubscribe, unsubscribing};
use super::once::{Answer, Once, once};
use super::parties::Platform;
use super::registering::{Page, host_race, invalid, one_more, put, record};
use super::registry::load_platform;
use super::requests::Expected;
use super::values::{HostName, Name, Note, Reason, Zone};
use super::{Caller, Cx, Error};
use crate::store::platforms::PlatformRow;
use crate::store::{Conn, StoreError, clients, links, platforms};

/// A platform to be registered.
#[derive(Debug, Clone)]
pub struct NewPlatform {
    /// Its name.
    pub name: Name,
    /// Where it is established.
    pub country: Country,
    /// The hosts that lead to it; what lies below one is included.
    pub hosts: Vec<HostName>,
    /// The languages it accepts, the preferred one first.
    pub languages: Vec<Language>,
    /// Its zone.
    pub time_zone: Zone,
    /// Where it is told, the first one first.
    pub contacts: Vec<MailAddress>,
    /// How large it is.
    pub size_class: SizeClass,
    /// How well it is known.
    pub standing: Standing,
}

impl NewPlatform {
    /// The platform.
    #[must_use]
    pub fn registered(self, id: PlatformId, now: At) -> Platform {
        Platform {
            id,
            name: self.name.into(),
            country: Some(self.country),
            standing: self.standing,
            suspended: false,
            suspension_reason: None,
            hosts: sorted(self.hosts),
            languages: distinct(self.languages),
            time_zone: self.time_zone.into(),
            contacts: distinct(texts(&self.contacts)),
            size_class: self.size_class,
            version: 1,
            created_at: now,
            updated_at: now,
            wishes: Wishes::default(),
        }
    }
}

/// How a platform is answered.
pub type Render = fn(&Platform, &Caller) -> Answer;

/// Registers a platform with its hosts.
///
/// # Errors
/// [`Error::Conflict`] when a host belongs to another platform, [`Error::Invalid`] for a standing that has to be proved, those of the
/// policy, [`Error::KeyMismatch`], and those of the store.
pub async fn register(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewPlatform,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::RegisterPlatform, &Resource::Exchange)?;
    if proved(new.standing) {
        return Err(must_be_proved(new.standing));
    }
    let now = cx.now();
    let platform = new.registered(PlatformId::from_uuid(Uuid::now_v7()), now);
    let caller = caller.clone();
    let answer = cx
        .store
        .write(move |conn| {
            let client = caller.client.to_string();
            once(conn, &client, key.as_ref(), now, |conn| {
                insert(conn, &platform)?;
                let subject = Subject::Platform { id: platform.id };
                let data = Data::PlatformRegistered {};
                record(conn, caller.author(), subject, now, data)?;
                Ok(render(&platform, &caller))
            })
        })
        .await;
    cx.registry.changed();
    answer.map_err(host_race)
}

/// Platforms in the order of their registration, after `after`. To a platform there is only itself.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Platform>, Error> {
    let permit = authorize(&caller.actor, Action::ListPlatforms, &Resource::Exchange)?;
    let reach = permit.reach();
    let rows = cx
        .store
        .read(move |conn| match reach {
            Reach::Everything => page(conn, after.as_deref(), one_more(limit)),
            Reach::Platform(own) => {
                let own = own.to_string();
                if after.is_some_and(|after| after >= own) {
                    return Ok(Vec::new());
                }
                Ok(load_platform(conn, &own)?.into_iter().collect())
            }
            Reach::Agency(_) | Reach::Nothing => Ok(Vec::new()),
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

fn page(conn: &mut Conn, after: Option<&str>, limit: i64) -> Result<Vec<Platform>, StoreError> {
    let rows = platforms::page(conn, after, limit)?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut hosts = platforms::hosts(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let own = hosts.extract_if(.., |host| host.platform_id == row.id);
            let own = own.map(|host| host.host).collect();
            Platform::from_rows(row, own)
        })
        .collect()
}

/// One platform.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the caller may see.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<Platform, Error> {
    let id = permitted(caller, Action::ReadPlatform, id)?.to_string();
    cx.store
        .read(move |conn| load_platform(conn, &id)?.ok_or(Error::NotFound))
        .await
}

/// What is to become of a platform. What is not named stays.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct PlatformChange {
    pub name: Option<Name>,
    pub country: Option<Country>,
    pub hosts: Option<Vec<HostName>>,
    pub languages: Option<Vec<Language>>,
    pub time_zone: Option<Zone>,
    pub contacts: Option<Vec<MailAddress>>,
    pub size_class: Option<SizeClass>,
    pub standing: Option<Standing>,
}

/// Changes what is known of a platform. The caller says which version he has read.
///
/// # Errors
/// [`Error::Conflict`] when a host belongs to another platform, [`Error::Invalid`] for a standing that has to be proved,
/// [`Error::NotFound`], [`Error::VersionRequired`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn change(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    change: PlatformChange,
) -> Result<Platform, Error> {
    let doing = (Action::ChangePlatform, expected, true);
    alter(cx, caller, id, doing, move |conn, platform, _| {
        let change = change.clone();
        // Being in charge is proved once; from there to `active` and back is the operator's judgement.
        if let Some(standing) = change.standing
            && proved(standing)
            && !proved(platform.standing)
        {
            return Err(must_be_proved(standing));
        }
        let standing = change.standing.unwrap_or(platform.standing);
        if change.hosts.as_ref().is_some_and(Vec::is_empty) && standing != Standing::Gone {
            let says = "a platform has at least one host, unless it is gone";
            return Err(invalid("/hosts", says));
        }
        let mut members = Vec::new();
        let m = &mut members;
        put(m, "name", &mut platform.name, change.name.map(Into::into));
        let country = change.country.map(Some);
        put(m, "country", &mut platform.country, country);
        put(m, "hosts", &mut platform.hosts, change.hosts.map(sorted));
        let languages = change.languages.map(distinct);
        put(m, "languages", &mut platform.languages, languages);
        let zone = change.time_zone.map(Into::into);
        put(m, "time_zone", &mut platform.time_zone, zone);
        let contacts = change.contacts.map(|contacts| distinct(texts(&contacts)));
        // Whoever names an address again that its reader called wrong takes that back.
        let named = contacts.as_deref().unwrap_or_default();
        links::accept(conn, &platform.id.to_string(), named)?;
        put(m, "contacts", &mut platform.contacts, contacts);
        put(m, "size_class", &mut platform.size_class, change.size_class);
        put(m, "standing", &mut platform.standing, change.standing);
        Ok((!members.is_empty()).then_some(Data::PlatformChanged { members }))
    })
    .await
}

/// Records that somebody proved to be in charge of a platform.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn verify(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    method: ControlMethod,
    note: Option<Note>,
) -> Result<Platform, Error> {
    let doing = (Action::VerifyPlatform, expected, false);
    alter(cx, caller, id, doing, move |_, platform, _| {
        if platform.standing != Standing::Active {
            platform.standing = Standing::Claimed;
        }
        let note = note.clone().map(Into::into);
        Ok(Some(Data::platform_verified(method, note)))
    })
    .await
}

/// Stops a platform's clients at once; tokens in circulation end. Requests to it are kept for it. Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn suspend(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
    reason: Reason,
) -> Result<Platform, Error> {
    let (doing, real) = ((Action::SuspendPlatform, expected, false), cx.clock.real());
    alter(cx, caller, id, doing, move |conn, platform, _| {
        let reason = reason.as_str().to_owned();
        if platform.suspension_reason.as_ref() == Some(&reason) {
            return Ok(None);
        }
        platform.suspended = true;
        let id = platform.id.to_string();
        clients::end_tokens(conn, Role::Platform.as_str(), &id, real.timestamp_millis())?;
        platform.suspension_reason = Some(reason.clone());
        Ok(Some(Data::PlatformSuspended { reason }))
    })
    .await
}

/// Ends the suspension of a platform. Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::StaleVersion`], and those of the policy and the store.
pub async fn reinstate(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    expected: Expected,
) -> Result<Platform, Error> {
    let doing = (Action::ReinstatePlatform, expected, false);
    alter(cx, caller, id, doing, |_, platform, _| {
        if !platform.suspended {
            return Ok(None);
        }
        platform.suspended = false;
        platform.suspension_reason = None;
        Ok(Some(Data::PlatformReinstated {}))
    })
    .await
}

/// Role and scope are judged before anything is known of the platform: a refusal tells nothing.
fn permitted(caller: &Caller, action: Action, id: &str) -> Result<PlatformId, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    authorize(&caller.actor, action, &Resource::Platform(id))?;
    Ok(id)
}

/// Changes one platform and records it; nothing is written when `work` has nothing to record.
async fn alter<W>(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    (action, expected, required): (Action, Expected, bool),
    work: W,
) -> Result<Platform, Error>
where
    W: Fn(&mut Conn, &mut Platform, At) -> Result<Option<Data>, Error> + Send + 'static,
{
    let id = permitted(caller, action, id)?;
    let author = caller.author();
    let now = cx.now();
    let key = id.to_string();
    let changed = cx
        .store
        .write(move |conn| {
            let mut platform = load_platform(conn, &key)?.ok_or(Error::NotFound)?;
            expected.check(platform.version, required)?;
            let hosts = platform.hosts.clone();
            if let Some(data) = work(conn, &mut platform, now)? {
                platform.version += 1;
                platform.updated_at = now;
                let moved = (platform.hosts != hosts).then_some(platform.hosts.as_slice());
                if let Some(hosts) = moved {
                    free(conn, &key, hosts)?;
                }
                platforms::update(conn, &PlatformRow::try_from(&platform)?, moved)?;
                record(conn, author, Subject::Platform { id }, now, data)?;
            }
            Ok(platform)
        })
        .await;
    // Even when the answer failed: whether the commit reached the database may not be known.
    cx.registry.changed();
    changed.map_err(host_race)
}

/// Stores a new platform whose hosts are free.
pub(super) fn insert(conn: &mut Conn, platform: &Platform) -> Result<(), Error> {
    free(conn, &platform.id.to_string(), &platform.hosts)?;
    platforms::insert(conn, &PlatformRow::try_from(platform)?, &platform.hosts)?;
    Ok(())
}

/// Refuses hosts that belong to another platform, by name.
fn free(conn: &mut Conn, id: &str, hosts: &[String]) -> Result<(), Error> {
    let taken: Vec<String> = platforms::registered(conn, hosts)?
        .into_iter()
        .filter(|row| row.platform_id != id)
        .map(|row| format!("{} belongs to {}", row.host, row.platform_id))
        .collect();
    if taken.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "A host leads to one platform: {}.",
        taken.join(", ")
    )))
}

/// Whether a standing says that somebody proved to be in charge.
const fn proved(standing: Standing) -> bool {
    matches!(standing, Standing::Claimed | Standing::Active)
}

fn must_be_proved(standing: Standing) -> Error {
    invalid(
        "/standing",
        format!(
            "{standing} says that somebody proved to be in charge; record that at /v1/platforms/{{id}}/verification"
        ),
    )
}

fn sorted(hosts: Vec<HostName>) -> Vec<String> {
    let mut hosts: Vec<String> = hosts.into_iter().map(Into::into).collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

fn texts(contacts: &[MailAddress]) -> Vec<String> {
    contacts.iter().map(|c| c.as_str().to_owned()).collect()
}

/// Each once, in the order given.
fn distinct<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}
