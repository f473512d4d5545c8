//! Registering, suspending and rotating API clients.
//!
//! A secret is shown in the answer that made it and kept nowhere, not even in the answer that is remembered for an
//! idempotency key: who loses the first answer rotates.

mod rotation;

use secrecy::{ExposeSecret, SecretString};
use takedown_core::history::{Data, Subject};
use takedown_core::id::ClientId;
use takedown_core::policy::{Action, Party, Reach, Resource, Scopes, authorize};
use takedown_core::time::At;
use uuid::Uuid;

pub use rotation::{OVERLAP, Rotation, rotate};

use super::once::{Answer, Once, shown_once};
use super::parties::{Client, SecretDigest};
use super::registering::{Page, invalid, one_more, record};
use super::registry::{load_agency, load_client, load_platform};
use super::values::{Name, Reason};
use super::{Caller, Clock, Cx, Error};
use crate::auth::{SecretHash, new_secret, parse_jwks};
use crate::store::clients::ClientRow;
use crate::store::{Conn, StoreError, clients};

/// Public keys of a client: a JSON Web Key Set that was checked.
#[derive(Debug, Clone)]
pub struct Keys(String);

impl Keys {
    /// Reads a key set, or a single key.
    ///
    /// # Errors
    /// Says which key is refused and why.
    pub fn parse(json: &str) -> Result<Self, crate::auth::key::KeyError> {
        parse_jwks(json).map(|_| Self(json.to_owned()))
    }
}

/// How a client is to prove who it is.
#[derive(Debug, Clone)]
pub enum Authentication {
    /// By a secret that the exchange makes (`client_secret_basic`).
    Secret,
    /// By one that it has made already, which nobody can guess.
    Made(SecretString),
    /// By keys of its own (`private_key_jwt`).
    Keys(Keys),
}

/// A client to be registered.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// What it is for.
    pub name: Name,
    /// For whom it acts.
    pub party: Party,
    /// What it may ask for; all that its role can use when nothing is said.
    pub scopes: Option<Scopes>,
    /// How it proves who it is.
    pub authentication: Authentication,
}

impl NewClient {
    /// The client, and its secret if it gets one.
    ///
    /// # Errors
    /// [`Error::Invalid`] for scopes that the role can never use.
    pub fn registered(self, now: At) -> Result<(Client, Option<SecretString>), Error> {
        let role = takedown_core::policy::Actor::new(self.party, Scopes::none()).role();
        let usable = role.scopes();
        let scopes = self.scopes.unwrap_or(usable);
        if let Some(scope) = scopes.iter().find(|scope| !usable.contains(*scope)) {
            return Err(invalid(
                "/scopes",
                format!(
                    "a client in the role of {role} has no use for {scope}; it can have {usable}"
                ),
            ));
        }
        if scopes.is_empty() {
            return Err(invalid(
                "/scopes",
                "give one at least, or leave it out for all",
            ));
        }
        let (agency, platform) = match self.party {
            Party::Agency(id) | Party::Auditor(Reach::Agency(id)) => (Some(id), None),
            Party::Platform(id) | Party::Auditor(Reach::Platform(id)) => (None, Some(id)),
            _ => (None, None),
        };
        let (secrets, jwks, secret) = match self.authentication {
            Authentication::Keys(keys) => (Vec::new(), Some(keys.0), None),
            Authentication::Secret => {
                let (digest, secret) = make_secret()?;
                (vec![digest], None, Some(secret))
            }
            Authentication::Made(secret) => (vec![digest_of(&secret)], None, Some(secret)),
        };
        let client = Client {
            id: ClientId::from_uuid(Uuid::now_v7()).to_string(),
            name: self.name.into(),
            role: role.as_str().to_owned(),
            agency,
            platform,
            scopes: scopes.to_string(),
            secrets,
            jwks,
            suspended: false,
            suspension_reason: None,
            // Tokens live by the real clock, of which that of a sandbox is ahead.
            tokens_not_before: now.min(Clock::default().real()),
            created_at: now,
            updated_at: now,
        };
        Ok((client, secret))
    }
}

/// How a client is answered; the secret is there in the one answer that shows it.
pub type Render = fn(&Client, Option<&str>) -> Answer;

/// Registers a client. A repeated call with the same key finds the client without its secret.
///
/// # Errors
/// [`Error::Invalid`] for a party that does not exist or scopes that its role cannot use, those of the policy,
/// [`Error::KeyMismatch`], and those of the store.
pub async fn register(
    cx: &Cx,
    caller: &Caller,
    key: Option<Once>,
    new: NewClient,
    render: Render,
) -> Result<Answer, Error> {
    authorize(&caller.actor, Action::RegisterClient, &Resource::Exchange)?;
    let now = cx.now();
    let (client, secret) = new.registered(now)?;
    let caller = caller.clone();
    let answer = cx
        .store
        .write(move |conn| {
            let by = caller.client.to_string();
            shown_once(conn, &by, key.as_ref(), now, |conn| {
                insert(conn, &client, caller.author(), now)?;
                let secret = secret.as_ref().map(ExposeSecret::expose_secret);
                Ok((render(&client, secret), render(&client, None)))
            })
        })
        .await;
    cx.registry.changed();
    answer
}

