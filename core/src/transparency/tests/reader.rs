//! Nothing small follows from what is told: tried as a reader would who puts all of it together.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::hiding::{of_agency, report};
use super::*;
use crate::transparency::equation::{Row, Rows, row as row_of};
use crate::transparency::relation::Relation;

#[test]
fn equations_say_what_follows_from_them() {
    // a + b = .., b + c = .., a + c = ..: all three; a + b and c + d alone: none.
    let sum = |parts: &[usize]| -> Row { parts.iter().map(|part| (*part, 1)).collect() };
    let of = |sums: &[&[usize]]| {
        let mut rows = Rows::default();
        sums.iter().for_each(|parts| rows.add(sum(parts)));
        rows
    };
    let three = of(&[&[0, 1], &[1, 2], &[0, 2]]);
    assert!((0..3).all(|place| three.determine(place)));
    let two = of(&[&[0, 1], &[2, 3], &[0, 1, 2, 3]]);
    assert!(!(0..4).any(|place| two.determine(place)));
    // A whole that is hidden, too: a - w, then w follows from a.
    let mut rows = of(&[&[0]]);
    let relation = Relation {
        whole: 7,
        parts: vec![0, 1],
    };
    rows.add(row_of(&relation, |place| (place != 1).then_some(place)));
    assert!(rows.determine(0) && rows.determine(7) && !rows.determine(1));
    // What is left when the first is not to be used.
    let left: Vec<Row> = of(&[&[0, 1, 2], &[0, 1, 3]]).from(2).collect();
    assert_eq!(left.len(), 1);
    assert!(left[0].keys().eq(&[2, 3]));
}

/// A reader's equations: numbers that are not told, with their signs.
#[derive(Default)]
struct Reader(Vec<Vec<(String, i64)>>);

impl Reader {
    fn learn(&mut self, whole: Told, parts: Vec<Told>) {
        let signed = parts.into_iter().map(|part| (part, 1)).chain([(whole, -1)]);
        let unknown = signed.filter(|((_, shown), _)| shown.parse::<i64>().is_err());
        self.0
            .push(unknown.map(|((name, _), sign)| (name, sign)).collect());
    }
}

/// A number by its name, as it is shown.
type Told = (String, String);

/// A table that a report does not show has nothing in it.
fn tell(report: &Report, of: &Of, metric: Metric, code: &str) -> Told {
    let name = format!("{} {of:?} {metric} {code}", report.period.name);
    let table = report.table(of);
    (
        name,
        table
            .map_or("0", |table| table.shown(metric, code).1)
            .to_owned(),
    )
}

/// Every way in which published numbers add up, written down anew.
fn equations(reports: &[Report]) -> Reader {
    let mut reader = Reader::default();
    let codes = |metric: Metric| metric.codes().iter().map(move |code| (metric, *code));
    let watched = [
        Metric::Requests,
        Metric::Items,
        Metric::Result,
        Metric::Outcome,
    ];
    let watched: Vec<(Metric, &str)> = watched.into_iter().flat_map(codes).collect();
    let all = Of::default();
    let tables: BTreeSet<Of> = reports
        .iter()
        .flat_map(|report| &report.tables)
        .map(|table| table.of.of())
        .collect();
    let by = |dimension: Dimension| {
        tables
            .iter()
            .filter(move |of| of.dimensions().eq([dimension]))
    };
    let country = |agency: &Of| {
        let french = agency.agency.as_deref() == Some("agency_3");
        of(Dimension::Country, if french { "FR" } else { "PL" })
    };
    for report in reports {
        for (metric, code) in &watched {
            let tell = |of: &Of| tell(report, of, *metric, code);
            for dimension in [Dimension::Agency, Dimension::Country, Dimension::Instrument] {
                reader.learn(tell(&all), by(dimension).map(tell).collect());
            }
            for one in by(Dimension::Country) {
                let agencies = by(Dimension::Agency).filter(|agency| country(agency) == *one);
                reader.learn(tell(one), agencies.map(tell).collect());
            }
        }
        for of in &tables {
            let tell = |(metric, code): (Metric, &str)| tell(report, of, metric, code);
            let items = || tell((Metric::Items, ""));
            reader.learn(items(), codes(Metric::Result).map(tell).collect());
            reader.learn(items(), codes(Metric::Outcome).map(tell).collect());
            for (group, prefix) in [
                ("refused", "declined_"),
                ("unable", "unable_"),
                ("undecided", "undecided"),
            ] {
                let outcomes = codes(Metric::Outcome).filter(|(_, code)| code.starts_with(prefix));
                reader.learn(tell((Metric::Result, group)), outcomes.map(tell).collect());
            }
        }
    }
    for of in &tables {
        for (metric, code) in &watched {
            let tell = |period: String| tell(report(reports, &period), of, *metric, code);
            let quarters = (1..=4).map(|quarter| tell(format!("2026-Q{quarter}")));
            reader.learn(tell("2026".to_owned()), quarters.collect());
            for quarter in 1..=4 {
                let months =
                    (quarter * 3 - 2..=quarter * 3).map(|month| tell(format!("2026-{month:02}")));
                reader.learn(tell(format!("2026-Q{quarter}")), months.collect());
            }
        }
    }
    reader
}

