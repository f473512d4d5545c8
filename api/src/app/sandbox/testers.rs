//! Credentials for whoever wants to try: an agency and a platform of his own each time, so that none sees what another does.

use secrecy::ExposeSecret as _;
use takedown_core::id::{AgencyId, ClientId, PlatformId};
use takedown_core::policy::{Action, Actor, Party, Resource, authorize};
use uuid::Uuid;

use super::{here, parties};
use crate::app::bootstrap::Credentials;
use crate::app::registering::host_race;
use crate::app::{Cx, Error};

/// An agency and a platform, each with its login.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The agency.
    pub agency: AgencyId,
    /// What it is called.
    pub agency_name: String,
    /// Its login.
    pub agency_login: Credentials,
    /// The platform.
    pub platform: PlatformId,
    /// What it is called.
    pub platform_name: String,
    /// The host that leads to it, with all below.
    pub host: String,
    /// Its login.
    pub platform_login: Credentials,
}

/// As [`make_pair`], for whoever has come by the door.
///
/// # Errors
/// [`Error::NotFound`] where this is no sandbox, and as [`make_pair`].
pub async fn pair(cx: &Cx) -> Result<Pair, Error> {
    let nobody = Actor::anonymous();
    authorize(&nobody, Action::MakeTestParties, &Resource::Exchange)?;
    here(cx)?;
    make_pair(cx).await
}

/// Makes an agency and a platform.
///
/// # Errors
/// [`Error::Conflict`] when chance gave somebody the same host in this very moment, and those of the store.
pub async fn make_pair(cx: &Cx) -> Result<Pair, Error> {
    // The last 32 bits are random.
    let label = format!("{:08x}", Uuid::now_v7().as_u128() & 0xffff_ffff);
    let host = format!("t-{label}.test");
    let (agency, platform) = (
        AgencyId::from_uuid(Uuid::now_v7()),
        PlatformId::from_uuid(Uuid::now_v7()),
    );
    let clients = [(); 2].map(|()| ClientId::from_uuid(Uuid::now_v7()));
    let now = cx.now();
    let made = cx
        .store
        .write(move |conn| {
            let [of_agency, of_platform] = clients;
            let (unit, site) = (format!("Test unit {label}"), format!("Test site {label}"));
            parties::agency(conn, agency, &unit, &host, now)?;
            parties::platform(conn, platform, &site, &host, now)?;
            let party = Party::Agency(agency);
            let agency_secret = parties::client(conn, of_agency, &unit, party, now)?;
            let party = Party::Platform(platform);
            let platform_secret = parties::client(conn, of_platform, &site, party, now)?;
            let login = |client: ClientId, secret: Option<secrecy::SecretString>| Credentials {
                client_id: client.to_string(),
                client_secret: secret
                    .map(|secret| secret.expose_secret().to_owned())
                    .unwrap_or_default(),
            };
            Ok::<_, Error>(Pair {
                agency,
                agency_name: unit,
                agency_login: login(of_agency, agency_secret),
                platform,
                platform_name: site,
                host: host.clone(),
                platform_login: login(of_platform, platform_secret),
            })
        })
        .await;
    cx.registry.changed();
    made.map_err(host_race)
}
