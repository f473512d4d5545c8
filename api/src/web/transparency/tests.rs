#![allow(clippy::unwrap_used)]

use takedown_core::transparency::{Counted, Dimension, Fold, Of, Period, Report};

use super::render::{Absent, Page, months_of};
use super::words::ALL;
use crate::web::page;

/// Requests of two agencies in every month of a year, some answered, some under a non-disclosure.
fn reports() -> Vec<Report> {
    let made_at = "2026-01-08T04:00:00Z".parse().unwrap();
    let mut fold = Fold::to_publish(2025, made_at);
    let mut n = 0;
    for month in 1..=12 {
        for (agency, count) in [("agency_1", 10 + month), ("agency_2", 6), ("agency_3", 2)] {
            for place in 0..count {
                n += 1;
                let row = row(n, agency, month, place);
                let row: Counted<'_> = serde_json::from_str(&row).unwrap();
                fold.take(&row).unwrap();
            }
        }
    }
    fold.finish().publish(made_at, false)
}

fn row(n: usize, agency: &str, month: usize, place: usize) -> String {
    let order = agency == "agency_1";
    let answered = place.is_multiple_of(2);
    let outcome = match place % 8 {
        0 | 4 => "removed",
        2 => "declined_within_terms",
        _ => "already_gone",
    };
    let at = |minute: usize| format!("2025-{month:02}-03T12:{minute:02}:00.000Z");
    let given = |value: String| {
        if answered {
            serde_json::json!(value)
        } else {
            serde_json::Value::Null
        }
    };
    let hidden = order && place == 1 && month > 6;
    serde_json::json!({
        "request_id": format!("req_{n:05}"), "agency_id": agency,
        "agency_name": format!("Unit <Internet> \u{202e}{agency}"), "agency_country": if order { "PL" } else { "FR" },
        "platform_id": "platform_1", "platform_name": "Paste", "platform_country": "DE",
        "platform_size_class": if order { "micro" } else { "large" },
        "kind": if order { "order" } else { "referral" },
        "instrument": if order { "eu-tco-order" } else { "referral" },
        "grounds": if order { ["tco:a"] } else { ["terms"] },
        "status": if answered { "closed" } else { "filed" }, "withdrawal_reason": null, "filed_at": at(0),
        "fetched_at": given(at(1 + place)), "acknowledged_at": given(at(2 + place)), "scrutiny_asked_at": null,
        "scrutiny_finding": null, "final_at": null,
        "non_disclosure_until": hidden.then_some("2026-03-01T00:00:00.000Z"),
        "outcome": given(outcome.to_owned()), "basis": given("terms".to_owned()), "effective_at": given(at(20 + place)),
        "first_decided_at": given(at(20 + place)), "undone_outcome": null, "undone_basis": null,
        "undone_effective_at": null, "item_withdrawal_reason": null, "objections": 0, "objection_outcome": null,
        "restoration_answer": null,
    })
    .to_string()
}

fn shown(only: &Of, language: usize) -> String {
    let reports = reports();
    let periods: Vec<Period> = reports
        .iter()
        .map(|report| report.period.name.parse().unwrap())
        .collect();
    let months = months_of(&reports[0], &periods);
    let months: Vec<&Report> = reports
        .iter()
        .filter(|report| months.contains(&report.period.name.parse().unwrap()))
        .collect();
    assert_eq!(months.len(), 12);
    page(&Page::of(
        ALL[language],
        &reports[0],
        &months,
        &periods,
        only,
    ))
}

/// Every page, for the golden files.
pub(in crate::web) fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let one = Of::default().with(Dimension::Agency, Some("agency_1"));
    let few = Of::default().with(Dimension::Agency, Some("agency_3"));
    for (place, words) in ALL.iter().enumerate() {
        for (name, only) in [("year", &Of::default()), ("agency", &one), ("few", &few)] {
            pages.push((
                format!("transparency.{name}.{}", words.tag),
                shown(only, place),
            ));
        }
        let periods = [
            Period::Month(2025, 12),
            Period::Year(2025),
            Period::Quarter(2025, 4),
        ];
        let none = Absent::new(words, words.none_title, words.none_line, &periods);
        pages.push((format!("transparency.none.{}", words.tag), page(&none)));
        let later = Absent::new(words, words.later_title, words.later_line, &[]);
        pages.push((format!("transparency.later.{}", words.tag), page(&later)));
    }
    pages
}

/// What stands between these, each time.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Vec<&'t str> {
    let parts = text.split(from).skip(1);
    parts
        .filter_map(|part| part.split_once(to))
        .map(|(inner, _)| inner)
        .collect()
}

#[test]
fn every_number_of_a_chart_stands_in_the_table_beside_it() {
    for language in 0..ALL.len() {
        let page = shown(&Of::default(), language);
        let mut charts = 0;
        for section in between(&page, "<section", "</section>") {
            let Some((_, svg)) = section.split_once("<svg") else {
                continue;
            };
            charts += 1;
            let (svg, table) = svg.split_once("</svg>").unwrap();
            let numbers = [
                between(svg, "<text class=\"n\"", "</text>"),
                between(svg, "<text class=\"n middle\"", "</text>"),
            ]
            .concat();
            assert!(!numbers.is_empty());
            let cells = between(table, "<td class=\"number\"><bdi>", "</bdi>");
            for number in numbers {
                let number = number.split_once('>').unwrap().1;
                assert!(
                    number == "·" || cells.contains(&number),
                    "{number} in {table}"
                );
            }
            assert!(!between(table, "<th scope=\"row\">", "</th>").is_empty());
        }
        assert_eq!(
            charts, 12,
            "months, five divisions, times, five comparisons"
        );
    }
}

#[test]
fn what_is_small_or_undisclosed_is_not_on_the_page() {
    let page = shown(&Of::default(), 0);
    assert!(page.contains("running non-disclosure"));
    // Two a month are a table of their own for the year, and no month of it is told.
    let few = shown(&Of::default().with(Dimension::Agency, Some("agency_3")), 0);
    assert!(few.contains("Only this is shown"));
    for number in 1..5 {
        assert!(
            !page.contains(&format!("<td class=\"number\"><bdi>{number}</bdi>")),
            "{number}"
        );
    }
}
