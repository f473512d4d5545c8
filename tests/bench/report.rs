//! The table: ours, the anchor, the ratio, the target.

use std::fmt::Write as _;

use crate::Failed;

/// One target.
#[derive(Debug)]
pub struct Row {
    pub what: String,
    pub ours: String,
    pub anchor: String,
    pub ratio: Option<f64>,
    /// None when the figure is only worth knowing.
    pub target: Option<String>,
    pub reached: bool,
}

impl Row {
    fn verdict(&self) -> &'static str {
        match (&self.target, self.reached) {
            (None, _) => "–",
            (Some(_), true) => "reached",
            (Some(_), false) => "NOT reached",
        }
    }
}

/// All rows so far.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
}

impl Report {
    /// Adds a row and shows it.
    pub fn add(&mut self, row: Row) {
        let ratio = row.ratio.map_or(String::new(), |r| format!("  x{r:.2}"));
        println!(
            "{:<52} ours {:<16} anchor {:<34}{ratio:<9} target {:<12} {}",
            row.what,
            row.ours,
            row.anchor,
            row.target.as_deref().unwrap_or("none"),
            row.verdict()
        );
        self.rows.push(row);
    }

    /// A rate against its anchor's: at least `least` times it.
    pub fn at_least(&mut self, what: &str, pairs: &[(f64, f64)], anchor: &str, least: f64) {
        self.rate(what, pairs, anchor, Some(least));
    }

    /// A rate against its anchor's for which there is no target.
    pub fn beside(&mut self, what: &str, pairs: &[(f64, f64)], anchor: &str) {
        self.rate(what, pairs, anchor, None);
    }

    fn rate(&mut self, what: &str, pairs: &[(f64, f64)], anchor: &str, least: Option<f64>) {
        let ratio = median(pairs.iter().map(|(ours, theirs)| ours / theirs));
        let ours = median(pairs.iter().map(|p| p.0));
        let theirs = median(pairs.iter().map(|p| p.1));
        self.add(Row {
            what: what.to_owned(),
            ours: format!("{ours:.0}/s"),
            anchor: format!("{theirs:.0}/s {anchor}"),
            ratio: Some(ratio),
            target: least.map(|least| format!(">= {least}")),
            reached: least.is_none_or(|least| ratio >= least),
        });
    }

    /// A number that must not be above `most`.
    pub fn at_most(&mut self, what: &str, ours: f64, unit: &str, most: f64) {
        self.add(Row {
            what: what.to_owned(),
            ours: format!("{} {unit}", short(ours)),
            anchor: String::new(),
            ratio: None,
            target: Some(format!("<= {} {unit}", short(most))),
            reached: ours <= most,
        });
    }

    /// A duration or size against another of the same unit: at most `most` times it.
    pub fn at_most_times(
        &mut self,
        what: &str,
        pairs: &[(f64, f64)],
        (unit, anchor): (&str, &str),
        most: f64,
    ) {
        let ratio = median(pairs.iter().map(|(ours, theirs)| ours / theirs));
        self.add(Row {
            what: what.to_owned(),
            ours: format!("{:.3} {unit}", median(pairs.iter().map(|p| p.0))),
            anchor: format!("{:.3} {unit} {anchor}", median(pairs.iter().map(|p| p.1))),
            ratio: Some(ratio),
            target: Some(format!("<= {most}")),
            reached: ratio <= most,
        });
    }

    /// Something worth knowing that has no target.
    pub fn note(&mut self, text: String) {
        println!("  ({text})");
        self.notes.push(text);
    }

    /// The page for the documentation.
    pub fn page(&self, machine: &str) -> Result<String, Failed> {
        let mut page = String::from(
            "# Benchmarks\n\n<!-- Written by `make bench`. -->\n\n\
             Each figure stands beside an *anchor*: what the same machine did in the same minute with nothing of ours in the way.\n\
             The ratio is what counts; absolute figures belong to the machine.\n\n",
        );
        writeln!(page, "{machine}\n")?;
        page.push_str("| what | ours | anchor | ratio | target | |\n|---|---|---|---|---|---|\n");
        for row in &self.rows {
            let ratio = row.ratio.map_or(String::new(), |r| format!("{r:.2}"));
            writeln!(
                page,
                "| {} | {} | {} | {ratio} | {} | {} |",
                row.what,
                row.ours,
                row.anchor,
                row.target
                    .as_deref()
                    .unwrap_or("–")
                    .replace(">=", "≥")
                    .replace("<=", "≤"),
                row.verdict()
            )?;
        }
        if !self.notes.is_empty() {
            page.push('\n');
        }
        for note in &self.notes {
            writeln!(page, "- {note}")?;
        }
        page.push_str(include_str!("how.md"));
        Ok(page)
    }

    /// How many targets were missed.
    pub fn missed(&self) -> usize {
        self.rows.iter().filter(|r| !r.reached).count()
    }
}

fn short(number: f64) -> String {
    if number >= 10.0 {
        format!("{number:.0}")
    } else {
        let text = format!("{number:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// The middle value; one bad round does not count.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}
