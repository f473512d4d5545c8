//! `takedown agency`.

use clap::{Args, Subcommand};
use reqwest::Method;

use super::common::{Common, ListArgs, OneArgs, Registry, SetArgs, SuspendArgs, members, text};
use super::platform::quiet;
use crate::cli::{CliError, Exit};

const AGENCIES: Registry = Registry {
    path: "agencies",
    columns: &[
        ("ID", "id"),
        ("NAME", "name"),
        ("COUNTRY", "country"),
        ("TYPE", "type"),
        ("STATUS", "status"),
        ("VERIFIED BY", "verification.method"),
        ("UNTIL", "verification.expires_at"),
    ],
};

/// `takedown agency`.
#[derive(Debug, Subcommand)]
pub enum AgencyCommand {
    /// All agencies.
    List(ListArgs),
    /// One agency.
    Show(OneArgs),
    /// How its requests fared: filed, withdrawn, corrected, declined.
    Record(OneArgs),
    /// Register one; it may file once it is verified.
    Add(AddArgs),
    /// Record that it is real: how, by whom, until when.
    Verify(VerifyArgs),
    /// Complete that as the second person, with credentials of your own, after you called the agency back.
    Confirm(ConfirmArgs),
    /// Change the members given in a JSON file.
    Set(SetArgs),
    /// Say whether it is named to others who ask about the same item (also for the agency itself).
    Naming(NamingArgs),
    /// Say how it wants its mails (also for the agency itself).
    Notification(NotificationArgs),
    /// Say whether its unit signs whatever it asks, so that nothing is taken without that (also for the agency itself).
    Signing(SigningArgs),
    /// Record which orders of others it scrutinises, as the competent authority of its country.
    Competence(CompetenceArgs),
    /// Stop it at once: its tokens no longer work.
    Suspend(SuspendArgs),
    /// End a suspension.
    Resume(OneArgs),
}

/// A new agency.
#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    common: Common,
    /// Name, as platforms will see it
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// Country (ISO 3166-1 alpha-2)
    #[arg(long, value_name = "COUNTRY")]
    country: String,
    /// police, judicial, regulator or other
    #[arg(long = "type", value_name = "TYPE", default_value = "police")]
    agency_type: String,
    /// Where answers are announced (mail address)
    #[arg(long, value_name = "ADDRESS")]
    mail: String,
    /// Where platforms and uploaders complain (mail address or URL)
    #[arg(long, value_name = "ADDRESS")]
    complaints: String,
    /// Language of the mails it gets (BCP 47)
    #[arg(long, value_name = "TAG", default_value = "en")]
    language: String,
    /// IANA time zone of the mails it gets
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
}

/// A verification.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    one: OneArgs,
    /// in_person, call_back, official_letter, official_domain, official_list or vouched
    #[arg(long, value_name = "METHOD")]
    method: String,
    /// Until when it counts (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    expires_at: String,
    /// Who checked; by default whoever is asking, to be said with --domain
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// When; by default now
    #[arg(long, value_name = "INSTANT")]
    verified_at: Option<String>,
    /// What else a platform should know
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The agency's own domain, which must name it (takedown-exchange-agency=agency_…): the exchange looks
    #[arg(long, value_name = "DOMAIN", requires = "by")]
    domain: Option<String>,
}

/// What a second person found.
#[derive(Debug, Args)]
pub struct ConfirmArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Who called: another one than who recorded the verification
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Where the number comes from; not from the agency
    #[arg(long, value_name = "TEXT")]
    source: String,
    /// When the call was (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    called_at: String,
}

/// How it wants its mails.
#[derive(Debug, Args)]
pub struct NotificationArgs {
    #[command(flatten)]
    one: OneArgs,
    /// at-once, hourly, daily, or never; what presses leaves at once all the same
    #[arg(long, value_name = "PACE")]
    mail: String,
    /// When the daily one leaves, in its time zone
    #[arg(long, value_name = "HH:MM")]
    daily_at: Option<String>,
    /// Hours without mails, each day or from some days on: 22:00-07:00, sat,sun=00:00-18:00 (repeat)
    #[arg(long = "quiet", value_name = "[DAYS=]HOURS")]
    quiet: Vec<String>,
}

