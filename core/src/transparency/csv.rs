//! The report for spreadsheets: one number a line (RFC 4180). A copy; JSON is the report.

use super::report::{About, Report};
use crate::export::csv_cell;

const HEADING: [&str; 20] = [
    "period",
    "made_at",
    "article",
    "letter",
    "agency",
    "agency_name",
    "country",
    "platform",
    "platform_name",
    "platform_size_class",
    "instrument",
    "ground",
    "under_non_disclosure",
    "metric",
    "code",
    "unit",
    "value",
    "shown",
    "says",
    "withheld",
];

/// What stands in a line besides what it is about.
#[derive(Default)]
struct Number<'a> {
    article: &'a str,
    letter: &'a str,
    metric: &'a str,
    code: &'a str,
    unit: &'a str,
    value: Option<u64>,
    shown: &'a str,
    says: &'a str,
    withheld: bool,
}

impl Report {
    /// As CSV with a heading. No cell can act as a formula.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = HEADING.join(",") + "\r\n";
        for table in &self.tables {
            for count in &table.counts {
                let number = Number {
                    metric: &count.metric,
                    code: count.code.as_deref().unwrap_or_default(),
                    unit: &count.unit,
                    value: count.value,
                    shown: &count.shown,
                    withheld: table.withheld,
                    ..Number::default()
                };
                self.line(&mut text, &table.of, &number);
            }
            for time in &table.times {
                for (code, unit, value) in [
                    ("values", "values", time.values),
                    ("median", "seconds", time.median_seconds),
                    ("p90", "seconds", time.p90_seconds),
                ] {
                    let shown = value.map(|value| value.to_string()).unwrap_or_default();
                    let number = Number {
                        metric: &time.measure,
                        code,
                        unit,
                        value,
                        shown: &shown,
                        ..Number::default()
                    };
                    if value.is_some() {
                        self.line(&mut text, &table.of, &number);
                    }
                }
            }
        }
        for line in &self.articles {
            let number = Number {
                article: &line.article,
                letter: &line.letter,
                unit: line.unit.as_deref().unwrap_or_default(),
                value: line.value,
                shown: &line.shown,
                says: &line.says,
                ..Number::default()
            };
            self.line(&mut text, &line.of, &number);
        }
        text
    }

    fn line(&self, text: &mut String, of: &About, number: &Number<'_>) {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let flag = |flag: bool| if flag { "true" } else { "false" }.to_owned();
        let value = number.value.map(|value| value.to_string());
        let cells = [
            self.period.name.clone(),
            self.made_at.clone(),
            number.article.to_owned(),
            number.letter.to_owned(),
            or_empty(&of.agency),
            or_empty(&of.agency_name),
            or_empty(&of.country),
            or_empty(&of.platform),
            or_empty(&of.platform_name),
            or_empty(&of.platform_size_class),
            or_empty(&of.instrument),
            or_empty(&of.ground),
            flag(of.under_non_disclosure),
            number.metric.to_owned(),
            number.code.to_owned(),
            number.unit.to_owned(),
            value.unwrap_or_default(),
            number.shown.to_owned(),
            number.says.to_owned(),
            flag(number.withheld),
        ];
        for (position, cell) in cells.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            push(text, cell);
        }
        text.push_str("\r\n");
    }
}

fn push(text: &mut String, cell: &str) {
    let cell = csv_cell(cell);
    if cell.contains(['"', ',', '\r', '\n']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&cell);
    }
}