/// Stores a client whose party exists, and records it.
pub(super) fn insert(
    conn: &mut Conn,
    client: &Client,
    author: takedown_core::history::Author,
    now: At,
) -> Result<(), Error> {
    let place = if client.role == "auditor" {
        "/auditor"
    } else {
        ""
    };
    if let Some(id) = client.agency
        && load_agency(conn, &id.to_string())?.is_none()
    {
        let pointer = format!("{place}/agency");
        return Err(invalid(&pointer, "there is no such agency"));
    }
    if let Some(id) = client.platform
        && load_platform(conn, &id.to_string())?.is_none()
    {
        let pointer = format!("{place}/platform");
        return Err(invalid(&pointer, "there is no such platform"));
    }
    clients::insert(conn, &ClientRow::try_from(client)?)?;
    let subject = subject(client)?;
    record(conn, author, subject, now, Data::ClientRegistered {})
}

/// Clients in the order of their registration, after `after`.
///
/// # Errors
/// Those of the policy and the store.
pub async fn list(
    cx: &Cx,
    caller: &Caller,
    after: Option<String>,
    limit: usize,
) -> Result<Page<Client>, Error> {
    authorize(&caller.actor, Action::ListClients, &Resource::Exchange)?;
    let rows = cx
        .store
        .read(move |conn| {
            clients::page(conn, after.as_deref(), one_more(limit))?
                .into_iter()
                .map(Client::try_from)
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    Ok(Page::cut(rows, limit))
}

/// One client, never its secret.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn read(cx: &Cx, caller: &Caller, id: &str) -> Result<Client, Error> {
    let id = permitted(caller, Action::ReadClient, id)?.to_string();
    cx.store
        .read(move |conn| load_client(conn, &id)?.ok_or(Error::NotFound))
        .await
}

/// Stops a client at once; its tokens in circulation end. Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn suspend(cx: &Cx, caller: &Caller, id: &str, reason: Reason) -> Result<Client, Error> {
    let real = cx.clock.real();
    alter(cx, caller, id, Action::SuspendClient, move |client, _| {
        let reason = reason.as_str().to_owned();
        if client.suspension_reason.as_ref() == Some(&reason) {
            return Ok(None);
        }
        client.suspended = true;
        client.tokens_not_before = real;
        client.suspension_reason = Some(reason.clone());
        Ok(Some(Data::ClientSuspended { reason }))
    })
    .await
}

/// Ends the suspension of a client. Repeating it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], and those of the policy and the store.
pub async fn reinstate(cx: &Cx, caller: &Caller, id: &str) -> Result<Client, Error> {
    alter(cx, caller, id, Action::ReinstateClient, |client, _| {
        if !client.suspended {
            return Ok(None);
        }
        client.suspended = false;
        client.suspension_reason = None;
        Ok(Some(Data::ClientReinstated {}))
    })
    .await
}

/// A new secret and what is kept of it.
pub(super) fn make_secret() -> Result<(SecretDigest, SecretString), Error> {
    let (secret, _) = new_secret().map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok((digest_of(&secret), secret))
}

/// What is kept of a secret that works until it is rotated.
pub(super) fn digest_of(secret: &SecretString) -> SecretDigest {
    SecretDigest {
        sha256: SecretHash::of(secret.expose_secret()).to_hex(),
        expires_at: None,
    }
}

fn permitted(caller: &Caller, action: Action, id: &str) -> Result<ClientId, Error> {
    authorize(&caller.actor, action, &Resource::Exchange)?;
    id.parse().map_err(|_| Error::NotFound)
}

fn subject(client: &Client) -> Result<Subject, StoreError> {
    let id = super::parties::parsed("client id", &client.id)?;
    Ok(Subject::Client { id })
}

/// Writes a changed client and records it.
pub(super) fn write(
    conn: &mut Conn,
    read: &ClientRow,
    client: &mut Client,
    caller: &Caller,
    now: At,
    data: Data,
) -> Result<(), Error> {
    client.updated_at = now;
    clients::update(conn, read, &ClientRow::try_from(&*client)?)?;
    record(conn, caller.author(), subject(client)?, now, data)
}

/// Changes one client and records it; nothing is written when `work` has nothing to record.
async fn alter<W>(
    cx: &Cx,
    caller: &Caller,
    id: &str,
    action: Action,
    work: W,
) -> Result<Client, Error>
where
    W: Fn(&mut Client, At) -> Result<Option<Data>, Error> + Send + 'static,
{
    let id = permitted(caller, action, id)?.to_string();
    let now = cx.now();
    let caller = caller.clone();
    let changed = cx
        .store
        .write(move |conn| {
            let row = clients::find(conn, &id)?.ok_or(Error::NotFound)?;
            let mut client = Client::try_from(row.clone())?;
            if let Some(data) = work(&mut client, now)? {
                write(conn, &row, &mut client, &caller, now, data)?;
            }
            Ok(client)
        })
        .await;
    // Even when the answer failed: whether the commit reached the database may not be known.
    cx.registry.changed();
    changed
}