/// The numbers that follow from all equations together.
fn found_out(Reader(equations): &Reader) -> BTreeSet<String> {
    let names: BTreeSet<&String> = equations.iter().flatten().map(|(name, _)| name).collect();
    let names: Vec<&String> = names.into_iter().collect();
    let mut rows = Rows::default();
    for unknown in equations {
        let mut relation = Relation {
            whole: usize::MAX,
            parts: Vec::new(),
        };
        for (name, sign) in unknown {
            let place = names.binary_search(&name).unwrap();
            match sign {
                1 => relation.parts.push(place),
                _ => relation.whole = place,
            }
        }
        rows.add(row_of(&relation, |place| {
            (place < names.len()).then_some(place)
        }));
    }
    let known = names
        .iter()
        .enumerate()
        .filter(|(place, _)| rows.determine(*place));
    known.map(|(_, name)| (*name).clone()).collect()
}

/// What is counted under a name of [`tell`], in truth.
fn truth(reports: &[Report], name: &str) -> u64 {
    let in_report = |report: &Report| {
        report.tables.iter().find_map(|table| {
            let counts = table.counts.iter();
            let named = |count: &&Count| {
                let code = count.code.as_deref().unwrap_or_default();
                let of = table.of.of();
                name == format!("{} {of:?} {} {code}", report.period.name, count.metric)
            };
            counts.into_iter().find(named).and_then(|count| count.value)
        })
    };
    reports.iter().find_map(in_report).unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn nothing_small_follows_from_what_is_told_be_it_all_put_together(
        filed in prop::collection::vec((1_u32..=12, 1_usize..=5, 1_usize..=9, 0_usize..5), 1..14),
    ) {
        const OUTCOMES: [OutcomeCode; 4] = [
            OutcomeCode::Removed,
            OutcomeCode::DeclinedWithinTerms,
            OutcomeCode::DeclinedNotUnlawful,
            OutcomeCode::AlreadyGone,
        ];
        let mut rows = Vec::new();
        for (month, agency, count, outcome) in &filed {
            let first = rows.len();
            of_agency(&mut rows, &format!("agency_{agency}"), *month, *count);
            for row in &mut rows[first..] {
                if let Some(outcome) = OUTCOMES.get(*outcome) {
                    *row = answered(row.clone(), *outcome);
                }
            }
        }
        let reports = published(&rows);
        prop_assert_eq!(reports.len(), 17);
        let all: Vec<Report> = Period::of_year(2026)
            .iter()
            .map(|period| counted(&period.to_string(), &rows))
            .collect();
        let found = found_out(&equations(&reports));
        for name in found {
            let value = truth(&all, &name);
            prop_assert!(!(1..THRESHOLD).contains(&value), "{name} is {value}");
        }
        for count in reports.iter().flat_map(|report| &report.tables).flat_map(|table| &table.counts) {
            let small = count.value.is_some_and(|value| (1..THRESHOLD).contains(&value));
            prop_assert!(!small, "{count:?}");
        }
    }
}
