//! The registry's use cases on a real database.
#![allow(clippy::unwrap_used, clippy::panic)]

mod agency;
mod client;
mod delivery;
mod platform;
mod suspension;

use takedown_core::agency::{AgencyStatus, AgencyType, VerificationMethod};
use takedown_core::platform::{ControlMethod, SizeClass, Standing};
use takedown_core::policy::{Party, Reach, Scope};

use crate::app::agencies::{self, AgencyChange, NewAgency, NewVerification};
use crate::app::clients::{self, Authentication, NewClient, Rotation};
use crate::app::once::{Answer, Once};
use crate::app::parties::{Agency, Client, Platform};
use crate::app::platforms::{self, NewPlatform, PlatformChange};
use crate::app::requests::Expected;
use crate::app::tests::exchange::{Exchange, caller};
use crate::app::values::{Complaints, HostName, Name, Reason, Zone};
use crate::app::{Caller, Cx, Error, deliveries};
use crate::auth::SecretHash;
use crate::store::outbox::{self, OutboxRow};
use crate::store::{StoreError, clients as rows};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

fn reason() -> Reason {
    Reason::parse("its mailbox was taken over").unwrap()
}

fn new_agency() -> NewAgency {
    NewAgency {
        name: name("Cyber Unit"),
        country: "PL".parse().unwrap(),
        agency_type: AgencyType::Police,
        complaints: Complaints::parse("complaints@police.example").unwrap(),
        mail: "unit@police.example".parse().unwrap(),
        language: "pl".parse().unwrap(),
        time_zone: Zone::parse("Europe/Warsaw").unwrap(),
    }
}

fn new_platform(hosts: &[&str]) -> NewPlatform {
    NewPlatform {
        name: name("Paste"),
        country: "NL".parse().unwrap(),
        hosts: hosts.iter().map(|h| HostName::parse(h).unwrap()).collect(),
        languages: vec!["ar".parse().unwrap(), "en".parse().unwrap()],
        time_zone: Zone::parse("UTC").unwrap(),
        contacts: vec!["owner@paste.example".parse().unwrap()],
        size_class: SizeClass::Micro,
        standing: Standing::Sighted,
    }
}

fn answer(body: String) -> Answer {
    Answer {
        status: 201,
        headers: Vec::new(),
        body,
    }
}

async fn agency(cx: &Cx) -> Agency {
    let render = |agency: &Agency, _: &Caller| answer(agency.id.to_string());
    let operator = caller(Party::Operator);
    let made = agencies::register(cx, &operator, None, new_agency(), render);
    agencies::read(cx, &operator, &made.await.unwrap().body)
        .await
        .unwrap()
}

async fn platform(cx: &Cx, hosts: &[&str]) -> Result<Platform, Error> {
    let render = |platform: &Platform, _: &Caller| answer(platform.id.to_string());
    let operator = caller(Party::Operator);
    let made = platforms::register(cx, &operator, None, new_platform(hosts), render).await?;
    platforms::read(cx, &operator, &made.body).await
}

fn shown(client: &Client, secret: Option<&str>) -> Answer {
    answer(format!("{} {}", client.id, secret.unwrap_or("-")))
}

fn new_client(party: Party) -> NewClient {
    NewClient {
        name: name("system"),
        party,
        scopes: None,
        authentication: Authentication::Secret,
    }
}

/// The client's identifier and its secret.
async fn client(cx: &Cx, party: Party, key: Option<Once>) -> (String, String) {
    let operator = caller(Party::Operator);
    let made = clients::register(cx, &operator, key, new_client(party), shown);
    let body = made.await.unwrap().body;
    let (id, secret) = body.split_once(' ').unwrap();
    (id.to_owned(), secret.to_owned())
}

fn once(key: &str, fingerprint: u8) -> Option<Once> {
    Some(Once {
        key: key.to_owned(),
        fingerprint: [fingerprint; 32],
    })
}

fn verification(cx: &Cx, days: i64) -> NewVerification {
    NewVerification {
        method: VerificationMethod::CallBack,
        by: None,
        verified_at: None,
        expires_at: cx.now() + chrono::TimeDelta::days(days),
        note: None,
        domain: None,
    }
}
