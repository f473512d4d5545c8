//! What the laws ask for.

use super::*;
use crate::request::WithdrawalReason;

fn lines<'r>(report: &'r Report, article: Article, says: &str) -> Vec<&'r Line> {
    let wanted = |line: &&Line| line.article == article.as_str() && line.says.starts_with(says);
    report.articles.iter().filter(wanted).collect()
}

fn rows() -> Vec<Counted<'static>> {
    let mut rows = vec![
        answered(order(1), OutcomeCode::Removed),
        answered(order(1), OutcomeCode::UnableManifestError),
        answered(order(2), OutcomeCode::UnableManifestError),
    ];
    rows.push(Counted {
        status: Status::Withdrawn,
        withdrawal_reason: Some(WithdrawalReason::Annulled),
        ..order(3)
    });
    rows.push(Counted {
        agency_id: "agency_2".into(),
        agency_country: "FR".parse().unwrap(),
        platform_id: "platform_2".into(),
        ..answered(order(4), OutcomeCode::AccessDisabled)
    });
    rows.push(Counted {
        instrument: "eu-dsa-art16-notice".into(),
        grounds: vec!["dsa:violence".into()],
        ..answered(row(5), OutcomeCode::Removed)
    });
    rows
}

#[test]
fn each_letter_has_its_number_for_each_authority_state_and_provider() {
    let report = counted("2026", &rows());
    let numbers = |article, says: &str| -> Vec<Option<u64>> {
        let lines = lines(&report, article, says).into_iter();
        lines.map(|line| line.value).collect()
    };
    assert_eq!(
        numbers(Article::Tco8, "Removal orders issued"),
        [Some(3), Some(1)]
    );
    assert_eq!(
        numbers(Article::Tco8, "Of these to a provider"),
        [Some(3), Some(1)]
    );
    assert_eq!(numbers(Article::Tco8, "Items removed"), [Some(1), Some(1)]);
    assert_eq!(
        numbers(Article::Tco8, "Items of which neither"),
        [Some(3), Some(0)]
    );
    assert_eq!(
        numbers(Article::Tco8, "Orders withdrawn as annulled"),
        [Some(1), Some(0)]
    );
    // France before Poland: by the code of the country.
    assert_eq!(
        numbers(Article::Tco21, "Removal orders issued"),
        [Some(1), Some(3)]
    );
    assert_eq!(
        numbers(Article::Tco21, "How fast: median"),
        [Some(600), Some(600)]
    );
    assert_eq!(
        numbers(
            Article::Tco7,
            "Items removed or to which access was disabled after"
        ),
        [Some(1), Some(1)]
    );
    assert_eq!(
        numbers(Article::Tco7, "Orders not executed: manifest"),
        [Some(2), Some(0)]
    );
    assert_eq!(
        numbers(Article::Dsa15, "Orders of authorities"),
        [Some(1), Some(3)]
    );
    assert_eq!(numbers(Article::Dsa15, "Orders on this type"), [Some(4)]);
    assert_eq!(numbers(Article::Dsa15, "Notices on this type"), [Some(1)]);
    assert_eq!(
        numbers(
            Article::Dsa15,
            "Items acted on, on the basis of the provider"
        ),
        [Some(1)]
    );
}

#[test]
fn what_the_exchange_has_no_part_in_is_named_and_never_zero() {
    let report = counted("2026", &rows());
    for (article, says) in [
        (Article::Tco8, "Penalties"),
        (Article::Tco8, "Decisions under Art 5(4)"),
        (Article::Tco21, "Requests for access to content preserved"),
        (Article::Tco7, "Measures to identify"),
        (
            Article::Dsa15,
            "Content moderation on the provider's own initiative",
        ),
        (Article::Dsa15, "Notices by trusted flaggers"),
        (Article::Dsa15, "Orders to provide information"),
    ] {
        let found = lines(&report, article, says);
        assert!(!found.is_empty(), "{says}");
        for line in found {
            assert_eq!(
                (line.value, &*line.shown),
                (None, "not known to the exchange")
            );
            assert_eq!(line.unit, None);
        }
    }
}

#[test]
fn an_instrument_that_others_use_too_is_not_told_by_type_of_content() {
    let court = |n, country: &str| Counted {
        instrument: "court-order".into(),
        agency_country: country.parse().unwrap(),
        ..answered(order(n), OutcomeCode::Removed)
    };
    let report = counted("2026", &[court(1, "PL"), court(2, "US")]);
    assert_eq!(
        lines(&report, Article::Dsa15, "Orders of authorities").len(),
        1
    );
    assert!(lines(&report, Article::Dsa15, "Orders on this type").is_empty());
}

#[test]
fn everybody_is_told_of_no_platform() {
    let reports = published(&rows());
    for report in &reports {
        assert!(
            report
                .tables
                .iter()
                .all(|table| table.of.platform.is_none())
        );
        assert!(
            report
                .articles
                .iter()
                .all(|line| line.of.platform.is_none())
        );
        let provider = lines(
            report,
            Article::Tco7,
            "Items removed or to which access was disabled after",
        );
        assert_eq!(provider.len(), 1);
    }
    let text = serde_json::to_string(&reports).unwrap();
    assert!(!text.contains("platform_1") && !text.contains("Paste"));
}
