//! What a node remembers of agencies, platforms and clients, and how it notices that it is out of date.
//!
//! Every call needs its client and party, and a filing the platforms of its hosts. Asking the database each time was
//! weighed: it doubles the statements of a call. Remembering is valid for one number of the registry's version; a
//! change made on this node forgets everything before it is answered, one made elsewhere within [`LOOK_EVERY`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use takedown_core::locator::Host;

use super::parties::{Agency, Client, Platform};
use crate::store::{Conn, Store, StoreError, agencies, clients, platforms, registry};

/// How often the registry's version is read.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// When the version could not be read for this long, nothing remembered is used: a suspension must not be outrun.
const BELIEVED_FOR: Duration = Duration::from_secs(2);
/// So many rows of a kind are remembered at the most.
const ROOM: usize = 20_000;

/// What is remembered. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    store: Store,
    memory: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    /// Counts the changes made on this node.
    changes: u64,
    version: Option<i64>,
    looked: Option<Instant>,
    agencies: HashMap<String, Arc<Agency>>,
    platforms: HashMap<String, Arc<Platform>>,
    clients: HashMap<String, Arc<Client>>,
    hosts: HashMap<String, Option<String>>,
}

impl Memory {
    fn forget(&mut self) {
        *self = Self {
            changes: self.changes,
            version: self.version,
            looked: self.looked,
            ..Self::default()
        };
    }
}

