//! What is counted, and where.

use super::*;
use crate::objection::ObjectionOutcome;
use crate::oversight::Finding;
use crate::request::{Basis, WithdrawalReason};
use crate::transparency::metric::{cell, sums};

/// One of everything that a row can say.
fn mixed() -> Vec<Counted<'static>> {
    let mut rows = vec![row(1), order(2), answered(row(3), OutcomeCode::Removed)];
    // A request of several items, one of them undecided.
    let unable = answered(order(4), OutcomeCode::UnableForceMajeure);
    rows.push(unable.clone());
    rows.push(Counted {
        outcome: None,
        basis: None,
        effective_at: None,
        first_decided_at: None,
        ..unable.clone()
    });
    rows.push(answered(order(5), OutcomeCode::UnableManifestError));
    rows.push(answered(
        order(5),
        OutcomeCode::UnableInsufficientInformation,
    ));
    rows.push(Counted {
        scrutiny_asked_at: Some(at("2026-02-06T00:00:00Z")),
        platform_country: None,
        ..order(6)
    });
    rows.push(Counted {
        scrutiny_finding: Some(Finding::NoInfringement),
        final_at: Some(at("2026-04-06T00:00:00Z")),
        platform_country: Some("PL".parse().unwrap()),
        ..answered(order(7), OutcomeCode::AccessDisabled)
    });
    // Annulled and put back; withdrawn and not put back; withdrawn before anything was done.
    rows.push(Counted {
        status: Status::Withdrawn,
        withdrawal_reason: Some(WithdrawalReason::Annulled),
        scrutiny_finding: Some(Finding::Infringement),
        restoration_answer: Some(OutcomeCode::Restored),
        undone_outcome: Some(OutcomeCode::Removed),
        undone_basis: Some(Basis::Law),
        undone_effective_at: Some(at("2026-02-05T12:11:00Z")),
        effective_at: Some(at("2026-05-05T12:00:00Z")),
        ..answered(order(8), OutcomeCode::Restored)
    });
    rows.push(Counted {
        status: Status::Withdrawn,
        withdrawal_reason: Some(WithdrawalReason::Mistake),
        restoration_answer: Some(OutcomeCode::DeclinedNotUnlawful),
        ..answered(row(9), OutcomeCode::GeoBlocked)
    });
    rows.push(Counted {
        status: Status::Withdrawn,
        withdrawal_reason: Some(WithdrawalReason::Duplicate),
        ..row(10)
    });
    // An item by itself: asked back, not answered.
    rows.push(Counted {
        item_withdrawal_reason: Some(WithdrawalReason::NoLongerNeeded),
        ..answered(row(11), OutcomeCode::Removed)
    });
    // Put back after an objection; one that is open; put back by the platform.
    rows.push(Counted {
        objections: 1,
        objection_outcome: Some(ObjectionOutcome::Upheld),
        undone_outcome: Some(OutcomeCode::Restricted),
        undone_basis: Some(Basis::Terms),
        undone_effective_at: Some(at("2026-02-05T12:20:00Z")),
        ..answered(row(12), OutcomeCode::Restored)
    });
    rows.push(Counted {
        objections: 2,
        ..answered(row(13), OutcomeCode::Modified)
    });
    rows.push(Counted {
        undone_outcome: Some(OutcomeCode::AccessDisabled),
        undone_basis: Some(Basis::Terms),
        undone_effective_at: Some(at("2026-02-05T12:20:00Z")),
        ..answered(row(14), OutcomeCode::Restored)
    });
    rows
}

#[test]
fn each_row_is_counted_once_under_each_metric() {
    let report = counted("2026", &mixed());
    let all = Of::default();
    let says = |metric, code: &str| shown(&report, &all, metric, code);
    for (metric, code, count) in [
        (Metric::Requests, "", 14),
        (Metric::Referrals, "", 8),
        (Metric::Orders, "", 6),
        (Metric::Items, "", 16),
        (Metric::Status, "filed", 3),
        (Metric::Status, "closed", 8),
        (Metric::Status, "withdrawn", 3),
        (Metric::Withdrawal, "annulled", 1),
        (Metric::Withdrawal, "no_longer_needed", 0),
        (Metric::Border, "domestic", 1),
        (Metric::Border, "cross_border", 4),
        (Metric::Border, "unknown", 1),
        (Metric::Scrutiny, "none", 3),
        (Metric::Scrutiny, "asked", 1),
        (Metric::Scrutiny, "infringement", 1),
        (Metric::Finality, "final", 1),
        (Metric::Obstacle, "none", 4),
        (Metric::Obstacle, "force_majeure", 1),
        (Metric::Obstacle, "several", 1),
        (Metric::Outcome, "removed", 2),
        (Metric::Outcome, "restored_after_removal", 2),
        (Metric::Outcome, "restored_after_other", 1),
        (Metric::Outcome, "undecided", 4),
        (Metric::Outcome, "withdrawn", 1),
        (Metric::Result, "acted_on", 5),
        (Metric::Result, "restored", 3),
        (Metric::Result, "refused", 0),
        (Metric::Result, "unable", 3),
        (Metric::Removal, "removed_or_disabled", 5),
        (Metric::Removal, "other", 11),
        (Metric::Basis, "law", 1),
        (Metric::Basis, "terms", 7),
        (Metric::Basis, "none", 8),
        (Metric::ItemWithdrawal, "no_longer_needed", 1),
        (Metric::Restoration, "unanswered", 1),
        (Metric::Restoration, "restored", 1),
        (Metric::Restoration, "declined", 1),
        (Metric::Objection, "open", 1),
        (Metric::Objection, "upheld", 1),
        (Metric::Reinstatement, "after_annulment", 1),
        (Metric::Reinstatement, "after_withdrawal", 0),
        (Metric::Reinstatement, "after_objection", 1),
        (Metric::Reinstatement, "otherwise", 1),
    ] {
        assert_eq!(says(metric, code), count.to_string(), "{metric} {code}");
    }
}

