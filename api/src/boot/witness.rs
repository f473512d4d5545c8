//! `takedown witness`: a witness until it is told to stop.

use std::process::ExitCode;

use actix_web::{App, HttpServer, web};
use takedown_core::log::VerifierKey;
use takedown_core::log::policy::parse_logs;

use super::{Failed, ended};
use crate::cli::WitnessArgs;
use crate::config::log::{Format, Log};
use crate::observe;
use crate::witness::{self, Settings, Witness};

/// It signs some checkpoints a second at most.
const WORKERS: usize = 2;

/// How long calls under way may take to end after a stop was asked for, in seconds.
const GRACE: u64 = 5;

/// `takedown witness`
#[must_use]
pub fn witness(args: WitnessArgs) -> ExitCode {
    ended(run(args))
}

fn run(args: WitnessArgs) -> Result<(), Failed> {
    observe::init(&Log {
        format: Format::Text,
        level: "info,actix_server=warn".to_owned(),
    })?;
    let listen = args.listen;
    let witness = web::Data::new(Witness::open(settings(args)?)?);
    actix_web::rt::System::new().block_on(async move {
        println!("vkey {}", witness.key());
        for (origin, size) in witness.logs() {
            println!("log {origin} {size}");
        }
        let server = HttpServer::new(move || {
            App::new()
                .app_data(witness.clone())
                .configure(witness::configure)
        })
        .workers(WORKERS)
        .shutdown_timeout(GRACE)
        .bind(listen)
        .map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        for address in server.addrs() {
            println!("listening on http://{address}");
        }
        server.run().await?;
        Ok(())
    })
}

fn settings(args: WitnessArgs) -> Result<Settings, Failed> {
    let mut logs = Vec::new();
    for vkey in &args.logs {
        let key: VerifierKey = vkey.parse().map_err(|error| format!("--log: {error}"))?;
        logs.push(a_logs(key).map_err(|error| format!("--log: {error}"))?);
    }
    for path in &args.log_files {
        let file = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let entries =
            parse_logs(&file).map_err(|mistakes| format!("{}:\n{mistakes}", path.display()))?;
        logs.extend(entries.into_iter().map(|entry| entry.key));
    }
    let name = match args.name {
        Some(name) => Some(name.parse().map_err(|error| format!("--name: {error}"))?),
        None => None,
    };
    Ok(Settings {
        directory: args.data_dir,
        name,
        logs,
    })
}

fn a_logs(key: VerifierKey) -> Result<VerifierKey, String> {
    let file = format!("log {key}\n");
    parse_logs(file.as_bytes())
        .map(|_| key)
        .map_err(|mistakes| {
            mistakes
                .0
                .iter()
                .map(|mistake| mistake.reason.to_string())
                .collect()
        })
}
