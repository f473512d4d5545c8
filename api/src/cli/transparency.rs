//! `takedown transparency`: what was asked, how fast it was answered and what came of it.

mod recompute;
mod shown;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use takedown_core::time::{At, parse_rfc3339};
use takedown_core::transparency::{Of, Period, Report};

use super::{CliError, ConnectionArgs, Exit, output};
use crate::client::Filters;

/// `takedown transparency`.
#[derive(Debug, Args)]
pub struct TransparencyArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// table (for people), json (the report) or csv (one number a line)
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// With every number, of what you may see (agency, platform, auditor); the published report needs no login
    #[arg(long, conflicts_with = "recompute")]
    own: bool,
    #[command(flatten)]
    time: TimeArgs,
    #[command(flatten)]
    of: OfArgs,
    #[command(flatten)]
    recompute: RecomputeArgs,
}

/// Which time.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which time, in UTC")]
struct TimeArgs {
    /// A year (2026), a quarter (2026-Q3) or a month (2026-07); of the published ones the newest unless said
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["from", "to"])]
    period: Option<Period>,
    /// The first day; not of the published report
    #[arg(long, value_name = "DAY", requires = "to")]
    from: Option<NaiveDate>,
    /// The last day, which is counted, too
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<NaiveDate>,
}

/// Of what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Of what")]
struct OfArgs {
    /// Requests of one agency
    #[arg(long, value_name = "ID")]
    agency: Option<String>,
    /// Requests of agencies of one country
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// Requests to one platform; not of the published report
    #[arg(long, value_name = "ID")]
    platform: Option<String>,
    /// Requests to platforms of one size: micro, small, medium, large, very_large
    #[arg(long, value_name = "SIZE")]
    platform_size_class: Option<String>,
    /// Requests under one instrument
    #[arg(long, value_name = "ID")]
    instrument: Option<String>,
    /// Requests on one ground, alone or among others
    #[arg(long, value_name = "CODE")]
    ground: Option<String>,
}

/// From an export, offline.
#[derive(Debug, Args)]
#[command(next_help_heading = "From an export, offline")]
struct RecomputeArgs {
    /// Count this export (JSON Lines, as `takedown export` writes it; - for standard input) instead of asking an exchange
    #[arg(long, value_name = "FILE")]
    recompute: Option<PathBuf>,
    /// As it is published: small counts left out
    #[arg(long, requires = "recompute", requires = "as_of")]
    published: bool,
    /// As of this instant: the `made_at` of the report that it is to be compared with; now unless said
    #[arg(long, value_name = "INSTANT", value_parser = parse_rfc3339, requires = "recompute")]
    as_of: Option<At>,
    /// The report has `open_periods`: the exchange publishes periods that are not over
    #[arg(long, requires = "published")]
    open_periods: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
}

impl TimeArgs {
    fn period(&self) -> Result<Option<Period>, CliError> {
        let refused =
            |error: takedown_core::transparency::PeriodError| CliError::usage(error.to_string());
        match (self.from, self.to) {
            (Some(first), Some(last)) => Period::span(first, last).map(Some).map_err(refused),
            _ => Ok(self.period),
        }
    }
}

impl OfArgs {
    fn only(&self) -> Of {
        Of {
            agency: self.agency.clone(),
            country: self.country.clone(),
            platform: self.platform.clone(),
            platform_size_class: self.platform_size_class.clone(),
            instrument: self.instrument.clone(),
            ground: self.ground.clone(),
            under_non_disclosure: false,
        }
    }

    fn filters(&self) -> Filters {
        Filters::default()
            .with("agency", self.agency.as_deref())
            .with("country", self.country.as_deref())
            .with("platform", self.platform.as_deref())
            .with("platform_size_class", self.platform_size_class.as_deref())
            .with("instrument", self.instrument.as_deref())
            .with("ground", self.ground.as_deref())
    }
}

pub(super) async fn run(args: TransparencyArgs) -> Result<Exit, CliError> {
    if let Some(path) = &args.recompute.recompute {
        let report = recompute::run(path, &args)?;
        return write(&report, args.format);
    }
    let text = ask(&args).await?;
    if args.format != Format::Table {
        output::exact(&text)?;
        return Ok(Exit::Done);
    }
    let report = serde_json::from_str(&text)
        .map_err(|error| CliError::input(format!("the report cannot be read: {error}")))?;
    write(&report, args.format)
}

async fn ask(args: &TransparencyArgs) -> Result<String, CliError> {
    let client = if args.own {
        args.connection.connect()?
    } else {
        args.connection.connect_as_nobody()?
    };
    let format = match args.format {
        Format::Csv => "csv",
        Format::Json | Format::Table => "json",
    };
    let mut filters = args.of.filters().with("format", Some(format));
    filters = match args.time.period()? {
        Some(Period::Span(first, last)) => filters
            .with("from", Some(&first.to_string()))
            .with("to", Some(&last.to_string())),
        Some(period) => filters.with("period", Some(&period.to_string())),
        None => filters,
    };
    Ok(client.transparency(args.own, &filters).await?)
}

fn write(report: &Report, format: Format) -> Result<Exit, CliError> {
    match format {
        Format::Table => shown::print(report)?,
        Format::Csv => output::exact(&report.csv())?,
        Format::Json => {
            let json = serde_json::to_string(report)
                .map_err(|error| CliError::input(error.to_string()))?;
            output::exact(&json)?;
        }
    }
    Ok(Exit::Done)
}
