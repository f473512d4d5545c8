//! An exchange that is ready to answer: database, keys, use cases, edge.

use std::sync::Arc;

use actix_web::web::Data;
use secrecy::ExposeSecret;

use super::Failed;
use super::directory::Directory;
use super::{log_key, mark, sealing_key};
use crate::app::instruments::Powers;
use crate::app::replica::Replica;
use crate::app::sandbox::{self, Mischief, Sandbox};
use crate::app::{Cx, Settings, log, tokens};
use crate::auth::{SigningKey, Tokens};
use crate::config::Config;
use crate::config::database::DatabaseUrl;
use crate::http::middleware::{Allowed, Edge};
use crate::http::openapi;
use crate::http::problem::{Code, Spec};
use crate::http::taxii;
use crate::http::v1;
use crate::observe::Metrics;
use crate::outward::{Guard, Names, Prover};
use crate::store::Store;
use crate::store::backend::Location;
use crate::web::{self, About, Docs, ProblemHelp};

/// Everything the doors share.
pub struct Exchange {
    /// The use cases' context.
    pub cx: Data<Cx>,
    /// Tokens.
    pub tokens: Data<Tokens>,
    /// The edge.
    pub edge: Data<Edge>,
    /// Metrics.
    pub metrics: Data<Metrics>,
    /// Which methods stand where.
    pub allowed: Data<Allowed>,
    /// The documentation's pages.
    pub docs: Data<Docs>,
    /// This node's key for tokens.
    pub signer: Arc<SigningKey>,
}

/// Where the configured database is.
#[must_use]
pub fn location(config: &Config) -> Location {
    match &config.database.url {
        DatabaseUrl::Sqlite(path) => Location::Sqlite(path.clone()),
        DatabaseUrl::Postgres(url) => Location::Postgres(url.expose_secret().to_owned()),
    }
}

/// Where the configured replica is, if there is one.
#[must_use]
pub fn replica(config: &Config) -> Option<Location> {
    let url = config.database.replica.as_ref()?;
    Some(Location::Postgres(url.expose_secret().to_owned()))
}

/// Where the configured database is; the directory of an embedded one is made.
pub fn place(config: &Config) -> Result<Location, Failed> {
    let location = location(config);
    if let Location::Sqlite(path) = &location
        && let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty())
    {
        private(directory)
            .map_err(|e| format!("cannot make the directory {}: {e}", directory.display()))?;
    }
    Ok(location)
}

/// A directory that only its owner enters.
pub(super) fn private(directory: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

/// Opens and migrates the database and makes the context of the use cases.
pub fn context(config: &Config) -> Result<Cx, Failed> {
    let connections = usize::try_from(config.database.connections)?;
    let store = Store::open(place(config)?, connections)?;
    let replica = match replica(config) {
        Some(location) => Some(Replica::new(Store::open_replica(location, connections)?)),
        None => None,
    };
    let loaded = config.instruments.load();
    let cx = Cx::new(
        store,
        Settings {
            public_url: config.server.public_url.clone(),
            render_event: v1::inbox::render,
            render_notice: v1::inbox::render_notice,
            render_part: v1::inbox::render_part,
            render_webhook: v1::inbox::render_webhook,
            signing_key_age: chrono::TimeDelta::from_std(config.signing.key_age)?,
        },
    );
    Ok(cx.with_replica(replica).with_powers(Powers {
        catalogue: loaded.catalogue,
        refused: loaded.refused,
    }))
}

impl Exchange {
    /// Opens everything and publishes this node's key.
    pub async fn open(config: &Config) -> Result<Self, Failed> {
        takedown_core::instrument::Catalogue::try_builtin()
            .map_err(|errors| format!("the built-in catalogue is damaged: {errors:?}"))?;
        mark::check(config)?;
        let cx = context(config)?;
        let cx = if config.is_sandbox {
            let entered = sandbox::enter(cx, Sandbox::new(mischief(config))).await?;
            entered.ok_or_else(mark::of_an_exchange)?
        } else if sandbox::keep_out(&cx).await? {
            cx
        } else {
            return Err(mark::of_a_sandbox(config));
        };
        let cx = cx.with_log(log_key::open(config, &location(config))?);
        for error in &cx.powers.refused {
            tracing::error!("instrument file left out: {error}");
        }
        let signer = Arc::new(SigningKey::load_or_create(
            &config.data_dir.join("keys"),
            cx.now(),
        )?);
        let public = signer.public();
        // Before anything but the mark is written: of a database that is not the one this node knows nothing is changed.
        log::advance(&cx).await?;
        if cx.store.stopped().is_none() {
            log::judge_again(&cx).await?;
            tokens::publish_key(&cx, public.kid(), &public.to_jwk().to_string()).await?;
        }
        let sealing = match cx.store.stopped() {
            None => sealing_key::open(config, &location(config))?,
            Some(_) => None,
        };
        let (guard, prover) = outward(config);
        let look_interval = chrono::TimeDelta::from_std(config.claims.look_interval)?;
        let cx = cx.with_webhooks(guard, sealing);
        let cx = cx.with_prover(prover, look_interval);
        if config.is_sandbox {
            sandbox::bring_in(&cx).await?;
        }
        let cx = cx.with_operator(config.mail.operator.clone());
        let directory = Arc::new(Directory::new(cx.clone()));
        let metrics = Arc::new(Metrics::default());
        let problems: Vec<ProblemHelp> = Code::ALL.iter().map(help).collect();
        let about = About {
            public_url: config.server.public_url.clone(),
            contact: config.mail.reply_to.clone(),
        };
        let docs = Docs::new(about, openapi::published, &problems);
        let pages = web::PATHS.map(|path| (path, vec!["GET", "HEAD"]));
        let forms = web::FORMS.map(|path| (path, vec!["GET", "HEAD", "POST"]));
        let allowed = Allowed::of(&openapi::described())
            .and(pages)
            .and(forms)
            .and(taxii::paths())
            .and(
                ["/openapi.json", "/livez", "/readyz", "/metrics"]
                    .map(|path| (path, vec!["GET", "HEAD"])),
            );
        Ok(Self {
            tokens: Data::new(Tokens::new(
                &config.oauth,
                Arc::clone(&signer),
                directory.clone(),
                directory,
            )),
            edge: Data::new(Edge::new(config, Arc::clone(&metrics))),
            metrics: Data::from(metrics),
            allowed: Data::new(allowed),
            docs: Data::new(docs),
            cx: Data::new(cx),
            signer,
        })
    }
}

/// The way out to what others name. The system's own resolver is asked for addresses unless other name servers are configured.
fn outward(config: &Config) -> (Guard, Prover) {
    let names = Names::of(&config.dns);
    let configured = config.dns.servers.is_some();
    let guard = Guard::of(&config.webhooks, names.clone().filter(|_| configured));
    let guard = match config.is_sandbox {
        true => guard.with_sinks(),
        false => guard,
    };
    let prover = Prover::of(config.claims.timeout, names, guard.clone());
    (guard, prover)
}

/// How a sandbox misbehaves.
fn mischief(config: &Config) -> Mischief {
    let configured = &config.sandbox;
    Mischief {
        seed: configured.seed,
        doubled: configured.doubled,
        late: configured.late,
        reordered: configured.reordered,
        cut: configured.cut,
        late_for: configured.late_for,
    }
}

fn help(spec: &Spec) -> ProblemHelp {
    ProblemHelp {
        name: spec.name,
        status: spec.status,
        title: spec.title,
        help: spec.help,
    }
}
