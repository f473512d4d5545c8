//! `takedown serve`: the server until it is told to stop.

use std::process::ExitCode;

use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt;

use super::exchange::Exchange;
use super::{Failed, ended};
use crate::cli::ServeArgs;
use crate::config::Config;
use crate::http::extract::BodyLimit;
use crate::http::middleware::{CallSpan, edge, fallback};
use crate::http::{problem, routes};
use crate::observe::{self, metrics_page};

/// How long calls under way may take to end after a stop was asked for, in seconds.
const GRACE: u64 = 15;

/// `takedown serve`
#[must_use]
pub fn serve(args: ServeArgs) -> ExitCode {
    ended(run(&args))
}

fn run(args: &ServeArgs) -> Result<(), Failed> {
    let config = Config::load(args.config.path.as_deref())?;
    observe::init(&config.log)?;
    actix_web::rt::System::new().block_on(async move {
        let exchange = Exchange::open(&config).await?;
        let server = listen(&config, &exchange)?;
        server.await?;
        Ok(())
    })
}

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
        exchange.served.clone(),
    );
    for (follow, what) in [(exchange.cx.clone(), true), (exchange.cx.clone(), false)] {
        actix_web::rt::spawn(async move {
            if what {
                follow.feeds.clone().follow().await
            } else {
                follow.registry.clone().follow().await
            }
        });
    }
    let server = HttpServer::new(move || {
        let (cx, tokens, edge_data, metrics, allowed, served) = data.clone();
        App::new()
            .wrap(Compress::default())
            .wrap(TracingLogger::<CallSpan>::new())
            .wrap(from_fn(edge))
            .app_data(cx)
            .app_data(tokens)
            .app_data(edge_data)
            .app_data(metrics)
            .app_data(allowed)
            .app_data(served)
            .configure(problem::install)
            .into_utoipa_app()
            .configure(routes::described(limits))
            .into_app()
            .configure(routes::undescribed)
            .route("/metrics", web::get().to(metrics_page))
            .default_service(web::to(fallback))
    })
    .workers(config.server.workers)
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
