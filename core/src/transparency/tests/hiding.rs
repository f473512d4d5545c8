//! What is not told, and that it cannot be found.

use super::*;

/// So many requests of an agency, filed in a month.
pub(super) fn of_agency(rows: &mut Vec<Counted<'static>>, agency: &str, month: u32, count: usize) {
    for _ in 0..count {
        let n = rows.len() + 1;
        let country = if agency.ends_with('3') { "FR" } else { "PL" };
        rows.push(Counted {
            agency_id: agency.to_owned().into(),
            agency_country: country.parse().unwrap(),
            filed_at: at(&format!("2026-{month:02}-05T12:00:00Z")),
            ..row(n)
        });
    }
}

pub(super) fn report<'r>(reports: &'r [Report], period: &str) -> &'r Report {
    reports
        .iter()
        .find(|report| report.period.name == period)
        .unwrap()
}

#[test]
fn a_small_count_is_not_told_and_one_that_would_give_it_away_is_withheld() {
    let mut rows = Vec::new();
    of_agency(&mut rows, "agency_1", 2, 3);
    of_agency(&mut rows, "agency_2", 2, 20);
    let reports = published(&rows);
    let february = report(&reports, "2026-02");
    assert_eq!(february.suppressed_below, Some(THRESHOLD));
    let requests = |of: &Of| shown(february, of, Metric::Requests, "");
    assert_eq!(requests(&Of::default()), "23");
    assert_eq!(requests(&of(Dimension::Agency, "agency_1")), "<5");
    assert_eq!(requests(&of(Dimension::Agency, "agency_2")), "withheld");
    let small = february.table(&of(Dimension::Agency, "agency_1")).unwrap();
    assert!(small.withheld && small.times.is_empty());
    assert_eq!(small.counts.len(), 1, "nothing but that there are some");
    assert_eq!(small.shown(Metric::Outcome, "removed"), (None, "withheld"));
    // Without small ones everything is told.
    let mut rows = Vec::new();
    of_agency(&mut rows, "agency_1", 2, 5);
    of_agency(&mut rows, "agency_2", 2, 20);
    let reports = published(&rows);
    let told = shown(
        &reports[0],
        &of(Dimension::Agency, "agency_2"),
        Metric::Requests,
        "",
    );
    assert_eq!(told, "20");
}

#[test]
fn what_is_too_little_for_one_month_is_told_for_none() {
    let mut rows = Vec::new();
    of_agency(&mut rows, "agency_1", 1, 30);
    of_agency(&mut rows, "agency_1", 2, 2);
    of_agency(&mut rows, "agency_1", 3, 40);
    of_agency(&mut rows, "agency_1", 8, 50);
    let reports = published(&rows);
    let told = |period: &str| {
        shown(
            report(&reports, period),
            &Of::default(),
            Metric::Requests,
            "",
        )
    };
    assert_eq!(told("2026-02"), "<5");
    assert_eq!(told("2026-05"), "<5", "none, which is not told either");
    assert_eq!(told("2026-03"), "withheld");
    assert_eq!(told("2026-Q1"), "72");
    assert_eq!(
        told("2026-Q2"),
        "0",
        "no quarter of which nothing was filed hides others"
    );
    assert_eq!(told("2026"), "122");
    // Who filed in one quarter only is told for the year, or else the others were told to be empty.
    of_agency(&mut rows, "agency_3", 8, 60);
    let reports = published(&rows);
    let told = |period: &str, agency: &str| {
        let of = of(Dimension::Agency, agency);
        shown(report(&reports, period), &of, Metric::Requests, "")
    };
    assert_eq!(told("2026-Q1", "agency_3"), "<5");
    assert_eq!(told("2026-Q3", "agency_3"), "withheld");
    assert_eq!(
        told("2026-Q3", "agency_1"),
        "withheld",
        "or the other one would follow"
    );
    assert_eq!(told("2026", "agency_3"), "60");
}

#[test]
fn codes_within_a_table_do_not_give_one_another_away() {
    let mut rows = Vec::new();
    for n in 1..=30 {
        let outcome = match n {
            1 | 2 => OutcomeCode::DeclinedWithinTerms,
            3..=12 => OutcomeCode::AlreadyGone,
            _ => OutcomeCode::Removed,
        };
        rows.push(answered(row(n), outcome));
    }
    let reports = published(&rows);
    let told = |metric, code: &str| shown(&reports[0], &Of::default(), metric, code);
    assert_eq!(told(Metric::Items, ""), "30");
    assert_eq!(told(Metric::Outcome, "declined_within_terms"), "<5");
    assert_eq!(told(Metric::Result, "refused"), "<5");
    // Removed is told in full, or else it is what hides the refusals.
    let hidden = ["removed", "already_gone"].map(|code| told(Metric::Outcome, code));
    assert!(hidden.contains(&"withheld".to_owned()), "{hidden:?}");
    assert_eq!(told(Metric::Outcome, "undecided"), "0");
}

