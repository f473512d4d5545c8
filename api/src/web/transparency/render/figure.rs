//! A chart and the table that it is drawn from.

use takedown_core::transparency::{Dimension, Measure, Metric, Of, Report, Table, duration};

use super::{link, value};
use crate::web::transparency::chart::{Bars, Drawn, Line};
use crate::web::transparency::words::{self, Words};

/// A row of a table: a label, where it leads, and its cells.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) address: Option<String>,
    pub(super) cells: Vec<String>,
}

/// A chart and its table.
pub(super) struct Figure {
    pub(super) id: String,
    pub(super) title: &'static str,
    pub(super) note: Option<&'static str>,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
    pub(super) bars: Option<Bars>,
    pub(super) line: Option<Line>,
}

pub(super) fn by_month(w: &'static Words, months: &[&Report], only: &Of) -> Option<Figure> {
    let mut months = months.to_vec();
    months.sort_by_key(|month| month.period.first_on);
    if months.len() < 2 {
        return None;
    }
    let told = |month: &Report, metric| -> (Option<u64>, String) {
        month
            .table(only)
            .map_or((Some(0), "0".to_owned()), |table| {
                let (value, shown) = table.shown(metric, "");
                (value, w.shown(shown).to_owned())
            })
    };
    let drawn: Vec<Drawn> = months
        .iter()
        .map(|month| {
            let (value, shown) = told(month, Metric::Requests);
            // Where there is little room a word stands in the table alone.
            let shown = if shown == w.withheld {
                "·".to_owned()
            } else {
                shown
            };
            let label = month.period.name.get(5..).unwrap_or_default().to_owned();
            Drawn {
                label,
                value,
                shown,
            }
        })
        .collect();
    let rows = months.iter().map(|month| Row {
        label: month.period.name.clone(),
        address: Some(link(w.tag, &month.period.name, only)),
        cells: vec![
            told(month, Metric::Requests).1,
            told(month, Metric::Items).1,
        ],
    });
    Some(Figure {
        id: "months".to_owned(),
        title: w.by_month,
        note: None,
        columns: vec![w.month, w.requests, w.items],
        rows: rows.collect(),
        bars: None,
        line: Some(Line::of(&drawn)),
    })
}

pub(super) fn within(
    w: &'static Words,
    table: &Table,
    (metric, codes, title): words::Drawn,
) -> Figure {
    let mut rows = Vec::new();
    let mut drawn = Vec::new();
    for (code, label) in codes {
        let (value, shown) = table.shown(metric, code);
        let shown = w.shown(shown).to_owned();
        rows.push(Row {
            label: (*label).to_owned(),
            address: None,
            cells: vec![shown.clone()],
        });
        drawn.push(Drawn {
            label: (*label).to_owned(),
            value,
            shown,
        });
    }
    let unit = match metric {
        Metric::Withdrawal => w.requests,
        _ => w.items,
    };
    Figure {
        id: metric.as_str().to_owned(),
        title,
        note: None,
        columns: vec![w.what, unit],
        rows,
        bars: Some(Bars::of(&drawn)),
        line: None,
    }
}

pub(super) fn times(w: &'static Words, table: &Table) -> Figure {
    let (mut rows, mut drawn) = (Vec::new(), Vec::new());
    for measure in Measure::ALL {
        let time = table.time(*measure);
        let median = time.and_then(|time| time.median_seconds);
        let p90 = time.and_then(|time| time.p90_seconds);
        let shown = |seconds: Option<u64>| seconds.map_or(w.too_few.to_owned(), duration);
        rows.push(Row {
            label: w.measure(*measure).to_owned(),
            address: None,
            cells: vec![shown(median), shown(p90)],
        });
        for (which, seconds) in [(w.median, median), (w.p90, p90)] {
            drawn.push(Drawn {
                label: format!("{}: {which}", w.measure(*measure)),
                value: seconds,
                shown: shown(seconds),
            });
        }
    }
    Figure {
        id: "times".to_owned(),
        title: w.times,
        note: Some(w.times_line),
        columns: vec![w.what, w.median, w.p90],
        rows,
        bars: Some(Bars::of(&drawn)),
        line: None,
    }
}

/// Tables that lie within what is shown and differ by one dimension.
pub(super) fn compare(
    w: &'static Words,
    (report, only): (&Report, &Of),
    dimension: Dimension,
    title: &'static str,
) -> Option<Figure> {
    let (mut rows, mut drawn) = (Vec::new(), Vec::new());
    let by = |of: &Of| {
        let without = of.clone().with(dimension, None);
        of.get(dimension).is_some() && without == *only
    };
    for table in report.tables.iter().filter(|table| by(&table.of.of())) {
        let of = table.of.of();
        let label = value(w, &table.of, dimension);
        let count = |metric, code| w.shown(table.shown(metric, code).1).to_owned();
        let (requests, shown) = table.shown(Metric::Requests, "");
        let shown = w.shown(shown).to_owned();
        rows.push(Row {
            label: label.clone(),
            address: Some(link(w.tag, &report.period.name, &of)),
            cells: vec![
                shown.clone(),
                count(Metric::Items, ""),
                count(Metric::Result, "acted_on"),
                count(Metric::Result, "refused"),
            ],
        });
        drawn.push(Drawn {
            label,
            value: requests,
            shown,
        });
    }
    let [acted_on, _, refused, ..] = w.results;
    (!rows.is_empty()).then(|| Figure {
        id: dimension.as_str().to_owned(),
        title,
        note: None,
        columns: vec![w.what, w.requests, w.items, acted_on.1, refused.1],
        rows,
        bars: Some(Bars::of(&drawn)),
        line: None,
    })
}
