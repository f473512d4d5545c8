#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod articles;
mod counts;
mod hiding;
mod periods;
mod reader;
mod rows;

use super::*;
use crate::instrument::Kind;
use crate::platform::SizeClass;
use crate::request::{OutcomeCode, Status};
use crate::time::{At, parse_rfc3339};

fn at(text: &str) -> At {
    parse_rfc3339(text).unwrap()
}

/// A referral that was filed on 5 February 2026 and that nobody has read yet; `n` gives its identifier.
fn row(n: usize) -> Counted<'static> {
    Counted {
        request_id: format!("req_{n:05}").into(),
        agency_id: "agency_1".into(),
        agency_name: "Unit One".into(),
        agency_country: "PL".parse().unwrap(),
        platform_id: "platform_1".into(),
        platform_name: "Paste".into(),
        platform_country: Some("DE".parse().unwrap()),
        platform_size_class: SizeClass::Micro,
        kind: Kind::Referral,
        instrument: "referral".into(),
        grounds: vec!["tco:a".into()],
        status: Status::Filed,
        withdrawal_reason: None,
        filed_at: at("2026-02-05T12:00:00Z"),
        fetched_at: None,
        acknowledged_at: None,
        scrutiny_asked_at: None,
        scrutiny_finding: None,
        final_at: None,
        non_disclosure_until: None,
        outcome: None,
        basis: None,
        effective_at: None,
        first_decided_at: None,
        undone_outcome: None,
        undone_basis: None,
        undone_effective_at: None,
        item_withdrawal_reason: None,
        objections: 0,
        objection_outcome: None,
        restoration_answer: None,
    }
}

/// The same as an order.
fn order(n: usize) -> Counted<'static> {
    Counted {
        kind: Kind::Order,
        instrument: "eu-tco-order".into(),
        ..row(n)
    }
}

/// The same answered in this way, ten minutes after it was read, which was ten minutes after the filing.
fn answered(row: Counted<'static>, outcome: OutcomeCode) -> Counted<'static> {
    let ten_minutes = chrono::TimeDelta::minutes(10);
    let read = row.filed_at + ten_minutes;
    Counted {
        status: Status::Closed,
        fetched_at: Some(read),
        acknowledged_at: Some(read),
        outcome: Some(outcome),
        basis: Some(crate::request::Basis::Terms),
        effective_at: Some(read + ten_minutes),
        first_decided_at: Some(read + ten_minutes),
        ..row
    }
}

fn counted(period: &str, rows: &[Counted<'_>]) -> Report {
    let mut fold = Fold::of_own(period.parse().unwrap(), Of::default());
    rows.iter().for_each(|row| fold.take(row).unwrap());
    fold.finish().report(at("2027-01-01T00:00:00Z")).unwrap()
}

fn published(rows: &[Counted<'_>]) -> Vec<Report> {
    let made_at = at("2027-01-02T00:00:00Z");
    let mut fold = Fold::to_publish(2026, made_at);
    rows.iter().for_each(|row| fold.take(row).unwrap());
    fold.finish().publish(made_at, false)
}

fn of(dimension: Dimension, value: &str) -> Of {
    Of::default().with(dimension, Some(value))
}

/// A count as it is shown.
fn shown(report: &Report, of: &Of, metric: Metric, code: &str) -> String {
    let table = report.table(of);
    table
        .map_or("no table", |table| table.shown(metric, code).1)
        .to_owned()
}

#[test]
fn every_code_says_what_it_counts() {
    for metric in Metric::ALL {
        assert_eq!(metric.codes().len(), metric.meanings().len(), "{metric}");
    }
}