#[test]
fn percentiles_are_told_from_five_values_on() {
    let four: Vec<_> = (1..=6)
        .map(|n| {
            if n <= 4 {
                answered(row(n), OutcomeCode::Removed)
            } else {
                row(n)
            }
        })
        .collect();
    let reports = published(&four);
    assert!(reports[0].table(&Of::default()).unwrap().times.is_empty());
    let five: Vec<_> = (1..=5)
        .map(|n| answered(row(n), OutcomeCode::Removed))
        .collect();
    let reports = published(&five);
    let table = reports[0].table(&Of::default()).unwrap();
    let receipt = table.time(Measure::Receipt).unwrap();
    assert_eq!((receipt.values, receipt.median_seconds), (None, Some(600)));
}

#[test]
fn what_is_under_a_non_disclosure_is_counted_in_totals_and_nowhere_else() {
    let mut rows: Vec<_> = (1..=20)
        .map(|n| answered(order(n), OutcomeCode::Removed))
        .collect();
    for n in 21..=27 {
        rows.push(Counted {
            agency_id: "agency_9".into(),
            non_disclosure_until: Some(at("2027-06-01T00:00:00Z")),
            ..answered(order(n), OutcomeCode::AccessDisabled)
        });
    }
    // One that is over is told like all others.
    rows.push(Counted {
        non_disclosure_until: Some(at("2026-12-31T00:00:00Z")),
        ..answered(order(28), OutcomeCode::Removed)
    });
    let reports = published(&rows);
    let told = |of: &Of, metric, code: &str| shown(&reports[0], of, metric, code);
    let all = Of::default();
    assert_eq!(told(&all, Metric::Requests, ""), "28");
    assert_eq!(told(&all, Metric::Outcome, "removed"), "21");
    assert_eq!(told(&all, Metric::Outcome, "access_disabled"), "0");
    assert_eq!(
        told(&of(Dimension::Agency, "agency_9"), Metric::Requests, ""),
        "no table"
    );
    let undisclosed = Of {
        under_non_disclosure: true,
        ..Of::default()
    };
    assert_eq!(told(&undisclosed, Metric::Requests, ""), "7");
    assert_eq!(told(&undisclosed, Metric::Items, ""), "7");
    let table = reports[0].table(&undisclosed).unwrap();
    assert!(
        table.times.is_empty() && table.counts.len() == 4,
        "{table:?}"
    );
    // For its own agency it is counted like everything.
    let own = counted("2026", &rows);
    assert_eq!(
        shown(
            &own,
            &of(Dimension::Agency, "agency_9"),
            Metric::Requests,
            ""
        ),
        "7"
    );
}

#[test]
fn only_periods_that_are_over_are_published_unless_it_is_wanted_otherwise() {
    let made_at = at("2026-05-10T00:00:00Z");
    let names = |open: bool| -> Vec<String> {
        let fold = Fold::to_publish(2026, made_at);
        let reports = fold.finish().publish(made_at, open);
        reports
            .into_iter()
            .map(|report| report.period.name)
            .collect()
    };
    assert_eq!(
        names(false),
        ["2026-Q1", "2026-01", "2026-02", "2026-03", "2026-04"]
    );
    assert_eq!(
        names(true),
        [
            "2026", "2026-Q1", "2026-Q2", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05"
        ]
    );
    let empty = Fold::to_publish(2027, made_at)
        .finish()
        .publish(made_at, true);
    assert!(empty.is_empty());
}

#[test]
fn of_what_is_published_parts_can_be_chosen_but_no_other_tables() {
    let mut rows = Vec::new();
    of_agency(&mut rows, "agency_1", 2, 20);
    of_agency(&mut rows, "agency_3", 2, 30);
    let reports = published(&rows);
    let french = reports[0].about(&of(Dimension::Country, "FR")).unwrap();
    let agencies: Vec<_> = french
        .tables
        .iter()
        .filter_map(|table| table.of.agency.clone())
        .collect();
    assert_eq!(
        agencies,
        ["agency_3", "agency_3"],
        "alone and by instrument"
    );
    assert!(
        french
            .tables
            .iter()
            .all(|table| table.of.country.as_deref() == Some("FR"))
    );
    let nobody = reports[0]
        .about(&of(Dimension::Agency, "agency_7"))
        .unwrap();
    assert!(nobody.tables.is_empty());
    let both = of(Dimension::Agency, "agency_1").with(Dimension::Ground, Some("tco:a"));
    let refused = reports[0].about(&both).unwrap_err();
    assert_eq!(refused.wanted, "agency and ground");
    assert!(
        reports[0]
            .about(&of(Dimension::Platform, "platform_1"))
            .is_err()
    );
}
