//! The report for people.

use takedown_core::transparency::{About, Article, Measure, Metric, Report, Table, Time, duration};

use crate::cli::output::{self, Table as Columns};
use crate::cli::{CliError, output::line};

pub(super) fn print(report: &Report) -> Result<(), CliError> {
    let period = &report.period;
    line(&format!(
        "Requests filed in {} ({} to {}, UTC), counted {}{}",
        period.name,
        period.first_on,
        period.last_on,
        output::instant(&report.made_at),
        if report.over {
            ""
        } else {
            "; the period is not over"
        },
    ))?;
    if let Some(threshold) = report.suppressed_below {
        line(&format!(
            "Counts below {threshold} are not told (<{threshold}, which may be none), nor others that would give them away (withheld)."
        ))?;
    }
    line("")?;
    overview(report)?;
    if let Some(first) = report.tables.first() {
        line(&format!("\nIn detail: {}", name(&first.of)))?;
        detail(first)?;
    }
    for article in Article::ALL {
        articles(report, *article)?;
    }
    Ok(())
}

fn overview(report: &Report) -> Result<(), CliError> {
    let mut columns = Columns::new(&[
        "OF",
        "REQUESTS",
        "ITEMS",
        "ACTED ON",
        "REFUSED",
        "UNDECIDED",
        "RECEIPT",
        "OUTCOME",
    ]);
    for table in &report.tables {
        let count = |metric, code| table.shown(metric, code).1;
        columns.row(&[
            &name(&table.of),
            count(Metric::Requests, ""),
            count(Metric::Items, ""),
            count(Metric::Result, "acted_on"),
            count(Metric::Result, "refused"),
            count(Metric::Result, "undecided"),
            &time(table.time(Measure::Receipt)),
            &time(table.time(Measure::Outcome)),
        ]);
    }
    columns.print()?;
    line("RECEIPT and OUTCOME: median / 90th percentile, from the filing.")
}

fn detail(table: &Table) -> Result<(), CliError> {
    let mut columns = Columns::new(&["METRIC", "CODE", "COUNTS", "NUMBER"]);
    for count in &table.counts {
        let code = count.code.as_deref().unwrap_or_default();
        columns.row(&[&count.metric, code, &count.unit, &count.shown]);
    }
    for measured in &table.times {
        columns.row(&[
            &measured.measure,
            "median / 90th percentile",
            "time",
            &time(Some(measured)),
        ]);
    }
    columns.print()
}

fn articles(report: &Report, article: Article) -> Result<(), CliError> {
    let mut columns = Columns::new(&["LETTER", "OF", "WHAT", "NUMBER"]);
    for one in report
        .articles
        .iter()
        .filter(|one| one.article == article.as_str())
    {
        let shown = match (one.unit.as_deref(), one.value) {
            (Some("seconds"), Some(seconds)) => duration(seconds),
            _ => one.shown.clone(),
        };
        columns.row(&[&one.letter, &name(&one.of), &one.says, &shown]);
    }
    if columns.is_empty() {
        return Ok(());
    }
    line(&format!("\n{}: {}", article.citation(), article.title()))?;
    columns.print()
}

/// What a table is about, in a few words.
pub(super) fn name(of: &About) -> String {
    if of.under_non_disclosure {
        return "under non-disclosure".to_owned();
    }
    let parts = [
        of.agency_name.as_ref().or(of.agency.as_ref()),
        of.country.as_ref().filter(|_| of.agency.is_none()),
        of.platform_name.as_ref().or(of.platform.as_ref()),
        of.platform_size_class.as_ref(),
        of.instrument.as_ref(),
        of.ground.as_ref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    if parts.is_empty() {
        "all".to_owned()
    } else {
        parts.join(", ")
    }
}

fn time(time: Option<&Time>) -> String {
    let both = time.and_then(|time| time.median_seconds.zip(time.p90_seconds));
    both.map_or("-".to_owned(), |(median, p90)| {
        format!("{} / {}", duration(median), duration(p90))
    })
}
