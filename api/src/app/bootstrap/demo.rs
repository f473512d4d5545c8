//! The parties of a demonstration: two police units of different countries, three platforms, an auditor, an operator.
//!
//! Their identifiers are fixed, so that a second run finds those of the first, even when the file with the secrets was
//! lost. Everything about them is made up.

mod cast;

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use takedown_core::agency::{AgencyStatus, AgencyType, Evidence, Verification, VerificationMethod};
use takedown_core::contact::MailAddress;
use takedown_core::history::{Data, Subject};
use takedown_core::id::{AgencyId, ClientId, PlatformId};
use takedown_core::platform::{ControlMethod, Standing};
use takedown_core::policy::{Party, Reach};
use takedown_core::time::At;
use uuid::Uuid;

use self::cast::{CAST, Cast, What};
use super::{Credentials, owner};
use crate::app::Error;
use crate::app::agencies::NewAgency;
use crate::app::clients::{Authentication, NewClient, insert, make_secret};
use crate::app::parties::{Agency, Client};
use crate::app::platforms::{self, NewPlatform};
use crate::app::registering::{host_race, record};
use crate::app::registry::{load_agency, load_client, load_platform};
use crate::app::values::{Complaints, HostName, Name, Zone};
use crate::auth::SecretHash;
use crate::store::agencies::AgencyRow;
use crate::store::clients::ClientRow;
use crate::store::{Conn, Store, StoreError, agencies, clients};

/// How long a demonstration agency stays verified.
const VERIFIED_FOR: TimeDelta = TimeDelta::days(365);

/// Everybody in the demonstration. Kept by the caller where nobody else can read it, and given back on the next run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demo {
    /// In the order in which they are best introduced.
    pub parties: Vec<DemoParty>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoParty {
    /// What it is called in commands and files, for instance `unit-pl`.
    pub handle: String,
    /// `agency`, `platform`, `auditor` or `operator`.
    pub role: String,
    /// Its name.
    pub name: String,
    /// The identifier of the agency or platform.
    pub id: Option<String>,
    /// The hosts that lead to it.
    pub hosts: Vec<String>,
    /// How its client logs in.
    #[serde(flatten)]
    pub credentials: Credentials,
}

impl Demo {
    /// The party of this handle.
    #[must_use]
    pub fn party(&self, handle: &str) -> Option<&DemoParty> {
        self.parties.iter().find(|party| party.handle == handle)
    }
}

/// Version 7 UUIDs of 2025-01-01T00:00:00Z whose random part is zero but for a small number.
const fn fixed(number: u128) -> Uuid {
    Uuid::from_u128(0x0194_1f29_7c00_7000_8000_0000_0000_0000 | number)
}

/// Brings the demonstration's parties in, or finds them. `earlier` is what the first run returned: its secrets stay as
/// they are; a client whose secret is not known any more is given a new one.
///
/// # Errors
/// [`Error::Conflict`] when somebody else has registered one of the hosts, and those of the store.
pub async fn demo(store: &Store, earlier: Option<Demo>, now: At) -> Result<Demo, Error> {
    let known = |handle: &str| {
        let party = earlier.as_ref()?.party(handle)?;
        Some(party.credentials.client_secret.clone())
    };
    let mut parties = Vec::with_capacity(CAST.len());
    for cast in &CAST {
        let secret = known(cast.handle);
        parties.push(
            store
                .write(move |conn| enter(conn, cast, secret.as_deref(), now))
                .await
                .map_err(host_race)?,
        );
    }
    Ok(Demo { parties })
}

fn enter(
    conn: &mut Conn,
    cast: &'static Cast,
    secret: Option<&str>,
    now: At,
) -> Result<DemoParty, Error> {
    let (party, id, hosts) = match &cast.what {
        What::Agency { .. } => {
            let agency = enter_agency(conn, cast, now)?;
            (Party::Agency(agency), Some(agency.to_string()), Vec::new())
        }
        What::Platform { .. } => {
            let (platform, hosts) = enter_platform(conn, cast, now)?;
            let id = platform.to_string();
            (Party::Platform(platform), Some(id), hosts)
        }
        What::Auditor => (Party::Auditor(Reach::Everything), None, Vec::new()),
        What::Operator => (Party::Operator, None, Vec::new()),
    };
    let (role, credentials) = enter_client(conn, cast, party, secret, now)?;
    Ok(DemoParty {
        handle: cast.handle.to_owned(),
        role,
        name: cast.name.to_owned(),
        id,
        hosts,
        credentials,
    })
}