#[test]
fn every_sum_that_is_claimed_holds_in_every_table() {
    let mut fold = Fold::of_own("2026".parse().unwrap(), Of::default());
    mixed().iter().for_each(|row| fold.take(row).unwrap());
    let folded = fold.finish();
    let (_, tables) = &folded.periods[0];
    assert!(tables.len() > 10);
    for (of, figures) in tables {
        let counts = figures.counts();
        for (whole, parts) in sums() {
            let sum: u64 = parts.iter().map(|part| counts[*part]).sum();
            assert_eq!(counts[whole], sum, "{of:?}: {whole} of {parts:?}");
        }
    }
    assert_eq!(cell(Metric::Requests, 0), 0);
}

#[test]
fn times_are_measured_from_the_filing_and_from_the_receipt() {
    let report = counted("2026", &mixed());
    let times = &report.table(&Of::default()).unwrap().times;
    let of = |measure: Measure| times.iter().find(|time| time.measure == measure.as_str());
    assert_eq!(of(Measure::Receipt).unwrap().values, Some(10));
    assert_eq!(of(Measure::Receipt).unwrap().median_seconds, Some(600));
    assert_eq!(of(Measure::Outcome).unwrap().values, Some(11));
    assert_eq!(of(Measure::Outcome).unwrap().p90_seconds, Some(1_200));
    // What was put back took effect when it was removed, not when that was undone.
    assert_eq!(of(Measure::Effect).unwrap().values, Some(8));
    assert_eq!(of(Measure::Effect).unwrap().median_seconds, Some(600));
}

#[test]
fn a_request_stands_in_the_table_of_each_of_its_grounds_and_of_nobody_else() {
    let two = Counted {
        grounds: vec!["tco:b".into(), "tco:a".into(), "tco:b".into()],
        agency_id: "agency_2".into(),
        agency_country: "FR".parse().unwrap(),
        ..order(2)
    };
    let report = counted("2026", &[row(1), two]);
    let requests = |of: &Of| shown(&report, of, Metric::Requests, "");
    assert_eq!(requests(&Of::default()), "2");
    assert_eq!(requests(&of(Dimension::Ground, "tco:a")), "2");
    assert_eq!(requests(&of(Dimension::Ground, "tco:b")), "1");
    assert_eq!(requests(&of(Dimension::Country, "FR")), "1");
    let french = of(Dimension::Country, "FR");
    let with = |of: Of, instrument: &str| of.with(Dimension::Instrument, Some(instrument));
    assert_eq!(requests(&with(french.clone(), "eu-tco-order")), "1");
    assert_eq!(requests(&with(french, "referral")), "no table");
}

#[test]
fn what_was_filed_at_another_time_or_is_not_asked_for_is_not_counted() {
    let later = Counted {
        filed_at: at("2026-03-01T00:00:00Z"),
        ..row(2)
    };
    let rows = [row(1), later, order(3)];
    for (period, count) in [
        ("2026", 3),
        ("2026-Q1", 3),
        ("2026-02", 2),
        ("2026-01", 0),
        ("2025", 0),
    ] {
        let report = counted(period, &rows);
        let requests = shown(&report, &Of::default(), Metric::Requests, "");
        assert_eq!(requests, count.to_string(), "{period}");
    }
    let only = of(Dimension::Instrument, "eu-tco-order");
    let mut fold = Fold::of_own("2026".parse().unwrap(), only.clone());
    rows.iter().for_each(|row| fold.take(row).unwrap());
    let report = fold.finish().report(at("2026-06-01T00:00:00Z")).unwrap();
    assert_eq!((report.over, &report.only), (false, &only));
    assert_eq!(shown(&report, &Of::default(), Metric::Requests, ""), "1");
    assert_eq!(report.suppressed_below, None);
}

#[test]
fn a_report_is_read_as_it_was_written_and_no_cell_of_its_table_acts() {
    let named = Counted {
        agency_name: "=Unit, \"One\"".into(),
        ..row(1)
    };
    let report = counted("2026", &[named]);
    let written = serde_json::to_string(&report).unwrap();
    let read: Report = serde_json::from_str(&written).unwrap();
    assert_eq!(read, report);
    let csv = report.csv();
    assert!(csv.contains("\"'=Unit, \"\"One\"\"\""), "{csv}");
    let heading = csv.lines().next().unwrap();
    assert!(
        heading.starts_with("period,made_at,article,letter,agency,"),
        "{heading}"
    );
    let counts: usize = report.tables.iter().map(|table| table.counts.len()).sum();
    assert_eq!(csv.lines().count(), 1 + counts + report.articles.len());
}
