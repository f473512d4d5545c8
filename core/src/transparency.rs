//! The transparency report: what was asked, how fast it was answered and what came of it, in counts and percentiles.
//!
//! [`Fold`] counts rows of the export, so that whoever has one comes to the same numbers as the server. What is published
//! has small counts left out ([`THRESHOLD`]); an agency, a platform and an auditor see theirs as they are. Old records
//! that agencies imported are rows of another export, and never counted.

mod articles;
mod code;
mod csv;
mod equation;
mod figures;
mod fold;
mod metric;
mod of;
mod period;
mod relation;
mod report;
mod row;
mod spread;
mod suppress;
mod system;
mod view;

use std::fmt::Write;

pub use articles::Article;
pub use fold::{Fold, FoldError, Folded};
pub use metric::{Metric, Unit};
pub use of::{Dimension, OWN, Of, PUBLISHED};
pub use period::{Period, PeriodError};
pub use report::{About, Count, Days, FORMAT, Line, NotPublished, Report, Table, Time};
pub use row::{Counted, UnknownValue};
pub use spread::{Measure, duration, rounded};
pub use suppress::THRESHOLD;

/// The metrics as a Markdown document, checked in as `docs/transparency-metrics.md`.
#[must_use]
pub fn table() -> String {
    let mut text = String::from(
        "# Metrics of the transparency report\n\n\
         Generated from `core/src/transparency/`; `UPDATE_GOLDEN=1 cargo test -p takedown-core` writes it anew. What they are for, and how to \
         compute them yourself: [transparency](transparency.md).\n\n\
         ## Counts\n\n\
         Every metric divides a whole into codes that add up to it. Names in `code` are columns of the [export](export-columns.md).\n\n\
         | metric | counts | divides | code | of a row |\n|---|---|---|---|---|\n",
    );
    for metric in Metric::ALL {
        for (code, says) in metric.codes().iter().zip(metric.meanings()) {
            let code = match *code {
                "" => String::new(),
                code => format!("`{code}`"),
            };
            let whole = metric.divides().unwrap_or("–");
            let _ = writeln!(
                text,
                "| `{metric}` | {} | {whole} | {code} | {says} |",
                metric.unit()
            );
        }
    }
    text.push_str("\n## Times\n\n| measure | value |\n|---|---|\n");
    for measure in Measure::ALL {
        let _ = writeln!(text, "| `{measure}` | {} |", measure.meaning());
    }
    text
}

#[cfg(test)]
mod tests;
