//! `takedown serve`: the server until it is told to stop.

use std::any::Any;
use std::process::ExitCode;
use std::time::Duration;

use actix_web::middleware::{Compress, Condition, from_fn};
#[cfg(target_os = "linux")]
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpResponse, HttpServer, web};
use tokio::signal::unix::{SignalKind, signal};
use tracing_actix_web::TracingLogger;

use super::exchange::Exchange;
use super::{Failed, demo, descriptors, ended};
use crate::app::{Cx, health};
use crate::cli::ServeArgs;
use crate::config::Config;
use crate::http::extract::BodyLimit;
use crate::http::middleware::{CallSpan, Edge, edge, fallback};
use crate::http::{problem, routes};
use crate::observe::{self, Metrics, metrics_page};
use crate::web as pages;
use crate::worker;

/// How long calls under way may take to end after a stop was asked for, in seconds.
const GRACE: u64 = 15;
/// So many connections may wait to be accepted: after a restart thousands who waited for news come again at once. The system may
/// allow fewer (`net.core.somaxconn`).
const BACKLOG: u32 = 4_096;

/// `takedown serve`
#[must_use]
pub fn serve(args: ServeArgs) -> ExitCode {
    ended(run(&args))
}

/// Whoever tries it wants to see what he filed a moment ago counted; nobody's secret is in it.
const DEMONSTRATION: &[(&str, &str)] = &[
    ("transparency.every", "10s"),
    ("transparency.open_periods", "true"),
];

fn run(args: &ServeArgs) -> Result<(), Failed> {
    let set = match args.demo_parties {
        true => DEMONSTRATION,
        false => &[],
    };
    let config = Config::load_with(args.config.path.as_deref(), set)?;
    observe::init(&config.log)?;
    let most = descriptors::raise();
    tracing::debug!(?most, "connections and files that may be open at once");
    actix_web::rt::System::new().block_on(async move {
        let exchange = Exchange::open(&config).await?;
        let demo = match args.demo_parties {
            true => Some(demo::parties(&config, &exchange).await?),
            false => None,
        };
        let jobs = jobs(&config, &exchange)?;
        let server = listen(&config, &exchange)?;
        if let Some(demo) = demo {
            print!(
                "{}",
                demo::introduction(&config, &demo, &config.server.public_url)?
            );
        }
        until_stopped(server, jobs).await
    })
}

/// Serves and works until the process is told to stop, and then until what is under way has ended.
pub(super) async fn until_stopped(
    server: actix_web::dev::Server,
    jobs: worker::Runner,
) -> Result<(), Failed> {
    server.await?;
    jobs.stop(Duration::from_secs(GRACE)).await;
    Ok(())
}

/// Starts this node's background jobs.
pub(super) fn jobs(config: &Config, exchange: &Exchange) -> Result<worker::Runner, Failed> {
    let public = exchange.signer.public();
    let key = worker::jobs::NodeKey {
        kid: public.kid().to_owned(),
        jwk: public.to_jwk().to_string(),
    };
    Ok(worker::start(
        &exchange.cx,
        &config.worker,
        (&config.mail, &config.webhooks),
        &config.transparency,
        &config.retention,
        key,
    )?)
}

/// The metrics, with what only the database knows.
async fn metrics_with_backlog(
    cx: web::Data<Cx>,
    metrics: web::Data<Metrics>,
) -> Result<HttpResponse, problem::Problem> {
    // A scrape must not fail because the database does: the counters of calls are then what one wants to see.
    if let Ok(backlog) = health::backlog(&cx).await {
        let age = backlog
            .oldest
            .map_or(0, |at| (cx.now().timestamp_millis() - at) / 1000);
        metrics.outbox_waiting.set(backlog.pending);
        metrics.outbox_dead.set(backlog.failed);
        metrics.outbox_oldest.set(age);
    }
    if let Some(replica) = &cx.replica {
        metrics.replica_passed_over(replica.times_passed_over());
    }
    metrics
        .writer_queue
        .set(i64::try_from(cx.store.waiting()).unwrap_or(i64::MAX));
    metrics_page(metrics).await
}

/// Ends the event streams when the process is told to stop, as the server is told too: by themselves they never would.
fn end_streams(edge: web::Data<Edge>) -> Result<impl Future<Output = ()>, Failed> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        edge.streams.stop();
    })
}

/// Has the system close a connection whose peer takes nothing for so long. The server itself would wait for ever: while nothing can be
/// written, it looks at nothing else of the connection.
#[cfg(target_os = "linux")]
fn end_when_stalled(connection: &dyn Any, after: Duration) {
    let Some(connection) = connection.downcast_ref::<TcpStream>() else {
        return;
    };
    let millis = u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(connection, millis) {
        tracing::debug!(%error, "a connection that stalls will not be closed");
    }
}

#[cfg(not(target_os = "linux"))]
fn end_when_stalled(_: &dyn Any, _: Duration) {}

/// Starts to listen and says where. The future ends when the server was told to stop and has.
pub(super) fn listen(
    config: &Config,
    exchange: &Exchange,
) -> Result<actix_web::dev::Server, Failed> {
    let limits = BodyLimit {
        usual: config.server.body_limit,
        filing: config.server.batch_limit,
    };
    let data = (
        exchange.cx.clone(),
        exchange.tokens.clone(),
        exchange.edge.clone(),
        exchange.metrics.clone(),
        exchange.allowed.clone(),
        exchange.docs.clone(),
    );
    let is_sandbox = config.is_sandbox;
    actix_web::rt::spawn(exchange.cx.feeds.clone().follow());
    actix_web::rt::spawn(exchange.cx.registry.clone().follow());
    actix_web::rt::spawn(end_streams(exchange.edge.clone())?);
    let stalled = config.server.stall_timeout;
    let server = HttpServer::new(move || {
        let (cx, tokens, edge_data, metrics, allowed, docs) = data.clone();
        App::new()
            .wrap(Condition::new(is_sandbox, from_fn(pages::mark_pages)))
            .wrap(Compress::default())
            .wrap(TracingLogger::<CallSpan>::new())
            .wrap(from_fn(edge))
            .app_data(cx)
            .app_data(tokens)
            .app_data(edge_data)
            .app_data(metrics)
            .app_data(allowed)
            .configure(problem::install)
            .app_data(limits)
            .configure(routes::described)
            .configure(routes::undescribed)
            .configure(|config| pages::configure(config, docs))
            .route("/metrics", web::get().to(metrics_with_backlog))
            .default_service(web::to(fallback))
    })
    .workers(config.server.workers)
    .backlog(BACKLOG)
    .on_connect(move |connection, _| end_when_stalled(connection, stalled))
    .keep_alive(config.server.keep_alive)
    .client_request_timeout(config.server.request_timeout)
    .shutdown_timeout(GRACE)
    .bind(config.server.listen)
    .map_err(|e| format!("cannot listen on {}: {e}", config.server.listen))?;
    for address in server.addrs() {
        println!("listening on http://{address}");
    }
    Ok(server.run())
}