/// Whether an agency is named.
#[derive(Debug, Args)]
pub struct NamingArgs {
    #[command(flatten)]
    one: OneArgs,
    /// `yes`: to agencies that agree as well; `no`: to none
    #[arg(value_name = "YES_OR_NO", value_parser = ["yes", "no"])]
    agreed: String,
}

/// Whether an agency's unit signs whatever it asks.
#[derive(Debug, Args)]
pub struct SigningArgs {
    #[command(flatten)]
    one: OneArgs,
    /// `required`: filings, and changes of what was signed, are refused without; `optional` (operator only)
    #[arg(value_name = "REQUIRED_OR_OPTIONAL", value_parser = ["required", "optional"])]
    signature: String,
}

/// Which orders of others an agency scrutinises.
#[derive(Debug, Args)]
pub struct CompetenceArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Instrument (repeat), such as eu-tco-order; none ends it
    #[arg(long = "scrutinises", value_name = "INSTRUMENT")]
    scrutinises: Vec<String>,
}

pub(in crate::cli) async fn run(command: AgencyCommand) -> Result<Exit, CliError> {
    match command {
        AgencyCommand::List(args) => AGENCIES.list(&args).await,
        AgencyCommand::Show(args) => AGENCIES.show(&args).await,
        AgencyCommand::Record(args) => AGENCIES.record(&args).await,
        AgencyCommand::Add(args) => {
            let body = members([
                ("name", Some(args.name.into())),
                ("country", Some(args.country.into())),
                ("type", Some(args.agency_type.into())),
                ("mail", Some(args.mail.into())),
                ("complaints", Some(args.complaints.into())),
                ("language", Some(args.language.into())),
                ("time_zone", Some(args.time_zone.into())),
            ]);
            AGENCIES.add(&args.common, body).await
        }
        AgencyCommand::Verify(args) => {
            let body = members([
                ("method", Some(args.method.replace('-', "_").into())),
                ("expires_at", Some(args.expires_at.into())),
                ("by", text(&args.by)),
                ("verified_at", text(&args.verified_at)),
                ("note", text(&args.note)),
                ("domain", text(&args.domain)),
            ]);
            let path = [args.one.id.as_str(), "verification"];
            AGENCIES
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        AgencyCommand::Confirm(args) => {
            let call_back = members([
                ("source", Some(args.source.into())),
                ("called_at", Some(args.called_at.into())),
            ]);
            let body = members([("by", Some(args.by.into())), ("call_back", Some(call_back))]);
            let path = [args.one.id.as_str(), "verification", "confirmation"];
            AGENCIES
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        AgencyCommand::Notification(args) => {
            let spans: Vec<_> = args.quiet.iter().map(|span| quiet(span)).collect();
            let body = members([
                ("mail", Some(args.mail.replace('-', "_").into())),
                ("daily_at", text(&args.daily_at)),
                ("quiet", Some(spans.into())),
            ]);
            let path = [args.one.id.as_str(), "notification"];
            AGENCIES
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        AgencyCommand::Naming(args) => {
            let body = members([("agreed", Some((args.agreed == "yes").into()))]);
            let path = [args.one.id.as_str(), "naming"];
            AGENCIES
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        AgencyCommand::Signing(args) => {
            let body = members([("required", Some((args.signature == "required").into()))]);
            let path = [args.one.id.as_str(), "signing"];
            AGENCIES
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        AgencyCommand::Competence(args) => {
            let body = members([("scrutinises", Some(args.scrutinises.into()))]);
            let path = [args.one.id.as_str(), "competence"];
            AGENCIES
                .call(&args.one.common, Method::PUT, &path, Some(body))
                .await
        }
        AgencyCommand::Set(args) => AGENCIES.set(&args).await,
        AgencyCommand::Suspend(args) => AGENCIES.suspend(&args).await,
        AgencyCommand::Resume(args) => AGENCIES.resume(&args).await,
    }
}
