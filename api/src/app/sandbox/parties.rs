//! Parties without anybody to register them: the robots, and whom testers act as.

use chrono::TimeDelta;
use secrecy::SecretString;
use takedown_core::agency::{AgencyStatus, AgencyType, Evidence, Verification, VerificationMethod};
use takedown_core::contact::MailAddress;
use takedown_core::history::{Author, By, Data, Subject, Via};
use takedown_core::id::{AgencyId, ClientId, PlatformId};
use takedown_core::platform::{ControlMethod, SizeClass, Standing};
use takedown_core::policy::Party;
use takedown_core::time::At;

use super::cast::{self, Does, ROBOTS, Robot};
use crate::app::agencies::NewAgency;
use crate::app::clients::{Authentication, NewClient, insert};
use crate::app::once::Answer;
use crate::app::parties::Agency;
use crate::app::platforms::{self, NewPlatform};
use crate::app::registering::record;
use crate::app::registry::{load_agency, load_platform};
use crate::app::values::{Complaints, HostName, Name, Zone};
use crate::app::webhooks::{self, NewWebhook, Webhook};
use crate::app::{Cx, Error};
use crate::store::agencies::AgencyRow;
use crate::store::{Conn, StoreError, agencies};

/// Longer than any clock can be moved: no verification runs out by itself.
const VERIFIED_FOR: TimeDelta = TimeDelta::days(36_500);
const NOTE: &str = "Made up for a sandbox. Nothing here is real.";
const COUNTRY: &str = "DE";
const ZONE: &str = "Europe/Berlin";

/// Nobody registered them.
const AUTHOR: Author = Author {
    by: By::System,
    via: Via::Worker,
    client: None,
};

/// Brings the robots in, or finds them.
pub(super) async fn robots(cx: &Cx) -> Result<(), Error> {
    let now = cx.now();
    cx.store
        .write(move |conn| {
            ROBOTS
                .iter()
                .try_for_each(|robot| enter_robot(conn, robot, now))?;
            enter_asking(conn, now)
        })
        .await?;
    cx.registry.changed();
    for robot in ROBOTS.iter().filter(|robot| robot.does == Does::Hook) {
        hook(cx, robot).await?;
    }
    Ok(())
}

fn enter_robot(conn: &mut Conn, robot: &Robot, now: At) -> Result<(), Error> {
    let id = robot.platform();
    if load_platform(conn, &id.to_string())?.is_some() {
        return Ok(());
    }
    let name = format!("Robot {}", robot.host);
    platform(conn, id, &name, robot.host, now)?;
    client(conn, robot.client(), &name, Party::Platform(id), now)?;
    Ok(())
}

fn enter_asking(conn: &mut Conn, now: At) -> Result<(), Error> {
    let id = cast::agency();
    if load_agency(conn, &id.to_string())?.is_some() {
        return Ok(());
    }
    let name = "Robot unit";
    agency(conn, id, name, "asking.test", now)?;
    client(conn, cast::agency_client(), name, Party::Agency(id), now)?;
    Ok(())
}

/// A webhook of the robot's own, to its host, once.
async fn hook(cx: &Cx, robot: &Robot) -> Result<(), Error> {
    let caller = robot.caller();
    if !webhooks::list(cx, &caller, None, 1).await?.items.is_empty() {
        return Ok(());
    }
    let new = NewWebhook {
        url: format!("https://{}/", robot.host),
        description: robot.says.to_owned(),
    };
    webhooks::register(cx, &caller, None, new, unsaid)
        .await
        .map(drop)
}

fn unsaid(_: &Webhook, _: Option<&str>) -> Answer {
    Answer {
        status: 201,
        headers: Vec::new(),
        body: String::new(),
    }
}

/// An agency that is verified.
pub(super) fn agency(
    conn: &mut Conn,
    id: AgencyId,
    name: &str,
    domain: &str,
    now: At,
) -> Result<(), Error> {
    let new = NewAgency {
        name: made("name", Name::parse(name))?,
        country: made("country", COUNTRY.parse())?,
        agency_type: AgencyType::Police,
        complaints: made(
            "complaints",
            Complaints::parse(&format!("complaints@{domain}")),
        )?,
        mail: made("mail", MailAddress::parse(&format!("unit@{domain}")))?,
        language: made("language", "en".parse())?,
        time_zone: made("zone", Zone::parse(ZONE))?,
    };
    let expires_at = now + VERIFIED_FOR;
    let verified = Agency {
        status: AgencyStatus::Verified,
        verification: Some(Verification {
            method: VerificationMethod::CallBack,
            by: "The sandbox itself".to_owned(),
            verified_at: now,
            expires_at,
            note: Some(NOTE.to_owned()),
            evidence: Evidence::default(),
        }),
        version: 2,
        ..new.registered(id, now)
    };
    agencies::insert(conn, &AgencyRow::try_from(&verified)?)?;
    let subject = Subject::Agency { id };
    record(conn, AUTHOR, subject, now, Data::AgencyRegistered {})?;
    let expires_at = Some(expires_at);
    record(
        conn,
        AUTHOR,
        subject,
        now,
        Data::AgencyVerified { expires_at },
    )
}

/// A platform that works with the exchange.
pub(super) fn platform(
    conn: &mut Conn,
    id: PlatformId,
    name: &str,
    host: &str,
    now: At,
) -> Result<(), Error> {
    let new = NewPlatform {
        name: made("name", Name::parse(name))?,
        country: made("country", COUNTRY.parse())?,
        hosts: vec![made("host", HostName::parse(host))?],
        languages: vec![made("language", "en".parse())?],
        time_zone: made("zone", Zone::parse(ZONE))?,
        contacts: vec![made(
            "contact",
            MailAddress::parse(&format!("owner@{host}")),
        )?],
        size_class: SizeClass::Micro,
        standing: Standing::Claimed,
    };
    platforms::insert(conn, &new.registered(id, now))?;
    let subject = Subject::Platform { id };
    record(conn, AUTHOR, subject, now, Data::PlatformRegistered {})?;
    let data = Data::platform_verified(ControlMethod::Other, Some(NOTE.to_owned()));
    record(conn, AUTHOR, subject, now, data)
}

/// A client with all that its role can use, and its secret.
pub(super) fn client(
    conn: &mut Conn,
    id: ClientId,
    name: &str,
    party: Party,
    now: At,
) -> Result<Option<SecretString>, Error> {
    let new = NewClient {
        name: made("name", Name::parse(name))?,
        party,
        scopes: None,
        authentication: Authentication::Secret,
    };
    let (mut client, secret) = new.registered(now)?;
    client.id = id.to_string();
    insert(conn, &client, AUTHOR, now)?;
    Ok(secret)
}

/// A value that is written here; the stories prove that each of them is good.
fn made<T, E: std::fmt::Display>(what: &str, parsed: Result<T, E>) -> Result<T, StoreError> {
    parsed.map_err(|error| StoreError::Inconsistent(format!("sandbox {what}: {error}")))
}