fn enter_agency(conn: &mut Conn, cast: &Cast, now: At) -> Result<AgencyId, Error> {
    let What::Agency {
        country,
        mail,
        complaints,
        language,
        zone,
    } = &cast.what
    else {
        return Err(Error::NotFound);
    };
    let id = AgencyId::from_uuid(fixed(cast.number));
    let subject = Subject::Agency { id };
    let agency = match load_agency(conn, &id.to_string())? {
        Some(agency) => agency,
        None => {
            let new = NewAgency {
                name: made("name", Name::parse(cast.name))?,
                country: made("country", country.parse())?,
                agency_type: AgencyType::Police,
                complaints: made("complaints", Complaints::parse(complaints))?,
                mail: made("mail", MailAddress::parse(mail))?,
                language: made("language", language.parse())?,
                time_zone: made("zone", Zone::parse(zone))?,
            };
            let agency = new.registered(id, now);
            agencies::insert(conn, &AgencyRow::try_from(&agency)?)?;
            record(conn, owner(), subject, now, Data::AgencyRegistered {})?;
            agency
        }
    };
    // A suspension is part of somebody's demonstration; a verification that ran out is not.
    if agency.status != AgencyStatus::Suspended && !agency.may_file(now) {
        let expires_at = now + VERIFIED_FOR;
        let verified = Agency {
            status: AgencyStatus::Verified,
            verification: Some(Verification {
                method: VerificationMethod::CallBack,
                by: "Demo operator".to_owned(),
                verified_at: now,
                expires_at,
                note: Some("Made up for a demonstration.".to_owned()),
                evidence: Evidence::default(),
            }),
            version: agency.version + 1,
            updated_at: now,
            ..agency
        };
        agencies::update(conn, &AgencyRow::try_from(&verified)?)?;
        let expires_at = Some(expires_at);
        record(
            conn,
            owner(),
            subject,
            now,
            Data::AgencyVerified { expires_at },
        )?;
    }
    Ok(id)
}

fn enter_platform(
    conn: &mut Conn,
    cast: &Cast,
    now: At,
) -> Result<(PlatformId, Vec<String>), Error> {
    let What::Platform {
        country,
        host,
        contact,
        languages,
        zone,
        size,
    } = &cast.what
    else {
        return Err(Error::NotFound);
    };
    let id = PlatformId::from_uuid(fixed(cast.number));
    if let Some(platform) = load_platform(conn, &id.to_string())? {
        return Ok((id, platform.hosts));
    }
    let languages = languages.iter().map(|tag| made("language", tag.parse()));
    let new = NewPlatform {
        name: made("name", Name::parse(cast.name))?,
        country: made("country", country.parse())?,
        hosts: vec![made("host", HostName::parse(host))?],
        languages: languages.collect::<Result<_, _>>()?,
        time_zone: made("zone", Zone::parse(zone))?,
        contacts: vec![made("contact", MailAddress::parse(contact))?],
        size_class: *size,
        standing: Standing::Claimed,
    };
    let platform = new.registered(id, now);
    platforms::insert(conn, &platform)?;
    let subject = Subject::Platform { id };
    record(conn, owner(), subject, now, Data::PlatformRegistered {})?;
    let note = Some("Made up for a demonstration.".to_owned());
    let data = Data::platform_verified(ControlMethod::Other, note);
    record(conn, owner(), subject, now, data)?;
    Ok((id, platform.hosts))
}

/// The party's client with the secret of the first run, or with a new one.
fn enter_client(
    conn: &mut Conn,
    cast: &Cast,
    party: Party,
    secret: Option<&str>,
    now: At,
) -> Result<(String, Credentials), Error> {
    let id = ClientId::from_uuid(fixed(cast.number));
    let text = id.to_string();
    let Some(found) = load_client(conn, &text)? else {
        let new = NewClient {
            name: made("name", Name::parse(cast.name))?,
            party,
            scopes: None,
            authentication: Authentication::Secret,
        };
        let (mut client, made) = new.registered(now)?;
        client.id = text;
        // A database that was deleted or changed for another: the credentials that people have noted stay good.
        let secret = match (secret, made) {
            (Some(earlier), _) => earlier.to_owned(),
            (None, made) => made
                .map(|made| made.expose_secret().to_owned())
                .unwrap_or_default(),
        };
        for digest in &mut client.secrets {
            digest.sha256 = SecretHash::of(&secret).to_hex();
        }
        insert(conn, &client, owner(), now)?;
        return Ok((client.role, credentials(client.id, secret)));
    };
    if let Some(secret) = secret
        && opens(&found, secret, now)
    {
        return Ok((found.role, credentials(found.id, secret.to_owned())));
    }
    let read = ClientRow::try_from(&found)?;
    let (digest, made) = make_secret()?;
    let client = Client {
        secrets: vec![digest],
        updated_at: now,
        ..found
    };
    clients::update(conn, &read, &ClientRow::try_from(&client)?)?;
    let data = Data::CredentialsRotated { revoked: true };
    record(conn, owner(), Subject::Client { id }, now, data)?;
    Ok((
        client.role,
        credentials(client.id, made.expose_secret().to_owned()),
    ))
}

fn opens(client: &Client, secret: &str, now: At) -> bool {
    let hash = SecretHash::of(secret);
    client.secrets.iter().any(|kept| {
        kept.expires_at.is_none_or(|at| at > now)
            && SecretHash::from_hex(&kept.sha256).is_some_and(|kept| kept.is(&hash))
    })
}

fn credentials(client_id: String, client_secret: String) -> Credentials {
    Credentials {
        client_id,
        client_secret,
    }
}

/// A value that is written above; a test proves that each of them is good.
fn made<T, E: std::fmt::Display>(what: &str, parsed: Result<T, E>) -> Result<T, StoreError> {
    parsed.map_err(|error| StoreError::Inconsistent(format!("demonstration {what}: {error}")))
}
