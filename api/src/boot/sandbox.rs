//! `takedown sandbox`: an exchange in which nothing is real.

use std::process::ExitCode;

use super::exchange::Exchange;
use super::serve::{jobs, listen, until_stopped};
use super::{Failed, ended};
use crate::app::sandbox::{Pair, ROBOTS, make_pair};
use crate::cli::SandboxRunArgs;
use crate::config::Config;
use crate::config::mail::Transport;
use crate::observe;

/// What makes a sandbox behave.
const CALM: [&str; 4] = [
    "sandbox.doubled",
    "sandbox.late",
    "sandbox.reordered",
    "sandbox.cut",
];

/// `takedown sandbox`
#[must_use]
pub fn sandbox(args: SandboxRunArgs) -> ExitCode {
    ended(run(&args))
}

fn run(args: &SandboxRunArgs) -> Result<(), Failed> {
    let config = configured(args)?;
    observe::init(&config.log)?;
    actix_web::rt::System::new().block_on(async move {
        let exchange = Exchange::open(&config).await?;
        let pair = make_pair(&exchange.cx).await?;
        let jobs = jobs(&config, &exchange)?;
        let server = listen(&config, &exchange)?;
        print!("{}", introduction(&config, &pair));
        until_stopped(server, jobs).await
    })
}

fn configured(args: &SandboxRunArgs) -> Result<Config, Failed> {
    let seed = args.seed.map(|seed| seed.to_string());
    let data_dir = match &args.data_dir {
        Some(path) => Some(path.to_str().ok_or("--data-dir is not UTF-8")?),
        None => None,
    };
    let given = [
        ("data_dir", data_dir),
        ("database.url", args.database.as_deref()),
        ("sandbox.seed", seed.as_deref()),
    ];
    let given = given
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    let calm = CALM.map(|name| (name, "0")).into_iter();
    let set: Vec<(&str, &str)> = given.chain(calm.filter(|_| args.calm)).collect();
    Ok(Config::load_sandbox(args.config.as_deref(), &set)?)
}

/// What a tester reads first.
fn introduction(config: &Config, pair: &Pair) -> String {
    let base = &config.server.public_url;
    let mut text = format!(
        "\nA sandbox: nothing here is real. Its clock goes forward when you say so, and it misbehaves on purpose.\n\n  \
         documentation  {base}/docs\n  how it stands  {base}/v1/sandbox\n"
    );
    if let Transport::Directory(mails) = &config.mail.transport {
        text += &format!(
            "  mails          {}/*.eml (no mail server is set)\n",
            mails.display()
        );
    }
    for (role, name, login) in [
        ("agency", &pair.agency_name, &pair.agency_login),
        ("platform", &pair.platform_name, &pair.platform_login),
    ] {
        text += &format!(
            "\n{role:<9} {name}\n  {}  {}\n",
            login.client_id, login.client_secret
        );
    }
    text += &format!(
        "  its host: {}\n\nMore credentials: POST {base}/v1/sandbox/credentials, or `takedown sandbox credentials --server {base}`.\n\
         File on these hosts, or on any below them:\n\n",
        pair.host
    );
    for robot in &ROBOTS {
        text += &format!("  {:<18} {}\n", robot.host, robot.says);
    }
    text
}