macro_rules! remembered {
    ($(#[$doc:meta])* $name:ident, $map:ident, $row:ty, $load:expr) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// [`StoreError`] when the database had to be asked and failed.
        pub async fn $name(&self, id: &str) -> Result<Option<Arc<$row>>, StoreError> {
            if let Some(found) = self.fresh().and_then(|m| m.$map.get(id).cloned()) {
                return Ok(Some(found));
            }
            let version = self.look().await?;
            let key = id.to_owned();
            let found: Option<$row> = self.store.read(move |conn| $load(conn, &key)).await?;
            let found = found.map(Arc::new);
            if let Some(found) = &found {
                self.remember(version, |m| put(&mut m.$map, id, found));
            }
            Ok(found)
        }
    };
}

/// As `remembered!`, over a connection that the caller has already.
macro_rules! remembered_within {
    ($(#[$doc:meta])* $within:ident, $map:ident, $row:ty, $load:expr) => {
        $(#[$doc])*
        /// For work that has a connection already and that changes nothing of the registry.
        ///
        /// # Errors
        /// [`StoreError`] when the database had to be asked and failed.
        pub fn $within(&self, conn: &mut Conn, id: &str) -> Result<Option<Arc<$row>>, StoreError> {
            if let Some(found) = self.fresh().and_then(|m| m.$map.get(id).cloned()) {
                return Ok(Some(found));
            }
            let version = registry::version(conn)?;
            let found = $load(conn, id)?.map(Arc::new);
            if let Some(found) = &found {
                self.remember(version, |m| put(&mut m.$map, id, found));
            }
            Ok(found)
        }
    };
}

fn put<T>(map: &mut HashMap<String, Arc<T>>, id: &str, found: &Arc<T>) {
    make_room(map);
    map.insert(id.to_owned(), Arc::clone(found));
}

/// Forgets half of what is remembered when there is no more room. If all of it went, parties in rotation that are a few more than
/// there is room for would never be found.
fn make_room<T>(map: &mut HashMap<String, T>) {
    if map.len() >= ROOM {
        let mut stays = false;
        map.retain(|_, _| {
            stays = !stays;
            stays
        });
    }
}

impl Registry {
    /// Nothing is remembered yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            memory: Arc::default(),
        }
    }

    remembered!(
        /// The agency with this identifier.
        agency, agencies, Agency, load_agency
    );
    remembered!(
        /// The platform with this identifier.
        platform, platforms, Platform, load_platform
    );
    remembered!(
        /// The client with this identifier.
        client, clients, Client, load_client
    );
    remembered_within!(
        /// The agency with this identifier.
        agency_within, agencies, Agency, load_agency
    );
    remembered_within!(
        /// The platform with this identifier.
        platform_within, platforms, Platform, load_platform
    );

    /// For each host, the platform whose registered host is its longest suffix.
    ///
    /// # Errors
    /// [`StoreError`] when the database had to be asked and failed.
    pub async fn platforms_of(&self, hosts: &[Host]) -> Result<Vec<Option<String>>, StoreError> {
        let unknown: Vec<&Host> = {
            let memory = self.fresh();
            hosts
                .iter()
                .filter(|h| {
                    memory
                        .as_ref()
                        .is_none_or(|m| !m.hosts.contains_key(h.as_str()))
                })
                .collect()
        };
        let mut answers: HashMap<String, Option<String>> = HashMap::new();
        if !unknown.is_empty() {
            let version = self.look().await?;
            let lists: Vec<(String, Vec<String>)> = unknown
                .iter()
                .map(|h| (h.as_str().to_owned(), h.candidates()))
                .collect();
            let mut all: Vec<String> = lists.iter().flat_map(|(_, c)| c.clone()).collect();
            all.sort_unstable();
            all.dedup();
            let rows = self
                .store
                .read(move |conn| platforms::registered(conn, &all))
                .await
                .map_err(|error: StoreError| error)?;
            let registered: HashMap<&str, &str> = rows
                .iter()
                .map(|r| (r.host.as_str(), r.platform_id.as_str()))
                .collect();
            for (host, candidates) in lists {
                let platform = candidates
                    .iter()
                    .find_map(|c| registered.get(c.as_str()))
                    .map(|id| (*id).to_owned());
                answers.insert(host, platform);
            }
            self.remember(version, |m| {
                make_room(&mut m.hosts);
                m.hosts
                    .extend(answers.iter().map(|(h, p)| (h.clone(), p.clone())));
            });
        }
        let memory = self.lock();
        Ok(hosts
            .iter()
            .map(|h| {
                let known = answers
                    .get(h.as_str())
                    .or_else(|| memory.hosts.get(h.as_str()));
                known.cloned().flatten()
            })
            .collect())
    }

    /// Forgets everything: something was changed on this node.
    pub fn changed(&self) {
        let mut memory = self.lock();
        memory.forget();
        memory.changes += 1;
        memory.version = None;
        memory.looked = None;
    }

    /// Keeps an eye on the version. Runs until it is dropped.
    pub async fn follow(self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if let Err(error) = self.look().await {
                tracing::debug!(%error, "cannot read the registry's version");
            }
        }
    }

    /// Reads the version and forgets what is out of date.
    async fn look(&self) -> Result<i64, StoreError> {
        // The version may grow between this moment and the answer: then the next look forgets once more.
        let (asked, changes) = (Instant::now(), self.lock().changes);
        let version = self.store.read(registry::version).await?;
        let mut memory = self.lock();
        // Something was changed here meanwhile, and this may be the version before it; or a later look was faster.
        if memory.changes != changes || memory.looked.is_some_and(|looked| looked > asked) {
            return Ok(version);
        }
        if memory.version != Some(version) {
            memory.forget();
            memory.version = Some(version);
        }
        memory.looked = Some(asked);
        Ok(version)
    }

    /// Keeps what was read, unless the registry has changed since `version`.
    fn remember(&self, version: i64, keep: impl FnOnce(&mut Memory)) {
        let mut memory = self.lock();
        if memory.version == Some(version) {
            keep(&mut memory);
        }
    }

    fn fresh(&self) -> Option<std::sync::MutexGuard<'_, Memory>> {
        let memory = self.lock();
        memory
            .looked
            .is_some_and(|looked| looked.elapsed() < BELIEVED_FOR)
            .then_some(memory)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The agency with this identifier, past anything remembered.
pub(super) fn load_agency(conn: &mut Conn, id: &str) -> Result<Option<Agency>, StoreError> {
    agencies::find(conn, id)?.map(Agency::try_from).transpose()
}

/// The platform with this identifier, past anything remembered.
pub(super) fn load_platform(conn: &mut Conn, id: &str) -> Result<Option<Platform>, StoreError> {
    let Some(row) = platforms::find(conn, id)? else {
        return Ok(None);
    };
    let hosts = platforms::hosts(conn, &[id.to_owned()])?;
    Platform::from_rows(row, hosts.into_iter().map(|h| h.host).collect()).map(Some)
}

/// The client with this identifier, past anything remembered.
pub(super) fn load_client(conn: &mut Conn, id: &str) -> Result<Option<Client>, StoreError> {
    clients::find(conn, id)?.map(Client::try_from).transpose()
}
