//! `takedown platform`.

use clap::{Args, Subcommand};
use reqwest::Method;

use super::common::{
    Common, ListArgs, OneArgs, Registry, SetArgs, SuspendArgs, list, members, text,
};
use crate::cli::{CliError, Exit};

const PLATFORMS: Registry = Registry {
    path: "platforms",
    columns: &[
        ("ID", "id"),
        ("NAME", "name"),
        ("COUNTRY", "country"),
        ("STANDING", "standing"),
        ("SUSPENDED", "suspended"),
        ("LANGUAGES", "languages"),
        ("HOSTS", "hosts"),
    ],
};

/// `takedown platform`.
#[derive(Debug, Subcommand)]
pub enum PlatformCommand {
    /// All platforms.
    List(ListArgs),
    /// One platform.
    Show(OneArgs),
    /// Register one with its hosts.
    Add(AddArgs),
    /// Record that its control of the hosts was checked.
    Verify(VerifyArgs),
    /// Change the members given in a JSON file.
    Set(SetArgs),
    /// Say how it wants its mails: by itself, or the operator for it.
    Notification(NotificationArgs),
    /// Stop it at once: its tokens no longer work.
    Suspend(SuspendArgs),
    /// End a suspension.
    Resume(OneArgs),
}

/// A new platform.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    common: Common,
    /// Name
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// Country (ISO 3166-1 alpha-2)
    #[arg(long, value_name = "COUNTRY")]
    country: String,
    /// Host that leads to it, with its subdomains (repeat)
    #[arg(long = "host", value_name = "HOST", required = true)]
    hosts: Vec<String>,
    /// Mail address that is told (repeat)
    #[arg(long = "contact", value_name = "ADDRESS", required = true)]
    contacts: Vec<String>,
    /// Language it accepts, the preferred one first (repeat)
    #[arg(long = "language", value_name = "TAG", default_value = "en")]
    languages: Vec<String>,
    /// IANA time zone
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// micro, small, medium, large or very_large
    #[arg(long, value_name = "CLASS")]
    size_class: Option<String>,
}

/// A check of its control over its hosts.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    one: OneArgs,
    /// How it was checked, for instance dns_txt or well_known
    #[arg(long, value_name = "METHOD")]
    method: String,
    /// What else to remember
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// How it wants its mails.
#[derive(Debug, Args)]
pub struct NotificationArgs {
    #[command(flatten)]
    one: OneArgs,
    /// at-once, hourly, daily, or never; mails about orders leave at once all the same
    #[arg(long, value_name = "PACE")]
    mail: String,
    /// When the daily one leaves, in its time zone
    #[arg(long, value_name = "HH:MM")]
    daily_at: Option<String>,
    /// Hours without mails, each day or from some days on: 22:00-07:00, sat,sun=00:00-18:00 (repeat)
    #[arg(long = "quiet", value_name = "[DAYS=]HOURS")]
    quiet: Vec<String>,
    /// Mails about new requests carry a part for programs (XARF v4) that names the addresses, where the grounds have a word there
    #[arg(long)]
    xarf: bool,
}

/// `sat,sun=00:00-18:00`: what is wrong with it the exchange says.
pub(super) fn quiet(span: &str) -> serde_json::Value {
    match span.split_once('=') {
        Some((days, hours)) => {
            let days: Vec<&str> = days.split(',').map(str::trim).collect();
            serde_json::json!({ "days": days, "hours": hours })
        }
        None => serde_json::json!({ "hours": span }),
    }
}

pub(in crate::cli) async fn run(command: PlatformCommand) -> Result<Exit, CliError> {
    match command {
        PlatformCommand::List(args) => PLATFORMS.list(&args).await,
        PlatformCommand::Show(args) => PLATFORMS.show(&args).await,
        PlatformCommand::Add(args) => {
            let body = members([
                ("name", Some(args.name.into())),
                ("country", Some(args.country.into())),
                ("hosts", list(&args.hosts)),
                ("contacts", list(&args.contacts)),
                ("languages", list(&args.languages)),
                ("time_zone", Some(args.time_zone.into())),
                ("size_class", text(&args.size_class)),
            ]);
            PLATFORMS.add(&args.common, body).await
        }
        PlatformCommand::Verify(args) => {
            let body = members([
                ("method", Some(args.method.replace('-', "_").into())),
                ("note", text(&args.note)),
            ]);
            let path = [args.one.id.as_str(), "verification"];
            PLATFORMS
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        PlatformCommand::Set(args) => PLATFORMS.set(&args).await,
        PlatformCommand::Notification(args) => {
            let quiet: Vec<_> = args.quiet.iter().map(|span| quiet(span)).collect();
            let body = members([
                ("mail", Some(args.mail.replace('-', "_").into())),
                ("daily_at", text(&args.daily_at)),
                ("quiet", Some(quiet.into())),
                ("xarf", args.xarf.then(|| true.into())),
            ]);
            let path = [args.one.id.as_str(), "notification"];
            PLATFORMS
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        PlatformCommand::Suspend(args) => PLATFORMS.suspend(&args).await,
        PlatformCommand::Resume(args) => PLATFORMS.resume(&args).await,
    }
}
