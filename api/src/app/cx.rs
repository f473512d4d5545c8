//! What every use case needs.

use std::sync::Arc;

use chrono::TimeDelta;
use takedown_core::contact::MailAddress;
use takedown_core::time::At;
use tokio::sync::Notify;

use super::clock::Clock;
use super::feeds::Feeds;
use super::health::Health;
use super::instruments::Powers;
use super::log::Log;
use super::notices::NoticeEvent;
use super::operations::PartEvent;
use super::pages::Pages;
use super::reads::Reads;
use super::registry::Registry;
use super::replica::Replica;
use super::requests::InboxEvent;
use super::sandbox::Sandbox;
use super::transparency::Editions;
use super::webhooks::WebhookEvent;
use crate::auth::SealingKeys;
use crate::outward::Prover;
use crate::store::Store;
use crate::webhook::Guard;

/// Settings of the exchange that use cases depend on.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people and programs reach this exchange, without a trailing slash.
    pub public_url: String,
    /// Writes an event as the inbox shows it. The door that serves the inbox owns the format; the entry is rendered
    /// once, inside the commit, so that reading a page is copying text.
    pub render_event: fn(&InboxEvent<'_>) -> String,
    /// The same for a notice before a first order.
    pub render_notice: fn(&NoticeEvent<'_>) -> String,
    /// For how long a unit's key must be known before it counts, where no earlier key speaks for it.
    pub signing_key_age: TimeDelta,
    /// The same for an agency's part in an operation.
    pub render_part: fn(&PartEvent<'_>) -> String,
    /// The same for what became of a webhook.
    pub render_webhook: fn(&WebhookEvent<'_>) -> String,
}

/// The context of a use case. Cheap to clone.
#[derive(Clone)]
pub struct Cx {
    /// The database.
    pub store: Store,
    /// A replica of it to read exports from.
    pub replica: Option<Replica>,
    /// What time it is.
    pub clock: Clock,
    /// Whether the exchange could serve a moment ago.
    pub health: Health,
    /// Where the feeds stand.
    pub feeds: Feeds,
    /// Inbox pages that are asked for again.
    pub pages: Pages,
    /// Which reads are in the history already.
    pub reads: Reads,
    /// What is remembered of the parties.
    pub registry: Registry,
    /// Told after a commit that queued a notification, so that the worker need not wait for its next look.
    pub wake: Arc<Notify>,
    /// The powers that can be claimed on this node.
    pub powers: Arc<Powers>,
    /// What this node knows of the sealed history.
    pub log: Log,
    /// Published reports that are asked for again.
    pub editions: Editions,
    /// Where webhooks may lead.
    pub guard: Guard,
    /// Looks for proofs of who is in charge of a host.
    pub prover: Prover,
    /// For how long a host is left alone after it was looked at.
    pub look_interval: TimeDelta,
    /// Seals what must be read again; none on a node that lacks the key of the others.
    pub sealing: Option<Arc<SealingKeys>>,
    /// What makes this a sandbox, where it is one.
    pub sandbox: Option<Arc<Sandbox>>,
    /// Where the operator is told what only he can do.
    pub operator: Option<MailAddress>,
    /// Settings.
    pub settings: Arc<Settings>,
}

impl Cx {
    /// A context over a store.
    #[must_use]
    pub fn new(store: Store, settings: Settings) -> Self {
        Self {
            clock: Clock::default(),
            health: Health::default(),
            feeds: Feeds::new(store.clone()),
            pages: Pages::default(),
            reads: Reads::default(),
            registry: Registry::new(store.clone()),
            store,
            replica: None,
            wake: Arc::default(),
            powers: Arc::default(),
            log: Log::default(),
            editions: Editions::default(),
            guard: Guard::default(),
            prover: Prover::default(),
            look_interval: TimeDelta::zero(),
            sealing: None,
            sandbox: None,
            operator: None,
            settings: Arc::new(settings),
        }
    }

    /// The same context with the operator's own instruments.
    #[must_use]
    pub fn with_powers(self, powers: Powers) -> Self {
        Self {
            powers: Arc::new(powers),
            ..self
        }
    }

    /// The same context with what this node knows of the sealed history.
    #[must_use]
    pub fn with_log(self, log: Log) -> Self {
        Self { log, ..self }
    }

    /// The same context with what webhooks need: where they may lead, and the key that seals their secrets.
    #[must_use]
    pub fn with_webhooks(self, guard: Guard, sealing: Option<SealingKeys>) -> Self {
        Self {
            guard,
            sealing: sealing.map(Arc::new),
            ..self
        }
    }

    /// The same context with what looks for proofs, and how long it rests between two looks at a host.
    #[must_use]
    pub fn with_prover(self, prover: Prover, look_interval: TimeDelta) -> Self {
        Self {
            prover,
            look_interval,
            ..self
        }
    }

    /// The same context in a sandbox, whose clock is ahead by so many milliseconds.
    #[must_use]
    pub fn in_sandbox(self, sandbox: Sandbox, ahead: i64) -> Self {
        self.clock.lead(ahead);
        Self {
            sandbox: Some(Arc::new(sandbox)),
            ..self
        }
    }

    /// The same context with the operator's own mail address.
    #[must_use]
    pub fn with_operator(self, operator: Option<MailAddress>) -> Self {
        Self { operator, ..self }
    }

    /// The same context with a replica to read exports from.
    #[must_use]
    pub fn with_replica(self, replica: Option<Replica>) -> Self {
        Self { replica, ..self }
    }

    /// This instant, by [`Clock::now`].
    #[must_use]
    pub fn now(&self) -> At {
        self.clock.now()
    }
}
