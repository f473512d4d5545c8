//! The commands that do one thing and end.

use std::process::ExitCode;

use super::exchange::{context, place};
use super::{Failed, ended};
use crate::app::bootstrap::create_operator;
use crate::cli::{ConfigArgs, MigrateArgs, OpenapiArgs, OperatorCommand};
use crate::config::Config;
use crate::store::backend::{self, Access};

/// `takedown migrate`
#[must_use]
pub fn migrate(args: MigrateArgs) -> ExitCode {
    ended((|| {
        let config = Config::load(args.config.path.as_deref())?;
        let mut conn = place(&config)?.open(Access::Write)?;
        let done = backend::migrate(&mut conn)?;
        if done.is_empty() {
            println!("the database is up to date");
        }
        for name in done {
            println!("migrated: {name}");
        }
        Ok(())
    })())
}

/// `takedown config`
#[must_use]
pub fn print_config(args: ConfigArgs) -> ExitCode {
    ended((|| {
        let config = Config::load(args.config.path.as_deref())?;
        print!("{}", config.masked());
        for error in config.instruments.load().refused {
            eprintln!("instrument file left out: {error}");
        }
        Ok(())
    })())
}

/// `takedown openapi`
#[must_use]
pub fn openapi(args: OpenapiArgs) -> ExitCode {
    let json = crate::http::openapi::json() + "\n";
    ended(match args.out {
        Some(path) => {
            std::fs::write(&path, json).map_err(|e| format!("{}: {e}", path.display()).into())
        }
        None => {
            std::io::Write::write_all(&mut std::io::stdout(), json.as_bytes()).map_err(Failed::from)
        }
    })
}

/// `takedown operator`
#[must_use]
pub fn operator(command: OperatorCommand) -> ExitCode {
    let OperatorCommand::Create(args) = command;
    ended((|| {
        let config = Config::load(args.config.path.as_deref())?;
        let cx = context(&config)?;
        let made = actix_web::rt::System::new().block_on(create_operator(
            &cx.store,
            &args.name,
            cx.now(),
        ))?;
        if args.json {
            println!("{}", serde_json::to_string(&made)?);
        } else {
            println!("client_id      {}", made.client_id);
            println!("client_secret  {}   (shown this once)", made.client_secret);
        }
        Ok(())
    })())
}
